//! Drawn heads, for a visitor without scans: a few shapes each, simple enough that two networks learn them in a minute.
//!
//! They are drawings and look it: heads from above with a nose and ears. Half of them have a lesion, with its exact mask.

mod brain;
mod head;
mod lesion;
mod shape;

use self::brain::Brain;
use self::head::Outline;
use self::lesion::Lesion;
use self::shape::{Chance, Place, mix};
use super::Source;
use super::collection::Collection;
use super::file::File;
use crate::slices::raster::Raster;

/// How many there are.
pub const COUNT: usize = 400;
/// Side of each in pixels: the largest that is learned at in a tab.
pub const SIDE: usize = 64;
/// The classes: heads with a lesion and heads without.
pub const CLASSES: [&str; 2] = ["tumour", "none"];

/// Strongest grain, of 255.
const GRAIN: f32 = 7.0;

/// A drawn head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// Index into [`CLASSES`].
    pub class: usize,
    /// The head.
    pub image: Raster,
    /// Its lesion.
    pub mask: Raster,
}

/// The drawing with this number, always the same; `side` pixels wide. Even numbers have a lesion.
pub fn draw(number: usize, side: usize) -> Drawing {
    let mut chance = Chance::new(number as u64);
    let outline = Outline::new(&mut chance);
    let brain = Brain::new(&mut chance);
    let lesion = Lesion::new(&mut chance, &outline);
    let lesion = number.is_multiple_of(2).then_some(lesion);
    let (gain, grain) = (chance.between(0.86, 1.04), chance.between(0.0, GRAIN));
    let side = side.max(1);
    // As wide as a pixel, so that edges are smooth and not blurred.
    let edge = 2.0 / side as f32;
    let at = |x: usize, y: usize| {
        let middle = |index: usize| (2 * index + 1) as f32 / side as f32 - 1.0;
        Place { x: middle(x), y: middle(y) }
    };
    let image = Raster::from_fn(side, side, |x, y| {
        let spot = outline.turned(at(x, y));
        let skin = outline.tissue(spot, edge);
        let inside = outline.brain(spot, edge);
        let mut tissue = brain.tissue(spot, outline.depth(spot), edge);
        if let Some(lesion) = &lesion {
            tissue = lesion.over(tissue, spot, edge);
        }
        let value = mix(skin, tissue, inside);
        // Grain grows with brightness: air stays black.
        let shade = value * gain + grain * chance.normal() * (value / 96.0).min(1.0);
        shade.round().clamp(0.0, 255.0) as u8
    });
    let mask = Raster::from_fn(side, side, |x, y| {
        let spot = outline.turned(at(x, y));
        let inside = |lesion: &Lesion| lesion.inside(spot, edge) * outline.brain(spot, edge);
        (255.0 * lesion.as_ref().map_or(0.0, inside)).round() as u8
    });
    Drawing { class: number % 2, image, mask }
}

/// Drawings to learn from.
pub fn collection(drawings: Vec<Drawing>) -> Collection {
    let file = |(number, it): (usize, Drawing)| File::ready(format!("{number}"), it.image, it.mask, it.class, None);
    let files = drawings.into_iter().enumerate().map(file).collect();
    Collection::ready(Source::Drawings, CLASSES.map(str::to_owned).to_vec(), files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_one_drawing_and_no_two_are_alike() {
        assert_eq!(draw(5, SIDE), draw(5, SIDE));
        let drawings: Vec<Raster> = (0..60).map(|number| draw(number, 32).image).collect();
        for (index, drawing) in drawings.iter().enumerate() {
            for other in &drawings[index + 1..] {
                let apart: u32 =
                    drawing.pixels().iter().zip(other.pixels()).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
                assert!(apart > 3 * 32 * 32, "{index}: {apart}");
            }
        }
    }

    #[test]
    fn half_have_a_lesion_within_the_head_and_it_can_be_seen() {
        for number in 0..100 {
            let Drawing { class, image, mask } = draw(number, SIDE);
            let area = mask.pixels().iter().filter(|pixel| **pixel > 127).count();
            assert_eq!(class, number % 2);
            assert_eq!(area > 0, class == 0, "{number}");
            if area > 0 {
                assert!((20..900).contains(&area), "{number}: {area} pixels");
                let inside = |here: bool| {
                    let picked = image.pixels().iter().zip(mask.pixels()).filter(|(_, mask)| (**mask > 127) == here);
                    picked.map(|(pixel, _)| *pixel).max()
                };
                assert!(inside(true) > Some(150), "{number}: nothing bright in the lesion");
                assert!(mask.rows().all(|row| row[0] == 0 && row[SIDE - 1] == 0), "{number} reaches the border");
            }
        }
    }

    #[test]
    fn heads_are_whole_and_air_is_black() {
        for number in 0..100 {
            let image = draw(number, SIDE).image;
            let border = |x: usize, y: usize| x == 0 || y == 0 || x == SIDE - 1 || y == SIDE - 1;
            for (index, pixel) in image.pixels().iter().enumerate() {
                assert!(!border(index % SIDE, index / SIDE) || *pixel == 0, "{number} touches the border");
            }
            let lit = image.pixels().iter().filter(|pixel| **pixel > 40).count();
            assert!((SIDE * SIDE / 4..SIDE * SIDE * 4 / 5).contains(&lit), "{number}: {lit}");
        }
    }

    /// For a person to look at: `cargo test --no-default-features --lib drawings -- --ignored`.
    #[test]
    #[ignore = "writes a picture"]
    fn a_sheet_to_look_at() {
        let (across, down) = (10, 6);
        let drawings: Vec<Drawing> = (0..across * down).map(|number| draw(number, SIDE)).collect();
        let sheet = Raster::from_fn(across * SIDE, down * SIDE, |x, y| {
            let drawing = &drawings[y / SIDE * across + x / SIDE];
            drawing.image.pixels()[y % SIDE * SIDE + x % SIDE]
        });
        let file = std::fs::File::create(std::env::temp_dir().join("drawings.png")).unwrap();
        let mut encoder = png::Encoder::new(file, sheet.width() as u32, sheet.height() as u32);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.write_header().unwrap().write_image_data(sheet.pixels()).unwrap();
    }
}
