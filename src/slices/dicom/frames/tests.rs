//! Pixel data with fewer, more or other pixels than the file says.

use super::*;
use crate::slices::forge;

const LAYOUT: PixelLayout = PixelLayout {
    columns: 32,
    rows: 32,
    frames: 1,
    channels: 1,
    bytes: 2,
    stored: 12,
    unused_low: 0,
    signed: false,
    big_endian: false,
};

fn read(layout: PixelLayout, encoding: PixelEncoding, bytes: &[u8]) -> Result<Vec<i64>, Refusal> {
    let mut found = Vec::new();
    for_each_value(layout, encoding, bytes, |value| found.push(value))?;
    Ok(found)
}

/// As fragments after an empty basic offset table.
fn fragments(frames: &[&[u8]]) -> Vec<u8> {
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
fn values_have_the_bits_of_the_layout() {
    let value = |layout: PixelLayout, bytes: &[u8]| layout.value(bytes);
    assert_eq!(value(LAYOUT, &[0xFF, 0xFF]), 4095);
    assert_eq!(value(PixelLayout { signed: true, ..LAYOUT }, &[0xFF, 0xFF]), -1);
    assert_eq!(value(PixelLayout { signed: true, ..LAYOUT }, &[0xFF, 0xF7]), 2047);
    assert_eq!(value(PixelLayout { big_endian: true, ..LAYOUT }, &[0x01, 0x02]), 258);
    assert_eq!(value(PixelLayout { unused_low: 4, ..LAYOUT }, &[0x0F, 0x80]), 0x800);
    let wide = PixelLayout { bytes: 4, stored: 32, ..LAYOUT };
    assert_eq!(value(wide, &[0xFF; 4]), i64::from(u32::MAX));
    assert_eq!(value(PixelLayout { signed: true, ..wide }, &[0xFF; 4]), -1);
    assert_eq!(value(PixelLayout { bytes: 1, stored: 1, signed: true, ..LAYOUT }, &[1]), -1);
}

#[test]
fn native_pixel_data_may_be_longer_but_hardly_shorter() {
    let bytes = vec![1; 2 * 32 * 32 + 1];
    assert_eq!(read(LAYOUT, PixelEncoding::Native, &bytes).unwrap().len(), 1024);
    assert_eq!(read(LAYOUT, PixelEncoding::Native, &bytes[2..]).unwrap().len(), 1024, "one byte is missing");
    assert_eq!(read(LAYOUT, PixelEncoding::Native, &bytes[10..]).unwrap_err(), DAMAGED);
    assert_eq!(read(PixelLayout { frames: 2, ..LAYOUT }, PixelEncoding::Native, &bytes).unwrap_err(), DAMAGED);
}

#[test]
fn frames_of_several_fragments_are_joined() {
    let pixels = forge::deep(32, 32);
    let one = forge::lossless(32, &pixels);
    let (start, end) = one.split_at(one.len() / 2);
    let two = PixelLayout { frames: 2, ..LAYOUT };
    let found = read(two, PixelEncoding::Jpeg, &fragments(&[start, end, &one])).unwrap();
    let wanted: Vec<i64> = pixels.iter().chain(&pixels).map(|pixel| i64::from(*pixel)).collect();
    assert_eq!(found, wanted);
    assert_eq!(read(LAYOUT, PixelEncoding::Jpeg, &fragments(&[start, end])).unwrap(), wanted[..1024]);
    assert_eq!(
        read(PixelLayout { frames: 3, ..LAYOUT }, PixelEncoding::Jpeg, &fragments(&[start, end, &one, &one[4..]])),
        Err(DAMAGED)
    );
    assert_eq!(read(LAYOUT, PixelEncoding::Jpeg, &fragments(&[])), Err(DAMAGED));
    assert_eq!(read(PixelLayout { frames: 1 << 20, ..LAYOUT }, PixelEncoding::Jpeg, &fragments(&[&one])), Err(DAMAGED));
}

#[test]
fn a_frame_of_another_size_is_refused() {
    let other = PixelLayout { columns: 64, rows: 16, ..LAYOUT };
    let pixels = forge::deep(32, 32);
    let frames = [
        (PixelEncoding::Jpeg, forge::lossless(32, &pixels)),
        (PixelEncoding::Jpeg, forge::JPEG12_HEAD.to_vec()),
        (PixelEncoding::JpegLs, forge::JPEG_LS_HEAD.to_vec()),
        (PixelEncoding::JpegLs, forge::JPEG_LS_NEAR_HEAD.to_vec()),
        (PixelEncoding::Jpeg2000, forge::JPEG2000_HEAD.to_vec()),
    ];
    for (encoding, frame) in frames {
        assert_eq!(read(LAYOUT, encoding, &fragments(&[&frame])).unwrap().len(), 1024);
        assert_eq!(read(other, encoding, &fragments(&[&frame])), Err(DAMAGED), "{encoding:?}");
    }
    // Sizes that would take gigabytes.
    let mut vast = forge::lossless(32, &pixels);
    vast[7..11].fill(0xFF);
    assert_eq!(read(LAYOUT, PixelEncoding::Jpeg, &fragments(&[&vast])), Err(DAMAGED));
    let mut vast = forge::JPEG12_HEAD.to_vec();
    let start = vast.windows(2).position(|pair| pair == [0xFF, 0xC1]).unwrap();
    vast[start + 5..start + 9].fill(0xFF);
    assert_eq!(read(LAYOUT, PixelEncoding::Jpeg, &fragments(&[&vast])), Err(DAMAGED));
    let mut vast = forge::JPEG_LS_HEAD.to_vec();
    let start = vast.windows(2).position(|pair| pair == [0xFF, 0xF7]).unwrap();
    vast[start + 5..start + 9].fill(0xFF);
    assert_eq!(read(LAYOUT, PixelEncoding::JpegLs, &fragments(&[&vast])), Err(DAMAGED));
}

#[test]
fn jpeg_with_12_bits_is_exact_to_1() {
    let found = read(LAYOUT, PixelEncoding::Jpeg, &fragments(&[forge::JPEG12_HEAD])).unwrap();
    let wanted = forge::deep(32, 32);
    assert!(found.iter().zip(&wanted).all(|(found, wanted)| found.abs_diff(i64::from(*wanted)) <= 1));
}

#[test]
fn jpeg_ls_is_exact_or_within_its_bound() {
    let off = |frame| {
        let found = read(LAYOUT, PixelEncoding::JpegLs, &fragments(&[frame])).unwrap();
        found.iter().zip(forge::deep(32, 32)).map(|(found, wanted)| found.abs_diff(i64::from(wanted))).max()
    };
    assert_eq!(off(forge::JPEG_LS_HEAD), Some(0));
    assert!((1..=16).contains(&off(forge::JPEG_LS_NEAR_HEAD).unwrap()));
}

#[test]
fn a_colour_jpeg_ls_is_refused() {
    // Three components in the frame header, and in that of the scan.
    let mut frame = vec![0xFF, 0xD8, 0xFF, 0xF7, 0, 17, 8, 0, 32, 0, 32, 3];
    frame.extend([1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    frame.extend([0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 2, 0, 0xFF, 0xD9]);
    assert_eq!(read(LAYOUT, PixelEncoding::JpegLs, &fragments(&[&frame])), Err(Refusal::Colour));
}

#[test]
fn a_frame_with_many_empty_scans_is_refused() {
    // Many start-of-scan markers. The decoder would process all pixels for each.
    let start = forge::JPEG12_HEAD.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
    let (head, scan) = forge::JPEG12_HEAD.split_at(start);
    let mut frame = head.to_vec();
    for _ in 0..100_000 {
        frame.extend_from_slice(&scan[..10]);
    }
    assert_eq!(read(LAYOUT, PixelEncoding::Jpeg, &fragments(&[&frame])), Err(Refusal::UnsupportedCoding));
}

#[test]
fn a_colour_jpeg_is_refused() {
    let colour = image::DynamicImage::new_rgb8(32, 32);
    let frame = forge::encode(colour, image::ImageFormat::Jpeg);
    assert_eq!(read(LAYOUT, PixelEncoding::Jpeg, &fragments(&[&frame])), Err(Refusal::Colour));
}

#[test]
fn truncated_frames_are_refused_or_complete() {
    let pixels = forge::deep(32, 32);
    let frames = [
        (PixelEncoding::Rle, forge::rle_deep(&pixels)),
        (PixelEncoding::Jpeg, forge::lossless(32, &pixels)),
        (PixelEncoding::Jpeg, forge::JPEG12_HEAD.to_vec()),
        (PixelEncoding::JpegLs, forge::JPEG_LS_HEAD.to_vec()),
        (PixelEncoding::JpegLs, forge::JPEG_LS_NEAR_HEAD.to_vec()),
        (PixelEncoding::Jpeg2000, forge::JPEG2000_HEAD.to_vec()),
    ];
    for (encoding, frame) in frames {
        for length in (0..frame.len()).step_by(7) {
            // A frame truncated near its end may still decode, but never to more or fewer pixels.
            let found = read(LAYOUT, encoding, &fragments(&[&frame[..length]]));
            assert!(found.is_err() || found.is_ok_and(|found| found.len() == 1024), "{encoding:?} cut to {length}");
        }
        assert!(read(LAYOUT, encoding, &fragments(&[&[0x55; 99]])).is_err());
    }
}
