//! From files to heads, slices and training sets.

mod brightness;
mod masks;
mod people;

use super::selection::{MIN_SLICES, Selection, SelectionError};
use super::split::SplitBy;
use super::*;
use crate::slices::decoded::{DecodedFile, Format, Plane};

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
        names: Vec::new(),
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
