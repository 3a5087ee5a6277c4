//! Masks beside the pictures, and the classes that they make.

use super::*;

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
