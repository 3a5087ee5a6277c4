//! Detects text that scanners and viewers draw near the border of a picture, such as names and dates.
//!
//! A heuristic for a warning. Three things are text:
//!
//! - [`strokes`]: many thin strokes beside each other on black, or on another even background, several rows high. A skull has one or
//!   two thick strokes in a row, and brain has no dark between.
//! - [`letters`]: two shapes of thin strokes beside each other, of one height and away from the head. So initials are found.
//! - [`boxes`]: a rectangle of one grey level with strokes in it. Nothing in a head is that even.

mod boxes;
mod letters;
mod strokes;

use super::raster::Raster;

/// Fraction of each side in which text is searched.
const BORDER: f32 = 0.2;
/// Largest brightness of a dark background, as a fraction of the brightest pixel.
const MAX_BACKGROUND: f32 = 0.2;
/// An even background covers at least this fraction of the border.
const MIN_EVEN: f32 = 0.25;
/// Largest difference of a pixel from an even background, in grey levels.
const MAX_NOISE: u8 = 6;
/// Longest side of a picture in which letters and boxes are searched. Larger pictures are made smaller first.
const MAX_SIDE: usize = 1024;

/// Whether the picture seems to have text near its border.
pub(super) fn has_text(picture: &Raster) -> bool {
    let small = reduced(picture);
    let small = small.as_ref().unwrap_or(picture);
    if strokes::are_in(picture) || letters::are_in(small) || boxes::are_in(small) {
        return true;
    }
    let brightest = f32::from(brightest(picture));
    even_background(picture).filter(|level| f32::from(*level) > MAX_BACKGROUND * brightest).is_some_and(|level| {
        let [picture, small] = [picture, small].map(|picture| on_black(picture, level));
        strokes::are_in(&picture) || letters::are_in(&small)
    })
}

/// The picture with its longer side [`MAX_SIDE`], if it is larger.
fn reduced(picture: &Raster) -> Option<Raster> {
    let (width, height) = (picture.width(), picture.height());
    let longer = width.max(height);
    (longer > MAX_SIDE).then(|| picture.resize(width * MAX_SIDE / longer, height * MAX_SIDE / longer))
}

fn brightest(picture: &Raster) -> u8 {
    picture.pixels().iter().copied().max().unwrap_or(0)
}

/// How much each pixel differs from an even background of this level. Noise becomes black.
fn on_black(picture: &Raster, level: u8) -> Raster {
    let pixels = picture.pixels();
    let differs = |x: usize, y: usize| match pixels[y * picture.width() + x].abs_diff(level) {
        ..=MAX_NOISE => 0,
        more => more,
    };
    Raster::from_fn(picture.width(), picture.height(), differs)
}

/// Whether a part of a picture of this size, from the first column and row up to the last ones, lies near the border.
fn is_near_border(picture: &Raster, columns: std::ops::Range<usize>, rows: std::ops::Range<usize>) -> bool {
    let (width, height) = (picture.width(), picture.height());
    let (aside, ends) = ((width as f32 * BORDER) as usize, (height as f32 * BORDER) as usize);
    columns.end <= aside || columns.start >= width - aside || rows.end <= ends || rows.start >= height - ends
}

/// The grey level that covers at least [`MIN_EVEN`] of the border.
fn even_background(picture: &Raster) -> Option<u8> {
    let (width, height) = (picture.width(), picture.height());
    let (aside, ends) = ((width as f32 * BORDER) as usize, (height as f32 * BORDER) as usize);
    let mut counts = [0_usize; 256];
    for (y, row) in picture.rows().enumerate() {
        let inside = if y < ends || y >= height - ends { 0..0 } else { aside..width - aside };
        for (_, pixel) in row.iter().enumerate().filter(|(x, _)| !inside.contains(x)) {
            counts[usize::from(*pixel)] += 1;
        }
    }
    let near = |level: usize| counts[level.saturating_sub(2)..(level + 3).min(256)].iter().sum::<usize>();
    let level = (0..counts.len()).max_by_key(|level| near(*level))?;
    (near(level) as f32 >= MIN_EVEN * counts.iter().sum::<usize>() as f32).then_some(level as u8)
}

#[cfg(test)]
mod tests;
