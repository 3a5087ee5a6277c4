//! A visitor's slices for training: the files that were read, the visitor's choices, and the heads and slices that follow
//! from both.
//!
//! [`Collection::arrange`] groups the slices again whenever files are added or a choice concerns more than one slice.
//! Choices are stored under keys that do not change. [`selection`] turns the chosen slices into a training set.
//! [`drawings`] makes a collection for visitors without scans, and [`shapes`] one of something that is not a head.

mod arrange;
pub mod choice;
pub mod drawings;
pub mod duplicates;
pub mod file;
mod folders;
pub mod head;
mod mask_classes;
mod masks;
mod names;
mod person_names;
pub mod selection;
pub mod shapes;
pub mod split;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use choice::{FolderMeaning, HeadChoice, HeadKey, SliceChoice, SliceKey};
use file::CollectionFile;
use head::{CollectionSlice, Exclusion, Head};

use super::class_table::ClassTable;
use super::decoded::PersonalField;
use super::limits::{MAX_SLICES, MAX_SLICES_READ};
use super::normalise::Framing;
use super::pack::{Pack, PackSlice};
use super::people::{PeopleIndex, PeopleTable};
use super::raster::{Raster, Square};
use crate::slice::{LabelledSlice, MAX_CLASSES};

/// Name of the only class as long as there are no others.
pub const DEFAULT_CLASS: &str = "slices";

/// Origin of slices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SliceSource {
    /// The visitor's files.
    Own,
    /// The site's real scans.
    Real,
    /// Drawings of heads, made by this program.
    Drawings,
    /// Drawings of something else, made by this program.
    Shapes,
}

impl SliceSource {
    /// Whether this program drew the slices.
    pub fn is_drawn(self) -> bool {
        matches!(self, Self::Drawings | Self::Shapes)
    }
}

/// Slices and the choices about them.
#[derive(Debug, Clone)]
pub struct Collection {
    /// Origin of the slices.
    pub source: SliceSource,
    /// Names of the classes.
    pub classes: Vec<String>,
    /// Heads, sorted by name.
    pub heads: Vec<Head>,
    /// Slices of the heads, head by head.
    pub slices: Vec<CollectionSlice>,
    /// Masks without a picture of the same size.
    pub unpaired_masks: Vec<UnpairedMask>,
    /// What the folders of the files mean. `None` if there are no folders that differ.
    pub folders: Option<FolderMeaning>,
    /// The visitor's answer to whether all pictures of unknown persons are of one person. `None` if there are not several
    /// of them, or folders differ.
    pub one_person: Option<bool>,
    files: Vec<CollectionFile>,
    /// Tables of persons.
    people: Vec<PeopleIndex>,
    slice_choices: HashMap<SliceKey, SliceChoice>,
    head_choices: HashMap<HeadKey, HeadChoice>,
    folder_choice: Option<FolderMeaning>,
    one_person_choice: bool,
    /// Name of the class of each file that the table of a download names, by the path of the file.
    classes_from_table: HashMap<String, String>,
    /// Class of each top folder, and of each name in the table of a download.
    named_classes: HashMap<String, usize>,
    /// Measured framings, with what they were measured on.
    framings: HashMap<HeadKey, (FramingInput, Framing)>,
    /// For each picture file, its mask files and their merged masks.
    masks: HashMap<usize, (Vec<usize>, Vec<Arc<Raster>>)>,
    /// Slices of a series in the common window of the series.
    windowed: HashMap<SliceKey, ([f32; 2], Arc<Raster>)>,
    /// Index of each slice in `slices`.
    indices: HashMap<SliceKey, usize>,
    /// Files whose warnings the visitor has answered.
    resolved: HashSet<usize>,
}

/// A mask that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnpairedMask {
    /// Path of the mask file.
    pub path: String,
    /// Whether its picture exists with another size.
    pub other_size: bool,
}

/// What the visitor should know about a file before it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileWarning {
    /// Index of the file.
    pub file: usize,
    /// Path of the file.
    pub path: String,
    /// Kinds of personal fields in the file.
    pub personal: Vec<PersonalField>,
    /// Whether text may be burned into the pixels.
    pub burned_in: bool,
    /// Whether it shows the profile of a face.
    pub sagittal: bool,
}

/// What a framing was measured on: range, crop and number of slices.
type FramingInput = ((usize, usize), Option<Square>, usize);

impl Collection {
    /// An empty collection.
    pub fn new(source: SliceSource) -> Self {
        Self {
            source,
            classes: vec![DEFAULT_CLASS.to_owned()],
            heads: Vec::new(),
            slices: Vec::new(),
            unpaired_masks: Vec::new(),
            folders: None,
            one_person: None,
            files: Vec::new(),
            people: Vec::new(),
            slice_choices: HashMap::new(),
            head_choices: HashMap::new(),
            folder_choice: None,
            one_person_choice: false,
            classes_from_table: HashMap::new(),
            named_classes: HashMap::new(),
            framings: HashMap::new(),
            masks: HashMap::new(),
            windowed: HashMap::new(),
            indices: HashMap::new(),
            resolved: HashSet::new(),
        }
    }

    /// The real scans of a site, which are normalised.
    pub fn real(pack: &Pack) -> Self {
        let raster = |pixels: &[u8]| Raster::new(pack.size, pack.size, pixels.to_vec()).ok();
        let file = |(index, slice): (usize, &PackSlice)| {
            let LabelledSlice { class, slice: pixels } = &slice.labelled;
            let (image, mask) = (raster(&pixels.image)?, raster(&pixels.mask)?);
            Some(CollectionFile::normalised(format!("{index}"), image, mask, *class, Some(u64::from(slice.patient))))
        };
        Self::normalised(
            SliceSource::Real,
            pack.classes.clone(),
            pack.slices.iter().enumerate().filter_map(file).collect(),
        )
    }

    /// A collection of normalised slices.
    fn normalised(source: SliceSource, classes: Vec<String>, files: Vec<CollectionFile>) -> Self {
        let mut collection = Self { classes, files, ..Self::new(source) };
        collection.arrange();
        collection
    }

    /// Adds a file. Returns false, and adds nothing, if there is no room for its slices. Call [`Collection::arrange`]
    /// after the last file.
    pub fn add(&mut self, file: CollectionFile) -> bool {
        let fits = file.slices.len() <= self.room();
        if fits {
            self.files.push(file);
        }
        fits
    }

    /// Adds a table that names the person on each file, in place of an earlier one with the same path. Call
    /// [`Collection::arrange`] afterwards.
    pub fn add_people(&mut self, table: &PeopleTable) {
        self.people.retain(|known| known.path != table.path);
        self.people.push(PeopleIndex::of(table));
    }

    /// Adds the classes of a download of this program. Call [`Collection::arrange`] afterwards.
    pub fn add_classes(&mut self, table: ClassTable) {
        self.classes_from_table.extend(table.rows.into_iter().map(|row| (row.file, row.class)));
    }

    /// For each table of persons its path, and the number of pictures and volumes that it names.
    pub fn people(&self) -> Vec<(String, usize)> {
        let pictures: HashSet<usize> = self.slices.iter().map(|slice| slice.key.file).collect();
        let named = |table: &PeopleIndex| {
            let files = pictures.iter().filter_map(|&file| self.files.get(file));
            files.filter(|file| table.person(&file.path).is_some()).count()
        };
        self.people.iter().map(|table| (table.path.clone(), named(table))).collect()
    }

    /// The person of a file, by the first table that names it: the name of the table and the number of the person.
    fn person_from_table(&self, path: &str) -> Option<String> {
        let told = |table: &PeopleIndex| Some(format!("{} {}", table.path, table.person(path)? + 1));
        self.people.iter().find_map(told)
    }

    /// How many more slices can be added.
    pub fn room(&self) -> usize {
        MAX_SLICES_READ.saturating_sub(self.files.iter().map(|file| file.slices.len()).sum())
    }

    /// Groups the slices of all files into heads, by the files and the choices.
    pub fn arrange(&mut self) {
        arrange::arrange(self);
        self.indices = self.slices.iter().enumerate().map(|(index, slice)| (slice.key, index)).collect();
    }

    /// Index of a slice in [`Collection::slices`].
    pub fn index(&self, key: SliceKey) -> Option<usize> {
        self.indices.get(&key).copied()
    }

    /// A slice and its head.
    pub fn slice(&self, key: SliceKey) -> Option<(&CollectionSlice, &Head)> {
        let slice = self.slices.get(self.index(key)?)?;
        Some((slice, self.heads.get(slice.head)?))
    }

    /// The head with this key.
    pub fn head(&self, key: &HeadKey) -> Option<&Head> {
        self.heads.iter().find(|head| head.key == *key)
    }

    /// The slices within the ranges of their heads. The visitor sees these.
    pub fn in_range(&self) -> impl Iterator<Item = &CollectionSlice> {
        self.heads.iter().flat_map(Head::in_range).filter_map(|index| self.slices.get(index))
    }

    /// The slices to train with: those in range that are not excluded. Of more than [`MAX_SLICES`], an even sample.
    pub fn training_slices(&self) -> Vec<&CollectionSlice> {
        let all: Vec<&CollectionSlice> = self.in_range().filter(|slice| slice.excluded.is_none()).collect();
        let count = all.len();
        if count <= MAX_SLICES {
            return all;
        }
        (0..MAX_SLICES).map(|index| all[index * count / MAX_SLICES]).collect()
    }

    /// Excludes a slice, or includes it again.
    pub fn toggle(&mut self, key: SliceKey) {
        let Some(slice) = self.index(key).and_then(|index| self.slices.get_mut(index)) else { return };
        let excluded = slice.excluded.is_none();
        slice.excluded = excluded.then_some(Exclusion::ByVisitor);
        self.slice_choices.entry(key).or_default().excluded = Some(excluded);
    }

    /// Sets the class of one slice. Does nothing if there is no such class.
    pub fn set_class(&mut self, key: SliceKey, class: usize) {
        let count = self.classes.len();
        let Some(slice) = self.index(key).and_then(|index| self.slices.get_mut(index)) else { return };
        if class < count {
            slice.class = class;
            self.slice_choices.entry(key).or_default().class = Some(class);
        }
    }

    /// Changes the choices about a head.
    pub fn change_head(&mut self, key: &HeadKey, change: impl FnOnce(&mut HeadChoice)) {
        let choice = self.head_choices.entry(key.clone()).or_default();
        let before = choice.class;
        change(choice);
        if choice.class != before {
            // The class of a head applies to all its slices.
            let slices = self.head(key).map(|head| head.slices.clone()).unwrap_or_default();
            let keys: Vec<SliceKey> =
                slices.filter_map(|index| self.slices.get(index)).map(|slice| slice.key).collect();
            keys.iter().for_each(|key| self.slice_choices.entry(*key).or_default().class = None);
        }
        self.arrange();
    }

    /// Sets what folders mean. Resets all classes.
    pub fn set_folders(&mut self, folders: FolderMeaning) {
        self.folder_choice = Some(folders);
        self.named_classes.clear();
        self.classes = vec![DEFAULT_CLASS.to_owned()];
        self.slice_choices.values_mut().for_each(|choice| choice.class = None);
        self.head_choices.values_mut().for_each(|choice| choice.class = None);
        self.arrange();
    }

    /// Sets whether the pictures of unknown persons are of one person. Such pictures get one framing and one brightness.
    pub fn set_one_person(&mut self, one: bool) {
        self.one_person_choice = one;
        self.arrange();
    }

    /// Adds a class, unless there are [`MAX_CLASSES`].
    pub fn add_class(&mut self, name: String) {
        if self.classes.len() < MAX_CLASSES {
            self.classes.push(name);
        }
    }

    /// Renames a class.
    pub fn rename_class(&mut self, class: usize, name: String) {
        if let Some(old) = self.classes.get_mut(class) {
            *old = name;
        }
    }

    /// Removes a class. Its slices get the first of the remaining classes. The last class cannot be removed.
    pub fn remove_class(&mut self, class: usize) {
        if self.classes.len() < 2 || class >= self.classes.len() {
            return;
        }
        self.classes.remove(class);
        let moved = |old: usize| match old.cmp(&class) {
            std::cmp::Ordering::Less => old,
            std::cmp::Ordering::Equal => 0,
            std::cmp::Ordering::Greater => old - 1,
        };
        self.slice_choices.values_mut().for_each(|choice| choice.class = choice.class.map(moved));
        self.head_choices.values_mut().for_each(|choice| choice.class = choice.class.map(moved));
        self.named_classes.values_mut().for_each(|named| *named = moved(*named));
        self.files.iter_mut().for_each(|file| file.class = file.class.map(moved));
        self.arrange();
    }

    /// Paths of the masks that belong to a picture.
    pub fn paired_masks(&self) -> HashSet<String> {
        let files = self.masks.values().flat_map(|(files, _)| files);
        files.filter_map(|file| self.files.get(*file)).map(|file| file.path.clone()).collect()
    }

    /// Warnings about files for which the visitor has not decided yet.
    pub fn warnings(&self) -> Vec<FileWarning> {
        let open = self.files.iter().enumerate().filter(|(index, _)| !self.resolved.contains(index));
        let warning = |(index, file): (usize, &CollectionFile)| FileWarning {
            file: index,
            path: file.path.clone(),
            personal: file.personal.clone(),
            burned_in: file.burned_in,
            sagittal: file.sagittal,
        };
        open.map(warning).filter(|it| !it.personal.is_empty() || it.burned_in || it.sagittal).collect()
    }

    /// Records that the visitor has decided about these files, and excludes their slices unless `keep`.
    pub fn resolve_warnings(&mut self, files: &[usize], keep: bool) {
        self.resolved.extend(files);
        if keep {
            return;
        }
        let wanted: HashSet<usize> = files.iter().copied().collect();
        for slice in self.slices.iter_mut().filter(|slice| wanted.contains(&slice.key.file)) {
            slice.excluded = Some(Exclusion::ByVisitor);
            self.slice_choices.entry(slice.key).or_default().excluded = Some(true);
        }
    }

    /// The head of a file's slices.
    pub fn head_of(&self, file: usize) -> Option<&Head> {
        self.slice(SliceKey { file, slice: 0 }).map(|(_, head)| head)
    }
}

#[cfg(test)]
mod tests;
