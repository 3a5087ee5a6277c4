//! Words drawn into a picture: names and dates that scanners and viewers write over a scan, near its border.
//!
//! A guess, to warn by: letters are bright thin strokes on black, many beside each other and several rows high. A skull
//! is one or two thick strokes a row, and brain is not on black.

use super::raster::Raster;

/// Part of each side within which words are looked for.
const BORDER: f32 = 0.2;
/// From this part of the brightest on, a pixel may be ink.
const INK: f32 = 0.6;
/// Up to this part of the brightest, a pixel may be what letters are drawn on.
const PAPER: f32 = 0.2;
/// Strokes beside each other that make a row of letters: about three letters.
const STROKES: usize = 5;
/// Rows below each other that make letters.
const ROWS: usize = 4;
/// Farthest from one stroke to the next, as part of the width.
const APART: f32 = 0.03;

/// Whether there seem to be words near the border.
pub(super) fn looks_written(picture: &Raster) -> bool {
    let (width, height) = (picture.width(), picture.height());
    let most = f32::from(picture.pixels().iter().copied().max().unwrap_or(0));
    if most == 0.0 {
        return false;
    }
    let thickest = (width / 60).clamp(2, 8);
    let farthest = ((width as f32 * APART) as usize).max(6);
    // For each column the rows in a row, up to the present one, in which it lies in a run of strokes.
    let mut deep = vec![0_usize; width];
    for (y, row) in picture.rows().enumerate() {
        let ends = (height as f32 * BORDER) as usize;
        let near = y < ends || y >= height - ends;
        let mut covered = vec![false; width];
        for (start, end) in lines(row, most, thickest, farthest) {
            let aside = (width as f32 * BORDER) as usize;
            if near || end <= aside || start >= width - aside {
                covered.iter_mut().take(end).skip(start).for_each(|column| *column = true);
            }
        }
        for (deep, covered) in deep.iter_mut().zip(&covered) {
            *deep = if *covered { *deep + 1 } else { 0 };
        }
        // As wide as a few strokes, not a lone column.
        if deep.iter().filter(|rows| **rows >= ROWS).count() >= 2 * STROKES {
            return true;
        }
    }
    false
}

/// Where enough thin strokes follow each other on black, from the start of the first to the end of the last.
fn lines(row: &[u8], most: f32, thickest: usize, farthest: usize) -> Vec<(usize, usize)> {
    let ink = |pixel: u8| f32::from(pixel) >= INK * most;
    let paper = |pixel: u8| f32::from(pixel) <= PAPER * most;
    let mut found = Vec::new();
    // The strokes of the present line, and whether there was black since the last.
    let (mut first, mut last, mut strokes) = (0, 0, 0_usize);
    let mut close = |first: usize, last: usize, strokes: usize| {
        if strokes >= STROKES {
            found.push((first, last));
        }
    };
    let (mut x, mut black) = (0, true);
    while let Some(&pixel) = row.get(x) {
        if !ink(pixel) {
            black |= paper(pixel);
            x += 1;
            continue;
        }
        let end = x + row.iter().skip(x).take_while(|pixel| ink(**pixel)).count();
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

    /// Digits of 5 x 7 pixels, a row a number of five bits.
    const DIGITS: [[u8; 7]; 4] =
        [[14, 17, 19, 21, 25, 17, 14], [4, 12, 4, 4, 4, 4, 14], [14, 17, 1, 6, 8, 16, 31], [31, 2, 4, 2, 1, 17, 14]];

    /// A head: a bright ring around grey tissue with some texture, on black.
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
    fn a_date_in_a_corner_is_seen_and_a_head_is_none() {
        for (side, scale) in [(256, 1), (512, 1), (512, 2), (1024, 3)] {
            let plain = head(side);
            assert!(!looks_written(&Raster::new(side, side, plain.clone()).unwrap()), "head of {side}");
            for place in [(3, 3), (3, side - 30), (side - 49 * scale, 4), (side / 2 - 30, side - 30)] {
                let mut written = plain.clone();
                write(&mut written, side, place, scale);
                // Round a head there is room in the corners alone.
                let seen = looks_written(&Raster::new(side, side, written).unwrap());
                assert!(seen || place.0 == side / 2 - 30, "{side} x {scale} at {place:?}");
            }
        }
    }

    #[test]
    fn odd_pictures_do_no_harm() {
        for (width, height) in [(1, 1), (1, 300), (300, 1), (9, 7)] {
            assert!(!looks_written(&Raster::from_fn(width, height, |_, _| 0)));
            looks_written(&Raster::from_fn(width, height, |x, y| if (x + y) % 2 == 0 { 255 } else { 0 }));
        }
    }
}
