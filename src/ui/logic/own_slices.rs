//! The visitor's own files as the real scans of a game, as the pictures of a reader study, or as slices to measure.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::slice::Slice;
use crate::slices::class_table::ClassTable;
use crate::slices::collection::file::CollectionFile;
use crate::slices::collection::head::{CollectionSlice, Exclusion, Head};
use crate::slices::collection::{Collection, DEFAULT_CLASS, FileWarning, SliceSource};
use crate::slices::decoded::{DecodedFile, Refusal};
use crate::slices::limits::MAX_SLICES;
use crate::slices::people::PeopleTable;
use crate::study::file::SourcePicture;

/// Files that were read, and those that were refused.
#[derive(Debug, Clone)]
pub struct OwnSlices {
    collection: Collection,
    /// Path of each refused file, and why.
    pub refused: Vec<(String, Refusal)>,
    /// Files that the visitor left out after a warning.
    declined: usize,
}

/// A slice for a game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSlice {
    /// Number of its volume or person.
    pub group: usize,
    /// Name of its class, if a table or a folder names it.
    pub class: Option<String>,
    /// Its pixels, without a mask.
    pub slice: Slice,
}

/// A slice to measure.
#[derive(Debug)]
pub struct MeasuredSlice<'a> {
    slice: &'a CollectionSlice,
    head: &'a Head,
    /// Path of its file, with its number in a file of several.
    pub name: String,
    /// The person on it, or its name if that is not known.
    pub person: String,
    /// Whether the person is known.
    pub is_person_known: bool,
}

impl MeasuredSlice<'_> {
    /// Whether it is square.
    pub fn is_square(&self) -> bool {
        self.slice.raster.width() == self.slice.raster.height()
    }

    /// Its width in pixels.
    pub fn width(&self) -> usize {
        self.slice.raster.width()
    }

    /// Its pixels, normalised as for training, `side * side`.
    pub fn normalised(&self, side: usize) -> Vec<u8> {
        self.head.image(self.slice, side).into_pixels()
    }

    /// Its pixels with unchanged grey levels, `side * side`.
    pub fn as_it_is(&self, side: usize) -> Vec<u8> {
        let raster = &self.slice.raster;
        let same = (raster.width(), raster.height()) == (side, side);
        if same { raster.pixels().to_vec() } else { raster.resize(side, side).into_pixels() }
    }
}

impl OwnSlices {
    /// Groups the files, with tables that name the person on each file and its class. Files that no longer fit are refused.
    pub fn new(
        files: Vec<DecodedFile>,
        people: &[PeopleTable],
        classes: Vec<ClassTable>,
        mut refused: Vec<(String, Refusal)>,
    ) -> Self {
        let mut collection = Collection::new(SliceSource::Own);
        people.iter().for_each(|table| collection.add_people(table));
        classes.into_iter().for_each(|table| collection.add_classes(table));
        for file in files {
            let path = file.path.clone();
            if !collection.add(CollectionFile::new(file)) {
                refused.push((path, Refusal::TooManySlices));
            }
        }
        collection.arrange();
        Self { collection, refused, declined: 0 }
    }

    /// Warnings about personal data in the files. Empty once the visitor has decided.
    pub fn warnings(&self) -> Vec<FileWarning> {
        self.collection.warnings()
    }

    /// The visitor's answer to all warnings: to use the files, or to leave them out.
    pub fn resolve_warnings(&mut self, keep: bool) {
        let files: Vec<usize> = self.warnings().iter().map(|warning| warning.file).collect();
        self.collection.resolve_warnings(&files, keep);
        if !keep {
            self.declined += files.len();
        }
    }

    /// The slices of a game, normalised as for training, of `size * size` pixels. The ends of volumes and exact copies are left out.
    /// Of more than [`MAX_SLICES`], an even sample.
    pub fn slices(&self, size: usize) -> Vec<OwnSlice> {
        let all: Vec<_> = self.used().collect();
        let count = all.len().min(MAX_SLICES);
        (0..count)
            .filter_map(|index| {
                let slice = all[index * all.len() / count];
                let head = self.collection.heads.get(slice.head)?;
                let pixels = Slice::without_tumour(size, head.image(slice, size).into_pixels());
                Some(OwnSlice { group: slice.head, class: self.class(slice), slice: pixels })
            })
            .collect()
    }

    /// The same slices as pictures as they were read, each with the number of its volume or person.
    pub fn pictures(&self) -> Vec<SourcePicture> {
        let picture = |slice: &CollectionSlice| {
            let (path, raster) = (slice.path.clone(), Arc::clone(&slice.raster));
            SourcePicture { path, class: self.class(slice), group: slice.head, raster }
        };
        self.used().map(picture).collect()
    }

    /// All slices, one head after the other; of volumes, those between the ends. Copies count as well: a generator may make them.
    pub fn measured(&self) -> Vec<MeasuredSlice<'_>> {
        // The name of a person is that of the first head; no two persons have the same.
        let (mut names, mut taken) = (HashMap::new(), HashSet::new());
        for (index, head) in self.collection.heads.iter().enumerate() {
            let Some(person) = head.person else { continue };
            names.entry(person).or_insert_with(|| {
                let name =
                    if taken.contains(&head.name) { format!("{} {}", head.name, index + 1) } else { head.name.clone() };
                taken.insert(name.clone());
                name
            });
        }
        let several: HashSet<usize> =
            self.collection.slices.iter().filter(|slice| slice.key.slice > 0).map(|slice| slice.key.file).collect();
        let in_range = self.collection.heads.iter().flat_map(|head| {
            let start = head.slices.start;
            let slices = self.collection.slices.get(start + head.range.0..start + head.range.1 + 1).unwrap_or_default();
            slices.iter().map(move |slice| (slice, head))
        });
        let kept = in_range.filter(|(slice, _)| slice.excluded != Some(Exclusion::ByVisitor));
        kept.map(|(slice, head)| {
            let part =
                if several.contains(&slice.key.file) { format!(" {}", slice.key.slice + 1) } else { String::new() };
            let name = format!("{}{part}", slice.path);
            let known = head.person.and_then(|person| names.get(&person));
            MeasuredSlice {
                slice,
                head,
                person: known.unwrap_or(&name).clone(),
                is_person_known: known.is_some(),
                name,
            }
        })
        .collect()
    }

    /// Name of the class of a slice, if a table or a folder names it.
    fn class(&self, slice: &CollectionSlice) -> Option<String> {
        self.collection.classes.get(slice.class).filter(|name| *name != DEFAULT_CLASS).cloned()
    }

    fn used(&self) -> impl Iterator<Item = &CollectionSlice> {
        let plays = |exclusion| matches!(exclusion, None | Some(Exclusion::Duplicate { exact: false }));
        self.collection.in_range().filter(move |slice| plays(slice.excluded))
    }

    /// Number of files that are not used: refused ones, masks without a picture, and those left out after a warning.
    pub fn left_out(&self) -> usize {
        self.refused.len() + self.collection.unpaired_masks.len() + self.declined
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slices::class_table::ClassRow;
    use crate::slices::decoded::{Format, PersonalField};
    use crate::slices::people::PeopleRow;
    use crate::slices::raster::Raster;

    /// A grey ellipse with a bright spot, different for each number.
    fn picture(number: usize) -> Raster {
        Raster::from_fn(200, 240, |x, y| {
            let (dx, dy) = ((x as f32 - 100.0) / (70.0 + number as f32), (y as f32 - 120.0) / 90.0);
            let spot = (60 + 10 * number..80 + 10 * number).contains(&x) && (100..120).contains(&y);
            match (dx * dx + dy * dy < 1.0, spot) {
                (true, true) => 238,
                (true, false) => 119,
                (false, _) => 0,
            }
        })
    }

    fn file(path: &str, slices: Vec<Raster>) -> DecodedFile {
        DecodedFile { volume: slices.len() > 1, slices, ..DecodedFile::new(path, Format::Png) }
    }

    fn pictures(count: usize) -> Vec<DecodedFile> {
        (0..count).map(|number| file(&format!("{number}.png"), vec![picture(number)])).collect()
    }

    #[test]
    fn each_picture_is_a_slice_of_the_wanted_size() {
        let own = OwnSlices::new(pictures(6), &[], Vec::new(), vec![("6.png".to_owned(), Refusal::Unknown)]);
        let slices = own.slices(32);
        assert_eq!((slices.len(), own.left_out()), (6, 1));
        assert!(
            slices
                .iter()
                .all(|OwnSlice { slice, .. }| slice.has_size(32) && slice.mask.iter().all(|&pixel| pixel == 0))
        );
        assert!(slices.iter().enumerate().all(|(index, slice)| !slices[..index].contains(slice)));
        let people: std::collections::BTreeSet<usize> = slices.iter().map(|slice| slice.group).collect();
        assert_eq!(people.len(), 6, "each picture is of another person");
        let pictures = own.pictures();
        assert_eq!((pictures.len(), pictures[0].raster.width(), pictures[0].raster.height()), (6, 200, 240));
    }

    #[test]
    fn a_volume_gives_its_slices_without_the_ends() {
        let blank = Raster::from_fn(200, 240, |_, _| 0);
        let slices =
            std::iter::repeat_n(blank.clone(), 10).chain((0..10).map(picture)).chain(vec![blank; 10]).collect();
        let own = OwnSlices::new(vec![file("head.nii", slices)], &[], Vec::new(), Vec::new());
        let found = own.slices(32);
        assert!((1..=10).contains(&found.len()), "{}", found.len());
        assert!(found.iter().all(|slice| slice.group == found[0].group), "one volume is one person");
    }

    #[test]
    fn all_slices_are_measured_each_with_its_person() {
        let mut files: Vec<DecodedFile> = (0..30)
            .map(|slice| file(&format!("set/pat{}_{slice:02}.png", slice / 15), vec![picture(slice % 4)]))
            .collect();
        files.push(file("set/other.png", vec![picture(5)]));
        files.push(file("set/head.nii", (0..20).map(|slice| picture(slice % 3)).collect()));
        let own = OwnSlices::new(files, &[], Vec::new(), Vec::new());
        let measured = own.measured();
        // No slice is left out because there are many, or because it is a copy. Only the ends of the volume are.
        assert_eq!(measured.len(), 30 + 1 + 12);
        let of = |name: &str| {
            measured.iter().find(|slice| slice.name == name).map(|slice| (slice.person.as_str(), slice.is_person_known))
        };
        assert_eq!([of("set/pat0_03.png"), of("set/pat1_20.png")], [Some(("pat-0", true)), Some(("pat-1", true))]);
        assert_eq!(of("set/other.png"), Some(("set/other.png", false)));
        assert_eq!(of("set/head.nii 8"), Some(("set/head.nii", true)));
        assert!(!measured[0].is_square());
        assert_eq!((measured[0].normalised(16).len(), measured[0].as_it_is(8).len()), (256, 64));
    }

    #[test]
    fn a_table_tells_the_persons() {
        let row = |number: usize| PeopleRow { file: format!("{number}.png"), person: number as u32 / 3 };
        let table = PeopleTable { path: "people.csv".to_owned(), rows: (0..6).map(row).collect() };
        let own = OwnSlices::new(pictures(6), &[table], Vec::new(), Vec::new());
        let persons: HashSet<String> = own.measured().into_iter().map(|slice| slice.person).collect();
        assert_eq!(persons.len(), 2);
    }

    #[test]
    fn a_table_or_folders_tell_the_classes() {
        let classes = |own: &OwnSlices| -> Vec<Option<String>> {
            assert_eq!(
                own.pictures().into_iter().map(|picture| picture.class).collect::<Vec<_>>(),
                own.slices(32).into_iter().map(|slice| slice.class).collect::<Vec<_>>()
            );
            own.slices(32).into_iter().map(|slice| slice.class).collect()
        };
        let named = |name: &str| Some(name.to_owned());
        assert_eq!(classes(&OwnSlices::new(pictures(2), &[], Vec::new(), Vec::new())), [None, None]);
        let row = |number: usize, class: &str| ClassRow { file: format!("{number}.png"), class: class.to_owned() };
        let table = ClassTable { rows: vec![row(0, "pituitary"), row(1, "glioma")] };
        let told = OwnSlices::new(pictures(2), &[], vec![table], Vec::new());
        assert_eq!(classes(&told), [named("pituitary"), named("glioma")]);
        let folders = ["glioma/0.png", "none/1.png"].into_iter().enumerate();
        let files = folders.map(|(number, path)| file(path, vec![picture(number)])).collect();
        assert_eq!(classes(&OwnSlices::new(files, &[], Vec::new(), Vec::new())), [named("glioma"), named("none")]);
    }

    #[test]
    fn files_that_tell_about_a_person_wait_for_an_answer() {
        let mut files = pictures(3);
        files[0].personal = vec![PersonalField::Name];
        files[1].burned_in = true;
        let asked = OwnSlices::new(files, &[], Vec::new(), Vec::new());
        assert_eq!(asked.warnings().len(), 2);
        let mut kept = asked.clone();
        kept.resolve_warnings(true);
        assert_eq!((kept.warnings().len(), kept.slices(32).len(), kept.left_out()), (0, 3, 0));
        let mut declined = asked;
        declined.resolve_warnings(false);
        assert_eq!((declined.warnings().len(), declined.slices(32).len(), declined.left_out()), (0, 1, 2));
    }
}
