//! Pictures of all kinds, whole and broken.

use image::ImageBuffer;

use super::*;
use crate::slices::limits::KEPT_SIDE;
use crate::slices::open::Personal;
use crate::slices::sniff::forge;

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
fn greys_come_out_as_they_went_in() {
    for (format, coded) in FORMATS {
        let found = pixels(format, &forge::encode(grey(), coded));
        let off = found.iter().zip(head()).map(|(a, b)| u32::from(a.abs_diff(b))).sum::<u32>() / head().len() as u32;
        // JPEG loses some.
        assert!(if format == Format::Jpeg { off < 10 } else { off == 0 }, "{format:?} is off by {off}");
    }
}

#[test]
fn colour_becomes_brightness() {
    for format in [ImageFormat::Png, ImageFormat::Bmp, ImageFormat::Tiff] {
        let bytes = forge::encode(DynamicImage::ImageRgb8(grey().into_rgb8()), format);
        let format = FORMATS.iter().find(|(_, coded)| *coded == format).unwrap().0;
        assert_eq!(pixels(format, &bytes), head());
    }
    // Eyes see green as brighter than blue.
    let colours =
        image::RgbImage::from_fn(64, 48, |x, _| image::Rgb(if x < 32 { [0, x as u8, 0] } else { [0, 0, 200] }));
    let found = pixels(Format::Png, &png(colours.into()));
    assert!(found[31] > found[63]);
}

#[test]
fn what_is_see_through_is_dark() {
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
        // Sixteen bits are stretched, so a little brighter.
        assert!(
            found[64..]
                .iter()
                .zip(&head()[64..])
                .all(|(found, pixel)| (0..40).contains(&(i16::from(*found) - i16::from(*pixel))))
        );
    }
}

#[test]
fn sixteen_bits_are_stretched_over_those_in_use() {
    // As from a scanner, which uses twelve.
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
fn drawn_areas_are_white_whatever_their_number() {
    let drawn = image::GrayImage::from_fn(64, 48, |x, y| image::Luma([(x / 20 * (y / 30)) as u8]));
    let found = open("a.png", Format::Png, &png(drawn.clone().into())).unwrap();
    assert!(found.labels && !found.burnt_in);
    assert!(found.slices[0].pixels().iter().zip(drawn.iter()).all(|(found, drawn)| (*found == 255) == (*drawn > 0)));
    assert!(!open("a.png", Format::Png, &png(grey())).unwrap().labels);
}

#[test]
fn an_empty_picture_is_good_news_only_of_a_mask() {
    let blank = png(DynamicImage::new_luma8(64, 48));
    assert_eq!(open("a.png", Format::Png, &blank).unwrap_err(), Refusal::Blank);
    assert!(open("x/A_Mask.png", Format::Png, &blank).unwrap().labels);
}

#[test]
fn a_large_picture_is_shrunk_and_a_small_one_refused() {
    let found = open("a.png", Format::Png, &forge::picture(ImageFormat::Png, 1024, 512)).unwrap();
    assert_eq!((found.slices[0].width(), found.slices[0].height()), (KEPT_SIDE, KEPT_SIDE / 2));
    for (format, coded) in FORMATS {
        let small = forge::picture(coded, MIN_SIDE - 1, 100);
        assert_eq!(open("a", format, &small).unwrap_err(), Refusal::TooSmall, "{format:?}");
        let long = forge::picture(coded, MAX_SIDE + 1, MIN_SIDE);
        assert_eq!(open("a", format, &long).unwrap_err(), Refusal::TooBig, "{format:?}");
        assert!(open("a", format, &forge::picture(coded, MAX_SIDE, MIN_SIDE)).is_ok(), "{format:?}");
    }
}

#[test]
fn what_takes_too_much_to_decode_is_too_big() {
    // Within the sides, but eight bytes a pixel.
    let mut huge = png(DynamicImage::new_rgba16(8, 8));
    huge[16..24].copy_from_slice(&[0, 0, 0x10, 0, 0, 0, 0x10, 0]);
    let mut sum = flate2::Crc::new();
    sum.update(&huge[12..29]);
    huge[29..33].copy_from_slice(&sum.sum().to_be_bytes());
    assert_eq!(open("a.png", Format::Png, &huge).unwrap_err(), Refusal::TooBig);
}

#[test]
fn what_is_cut_off_is_damaged_or_shows_what_there_is() {
    for (format, coded) in FORMATS {
        let whole = forge::picture(coded, 64, 48);
        for length in (0..whole.len()).step_by(13) {
            let found = open("a", format, &whole[..length]);
            // Some decoders fill up what is missing at the end.
            assert!(found.as_ref().is_err_and(|refusal| *refusal != Refusal::TooBig) || found.is_ok(), "{format:?}");
        }
        assert_eq!(open("a", format, &whole[..30]).unwrap_err(), Refusal::Damaged(format));
    }
}

#[test]
fn fields_of_a_tiff_file_may_not_claim_more_than_it_has() {
    let whole = forge::picture(ImageFormat::Tiff, 64, 48);
    assert_eq!(tiff::check(&whole), Ok(()));
    let page = u32::from_le_bytes(whole[4..8].try_into().unwrap()) as usize;
    let fields = usize::from(whole[page]);
    for field in 0..fields {
        let mut bent = whole.clone();
        let count = page + 2 + 12 * field + 4;
        bent[count..count + 4].copy_from_slice(&0x00FF_FFFF_u32.to_le_bytes());
        assert_eq!(open("a.tif", Format::Tiff, &bent).unwrap_err(), Refusal::Damaged(Format::Tiff), "field {field}");
    }
    assert_eq!(tiff::check(b"II*\0\xFF\xFF\xFF\xFF"), Err(Refusal::Damaged(Format::Tiff)));
    assert_eq!(tiff::check(b"MM\0*\0\0\0\x08\xFF\xFF"), Err(Refusal::Damaged(Format::Tiff)));
}

#[test]
fn words_and_people_are_told_of() {
    let mut written = image::imageops::resize(&grey().into_luma8(), 256, 256, image::imageops::FilterType::Nearest);
    // Eight upright strokes, as letters are, in a corner.
    for (x, y) in (0..8).flat_map(|letter| (0..8).map(move |y| (4 + 4 * letter, 4 + y))) {
        written.put_pixel(x, y, image::Luma([255]));
    }
    let found = open("a.png", Format::Png, &png(written.into())).unwrap();
    assert!(found.burnt_in && found.personal.is_empty());
    let mut named = png(grey());
    named.splice(33..33, [b"\0\0\0\x0BtEXtAuthor\0Anna".as_slice(), &[0; 4]].concat());
    let mut sum = flate2::Crc::new();
    sum.update(&named[37..52]);
    named[52..56].copy_from_slice(&sum.sum().to_be_bytes());
    assert_eq!(open("a.png", Format::Png, &named).unwrap().personal, [Personal::Name]);
}
