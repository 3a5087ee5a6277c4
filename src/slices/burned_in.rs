//! Detects text that scanners and viewers draw near the border of a picture, such as names and dates.
//!
//! A heuristic for a warning. A line of text has many thin bright strokes on black beside each other, several rows high. A
//! skull has one or two thick strokes in a row, and brain has no black between.

use super::raster::Raster;

/// Fraction of each side in which text is searched.
const BORDER: f32 = 0.2;
/// Smallest brightness of a stroke, as a fraction of the brightest pixel.
const MIN_STROKE: f32 = 0.6;
/// Largest brightness of the background, as a fraction of the brightest pixel.
const MAX_BACKGROUND: f32 = 0.2;
/// Fewest strokes beside each other in a line of text: about three letters.
const MIN_STROKES: usize = 5;
/// Fewest rows of a line of text.
const MIN_ROWS: usize = 4;
/// Largest distance between two strokes, as a fraction of the width.
const MAX_GAP: f32 = 0.03;

/// Whether the picture seems to have text near its border.
pub(super) fn has_text(picture: &Raster) -> bool {
    let (width, height) = (picture.width(), picture.height());
    let most = f32::from(picture.pixels().iter().copied().max().unwrap_or(0));
    if most == 0.0 {
        return false;
    }
    let thickest = (width / 60).clamp(2, 8);
    let farthest = ((width as f32 * MAX_GAP) as usize).max(6);
    // For each column, how many of the last rows in succession have a run of strokes there.
    let mut height_of_run = vec![0_usize; width];
    for (y, row) in picture.rows().enumerate() {
        let ends = (height as f32 * BORDER) as usize;
        let near = y < ends || y >= height - ends;
        let mut covered = vec![false; width];
        for (start, end) in runs(row, most, thickest, farthest) {
            let aside = (width as f32 * BORDER) as usize;
            if near || end <= aside || start >= width - aside {
                covered.iter_mut().take(end).skip(start).for_each(|column| *column = true);
            }
        }
        for (rows, covered) in height_of_run.iter_mut().zip(&covered) {
            *rows = if *covered { *rows + 1 } else { 0 };
        }
        // At least as wide as a few strokes.
        if height_of_run.iter().filter(|rows| **rows >= MIN_ROWS).count() >= 2 * MIN_STROKES {
            return true;
        }
    }
    false
}

/// The runs of at least [`MIN_STROKES`] thin strokes on black in a row, each from its first to past its last column.
fn runs(row: &[u8], most: f32, thickest: usize, farthest: usize) -> Vec<(usize, usize)> {
    let is_stroke = |pixel: u8| f32::from(pixel) >= MIN_STROKE * most;
    let is_background = |pixel: u8| f32::from(pixel) <= MAX_BACKGROUND * most;
    let mut found = Vec::new();
    // The current run, and whether there was background since its last stroke.
    let (mut first, mut last, mut strokes) = (0, 0, 0_usize);
    let mut close = |first: usize, last: usize, strokes: usize| {
        if strokes >= MIN_STROKES {
            found.push((first, last));
        }
    };
    let (mut x, mut black) = (0, true);
    while let Some(&pixel) = row.get(x) {
        if !is_stroke(pixel) {
            black |= is_background(pixel);
            x += 1;
            continue;
        }
        let end = x + row.iter().skip(x).take_while(|pixel| is_stroke(**pixel)).count();
        let thin = end - x <= thickest && black;
        if !thin || (strokes > 0 && x - last > farthest) {
            close(first, last, strokes);
            strokes = 0;
        }
        if thin {
            if strokes == 0 {
                first = x;
            }
            strokes += 1;
            last = end;
        }
        (x, black) = (end, false);
    }
    close(first, last, strokes);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Digits of 5 x 7 pixels. Each number holds the 5 bits of a row.
    const DIGITS: [[u8; 7]; 4] =
        [[14, 17, 19, 21, 25, 17, 14], [4, 12, 4, 4, 4, 4, 14], [14, 17, 1, 6, 8, 16, 31], [31, 2, 4, 2, 1, 17, 14]];

    /// A bright ring around grey tissue with some texture, on black.
    fn head(side: usize) -> Vec<u8> {
        let middle = side as f32 / 2.0;
        let pixel = |index: usize| {
            let (x, y) = ((index % side) as f32 - middle, (index / side) as f32 - middle);
            match (x.hypot(y) / middle, (index * 7919) % 60) {
                (0.0..0.82, grain) => 60 + grain as u8,
                (0.82..0.93, _) => 230,
                (_, grain) => grain as u8 / 12,
            }
        };
        (0..side * side).map(pixel).collect()
    }

    fn write(picture: &mut [u8], side: usize, (left, top): (usize, usize), scale: usize) {
        for letter in 0..8 {
            for (y, bits) in DIGITS[letter % 4].iter().enumerate() {
                for x in (0..5).filter(|x| bits >> (4 - x) & 1 == 1) {
                    for pixel in 0..scale * scale {
                        let column = left + (letter * 6 + x) * scale + pixel % scale;
                        picture[(top + y * scale + pixel / scale) * side + column] = 255;
                    }
                }
            }
        }
    }

    #[test]
    fn text_in_a_corner_is_found_and_a_head_is_not_text() {
        for (side, scale) in [(256, 1), (512, 1), (512, 2), (1024, 3)] {
            let plain = head(side);
            assert!(!has_text(&Raster::new(side, side, plain.clone()).unwrap()), "head of {side}");
            for place in [(3, 3), (3, side - 30), (side - 49 * scale, 4), (side / 2 - 30, side - 30)] {
                let mut written = plain.clone();
                write(&mut written, side, place, scale);
                // Beside a head there is black only in the corners.
                let seen = has_text(&Raster::new(side, side, written).unwrap());
                assert!(seen || place.0 == side / 2 - 30, "{side} x {scale} at {place:?}");
            }
        }
    }

    #[test]
    fn pictures_of_any_size_are_accepted() {
        for (width, height) in [(1, 1), (1, 300), (300, 1), (9, 7)] {
            assert!(!has_text(&Raster::from_fn(width, height, |_, _| 0)));
            has_text(&Raster::from_fn(width, height, |x, y| if (x + y) % 2 == 0 { 255 } else { 0 }));
        }
    }
}
