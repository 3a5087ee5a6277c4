//! Text of several kinds near the border, and heads without.

use std::ops::Range;

use super::*;

/// Digits of 5 x 7 pixels. Each number holds the 5 bits of a row.
const DIGITS: [[u8; 7]; 4] =
    [[14, 17, 19, 21, 25, 17, 14], [4, 12, 4, 4, 4, 4, 14], [14, 17, 1, 6, 8, 16, 31], [31, 2, 4, 2, 1, 17, 14]];

/// A bright ring around grey tissue with some texture, on black.
fn head(side: usize) -> Vec<u8> {
    let middle = side as f32 / 2.0;
    let pixel = |index: usize| {
        let (x, y) = ((index % side) as f32 - middle, (index / side) as f32 - middle);
        match (x.hypot(y) / middle, (index * 7919) % 60) {
            (0.0..0.82, grain) => 60 + grain as u8,
            (0.82..0.93, _) => 230,
            (_, grain) => grain as u8 / 12,
        }
    };
    (0..side * side).map(pixel).collect()
}

/// Writes eight digits in white.
fn write(picture: &mut [u8], side: usize, place: (usize, usize), scale: usize) {
    write_digits(picture, side, place, scale, 8, 255);
}

fn write_digits(picture: &mut [u8], side: usize, (left, top): (usize, usize), scale: usize, count: usize, grey: u8) {
    for letter in 0..count {
        for (y, bits) in DIGITS[letter % 4].iter().enumerate() {
            for x in (0..5).filter(|x| bits >> (4 - x) & 1 == 1) {
                for pixel in 0..scale * scale {
                    let column = left + (letter * 6 + x) * scale + pixel % scale;
                    picture[(top + y * scale + pixel / scale) * side + column] = grey;
                }
            }
        }
    }
}

fn fill(picture: &mut [u8], side: usize, columns: Range<usize>, rows: Range<usize>, grey: u8) {
    rows.for_each(|y| picture[y * side..][columns.clone()].fill(grey));
}

#[test]
fn text_in_a_corner_is_found_and_a_head_is_not_text() {
    for (side, scale) in [(256, 1), (512, 1), (512, 2), (1024, 3)] {
        let plain = head(side);
        assert!(!has_text(&Raster::new(side, side, plain.clone()).unwrap()), "head of {side}");
        for place in [(3, 3), (3, side - 30), (side - 49 * scale, 4), (side / 2 - 30, side - 30)] {
            let mut written = plain.clone();
            write(&mut written, side, place, scale);
            // Beside a head there is black only in the corners.
            let seen = has_text(&Raster::new(side, side, written).unwrap());
            assert!(seen || place.0 == side / 2 - 30, "{side} x {scale} at {place:?}");
        }
    }
}

#[test]
fn text_on_an_even_background_is_found() {
    // A viewer shows the scan in the middle of a grey window.
    let side = 256;
    let scan = head(128);
    let window = |x: usize, y: usize| match (64..192).contains(&x) && (64..192).contains(&y) {
        true => scan[(y - 64) * 128 + x - 64],
        false => 62 + (x * y % 3) as u8,
    };
    let plain: Vec<u8> = (0..side * side).map(|index| window(index % side, index / side)).collect();
    assert!(!has_text(&Raster::new(side, side, plain.clone()).unwrap()));
    for place in [(5, 5), (5, 230), (200, 8)] {
        let mut written = plain.clone();
        write(&mut written, side, place, 1);
        assert!(has_text(&Raster::new(side, side, written).unwrap()), "{place:?}");
    }
}

#[test]
fn initials_and_grey_letters_are_found() {
    for (side, scale) in [(256, 1), (256, 2), (512, 2), (2048, 4)] {
        for (count, grey) in [(2, 255), (8, 150)] {
            let mut written = head(side);
            write_digits(&mut written, side, (3, 3), scale, count, grey);
            assert!(has_text(&Raster::new(side, side, written).unwrap()), "{count} of {grey}, {side} x {scale}");
        }
    }
}

#[test]
fn text_in_a_box_is_found_on_any_grey() {
    for (grey, letters) in [(255, 0), (128, 0), (128, 255), (70, 255)] {
        for count in [2, 8] {
            let mut written = head(256);
            // Over the head, whose ring is brighter than some of the boxes.
            fill(&mut written, 256, 100..110 + 6 * count, 8..23, grey);
            assert!(!has_text(&Raster::new(256, 256, written.clone()).unwrap()), "a box of {grey} without text");
            write_digits(&mut written, 256, (105, 12), 1, count, letters);
            assert!(has_text(&Raster::new(256, 256, written).unwrap()), "{count} of {letters} on {grey}");
        }
    }
}

#[test]
fn dots_bars_and_single_shapes_are_not_text() {
    let shapes: [&[(Range<usize>, Range<usize>)]; 4] = [
        // Marks on the skin.
        &[(5..10, 5..10), (14..19, 5..10)],
        // A scale.
        &[(4..6, 60..80), (9..11, 60..80)],
        // A letter for left or right.
        &[(5..7, 5..19), (7..13, 17..19)],
        // A bright band.
        &[(0..256, 240..252)],
    ];
    for shape in shapes {
        let mut marked = head(256);
        shape.iter().for_each(|(columns, rows)| fill(&mut marked, 256, columns.clone(), rows.clone(), 255));
        assert!(!has_text(&Raster::new(256, 256, marked).unwrap()), "{shape:?}");
    }
}

/// `DATA` is a data folder as `docs/command-line.md` describes it.
#[test]
#[ignore = "needs a data folder in the environment variable DATA"]
fn real_slices_have_no_text() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::path::PathBuf::from(std::env::var("DATA")?).join("image");
    let (mut all, mut alarms) = (0, Vec::new());
    for file in std::fs::read_dir(folder)? {
        let path = file?.path();
        let picture = image::open(&path)?.into_luma8();
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let picture = Raster::new(width, height, picture.into_raw())?;
        let larger = picture.resize(2 * width, 2 * height);
        all += 1;
        if has_text(&picture) || has_text(&larger) {
            alarms.push(path);
        }
    }
    assert!(all > 0 && alarms.is_empty(), "{} of {all}: {alarms:?}", alarms.len());
    Ok(())
}

#[test]
fn pictures_of_any_size_are_accepted() {
    for (width, height) in [(1, 1), (1, 300), (300, 1), (9, 7)] {
        assert!(!has_text(&Raster::from_fn(width, height, |_, _| 0)));
        has_text(&Raster::from_fn(width, height, |x, y| if (x + y) % 2 == 0 { 255 } else { 0 }));
    }
}
