//! One brightness for all slices of a head.

use super::*;
use crate::slices::open::open_file;

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
