//! Drawings of heads for visitors without scans: simple shapes that a network learns in a minute.
//!
//! They show heads from above with nose and ears. Half of them have a lesion with an exact mask.

mod brain;
pub(super) mod geometry;
mod head;
mod lesion;

use self::brain::Brain;
use self::geometry::{Point, Rng, mix};
use self::head::Outline;
use self::lesion::Lesion;
use super::file::CollectionFile;
use super::{Collection, SliceSource};
use crate::slices::raster::Raster;

/// Number of drawings.
pub const COUNT: usize = 400;
/// Side of each drawing in pixels: the largest that is trained in a tab.
pub const SIDE: usize = 64;
/// The classes: heads with a lesion and heads without.
pub const CLASSES: [&str; 2] = ["tumour", "none"];

/// Largest standard deviation of the grain, in grey levels.
const GRAIN: f32 = 7.0;

/// A drawn head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// Index into [`CLASSES`].
    pub class: usize,
    /// The picture.
    pub image: Raster,
    /// Mask of the lesion.
    pub mask: Raster,
}

/// The drawing with this number, `side * side` pixels. Equal numbers give equal drawings. Even numbers have a lesion.
pub fn draw(number: usize, side: usize) -> Drawing {
    let mut rng = Rng::new(number as u64);
    let outline = Outline::new(&mut rng);
    let brain = Brain::new(&mut rng);
    let lesion = Lesion::new(&mut rng, &outline);
    let lesion = number.is_multiple_of(2).then_some(lesion);
    let (gain, grain) = (rng.between(0.86, 1.04), rng.between(0.0, GRAIN));
    let side = side.max(1);
    // Edges are one pixel wide.
    let edge = 2.0 / side as f32;
    let at = |x: usize, y: usize| {
        let middle = |index: usize| (2 * index + 1) as f32 / side as f32 - 1.0;
        Point { x: middle(x), y: middle(y) }
    };
    let image = Raster::from_fn(side, side, |x, y| {
        let point = outline.to_head(at(x, y));
        let skin = outline.tissue(point, edge);
        let inside = outline.brain(point, edge);
        let mut tissue = brain.tissue(point, outline.depth(point), edge);
        if let Some(lesion) = &lesion {
            tissue = lesion.over(tissue, point, edge);
        }
        let value = mix(skin, tissue, inside);
        // Grain grows with brightness, so air stays black.
        let shade = value * gain + grain * rng.normal() * (value / 96.0).min(1.0);
        shade.round().clamp(0.0, 255.0) as u8
    });
    let mask = Raster::from_fn(side, side, |x, y| {
        let point = outline.to_head(at(x, y));
        let coverage = |lesion: &Lesion| lesion.coverage(point, edge) * outline.brain(point, edge);
        (255.0 * lesion.as_ref().map_or(0.0, coverage)).round() as u8
    });
    Drawing { class: number % 2, image, mask }
}

/// A collection of drawings.
pub fn collection(drawings: Vec<Drawing>) -> Collection {
    collection_of(SliceSource::Drawings, &CLASSES, drawings)
}

/// A collection of drawings with these class names, from this source.
pub fn collection_of(source: SliceSource, classes: &[&str], drawings: Vec<Drawing>) -> Collection {
    let file = |(number, it): (usize, Drawing)| {
        CollectionFile::normalised(format!("{number}"), it.image, it.mask, it.class, None)
    };
    let files = drawings.into_iter().enumerate().map(file).collect();
    Collection::normalised(source, classes.iter().map(|&name| name.to_owned()).collect(), files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_gives_its_own_drawing() {
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
    fn half_have_a_bright_lesion_inside_the_head() {
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
    fn heads_are_complete_and_air_is_black() {
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

    /// Writes a sheet of drawings to look at: `cargo test --no-default-features --lib drawings -- --ignored`.
    #[test]
    #[ignore = "writes a picture"]
    fn contact_sheet() {
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
