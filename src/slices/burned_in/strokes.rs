//! Lines of text as many thin strokes beside each other.

use super::{brightest, is_near_border};
use crate::slices::raster::Raster;

/// Smallest difference between a stroke and what is beside it, as a fraction of the brightest pixel. Strokes of small letters are grey.
const MIN_CONTRAST: f32 = 0.4;
/// Largest brightness beside a stroke, as a fraction of the brightest pixel. The gaps in small letters are grey.
const MAX_GAP_BRIGHTNESS: f32 = 0.4;
/// Fewest strokes beside each other in a line of text: about three letters.
const MIN_STROKES: usize = 5;
/// Fewest rows of a line of text.
const MIN_ROWS: usize = 4;
/// Largest distance between two strokes, as a fraction of the width.
const MAX_GAP: f32 = 0.03;

/// Whether there are rows of strokes near the border, as a line of text has.
pub(super) fn are_in(picture: &Raster) -> bool {
    let most = f32::from(brightest(picture));
    if most == 0.0 {
        return false;
    }
    let width = picture.width();
    let limits = Limits {
        contrast: MIN_CONTRAST * most,
        dark: MAX_GAP_BRIGHTNESS * most,
        thickest: (width / 60).clamp(3, 8),
        farthest: ((width as f32 * MAX_GAP) as usize).max(6),
    };
    // For each column, how many of the last rows in succession have a run of strokes there.
    let mut height_of_run = vec![0_usize; width];
    for (y, row) in picture.rows().enumerate() {
        let mut covered = vec![false; width];
        for (start, end) in runs(&strokes(row, &limits), &limits) {
            if is_near_border(picture, start..end, y..y + 1) {
                covered[start..end].fill(true);
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

/// What a stroke is in a picture.
struct Limits {
    contrast: f32,
    dark: f32,
    /// Most pixels across a stroke.
    thickest: usize,
    /// Most pixels between two strokes.
    farthest: usize,
}

/// The strokes of a row, each from its first to past its last column: it rises by the contrast from dark, and falls by as much.
fn strokes(row: &[u8], limits: &Limits) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    // The start of the current stroke, and the extreme since the last change.
    let (mut start, mut extreme) = (None, f32::INFINITY);
    for (x, pixel) in row.iter().map(|pixel| f32::from(*pixel)).enumerate() {
        match start {
            None if pixel >= extreme + limits.contrast && extreme <= limits.dark => (start, extreme) = (Some(x), pixel),
            None => extreme = extreme.min(pixel),
            Some(first) if pixel <= extreme - limits.contrast => {
                found.push((first, x));
                (start, extreme) = (None, pixel);
            }
            Some(_) => extreme = extreme.max(pixel),
        }
    }
    found
}

/// The runs of at least [`MIN_STROKES`] thin strokes near each other, each from its first to past its last column.
fn runs(strokes: &[(usize, usize)], limits: &Limits) -> Vec<(usize, usize)> {
    let is_thin = |&(start, end): &(usize, usize)| end - start <= limits.thickest;
    let near = |one: &(usize, usize), next: &(usize, usize)| {
        is_thin(one) && is_thin(next) && next.0 - one.1 <= limits.farthest
    };
    let runs = strokes.chunk_by(near).filter(|run| run.len() >= MIN_STROKES);
    runs.filter_map(|run| Some((run.first()?.0, run.last()?.1))).collect()
}
