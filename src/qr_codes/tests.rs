//! Codes as the page draws them, in pictures like those of a camera.

use std::collections::BTreeSet;

use image::{DynamicImage, GrayImage, ImageFormat};
use qrcodegen::{QrCode, QrCodeEcc};

use super::*;
use crate::game::class_code::{Choice, ClassCode};
use crate::slices::decoded::{Format, Refusal, UnsupportedFormat};
use crate::slices::limits::{MAX_FILE_BYTES, MAX_MILLIS, MAX_PHOTO_SIDE};
use crate::slices::open::open_photo;
use crate::splitmix::SplitMix;

/// White modules around a code, as on the page.
const MARGIN: f64 = 4.0;
/// Grey levels of the ground, paper and ink.
const GROUND: f64 = 120.0;
const PAPER: f64 = 225.0;
const INK: f64 = 35.0;

fn pupil(tag: u16) -> String {
    ClassCode { answers: vec![Choice::First; 20], fingerprint: 300, tag }.encode()
}

/// A code on a picture.
struct Drawn {
    code: QrCode,
    /// Middle, in pixels.
    at: (f64, f64),
    /// Width of a module in pixels.
    module: f64,
    /// Angle in degrees.
    angle: f64,
}

impl Drawn {
    fn new(text: &str, at: (f64, f64), module: f64, angle: f64) -> Self {
        Self { code: QrCode::encode_text(text, QrCodeEcc::Medium).unwrap(), at, module, angle }
    }

    /// Whether the code or its margin may lie on the square with this corner and side.
    fn reaches(&self, left: f64, top: f64, side: f64) -> bool {
        // Half the diagonal of code and margin.
        let radius = (f64::from(self.code.size()) / 2.0 + MARGIN) * self.module * std::f64::consts::SQRT_2;
        let apart = |low: f64, at: f64| (low - at).max(at - (low + side));
        apart(left, self.at.0) <= radius && apart(top, self.at.1) <= radius
    }

    /// Paper or ink at this point; `None` beside the code and its margin.
    fn level(&self, x: f64, y: f64) -> Option<f64> {
        let (sin, cos) = self.angle.to_radians().sin_cos();
        let (dx, dy) = ((x - self.at.0) / self.module, (y - self.at.1) / self.module);
        let half = f64::from(self.code.size()) / 2.0;
        let (u, v) = (dx * cos + dy * sin + half, dy * cos - dx * sin + half);
        let inside = |at: f64| (-MARGIN..2.0 * half + MARGIN).contains(&at);
        let black = self.code.get_module(u.floor() as i32, v.floor() as i32);
        (inside(u) && inside(v)).then_some(if black { INK } else { PAPER })
    }
}

/// Side of the squares that [`picture`] is drawn in.
const TILE: usize = 32;

/// The codes on a grey ground, each pixel the mean of nine points.
fn picture(width: usize, height: usize, codes: &[Drawn]) -> Raster {
    // Each tile is drawn from the codes that reach it only: the tests are not optimised.
    let columns = width.div_ceil(TILE);
    let reach = |tile: usize| {
        let corner = |index: usize| (index * TILE) as f64;
        let (left, top) = (corner(tile % columns), corner(tile / columns));
        codes.iter().filter(|code| code.reaches(left, top, TILE as f64)).collect::<Vec<_>>()
    };
    let near: Vec<Vec<&Drawn>> = (0..columns * height.div_ceil(TILE)).map(reach).collect();
    Raster::from_fn(width, height, |x, y| {
        let near = &near[y / TILE * columns + x / TILE];
        if near.is_empty() {
            return GROUND as u8;
        }
        let level = |x: f64, y: f64| near.iter().find_map(|code| code.level(x, y)).unwrap_or(GROUND);
        let points = (0..9).map(|at| level(x as f64 + (at % 3) as f64 / 3.0, y as f64 + (at / 3) as f64 / 3.0));
        (points.sum::<f64>() / 9.0).round() as u8
    })
}

fn found(picture: Raster) -> BTreeSet<String> {
    let mut found = Vec::new();
    find(&picture, Effort::Photo, &mut |text| found.push(text));
    let once: BTreeSet<String> = found.iter().cloned().collect();
    assert_eq!(once.len(), found.len(), "each text once");
    once
}

fn set(texts: &[String]) -> BTreeSet<String> {
    texts.iter().cloned().collect()
}

#[test]
fn small_and_large_codes_are_read() {
    for module in [2.5, 3.0, 4.0, 7.0, 15.0, 25.0] {
        let code = Drawn::new(&pupil(1), (330.0, 340.0), module, 0.0);
        assert_eq!(found(picture(660, 680, &[code])), set(&[pupil(1)]), "{module} pixels a module");
    }
}

#[test]
fn codes_are_read_at_any_angle() {
    for angle in (0..360).step_by(12) {
        let code = Drawn::new(&pupil(2), (200.0, 160.0), 6.0, f64::from(angle));
        assert_eq!(found(picture(400, 320, &[code])), set(&[pupil(2)]), "{angle} degrees");
    }
}

/// Thirty codes on one picture, in rows, each turned a little.
fn sheet(module: f64, gap: f64) -> (Raster, BTreeSet<String>) {
    let step = 29.0 * module + gap;
    let place = |index: u16| ((0.5 + f64::from(index % 6)) * step, (0.5 + f64::from(index / 6)) * step);
    let turn = |index: u16| f64::from(index * 7 % 11) - 5.0;
    let codes: Vec<Drawn> = (0..30).map(|tag| Drawn::new(&pupil(tag), place(tag), module, turn(tag))).collect();
    let side = |count: f64| (count * step).ceil() as usize;
    (picture(side(6.0), side(5.0), &codes), (0..30).map(pupil).collect())
}

#[test]
fn a_photograph_of_thirty_codes_gives_all_of_them() {
    for (module, gap) in [(4.0, 20.0), (5.0, 40.0), (8.0, 60.0)] {
        let (sheet, wanted) = sheet(module, gap);
        let found = found(sheet);
        let missing: Vec<_> = wanted.difference(&found).collect();
        assert!(missing.is_empty() && found.len() == 30, "{module}: {} of them are missing", missing.len());
    }
}

/// A photograph of a screen: light from the left, a soft lens, and noise.
fn photographed(sharp: &Raster, noise: f64, seed: u64) -> Raster {
    let (width, height) = (sharp.width(), sharp.height());
    let at = |x: usize, y: usize| f64::from(sharp.pixels()[y.min(height - 1) * width + x.min(width - 1)]);
    let mut random = SplitMix::new(seed);
    Raster::from_fn(width, height, |x, y| {
        let near = (0..9).map(|place| at((x + place % 3).saturating_sub(1), (y + place / 3).saturating_sub(1)));
        let light = 0.45 + 0.55 * (1.0 - x as f64 / width as f64);
        let grain = (0..4).map(|_| random.below(1000) as f64 / 1000.0 - 0.5).sum::<f64>();
        (near.sum::<f64>() / 9.0 * light + noise * grain).clamp(0.0, 255.0) as u8
    })
}

/// A picture as a JPEG file with colours.
fn jpeg(picture: Raster) -> Vec<u8> {
    let (width, height) = (picture.width() as u32, picture.height() as u32);
    let grey = GrayImage::from_raw(width, height, picture.into_pixels()).unwrap();
    encoded(DynamicImage::ImageRgb8(DynamicImage::ImageLuma8(grey).into_rgb8()), ImageFormat::Jpeg)
}

fn encoded(picture: DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

#[test]
fn uneven_light_blur_and_noise_do_not_hide_codes() {
    for seed in 0..6 {
        let place = |index: u16| (170.0 + 330.0 * f64::from(index % 2), 160.0 + 310.0 * f64::from(index / 2));
        let turn = |index: u16| (seed as f64) * 17.0 + 5.0 * f64::from(index);
        let codes: Vec<Drawn> = (0..4).map(|tag| Drawn::new(&pupil(tag), place(tag), 6.0, turn(tag))).collect();
        let photo = photographed(&picture(660, 630, &codes), 25.0, seed);
        let found = found(open_photo(&jpeg(photo)).unwrap());
        assert_eq!(found, (0..4).map(pupil).collect(), "photograph {seed}");
    }
}

#[test]
fn a_photograph_of_a_telephone_is_read() {
    let code = Drawn::new(&pupil(9), (500.0, 370.0), 8.0, 8.0);
    let photo = photographed(&picture(1008, 756, &[code]), 20.0, 1);
    // 12 million pixels.
    let large = Raster::from_fn(4032, 3024, |x, y| photo.pixels()[y / 4 * 1008 + x / 4]);
    assert_eq!(found(open_photo(&jpeg(large)).unwrap()), set(&[pupil(9)]));
}

#[test]
fn pictures_without_codes_give_nothing() {
    let mut random = SplitMix::new(3);
    let mut noise = |width, height| Raster::from_fn(width, height, |_, _| (random.bits() >> 56) as u8);
    for picture in [noise(1, 1), noise(3, 700), noise(640, 480), noise(900, 1)] {
        assert!(found(picture).is_empty());
    }
    for level in [0, 255] {
        assert!(found(Raster::from_fn(500, 400, |_, _| level)).is_empty());
    }
    // Half a code.
    let code = Drawn::new(&pupil(1), (0.0, 150.0), 6.0, 0.0);
    assert!(found(picture(300, 300, &[code])).is_empty());
    let stripes = Raster::from_fn(640, 480, |x, y| if (x / 5 + y / 7) % 2 == 0 { 20 } else { 240 });
    assert!(found(stripes).is_empty());
}

/// A part of the picture, from the left top corner.
fn cut(picture: &Raster, left: usize, top: usize, width: usize, height: usize) -> Raster {
    let (right, bottom) = (picture.width() - 1, picture.height() - 1);
    Raster::from_fn(width, height, |x, y| {
        picture.pixels()[(top + y).min(bottom) * picture.width() + (left + x).min(right)]
    })
}

/// Random dots, random blocks, parts of a sheet, codes that overlap, finder patterns at random places, and damaged codes.
fn strange(kind: usize, sheet: &Raster, random: &mut SplitMix) -> Raster {
    let (width, height) = (1 + random.below(300), 1 + random.below(200));
    let mut code = |tag| {
        let at = (random.below(300) as f64, random.below(200) as f64);
        Drawn::new(&pupil(tag), at, 1.0 + random.below(60) as f64 / 10.0, random.below(360) as f64)
    };
    match kind % 6 {
        0 => Raster::from_fn(width, height, |_, _| (random.bits() >> 56) as u8),
        1 => {
            let side = 2 + random.below(8);
            let blocks =
                Raster::from_fn(300 / side + 1, 200 / side + 1, |_, _| if random.bits() >> 63 == 0 { 20 } else { 230 });
            Raster::from_fn(width, height, |x, y| blocks.pixels()[y / side * blocks.width() + x / side])
        }
        2 => cut(sheet, random.below(sheet.width()), random.below(sheet.height()), width, height),
        3 => {
            let codes: Vec<Drawn> = (0..5).map(&mut code).collect();
            photographed(&picture(width, height, &codes), random.below(80) as f64, random.bits())
        }
        4 => {
            let mut place =
                || (random.below(300) as f64, random.below(200) as f64, 1.5 + random.below(40) as f64 / 10.0);
            let finders: Vec<(f64, f64, f64)> = (0..30).map(|_| place()).collect();
            Raster::from_fn(width, height, |x, y| {
                let ring = |(a, b, module): &(f64, f64, f64)| (x as f64 - a).abs().max((y as f64 - b).abs()) / module;
                let ring = finders.iter().map(ring).find(|ring| *ring < 4.5);
                ring.map_or(150, |ring| if ring < 1.5 || (2.5..3.5).contains(&ring) { 20 } else { 230 })
            })
        }
        _ => {
            let mut pixels = picture(width, height, &[code(1)]).into_pixels();
            for _ in 0..random.below(2000) {
                let index = random.below(pixels.len());
                pixels[index] = (random.bits() >> 56) as u8;
            }
            Raster::new(width, height, pixels).unwrap()
        }
    }
}

#[test]
fn no_picture_makes_the_search_fail() {
    let mut random = SplitMix::new(11);
    let (sheet, _) = sheet(3.0, 8.0);
    for kind in 0..120 {
        let picture = strange(kind, &sheet, &mut random);
        let texts = found(picture);
        assert!(texts.iter().all(|text| (0..30).any(|tag| *text == pupil(tag))), "{kind}: {texts:?}");
    }
}

#[test]
fn a_picture_full_of_details_takes_no_more_than_its_time() {
    let mut random = SplitMix::new(5);
    let begun = std::time::Instant::now();
    let blocks = Raster::from_fn(500, 375, |_, _| if random.bits() >> 63 == 0 { 20 } else { 230 });
    found(Raster::from_fn(2000, 1500, |x, y| blocks.pixels()[y / 4 * 500 + x / 4]));
    // The page gives up after a quarter of this. This test is not optimised and other programs run beside it.
    assert!(begun.elapsed().as_millis() < 4 * u128::from(MAX_MILLIS), "{:?}", begun.elapsed());
}

#[test]
fn other_texts_are_given_on_one_short_line() {
    let link = "https://example.org/#/spel?lang=en&size=64&game=31&rounds=4";
    let code = |text: &str| Drawn::new(text, (200.0, 200.0), 4.0, 3.0);
    assert_eq!(found(picture(400, 400, &[code(link)])), set(&[link.to_owned()]));
    assert_eq!(found(picture(400, 400, &[code("two\nlines\u{7}")])), set(&["two lines".to_owned()]));
    let long = "long ".repeat(30);
    let read = found(picture(400, 400, &[code(&long)]));
    assert_eq!(read, set(&[long[..MAX_TEXT].trim().to_owned()]));
}

#[test]
fn photographs_keep_to_the_limits_of_the_reader() {
    let blank = |width, height| DynamicImage::ImageLuma8(GrayImage::new(width, height));
    let png = |width, height| encoded(blank(width, height), ImageFormat::Png);
    let side = MAX_PHOTO_SIDE as u32;
    assert_eq!(open_photo(&png(side + 1, 2)), Err(Refusal::TooManyPixels));
    assert_eq!(open_photo(&png(2, side + 1)), Err(Refusal::TooManyPixels));
    assert!(open_photo(&png(side, 2)).is_ok());
    // A header that claims more pixels than there is memory for.
    let mut claims = png(8, 8);
    claims[16..24].copy_from_slice(&[0, 0, 0x20, 0, 0, 0, 0x20, 0]);
    claims[25] = 6;
    assert!(open_photo(&claims).is_err());
    assert_eq!(open_photo(&vec![0; MAX_FILE_BYTES + 1]), Err(Refusal::TooLarge));
    assert_eq!(open_photo(b""), Err(Refusal::Empty));
    assert_eq!(open_photo(b"\0\x01\x02\x03"), Err(Refusal::Unknown));
    assert_eq!(open_photo(b"%PDF-1.7"), Err(Refusal::Unsupported(UnsupportedFormat::Pdf)));
    let photo = jpeg(picture(64, 64, &[]));
    assert_eq!(open_photo(&photo[..60]), Err(Refusal::Damaged(Format::Jpeg)));
}

/// Writes the fuzzing seeds: photographs of codes, and a picture without any.
#[test]
#[ignore = "writes the fuzzing seeds into SEEDS_DIR"]
fn seed() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::path::PathBuf::from(std::env::var("SEEDS_DIR")?).join("photo");
    std::fs::create_dir_all(&folder)?;
    let code = |tag, x, y, module, angle| Drawn::new(&pupil(tag), (x, y), module, angle);
    let plain = picture(120, 120, &[code(1, 60.0, 60.0, 3.0, 0.0)]);
    let pictures = [
        ("straight.png", plain.clone(), ImageFormat::Png),
        ("straight.jpg", plain.clone(), ImageFormat::Jpeg),
        ("straight.bmp", plain, ImageFormat::Bmp),
        ("turned.png", picture(130, 130, &[code(2, 65.0, 65.0, 2.5, 20.0)]), ImageFormat::Png),
        ("cut.png", picture(100, 70, &[code(3, 50.0, 30.0, 3.0, 0.0)]), ImageFormat::Png),
        (
            "two.jpg",
            picture(200, 100, &[code(4, 50.0, 50.0, 2.5, 0.0), code(5, 150.0, 50.0, 2.5, 90.0)]),
            ImageFormat::Jpeg,
        ),
        ("none.png", picture(64, 64, &[]), ImageFormat::Png),
    ];
    for (name, picture, format) in pictures {
        let (width, height) = (picture.width() as u32, picture.height() as u32);
        let grey = GrayImage::from_raw(width, height, picture.pixels().to_vec()).ok_or("the size")?;
        DynamicImage::ImageLuma8(grey).save_with_format(folder.join(name), format)?;
    }
    Ok(())
}
