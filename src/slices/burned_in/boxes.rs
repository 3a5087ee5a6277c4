//! Text in a box: a rectangle of one grey level with strokes in it.

use super::{MAX_NOISE, brightest, is_near_border};
use crate::slices::raster::Raster;

/// Smallest width and height of a box, in pixels.
const MIN_WIDTH: usize = 12;
const MIN_HEIGHT: usize = 8;
/// Largest height of a box, as a fraction of the picture.
const MAX_HEIGHT: f32 = 0.25;
/// Part of an edge beyond which the picture is different.
const MIN_EDGE: f32 = 0.9;
/// Smallest difference between a stroke and its box, as a fraction of the brightest pixel.
const MIN_CONTRAST: f32 = 0.3;
/// Fewest strokes in a row, and fewest such rows.
const MIN_STROKES: usize = 2;
const MIN_ROWS: usize = 4;
/// Part of a box that its strokes cover.
const COVERED: std::ops::RangeInclusive<f32> = 0.05..=0.7;

/// Whether there is a box with strokes near the border.
pub(super) fn are_in(picture: &Raster) -> bool {
    let contrast = MIN_CONTRAST * f32::from(brightest(picture));
    (0..picture.height()).any(|top| {
        even_runs(picture, top).any(|(left, right)| {
            let found = EvenBox::below(picture, top, left, right);
            found.is_some_and(|even| even.is_alone() && even.has_strokes(contrast))
        })
    })
}

/// The runs of one grey level in a row that may be the top of a box, each from its first to past its last column.
fn even_runs(picture: &Raster, y: usize) -> impl Iterator<Item = (usize, usize)> {
    let row = &picture.pixels()[y * picture.width()..][..picture.width()];
    let mut start = 0;
    std::iter::from_fn(move || {
        let level = *row.get(start)?;
        let length = row[start..].iter().take_while(|pixel| pixel.abs_diff(level) <= MAX_NOISE).count();
        start += length;
        Some((start - length, start))
    })
    .filter(move |(left, right)| (MIN_WIDTH..row.len()).contains(&(right - left)))
}

/// A rectangle whose edges have one grey level.
struct EvenBox<'a> {
    picture: &'a Raster,
    level: u8,
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

impl<'a> EvenBox<'a> {
    /// The largest box with this top edge, if there is one near the border.
    fn below(picture: &'a Raster, top: usize, left: usize, right: usize) -> Option<Self> {
        let level = picture.pixels()[top * picture.width() + left];
        let lowest = (top + (MAX_HEIGHT * picture.height() as f32) as usize).min(picture.height());
        let mut found = Self { picture, level, left, right, top, bottom: top };
        // Most runs end here: what is above them is no different.
        if top > 0 && !found.differs((left..right).map(|x| (x, top - 1))) {
            return None;
        }
        let mut bottom = None;
        for y in top + 1..lowest {
            if !found.is_even(left, y) || !found.is_even(right - 1, y) {
                break;
            }
            if y + 1 >= top + MIN_HEIGHT && (left..right).all(|x| found.is_even(x, y)) {
                bottom = Some(y + 1);
            }
        }
        found.bottom = bottom?;
        is_near_border(picture, left..right, top..found.bottom).then_some(found)
    }

    fn difference(&self, x: usize, y: usize) -> u8 {
        self.picture.pixels()[y * self.picture.width() + x].abs_diff(self.level)
    }

    fn is_even(&self, x: usize, y: usize) -> bool {
        self.difference(x, y) <= MAX_NOISE
    }

    /// Whether most of these pixels have another level.
    fn differs(&self, pixels: impl ExactSizeIterator<Item = (usize, usize)>) -> bool {
        let wanted = MIN_EDGE * pixels.len() as f32;
        pixels.filter(|&(x, y)| !self.is_even(x, y)).count() as f32 >= wanted
    }

    /// Whether the picture has another level beyond the other three edges.
    fn is_alone(&self) -> bool {
        let column = |x: usize| self.differs((self.top..self.bottom).map(|y| (x, y)));
        (self.left == 0 || column(self.left - 1))
            && (self.right == self.picture.width() || column(self.right))
            && (self.bottom == self.picture.height() || self.differs((self.left..self.right).map(|x| (x, self.bottom))))
    }

    /// Whether several rows have strokes, which cover a part of the box as letters do.
    fn has_strokes(&self, contrast: f32) -> bool {
        let strokes = |y: usize| {
            let is_stroke = |x: &usize| f32::from(self.difference(*x, y)) >= contrast;
            // Left and right edges are none.
            (self.left + 1..self.right).filter(|x| is_stroke(x) && !is_stroke(&(x - 1))).count()
        };
        let rows = (self.top..self.bottom).filter(|y| strokes(*y) >= MIN_STROKES).count();
        let pixels = (self.top..self.bottom).flat_map(|y| (self.left..self.right).map(move |x| (x, y)));
        let covered = pixels.filter(|&(x, y)| !self.is_even(x, y)).count();
        let area = (self.right - self.left) * (self.bottom - self.top);
        rows >= MIN_ROWS && COVERED.contains(&(covered as f32 / area as f32))
    }
}
