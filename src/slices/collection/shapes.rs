//! Drawings of something that is not a head: rings, crosses, stars and triangles. A GAN learns them as it learns scans.

use super::drawings::geometry::{Point, Rng, coverage, mix};
use super::drawings::{Drawing, collection_of};
use super::{Collection, SliceSource};
use crate::slices::raster::Raster;

/// Number of drawings.
pub const COUNT: usize = 400;
/// Side of each drawing in pixels.
pub const SIDE: usize = 64;
/// The classes.
pub const CLASSES: [&str; 4] = ["ring", "cross", "star", "triangle"];

/// Largest standard deviation of the grain, in grey levels.
const GRAIN: f32 = 8.0;

/// The drawing with this number, `side * side` pixels. Equal numbers give equal drawings, and classes take turns. The mask is empty.
pub fn draw(number: usize, side: usize) -> Drawing {
    let side = side.max(1);
    let mut rng = Rng::new(0x5EED_0000 + number as u64);
    let class = number % CLASSES.len();
    let centre = Point { x: rng.between(-0.25, 0.25), y: rng.between(-0.25, 0.25) };
    let (size, thick) = (rng.between(0.35, 0.65), rng.between(0.22, 0.45));
    // Turned a little, so that no class looks like another.
    let angle = rng.between(-0.4, 0.4);
    let (bright, dark, slope) = (rng.between(150.0, 245.0), rng.between(5.0, 45.0), rng.between(-25.0, 25.0));
    let grain = rng.between(0.0, GRAIN);
    let edge = 2.0 / side as f32;
    let image = Raster::from_fn(side, side, |x, y| {
        let middle = |index: usize| (2 * index + 1) as f32 / side as f32 - 1.0;
        let at = Point { x: middle(x), y: middle(y) };
        let inside = coverage(distance(class, at.relative_to(centre, angle), size, thick), edge);
        let shade = mix(dark + slope * at.x, bright + slope * at.y, inside) + grain * rng.normal();
        shade.round().clamp(0.0, 255.0) as u8
    });
    Drawing { class, image, mask: Raster::from_fn(side, side, |_, _| 0) }
}

/// Signed distance of a point to the edge of the figure of a class around the origin, negative inside. `size` is its radius, and
/// `thick` the width of its lines as part of it.
fn distance(class: usize, at: Point, size: f32, thick: f32) -> f32 {
    let radius = at.length();
    match class {
        0 => (radius - size * (1.0 - thick / 2.0)).abs() - size * thick / 2.0,
        1 => {
            let bar = |along: f32, across: f32| (along.abs() - size).max(across.abs() - size * thick / 2.0);
            bar(at.x, at.y).min(bar(at.y, at.x))
        }
        2 => {
            // Five points: the radius falls from `size` at a point to a part of it between two.
            let turn = at.x.atan2(-at.y) / std::f32::consts::TAU * 5.0;
            let between = 2.0 * (turn - turn.round()).abs();
            (radius - size * mix(1.0, 0.35 + 0.3 * thick, between)) * 0.6
        }
        _ => {
            let low = size * 0.5;
            let side = |x: f32| x * 0.866 - at.y * 0.5 - low;
            side(at.x).max(side(-at.x)).max(at.y - low)
        }
    }
}

/// A collection of drawings.
pub fn collection(drawings: Vec<Drawing>) -> Collection {
    collection_of(SliceSource::Shapes, &CLASSES, drawings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slices::collection::selection::Selection;

    #[test]
    fn every_number_gives_its_own_figure() {
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
    fn figures_are_bright_and_inside_the_picture() {
        for number in 0..100 {
            let image = draw(number, SIDE).image;
            let lit = image.pixels().iter().filter(|pixel| **pixel > 110).count();
            assert!((SIDE * SIDE / 50..SIDE * SIDE / 2).contains(&lit), "{number}: {lit}");
            let border = |x: usize, y: usize| x == 0 || y == 0 || x == SIDE - 1 || y == SIDE - 1;
            let outside = (0..SIDE * SIDE).filter(|at| border(at % SIDE, at / SIDE) && image.pixels()[*at] > 110);
            assert_eq!(outside.count(), 0, "{number} touches the border");
        }
    }

    #[test]
    fn figures_of_a_class_have_what_sets_it_apart() {
        // The centre of a ring is empty, and that of the others is not.
        for number in 0..80 {
            let Drawing { class, .. } = draw(number, SIDE);
            let centre = distance(class, Point { x: 0.0, y: 0.0 }, 0.5, 0.4) < 0.0;
            assert_eq!(centre, class != 0);
        }
        let selection =
            Selection::of(&collection((0..COUNT).map(|number| draw(number, SIDE)).collect())).expect("a set");
        assert_eq!((selection.len(), selection.classes.len(), selection.masks()), (COUNT, 4, 0));
        assert!(selection.held_out() > 0);
    }

    /// Writes a sheet of drawings to look at: `cargo test --no-default-features --lib shapes -- --ignored`.
    #[test]
    #[ignore = "writes a picture"]
    fn contact_sheet() {
        let (across, down) = (10, 6);
        let drawings: Vec<Drawing> = (0..across * down).map(|number| draw(number, SIDE)).collect();
        let sheet = Raster::from_fn(across * SIDE, down * SIDE, |x, y| {
            drawings[y / SIDE * across + x / SIDE].image.pixels()[y % SIDE * SIDE + x % SIDE]
        });
        let file = std::fs::File::create(std::env::temp_dir().join("shapes.png")).unwrap();
        let mut encoder = png::Encoder::new(file, sheet.width() as u32, sheet.height() as u32);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.write_header().unwrap().write_image_data(sheet.pixels()).unwrap();
    }
}
