//! From files to heads, slices and training sets.

use super::selection::{MIN_SLICES, Selection, SelectionError};
use super::split::SplitBy;
use super::*;
use crate::slices::decoded::{DecodedFile, Format, Plane};
use crate::slices::open::{Opened, open_file};

const SIDE: usize = 48;

/// A head with a spot whose position depends on the number.
fn raster(number: usize) -> Raster {
    let spot = (14 + number * 7 % 21, 14 + number * 5 % 19);
    Raster::from_fn(SIDE, SIDE, |x, y| {
        let far = x.abs_diff(24).pow(2) + y.abs_diff(24).pow(2);
        let near = x.abs_diff(spot.0).pow(2) + y.abs_diff(spot.1).pow(2) < 16;
        if far > 400 {
            0
        } else if near {
            220
        } else {
            (60 + number * 13 % 90) as u8
        }
    })
}

fn found(path: &str, slices: Vec<Raster>) -> DecodedFile {
    DecodedFile { volume: slices.len() > 1, slices, ..DecodedFile::new(path, Format::Png) }
}

fn picture(path: &str, number: usize) -> DecodedFile {
    found(path, vec![raster(number)])
}

fn collection(files: impl IntoIterator<Item = DecodedFile>) -> Collection {
    let mut collection = Collection::new(SliceSource::Own);
    for file in files {
        assert!(collection.add(CollectionFile::new(file)));
    }
    collection.arrange();
    collection
}

fn keys(collection: &Collection) -> Vec<SliceKey> {
    collection.in_range().map(|slice| slice.key).collect()
}

#[test]
fn folders_become_classes_and_each_picture_is_a_head() {
    let paths = ["b/2.png", "b/10.png", "a/1.png", "c/1.png"];
    let collection = collection(paths.iter().zip(0..).map(|(path, number)| picture(path, number)));
    assert_eq!(collection.classes, ["a", "b", "c"]);
    let shown: Vec<_> = collection.in_range().map(|slice| (slice.path.as_str(), slice.class)).collect();
    assert_eq!(shown, [("a/1.png", 0), ("b/2.png", 1), ("b/10.png", 1), ("c/1.png", 2)]);
    assert!(collection.heads.iter().all(|head| head.person.is_none() && !head.is_stack));
}

#[test]
fn folders_can_be_heads_instead() {
    let mut collection = collection((0..30).map(|number| picture(&format!("p{}/{number}.png", number / 15), number)));
    assert_eq!((collection.folders, collection.heads.len()), (Some(FolderMeaning::Classes), 30));
    collection.set_folders(FolderMeaning::Heads);
    assert_eq!((collection.folders, collection.heads.len()), (Some(FolderMeaning::Heads), 2));
    assert_eq!(collection.classes, [DEFAULT_CLASS]);
    assert!(collection.heads.iter().all(|head| head.is_stack && head.person.is_some()));
    assert_eq!(collection.in_range().count(), 30, "all pictures of a folder are in range");
    collection.set_folders(FolderMeaning::Classes);
    assert_eq!(collection.classes, ["p0", "p1"]);
}

#[test]
fn persons_in_file_names_are_heads_across_class_folders() {
    let path = |number: usize| {
        let class = if number.is_multiple_of(2) { "tumour" } else { "none" };
        format!("{class}/TCGA_CS_{}_19960909_{number}.tif", 4940 + number / 10)
    };
    let collection = collection((0..40).map(|number| picture(&path(number), number)));
    assert_eq!((collection.classes.len(), collection.heads.len()), (2, 4));
    assert!(collection.heads.iter().all(|head| head.person.is_some() && head.slices.len() == 10));
    let persons: std::collections::BTreeSet<_> = collection.heads.iter().map(|head| head.person).collect();
    assert_eq!(persons.len(), 4);
}

#[test]
fn pictures_in_one_folder_can_be_one_person() {
    let files = |folder: &str| (0..14).map(|n| picture(&format!("{folder}/{n:02}.png"), n)).collect::<Vec<_>>();
    let mut it = collection(files("scans"));
    assert_eq!((it.folders, it.one_person, it.heads.len()), (None, Some(false), 14));
    it.set_one_person(true);
    assert_eq!((it.one_person, it.heads.len(), it.heads[0].name.as_str()), (Some(true), 1, "scans"));
    assert!(it.heads[0].is_stack && it.heads[0].person.is_some());
    assert_eq!(it.in_range().count(), 14);
    it.set_one_person(false);
    assert_eq!(it.heads.len(), 14);
    // Where folders or names tell the persons, there is nothing to say.
    assert_eq!(collection(files("a").into_iter().chain(files("b"))).one_person, None);
    assert_eq!(collection((1..9).map(|n| picture(&format!("sub-01_{n}.png"), n))).one_person, None);
}

#[test]
fn the_middle_of_a_volume_is_in_range_until_another_is_chosen() {
    let mut collection = collection([found("head.nii.gz", (0..50).map(raster).collect())]);
    let head = &collection.heads[0];
    assert_eq!((head.is_stack, head.range, head.step), (true, (10, 39), 1));
    assert_eq!(collection.in_range().count(), 30);
    let key = head.key.clone();
    collection.change_head(&key, |choice| (choice.range, choice.step) = (Some((4, 12)), Some(4)));
    let taken: Vec<_> = collection.in_range().map(|slice| slice.key.slice).collect();
    assert_eq!(taken, [4, 8, 12]);
    collection.change_head(&key, |choice| choice.range = Some((60, 48)));
    assert_eq!(collection.heads[0].range, (48, 49), "a range stays within the head");
}

#[test]
fn slices_of_one_series_are_sorted_into_one_head() {
    let file = |number: usize| DecodedFile {
        group: Some(7),
        position: Some(100.0 - number as f32),
        ..picture(&format!("IM{number:03}"), number)
    };
    let mut files: Vec<_> = (0..20).map(file).collect();
    files.push(DecodedFile { slices: vec![Raster::from_fn(32, 40, |x, y| (x * y) as u8)], ..file(99) });
    let collection = collection(files);
    let sizes: Vec<_> = collection.heads.iter().map(|head| head.slices.len()).collect();
    assert_eq!(sizes, [20, 1], "slices of another size are another head");
    assert_eq!(collection.slices[0].path, "IM019");
    assert_eq!(collection.heads[0].person, collection.heads[1].person);
}

#[test]
fn masks_are_paired_with_pictures() {
    let drawn = Raster::from_fn(SIDE, SIDE, |x, y| if x.abs_diff(24) + y.abs_diff(24) < 6 { 255 } else { 0 });
    let mask = |path: &str| DecodedFile { labels: true, ..found(path, vec![drawn.clone()]) };
    let small = DecodedFile { labels: true, ..found("y_mask.png", vec![Raster::from_fn(9, 9, |_, _| 255)]) };
    let collection =
        collection([mask("x_mask.png"), picture("x.png", 1), picture("y.png", 2), small, mask("nobody_seg.png")]);
    assert_eq!(collection.slices.len(), 2);
    let lone: Vec<_> = collection.unpaired_masks.iter().map(|mask| (mask.path.as_str(), mask.other_size)).collect();
    assert_eq!(lone, [("y_mask.png", true), ("nobody_seg.png", false)]);
    let (slice, head) = collection.slice(SliceKey { file: 1, slice: 0 }).unwrap();
    assert!(slice.mask.as_ref().is_some_and(|mask| mask.pixels().iter().all(|pixel| [0, 255].contains(pixel))));
    let (image, mask) = (head.image(slice, 32), head.mask(slice, 32));
    assert_eq!((image.width(), mask.pixels().len()), (32, 1024));
    assert_eq!(mask.pixels()[16 * 32 + 16], 255);
    assert!(collection.slices[1].mask.is_none());
}

#[test]
fn copies_and_blank_slices_are_excluded_until_the_visitor_includes_them() {
    let mut files: Vec<_> = (0..10).map(|number| picture(&format!("{number}.png"), number)).collect();
    files.push(picture("again.png", 3));
    files.push(found("black.png", vec![Raster::from_fn(SIDE, SIDE, |_, _| 2)]));
    let mut collection = collection(files);
    let out = |collection: &Collection, path: &str| {
        collection.slices.iter().find(|slice| slice.path == path).unwrap().excluded
    };
    assert_eq!(out(&collection, "black.png"), Some(Exclusion::Blank));
    let copy = if out(&collection, "again.png").is_some() { "again.png" } else { "3.png" };
    assert_eq!(out(&collection, copy), Some(Exclusion::Duplicate { exact: true }));
    assert_eq!(collection.training_slices().len(), 10);
    let key = collection.slices.iter().find(|slice| slice.path == copy).unwrap().key;
    collection.toggle(key);
    assert_eq!(collection.training_slices().len(), 11);
    collection.arrange();
    assert_eq!(collection.training_slices().len(), 11, "choices survive another arrangement");
    collection.toggle(key);
    assert_eq!(collection.training_slices().len(), 10);
}

#[test]
fn classes_can_be_added_set_and_removed() {
    let mut collection = collection((0..12).map(|number| picture(&format!("{number}.png"), number)));
    assert_eq!(collection.classes, [DEFAULT_CLASS]);
    collection.add_class("tumour".to_owned());
    collection.add_class("none".to_owned());
    let all = keys(&collection);
    collection.set_class(all[0], 1);
    collection.set_class(all[1], 2);
    collection.set_class(all[2], 9);
    assert_eq!(collection.slices.iter().map(|slice| slice.class).take(3).collect::<Vec<_>>(), [1, 2, 0]);
    let head = collection.heads[3].key.clone();
    collection.change_head(&head, |choice| choice.class = Some(2));
    assert_eq!(collection.slices[3].class, 2);
    collection.remove_class(1);
    assert_eq!(collection.classes, [DEFAULT_CLASS, "none"]);
    assert_eq!(collection.slices.iter().map(|slice| slice.class).take(4).collect::<Vec<_>>(), [0, 1, 0, 1]);
    collection.rename_class(1, "healthy".to_owned());
    let selection = Selection::of(&collection).unwrap();
    assert_eq!(selection.classes, [DEFAULT_CLASS, "healthy"]);
    (0..20).for_each(|_| collection.add_class("more".to_owned()));
    assert_eq!(collection.classes.len(), MAX_CLASSES);
    (0..20).for_each(|_| collection.remove_class(0));
    assert_eq!(collection.classes.len(), 1);
}

#[test]
fn a_set_holds_out_whole_heads_without_excluded_slices() {
    let volume = |number: usize| found(&format!("p{number}.nii"), (0..12).map(|it| raster(number * 12 + it)).collect());
    let mut collection = collection((0..9).map(volume));
    let first = keys(&collection)[0];
    collection.toggle(first);
    let count = collection.training_slices().len();
    let selection = Selection::of(&collection).unwrap();
    assert_eq!((selection.len(), selection.heads, selection.split_by), (count, 9, SplitBy::Heads));
    for size in [16, 32, 64] {
        let set = selection.set(size);
        assert_eq!((set.train.len() + set.held_out.len(), set.held_out.len()), (count, selection.held_out()));
        assert!(set.train.iter().chain(&set.held_out).all(|it| it.slice.has_size(size) && it.class == 0));
        assert_eq!((set.size, set.masks, set.heads, set.source), (size, false, 9, SliceSource::Own));
    }
}

#[test]
fn too_few_slices_are_an_error() {
    let mut collection = collection((0..MIN_SLICES).map(|number| picture(&format!("{number}.png"), number)));
    assert_eq!(Selection::of(&collection).unwrap().split_by, SplitBy::NotSplit);
    let key = keys(&collection)[0];
    collection.toggle(key);
    assert_eq!(Selection::of(&collection).unwrap_err(), SelectionError::TooFew { found: MIN_SLICES - 1 });
    assert_eq!(Selection::of(&Collection::new(SliceSource::Own)).unwrap_err(), SelectionError::Empty);
}

#[test]
fn too_many_slices_are_sampled_evenly() {
    let volume =
        |number: usize| found(&format!("p{number}.nii"), (0..100).map(|it| raster(number * 100 + it)).collect());
    let mut stacks = collection((0..15).map(volume));
    assert_eq!(stacks.heads[0].step, 2, "900 slices in the middles");
    assert!(stacks.in_range().count() <= MAX_SLICES);
    let room = (0..).take_while(|number| stacks.add(CollectionFile::new(volume(*number)))).count();
    assert_eq!(room, (MAX_SLICES_READ - 1500) / 100);
    let many = collection((0..700).map(|number| picture(&format!("{number}.png"), number)));
    assert_eq!(many.in_range().count(), 700);
    assert!(many.training_slices().len() <= MAX_SLICES);
}

#[test]
fn a_crop_sets_the_framing() {
    let mut collection = collection((0..8).map(|number| picture(&format!("{number}.png"), number)));
    let (key, before) = (collection.heads[0].key.clone(), collection.heads[0].framing);
    let square = Square { left: 20, top: 20, side: 8 };
    collection.change_head(&key, |choice| choice.crop = Some(square));
    assert_eq!(collection.heads[0].framing.square, square);
    collection.change_head(&key, |choice| choice.crop = None);
    assert_eq!(collection.heads[0].framing, before);
}

#[test]
fn warnings_last_until_the_visitor_decides() {
    let file = |number: usize| DecodedFile {
        personal: vec![PersonalField::Name],
        plane: Some(Plane::Sagittal),
        burned_in: number == 1,
        ..picture(&format!("{number}.dcm"), number)
    };
    let mut collection = collection((0..3).map(file));
    assert_eq!(collection.warnings().len(), 3);
    assert!(collection.warnings()[1].burned_in && collection.warnings()[0].sagittal);
    collection.resolve_warnings(&[0], true);
    collection.resolve_warnings(&[1], false);
    assert_eq!(collection.warnings().iter().map(|warning| warning.file).collect::<Vec<_>>(), [2]);
    assert_eq!(collection.training_slices().len(), 2);
    assert_eq!(collection.head_of(1).map(|head| head.name.as_str()), Some("1.dcm"));
}

#[test]
fn real_scans_of_the_site_are_unchanged() {
    use crate::slice::Slice;
    use crate::slices::pack::PackSlice;
    let slice = |number: usize| {
        let image = raster(number).resize(64, 64).into_pixels();
        let mask = vec![if number == 0 { 255 } else { 0 }; 64 * 64];
        let labelled = LabelledSlice { class: number % 3, slice: Slice { size: 64, image, mask } };
        PackSlice { patient: (number / 4) as u32, labelled }
    };
    let pack = Pack {
        size: 64,
        classes: ["glioma", "meningioma", "pituitary"].map(str::to_owned).to_vec(),
        source: String::new(),
        licence: String::new(),
        attribution: String::new(),
        slices: (0..40).map(slice).collect(),
    };
    let collection = Collection::real(&pack);
    assert_eq!((collection.heads.len(), collection.folders), (10, None));
    let selection = Selection::of(&collection).unwrap();
    assert_eq!((selection.heads, selection.split_by, selection.masks()), (10, SplitBy::Heads, 1));
    let set = selection.set(64);
    assert!(set.train.iter().chain(&set.held_out).any(|it| it.slice.image == pack.slices[0].labelled.slice.image));
    assert_eq!(set.classes, pack.classes);
}

/// Each file is read with a window of its own. The lowest slice here is half as bright as the others.
#[test]
fn slices_of_one_series_get_one_window() {
    let file = |number: usize| {
        let white = if number == 0 { 500.0 } else { 1000.0 };
        DecodedFile {
            group: Some(7),
            position: Some(number as f32),
            window: Some([0.0, white]),
            ..picture(&format!("IM{number:03}"), number)
        }
    };
    let collection = collection((0..20).map(file));
    let brightest = |index: usize| *collection.slices[index].raster.pixels().iter().max().unwrap();
    assert_eq!((brightest(0), brightest(1)), (110, 220));
    // A file without a window, or alone, is unchanged.
    let alone = self::collection([file(0), picture("x.png", 3)]);
    assert_eq!(*alone.slices[0].raster, raster(0));
    assert_eq!(*alone.slices[1].raster, raster(3));
}

/// Each picture of 16 bits is read with a window of its own. Here every scalp is darker than the one above it.
#[test]
fn pictures_of_one_person_get_one_brightness() {
    let white = |number: usize| 2000 - 80 * number;
    let bytes = |number: usize| {
        let value = |x: u32, y: u32| {
            let far = x.abs_diff(24).pow(2) + y.abs_diff(24).pow(2);
            let brain = 300 + x as usize * 11 + y as usize * 7 % (number + 9);
            image::Luma([if far > 400 {
                0
            } else if far > 289 {
                white(number)
            } else {
                brain
            } as u16])
        };
        let mut png = std::io::Cursor::new(Vec::new());
        image::ImageBuffer::from_fn(SIDE as u32, SIDE as u32, value)
            .write_to(&mut png, image::ImageFormat::Png)
            .unwrap();
        png.into_inner()
    };
    let mut files = Vec::new();
    for number in 0..14 {
        open_file(&format!("head/{number:02}.png"), &bytes(number), &mut |outcome| files.push(outcome.unwrap().scan()));
    }
    let mut it = collection(files);
    let scalp = |it: &Collection, number: usize| {
        let slice = it.slices.iter().find(|slice| slice.path.ends_with(&format!("{number:02}.png"))).unwrap();
        f64::from(*it.heads[slice.head].image(slice, 64).pixels().iter().max().unwrap())
    };
    assert!(scalp(&it, 13) > 0.95 * scalp(&it, 0), "as pictures of different people, each has a brightness of its own");
    it.set_one_person(true);
    let ratio = scalp(&it, 13) / scalp(&it, 0);
    let right = white(13) as f64 / white(0) as f64;
    assert!((ratio - right).abs() < 0.02, "{ratio}, not {right}");
}

/// JPEG adds faint noise around a mask, and generated masks have soft edges.
#[test]
fn masks_are_cut_at_half() {
    let soft = Raster::from_fn(SIDE, SIDE, |x, y| [255, 128, 127, 9][(x / 12 + y / 12) % 4]);
    let collection = collection([picture("x.png", 1), found("x_mask.jpg", vec![soft.clone()])]);
    let mask = collection.slices[0].mask.as_ref().unwrap();
    for (mask, soft) in mask.pixels().iter().zip(soft.pixels()) {
        assert_eq!(*mask, if *soft >= 128 { 255 } else { 0 });
    }
}

/// An empty mask says that there is no tumour.
#[test]
fn masks_divide_the_slices_into_classes() {
    let mask = |number: usize, grey: u8| DecodedFile {
        labels: true,
        ..found(
            &format!("{number}_mask.png"),
            vec![Raster::from_fn(SIDE, SIDE, |x, y| if x * y == 600 { grey } else { 0 })],
        )
    };
    let files = (0..12)
        .flat_map(|number| [picture(&format!("{number}.png"), number), mask(number, if number < 4 { 0 } else { 255 })]);
    let mut masked = collection(files);
    assert!(masked.can_divide_by_masks());
    let names = ["tumour", "none"].map(str::to_owned);
    masked.divide_by_masks(names.clone());
    assert!(!masked.can_divide_by_masks(), "it is done");
    masked.arrange();
    let selection = Selection::of(&masked).unwrap();
    assert_eq!((selection.classes.clone(), selection.masks(), selection.empty_masks()), (names.to_vec(), 8, 4));
    for (_, class, tumour) in selection.people() {
        assert_eq!(class, usize::from(!tumour));
    }
    let all_marked = (0..9).flat_map(|number| [picture(&format!("{number}.png"), number), mask(number, 255)]);
    assert!(!collection(all_marked).can_divide_by_masks());
    let one_without = (0..9).map(|number| picture(&format!("{number}.png"), number)).chain([mask(0, 0), mask(1, 255)]);
    assert!(!collection(one_without).can_divide_by_masks(), "seven slices have no mask");
}

/// The table of a CSV, as the reader sends it.
fn people(path: &str, csv: &str) -> PeopleTable {
    let mut tables = Vec::new();
    open_file(path, csv.as_bytes(), &mut |outcome| tables.push(outcome));
    match tables.remove(0) {
        Ok(Opened::People(table)) => table,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_table_beside_the_files_tells_the_persons() {
    let mut csv = "Bestand;Leeftijd;Persoon\n".to_owned();
    // Files of a person do not follow each other.
    (0..60).for_each(|number| csv += &format!("scan_{number}.png;50;Person {}\n", number % 6));
    let mut collection = collection((0..60).map(|number| picture(&format!("set/scan_{number}.png"), number)));
    assert!(collection.heads.iter().all(|head| head.person.is_none()));
    assert_eq!(Selection::of(&collection).unwrap().split_by, SplitBy::Blocks);

    let table = people("set/people.csv", &csv);
    collection.add_people(&table);
    collection.arrange();
    assert_eq!(collection.people(), [("set/people.csv".to_owned(), 60)]);
    assert_eq!(collection.heads.len(), 6);
    assert!(collection.heads.iter().all(|head| head.person.is_some() && head.slices.len() == 10));
    let selection = Selection::of(&collection).unwrap();
    assert_eq!((selection.split_by, selection.heads), (SplitBy::Heads, 6));
    assert!(!format!("{table:?}{:?}", collection.heads).contains("Person "), "names of persons stay in the reader");

    // The same table chosen again replaces it.
    collection.add_people(&people("set/people.csv", "file,person\nother.png,Ann\n"));
    collection.arrange();
    assert_eq!(collection.people(), [("set/people.csv".to_owned(), 0)]);
    assert_eq!(collection.heads.len(), 60);
}

#[test]
fn a_table_joins_volumes_and_series_of_one_person() {
    let series = |path: &str, group: u64, number: usize| DecodedFile { group: Some(group), ..picture(path, number) };
    let volume = |path: &str| found(path, (0..20).map(raster).collect());
    let files = [volume("a.nii.gz"), series("b/IM1", 7, 1), series("c/IM1", 8, 2), volume("d.nii")];
    let mut collection = collection(files);
    let csv = "participant_id\tfile\nx\ta\nx\tb/IM1\ny\tc/IM1\n";
    collection.add_people(&people("p.tsv", csv));
    collection.arrange();
    let person = |path: &str| {
        let slice = collection.slices.iter().find(|slice| slice.path == path).unwrap();
        collection.heads[slice.head].person.unwrap()
    };
    assert_eq!(collection.heads.len(), 4);
    assert_eq!(person("a.nii.gz"), person("b/IM1"));
    assert_ne!(person("b/IM1"), person("c/IM1"));
    assert_ne!(person("d.nii"), person("a.nii.gz"), "a file that the table does not name keeps its own");
}
