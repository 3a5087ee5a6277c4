//! Valid and damaged pictures of all formats.

use image::ImageBuffer;

use super::*;
use crate::slices::decoded::PersonalField;
use crate::slices::forge;
use crate::slices::limits::MAX_KEPT_SIDE;

const FORMATS: [(Format, ImageFormat); 4] = [
    (Format::Png, ImageFormat::Png),
    (Format::Jpeg, ImageFormat::Jpeg),
    (Format::Bmp, ImageFormat::Bmp),
    (Format::Tiff, ImageFormat::Tiff),
];

fn head() -> Vec<u8> {
    forge::head(64, 48)
}

fn grey() -> DynamicImage {
    image::GrayImage::from_raw(64, 48, head()).unwrap().into()
}

fn png(picture: DynamicImage) -> Vec<u8> {
    forge::encode(picture, ImageFormat::Png)
}

fn pixels(format: Format, bytes: &[u8]) -> Vec<u8> {
    let found = open("a", format, bytes).unwrap();
    assert_eq!((found.slices.len(), found.slices[0].width(), found.slices[0].height()), (1, 64, 48));
    found.slices[0].pixels().to_vec()
}

#[test]
fn grey_levels_are_kept() {
    for (format, coded) in FORMATS {
        let found = pixels(format, &forge::encode(grey(), coded));
        let off = found.iter().zip(head()).map(|(a, b)| u32::from(a.abs_diff(b))).sum::<u32>() / head().len() as u32;
        // JPEG loses some.
        assert!(if format == Format::Jpeg { off < 10 } else { off == 0 }, "{format:?} is off by {off}");
    }
}

#[test]
fn colours_become_luma() {
    for format in [ImageFormat::Png, ImageFormat::Bmp, ImageFormat::Tiff] {
        let bytes = forge::encode(DynamicImage::ImageRgb8(grey().into_rgb8()), format);
        let format = FORMATS.iter().find(|(_, coded)| *coded == format).unwrap().0;
        assert_eq!(pixels(format, &bytes), head());
    }
    // Green has more luma than blue.
    let colours =
        image::RgbImage::from_fn(64, 48, |x, _| image::Rgb(if x < 32 { [0, x as u8, 0] } else { [0, 0, 200] }));
    let found = pixels(Format::Png, &png(colours.into()));
    assert!(found[31] > found[63]);
}

#[test]
fn transparent_pixels_are_black() {
    let mut clear = grey().into_rgba8();
    clear.pixels_mut().take(64).for_each(|pixel| pixel[3] = 0);
    let (mut pairs, fine) = (grey().into_luma_alpha8(), DynamicImage::ImageRgba8(clear.clone()).into_rgba16());
    pairs.pixels_mut().take(64).for_each(|pixel| pixel[1] = 0);
    let fine_pairs = DynamicImage::ImageLumaA8(pairs.clone()).into_luma_alpha16();
    for (index, bytes) in
        [png(clear.into()), png(pairs.into()), png(fine.into()), png(fine_pairs.into())].iter().enumerate()
    {
        let found = pixels(Format::Png, bytes);
        assert!(found[..64].iter().all(|pixel| *pixel == 0), "{index}");
        // Values of 16 bits are stretched, so they are a little brighter.
        assert!(
            found[64..]
                .iter()
                .zip(&head()[64..])
                .all(|(found, pixel)| (0..40).contains(&(i16::from(*found) - i16::from(*pixel))))
        );
    }
}

#[test]
fn sixteen_bits_are_stretched() {
    // Scanners use 12 of the bits.
    let deep = ImageBuffer::from_raw(64, 48, forge::deep(64, 48)).unwrap();
    for (format, coded) in [FORMATS[0], FORMATS[3]] {
        let found = pixels(format, &forge::encode(DynamicImage::ImageLuma16(deep.clone()), coded));
        let brightest = f32::from(*head().iter().max().unwrap());
        for (found, pixel) in found.iter().zip(head()) {
            assert!((f32::from(*found) - f32::from(pixel) / brightest * 255.0).abs() <= 1.0, "{format:?}");
        }
    }
}

#[test]
fn label_maps_become_masks() {
    let drawn = image::GrayImage::from_fn(64, 48, |x, y| image::Luma([(x / 20 * (y / 30)) as u8]));
    let found = open("a.png", Format::Png, &png(drawn.clone().into())).unwrap();
    assert!(found.labels && !found.burned_in);
    assert!(found.slices[0].pixels().iter().zip(drawn.iter()).all(|(found, drawn)| (*found == 255) == (*drawn > 0)));
    assert!(!open("a.png", Format::Png, &png(grey())).unwrap().labels);
}

#[test]
fn an_empty_picture_is_valid_only_as_a_mask() {
    let blank = png(DynamicImage::new_luma8(64, 48));
    assert_eq!(open("a.png", Format::Png, &blank).unwrap_err(), Refusal::Blank);
    assert!(open("x/A_Mask.png", Format::Png, &blank).unwrap().labels);
}

#[test]
fn a_large_picture_is_shrunk_and_a_small_one_refused() {
    let found = open("a.png", Format::Png, &forge::picture(ImageFormat::Png, 1024, 512)).unwrap();
    assert_eq!((found.slices[0].width(), found.slices[0].height()), (MAX_KEPT_SIDE, MAX_KEPT_SIDE / 2));
    for (format, coded) in FORMATS {
        let small = forge::picture(coded, MIN_SIDE - 1, 100);
        assert_eq!(open("a", format, &small).unwrap_err(), Refusal::TooSmall, "{format:?}");
        let long = forge::picture(coded, MAX_SIDE + 1, MIN_SIDE);
        assert_eq!(open("a", format, &long).unwrap_err(), Refusal::TooManyPixels, "{format:?}");
        assert!(open("a", format, &forge::picture(coded, MAX_SIDE, MIN_SIDE)).is_ok(), "{format:?}");
    }
}

#[test]
fn pictures_that_need_too_much_memory_are_refused() {
    // The sides are within the limit, but each pixel has 8 bytes.
    let mut huge = png(DynamicImage::new_rgba16(8, 8));
    huge[16..24].copy_from_slice(&[0, 0, 0x10, 0, 0, 0, 0x10, 0]);
    let mut sum = flate2::Crc::new();
    sum.update(&huge[12..29]);
    huge[29..33].copy_from_slice(&sum.sum().to_be_bytes());
    assert_eq!(open("a.png", Format::Png, &huge).unwrap_err(), Refusal::TooManyPixels);
}

#[test]
fn truncated_pictures_are_damaged_or_incomplete() {
    for (format, coded) in FORMATS {
        let whole = forge::picture(coded, 64, 48);
        for length in (0..whole.len()).step_by(13) {
            let found = open("a", format, &whole[..length]);
            // Some decoders fill in the missing end.
            assert!(
                found.as_ref().is_err_and(|refusal| *refusal != Refusal::TooManyPixels) || found.is_ok(),
                "{format:?}"
            );
        }
        assert_eq!(open("a", format, &whole[..30]).unwrap_err(), Refusal::Damaged(format));
    }
}

#[test]
fn tiff_tags_that_claim_too_many_numbers_are_refused() {
    let whole = forge::picture(ImageFormat::Tiff, 64, 48);
    assert_eq!(tiff::check(&whole), Ok(()));
    let page = u32::from_le_bytes(whole[4..8].try_into().unwrap()) as usize;
    let fields = usize::from(whole[page]);
    for field in 0..fields {
        let mut changed = whole.clone();
        let count = page + 2 + 12 * field + 4;
        changed[count..count + 4].copy_from_slice(&0x00FF_FFFF_u32.to_le_bytes());
        assert_eq!(open("a.tif", Format::Tiff, &changed).unwrap_err(), Refusal::Damaged(Format::Tiff), "field {field}");
    }
    assert_eq!(tiff::check(b"II*\0\xFF\xFF\xFF\xFF"), Err(Refusal::Damaged(Format::Tiff)));
    assert_eq!(tiff::check(b"MM\0*\0\0\0\x08\xFF\xFF"), Err(Refusal::Damaged(Format::Tiff)));
}

#[test]
fn burned_in_text_and_personal_fields_are_reported() {
    let mut written = image::imageops::resize(&grey().into_luma8(), 256, 256, image::imageops::FilterType::Nearest);
    // Eight vertical strokes in a corner, like letters.
    for (x, y) in (0..8).flat_map(|letter| (0..8).map(move |y| (4 + 4 * letter, 4 + y))) {
        written.put_pixel(x, y, image::Luma([255]));
    }
    let found = open("a.png", Format::Png, &png(written.into())).unwrap();
    assert!(found.burned_in && found.personal.is_empty());
    let mut named = png(grey());
    named.splice(33..33, [b"\0\0\0\x0BtEXtAuthor\0Anna".as_slice(), &[0; 4]].concat());
    let mut sum = flate2::Crc::new();
    sum.update(&named[37..52]);
    named[52..56].copy_from_slice(&sum.sum().to_be_bytes());
    assert_eq!(open("a.png", Format::Png, &named).unwrap().personal, [PersonalField::Name]);
}
