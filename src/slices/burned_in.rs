//! Detects text that scanners and viewers draw near the border of a picture, such as names and dates.
//!
//! A heuristic for a warning. A line of text has many thin strokes beside each other on black, or on another even background,
//! several rows high. A skull has one or two thick strokes in a row, and brain has no black between.

use super::raster::Raster;

/// Fraction of each side in which text is searched.
const BORDER: f32 = 0.2;
/// Smallest brightness of a stroke, as a fraction of the brightest pixel.
const MIN_STROKE: f32 = 0.6;
/// Largest brightness of the background, as a fraction of the brightest pixel.
const MAX_BACKGROUND: f32 = 0.2;
/// An even background covers at least this fraction of the border.
const MIN_EVEN: f32 = 0.25;
/// Largest difference of a pixel from an even background, in grey levels.
const MAX_NOISE: u8 = 6;
/// Smallest difference between a stroke and an even background, as a fraction of the brightest pixel.
const MIN_CONTRAST: f32 = 0.3;
/// Fewest strokes beside each other in a line of text: about three letters.
const MIN_STROKES: usize = 5;
/// Fewest rows of a line of text.
const MIN_ROWS: usize = 4;
/// Largest distance between two strokes, as a fraction of the width.
const MAX_GAP: f32 = 0.03;

/// Whether the picture seems to have text near its border.
pub(super) fn has_text(picture: &Raster) -> bool {
    let most = f32::from(picture.pixels().iter().copied().max().unwrap_or(0));
    if most == 0.0 {
        return false;
    }
    let bright = |pixel: u8| f32::from(pixel) >= MIN_STROKE * most;
    let black = |pixel: u8| f32::from(pixel) <= MAX_BACKGROUND * most;
    if has_strokes(picture, &bright, &black) {
        return true;
    }
    even_background(picture).filter(|level| !black(*level)).is_some_and(|level| {
        let contrasting = |pixel: u8| f32::from(pixel.abs_diff(level)) >= MIN_CONTRAST * most;
        has_strokes(picture, &contrasting, &|pixel| pixel.abs_diff(level) <= MAX_NOISE)
    })
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

/// Whether there are rows of strokes near the border, as a line of text has.
fn has_strokes(picture: &Raster, is_stroke: &dyn Fn(u8) -> bool, is_background: &dyn Fn(u8) -> bool) -> bool {
    let (width, height) = (picture.width(), picture.height());
    let thickest = (width / 60).clamp(2, 8);
    let farthest = ((width as f32 * MAX_GAP) as usize).max(6);
    // For each column, how many of the last rows in succession have a run of strokes there.
    let mut height_of_run = vec![0_usize; width];
    for (y, row) in picture.rows().enumerate() {
        let ends = (height as f32 * BORDER) as usize;
        let near = y < ends || y >= height - ends;
        let mut covered = vec![false; width];
        for (start, end) in runs(row, is_stroke, is_background, thickest, farthest) {
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

/// The runs of at least [`MIN_STROKES`] thin strokes on background in a row, each from its first to past its last column.
fn runs(
    row: &[u8],
    is_stroke: &dyn Fn(u8) -> bool,
    is_background: &dyn Fn(u8) -> bool,
    thickest: usize,
    farthest: usize,
) -> Vec<(usize, usize)> {
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
    fn text_on_an_even_background_is_found() {
        // A viewer shows the scan in the middle of a grey window.
        let side = 256;
        let scan = head(128);
        let window = |x: usize, y: usize| match (64..192).contains(&x) && (64..192).contains(&y) {
            true => scan[(y - 64) * 128 + x - 64],
            false => 62 + (x * y % 3) as u8,
        };
        let plain: Vec<u8> = (0..side * side).map(|index| window(index % side, index / side)).collect();
        assert!(!has_text(&Raster::new(side, side, plain.clone()).unwrap()));
        for place in [(5, 5), (5, 230), (200, 8)] {
            let mut written = plain.clone();
            write(&mut written, side, place, 1);
            assert!(has_text(&Raster::new(side, side, written).unwrap()), "{place:?}");
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
