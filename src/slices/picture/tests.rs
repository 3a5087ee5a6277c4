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
fn label_maps_are_recognised_and_keep_their_greys() {
    let drawn = image::GrayImage::from_fn(64, 48, |x, y| image::Luma([(x / 20 * (y / 30)) as u8]));
    let found = open("a.png", Format::Png, &png(drawn.clone().into())).unwrap();
    assert!(found.labels && !found.burned_in);
    assert_eq!(found.slices[0].pixels(), drawn.as_raw().as_slice());
    let deep = DynamicImage::ImageLuma16(image::ImageBuffer::from_fn(64, 48, |x, y| {
        image::Luma([[0, 1, 60_000][(x / 20 * (y / 30)) as usize % 3]])
    }));
    let found = open("a.png", Format::Png, &png(deep.clone())).unwrap();
    let wanted = deep.as_luma16().unwrap();
    assert!(found.labels);
    assert!(found.slices[0].pixels().iter().zip(wanted.iter()).all(|(found, label)| (*found > 0) == (*label > 0)));
    assert!(!open("a.png", Format::Png, &png(grey())).unwrap().labels);
}

#[test]
fn an_empty_picture_is_valid_only_as_a_mask() {
    let blank = png(DynamicImage::new_luma8(64, 48));
    assert_eq!(open("a.png", Format::Png, &blank).unwrap_err(), Refusal::Blank);
    for name in ["x/A_Mask.png", "set/Mask/p0_3.png", "masks/deep/3.png"] {
        assert!(open(name, Format::Png, &blank).unwrap().labels, "{name}");
    }
    assert_eq!(open("unmasked/3.png", Format::Png, &blank).unwrap_err(), Refusal::Blank);
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
fn truncated_pictures_are_damaged() {
    for (format, coded) in FORMATS {
        let whole = forge::picture(coded, 64, 48);
        let pixels = open("a", format, &whole).unwrap().slices;
        for length in (0..whole.len()).filter(|length| length % 13 == 0 || whole.len() - length < 16) {
            // The end mark may be missing, but no pixel.
            match open("a", format, &whole[..length]) {
                Ok(found) => assert_eq!(found.slices, pixels, "{format:?} {length} of {}", whole.len()),
                Err(refusal) => assert_ne!(refusal, Refusal::TooManyPixels, "{format:?} {length}"),
            }
        }
        assert_eq!(open("a", format, &whole[..30]).unwrap_err(), Refusal::Damaged(format));
    }
}

/// The decoder paints the lower half grey.
#[test]
fn half_a_jpeg_is_damaged_and_a_missing_end_mark_is_not() {
    let whole = forge::picture(ImageFormat::Jpeg, 256, 256);
    assert!(whole.ends_with(&[0xFF, 0xD9]));
    let pixels = open("a.jpg", Format::Jpeg, &whole).unwrap().slices;
    let unmarked = &whole[..whole.len() - 2];
    assert_eq!(open("a.jpg", Format::Jpeg, unmarked).unwrap().slices, pixels);
    // Other programs write after the end.
    assert_eq!(open("a.jpg", Format::Jpeg, &[&whole, b"more".as_slice()].concat()).unwrap().slices, pixels);
    for part in [2, 3, 10] {
        let cut = &whole[..whole.len() - whole.len() / part];
        assert_eq!(open("a.jpg", Format::Jpeg, cut).unwrap_err(), Refusal::Damaged(Format::Jpeg), "{part}");
        // A download may reserve the whole length before it breaks off.
        let padded = [cut, &vec![0; whole.len() - cut.len()]].concat();
        assert_eq!(open("a.jpg", Format::Jpeg, &padded).unwrap_err(), Refusal::Damaged(Format::Jpeg), "{part}");
    }
    // A small picture in a segment has an end of its own.
    let thumbnail = [b"\xFF\xE1".as_slice(), &(whole.len() as u16 + 2).to_be_bytes(), &whole].concat();
    let with_thumbnail = [&whole[..2], &thumbnail, &whole[2..]].concat();
    assert_eq!(open("a.jpg", Format::Jpeg, &with_thumbnail).unwrap().slices, pixels);
    let cut = &with_thumbnail[..with_thumbnail.len() - whole.len() / 2];
    assert_eq!(open("a.jpg", Format::Jpeg, cut).unwrap_err(), Refusal::Damaged(Format::Jpeg));
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

/// JPEG with this orientation in its EXIF data.
fn with_orientation(jpeg: &[u8], orientation: u16) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
    exif.extend([orientation.to_be_bytes(), [0; 2]].concat());
    exif.extend([0; 4]);
    let length = (exif.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
}

/// A viewer writes the name in green, which is dark as grey.
#[test]
fn coloured_text_is_reported() {
    let mut scan = DynamicImage::from(image::imageops::resize(
        &grey().into_luma8(),
        256,
        256,
        image::imageops::FilterType::Nearest,
    ))
    .into_rgb8();
    assert!(!open("a.png", Format::Png, &png(scan.clone().into())).unwrap().burned_in);
    for (x, y) in (0..8).flat_map(|letter| (0..8).map(move |y| (4 + 4 * letter, 4 + y))) {
        scan.put_pixel(x, y, image::Rgb([0, 110, 0]));
    }
    assert!(open("a.png", Format::Png, &png(scan.into())).unwrap().burned_in);
}

#[test]
fn the_orientation_of_exif_is_applied() {
    let jpeg = forge::encode(grey(), ImageFormat::Jpeg);
    let upright = open("a.jpg", Format::Jpeg, &jpeg).unwrap().slices.remove(0);
    let wanted = |orientation: u16| {
        let pixel = |x: usize, y: usize| upright.pixels()[y * 64 + x];
        match orientation {
            2 => Raster::from_fn(64, 48, |x, y| pixel(63 - x, y)),
            3 => Raster::from_fn(64, 48, |x, y| pixel(63 - x, 47 - y)),
            // The camera was turned: the first row of the file is the right column of the picture.
            6 => Raster::from_fn(48, 64, |x, y| pixel(y, 47 - x)),
            8 => Raster::from_fn(48, 64, |x, y| pixel(63 - y, x)),
            _ => upright.clone(),
        }
    };
    for orientation in [0, 1, 2, 3, 6, 8, 9] {
        let found = open("a.jpg", Format::Jpeg, &with_orientation(&jpeg, orientation)).unwrap();
        assert_eq!(found.slices[0], wanted(orientation), "{orientation}");
    }
    // Applying 4, 5 or 7 twice, or 5 after 7, leads back.
    let again = |first, second| oriented(oriented(upright.clone(), first), second);
    assert!(again(4, 4) == upright && again(5, 5) == upright && again(7, 7) == upright);
    assert_eq!(again(5, 7), wanted(3));
}

#[test]
fn grey_tiffs_of_every_number_type_are_read() {
    let wanted: Vec<u8> = pixels(Format::Tiff, &forge::tiff(&[&forge::deep(64, 48)], 64, 1, 0));
    let brightest = f32::from(*head().iter().max().unwrap());
    let expected = |pixel: &u8| (f32::from(*pixel) / brightest * 255.0).round();
    assert!(wanted.iter().zip(head()).all(|(found, pixel)| (f32::from(*found) - expected(&pixel)).abs() <= 1.0));
    let values = forge::deep(64, 48);
    // Signed, as floats, and with an offset, as programs write that know only unsigned numbers.
    let signed: Vec<u16> = values.iter().map(|value| (*value as i16 - 1000) as u16).collect();
    let offset: Vec<u16> = values.iter().map(|value| value + 32_768).collect();
    let floats: Vec<u16> = values
        .iter()
        .flat_map(|value| {
            let bits = (f32::from(*value) / 7.0).to_bits();
            [bits as u16, (bits >> 16) as u16]
        })
        .collect();
    for (kind, bytes) in [
        ("signed", forge::tiff(&[&signed], 64, 2, 0)),
        ("offset", forge::tiff(&[&offset], 64, 1, 0)),
        ("floats", forge::tiff(&[&floats], 64, 3, 0)),
    ] {
        let found = pixels(Format::Tiff, &bytes);
        let most = found.iter().zip(&wanted).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(most <= Some(3), "{kind}: off by {most:?}");
    }
    let turned = open("a.tif", Format::Tiff, &forge::tiff(&[&values], 64, 1, 6)).unwrap();
    assert_eq!((turned.slices[0].width(), turned.slices[0].height()), (48, 64));
}

#[test]
fn the_pages_of_a_tiff_are_slices() {
    let page = |shift: u16| forge::deep(64, 48).into_iter().map(|value| value / 2 + shift).collect::<Vec<u16>>();
    let (a, b, c) = (page(0), page(100), page(200));
    let file = forge::tiff(&[&a, &b, &c], 64, 1, 0);
    let found = open("a.tif", Format::Tiff, &file).unwrap();
    assert!(found.volume && found.slices.len() == 3 && found.plane.is_none());
    assert!(found.slices.windows(2).all(|pair| pair[0].pixels()[0] < pair[1].pixels()[0]));
    // A later page that is damaged does not cost the others.
    assert_eq!(open("a.tif", Format::Tiff, &file[..file.len() - 9]).unwrap().slices.len(), 2);
}

#[test]
fn a_bigtiff_is_read() {
    let found = crate::slices::open::open_file;
    let mut outcomes = Vec::new();
    found("a.tif", &forge::big_tiff(&forge::deep(64, 48), 64), &mut |outcome| outcomes.push(outcome));
    let wanted = pixels(Format::Tiff, &forge::tiff(&[&forge::deep(64, 48)], 64, 1, 0));
    assert_eq!(outcomes.remove(0).unwrap().scan().slices[0].pixels(), wanted);
}
