//! Pixels that are less, more or other than the file says.

use super::*;
use crate::slices::sniff::forge;

const SHAPE: Shape =
    Shape { columns: 32, rows: 32, frames: 1, bytes: 2, stored: 12, below: 0, signed: false, big_endian: false };

fn read(shape: Shape, coding: Pixels, bytes: &[u8]) -> Result<Vec<i64>, Refusal> {
    let mut found = Vec::new();
    each(shape, coding, bytes, |number| found.push(number))?;
    Ok(found)
}

/// As pieces, with an empty table before.
fn pieces(frames: &[&[u8]]) -> Vec<u8> {
    let mut bytes = b"\xFE\xFF\0\xE0\0\0\0\0".to_vec();
    for frame in frames {
        bytes.extend(b"\xFE\xFF\0\xE0");
        bytes.extend((frame.len() as u32).to_le_bytes());
        bytes.extend_from_slice(frame);
    }
    bytes.extend(b"\xFE\xFF\xDD\xE0\0\0\0\0");
    bytes
}

#[test]
fn numbers_are_as_wide_as_they_say() {
    let number = |shape: Shape, bytes: &[u8]| shape.number(bytes);
    assert_eq!(number(SHAPE, &[0xFF, 0xFF]), 4095);
    assert_eq!(number(Shape { signed: true, ..SHAPE }, &[0xFF, 0xFF]), -1);
    assert_eq!(number(Shape { signed: true, ..SHAPE }, &[0xFF, 0xF7]), 2047);
    assert_eq!(number(Shape { big_endian: true, ..SHAPE }, &[0x01, 0x02]), 258);
    assert_eq!(number(Shape { below: 4, ..SHAPE }, &[0x0F, 0x80]), 0x800);
    let wide = Shape { bytes: 4, stored: 32, ..SHAPE };
    assert_eq!(number(wide, &[0xFF; 4]), i64::from(u32::MAX));
    assert_eq!(number(Shape { signed: true, ..wide }, &[0xFF; 4]), -1);
    assert_eq!(number(Shape { bytes: 1, stored: 1, signed: true, ..SHAPE }, &[1]), -1);
}

#[test]
fn plain_pixels_may_be_more_but_not_fewer() {
    let bytes = vec![1; 2 * 32 * 32 + 1];
    assert_eq!(read(SHAPE, Pixels::Plain, &bytes).unwrap().len(), 1024);
    assert_eq!(read(SHAPE, Pixels::Plain, &bytes[2..]).unwrap_err(), DAMAGED);
    assert_eq!(read(Shape { frames: 2, ..SHAPE }, Pixels::Plain, &bytes).unwrap_err(), DAMAGED);
}

#[test]
fn frames_in_several_pieces_are_put_together() {
    let pixels = forge::deep(32, 32);
    let one = forge::lossless(32, &pixels);
    let (start, end) = one.split_at(one.len() / 2);
    let two = Shape { frames: 2, ..SHAPE };
    let found = read(two, Pixels::Jpeg, &pieces(&[start, end, &one])).unwrap();
    let wanted: Vec<i64> = pixels.iter().chain(&pixels).map(|pixel| i64::from(*pixel)).collect();
    assert_eq!(found, wanted);
    assert_eq!(read(SHAPE, Pixels::Jpeg, &pieces(&[start, end])).unwrap(), wanted[..1024]);
    assert_eq!(read(Shape { frames: 3, ..SHAPE }, Pixels::Jpeg, &pieces(&[start, end, &one, &one[4..]])), Err(DAMAGED));
    assert_eq!(read(SHAPE, Pixels::Jpeg, &pieces(&[])), Err(DAMAGED));
    assert_eq!(read(Shape { frames: 1 << 20, ..SHAPE }, Pixels::Jpeg, &pieces(&[&one])), Err(DAMAGED));
}

#[test]
fn pictures_of_another_size_than_the_file_says_are_refused() {
    let other = Shape { columns: 64, rows: 16, ..SHAPE };
    let pixels = forge::deep(32, 32);
    let frames = [
        (Pixels::Jpeg, forge::lossless(32, &pixels)),
        (Pixels::Jpeg, forge::JPEG12_HEAD.to_vec()),
        (Pixels::Jpeg2000, forge::JPEG2000_HEAD.to_vec()),
    ];
    for (coding, frame) in frames {
        assert_eq!(read(SHAPE, coding, &pieces(&[&frame])).unwrap().len(), 1024);
        assert_eq!(read(other, coding, &pieces(&[&frame])), Err(DAMAGED), "{coding:?}");
    }
    // One that would take gigabytes.
    let mut vast = forge::lossless(32, &pixels);
    vast[7..11].fill(0xFF);
    assert_eq!(read(SHAPE, Pixels::Jpeg, &pieces(&[&vast])), Err(DAMAGED));
    let mut vast = forge::JPEG12_HEAD.to_vec();
    let start = vast.windows(2).position(|pair| pair == [0xFF, 0xC1]).unwrap();
    vast[start + 5..start + 9].fill(0xFF);
    assert_eq!(read(SHAPE, Pixels::Jpeg, &pieces(&[&vast])), Err(DAMAGED));
}

#[test]
fn twelve_bits_are_read_to_the_last() {
    let found = read(SHAPE, Pixels::Jpeg, &pieces(&[forge::JPEG12_HEAD])).unwrap();
    let wanted = forge::deep(32, 32);
    assert!(found.iter().zip(&wanted).all(|(found, wanted)| found.abs_diff(i64::from(*wanted)) <= 1));
}

#[test]
fn a_frame_that_makes_work_without_bytes_is_refused() {
    // The start of the scan again and again, each of which would be unpacked as a whole picture.
    let start = forge::JPEG12_HEAD.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
    let (head, scan) = forge::JPEG12_HEAD.split_at(start);
    let mut frame = head.to_vec();
    for _ in 0..100_000 {
        frame.extend_from_slice(&scan[..10]);
    }
    assert_eq!(read(SHAPE, Pixels::Jpeg, &pieces(&[&frame])), Err(Refusal::Coding));
}

#[test]
fn colour_within_is_refused() {
    let colour = image::DynamicImage::new_rgb8(32, 32);
    let frame = forge::encode(colour, image::ImageFormat::Jpeg);
    assert_eq!(read(SHAPE, Pixels::Jpeg, &pieces(&[&frame])), Err(Refusal::Colour));
}

#[test]
fn broken_frames_are_damaged() {
    let pixels = forge::deep(32, 32);
    let frames = [
        (Pixels::Rle, forge::rle_deep(&pixels)),
        (Pixels::Jpeg, forge::lossless(32, &pixels)),
        (Pixels::Jpeg, forge::JPEG12_HEAD.to_vec()),
        (Pixels::Jpeg2000, forge::JPEG2000_HEAD.to_vec()),
    ];
    for (coding, frame) in frames {
        for length in (0..frame.len()).step_by(7) {
            // What is cut off late may still give pixels, but never more or fewer than there should be.
            let found = read(SHAPE, coding, &pieces(&[&frame[..length]]));
            assert!(found.is_err() || found.is_ok_and(|found| found.len() == 1024), "{coding:?} cut to {length}");
        }
        assert!(read(SHAPE, coding, &pieces(&[&[0x55; 99]])).is_err());
    }
}
