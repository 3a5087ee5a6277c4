//! Letters as shapes of thin strokes on black. Two are enough: initials.

use super::{brightest, is_near_border};
use crate::slices::raster::Raster;

/// Smallest brightness of a letter, as a fraction of the brightest pixel.
const MIN_BRIGHTNESS: f32 = 0.5;
/// Largest brightness above and below a letter, as a fraction of the brightest pixel, for at least this part of the pixels there.
const MAX_AROUND: f32 = 0.25;
const MIN_DARK: f32 = 0.95;
/// Rows above and below a letter that are dark, and as many columns beside it.
const MARGIN: usize = 2;
/// Smallest height of a letter in pixels.
const MIN_HEIGHT: usize = 6;
/// Largest height of a letter, as a fraction of the height of the picture.
const MAX_HEIGHT: f32 = 1.0 / 12.0;
/// Largest width of a letter and largest gap between two, as a multiple of the height.
const MAX_WIDTH: f32 = 2.0;
const MAX_GAP: f32 = 1.25;
/// Largest thickness of strokes, as a fraction of the height.
const MAX_THICKNESS: f32 = 1.0 / 3.0;
/// How much the heights of two letters may differ, and how much their upper or lower ends, as fractions of the height.
const MAX_DIFFERENCE: f32 = 0.3;
const MAX_OFFSET: f32 = 0.125;
/// Smallest width of one of two letters, as a fraction of the height: two bars are no letters.
const MIN_WIDTH: f32 = 0.5;

/// Whether there are two letters beside each other near the border.
pub(super) fn are_in(picture: &Raster) -> bool {
    let letters = letters(picture);
    let near = |shape: &ConnectedComponent| is_near_border(picture, shape.left..shape.right, shape.top..shape.bottom);
    letters.iter().filter(|shape| near(shape)).any(|one| letters.iter().any(|other| one.is_before(other)))
}

/// A connected component of the picture: its bounds.
#[derive(Debug, Clone, Copy)]
struct ConnectedComponent {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

impl ConnectedComponent {
    fn width(&self) -> usize {
        self.right - self.left
    }

    fn height(&self) -> usize {
        self.bottom - self.top
    }

    /// Whether this and the next one stand beside each other as two letters do.
    fn is_before(&self, next: &Self) -> bool {
        let (one, other) = (self.height(), next.height());
        let slack = ((MAX_OFFSET * one as f32) as usize).max(1);
        let level = self.bottom.abs_diff(next.bottom) <= slack || self.top.abs_diff(next.top) <= slack;
        let alike = one.abs_diff(other) as f32 <= MAX_DIFFERENCE * one.max(other) as f32;
        let gap = next.left.checked_sub(self.right).is_some_and(|gap| gap as f32 <= MAX_GAP * one as f32);
        let wide = |shape: &Self| shape.width() as f32 >= MIN_WIDTH * shape.height() as f32;
        level && alike && gap && (wide(self) || wide(next))
    }
}

/// All shapes that look like a letter.
fn letters(picture: &Raster) -> Vec<ConnectedComponent> {
    let (width, height) = (picture.width(), picture.height());
    let most = f32::from(brightest(picture));
    let bright = |at: usize| f32::from(picture.pixels()[at]) >= MIN_BRIGHTNESS * most;
    let tallest = ((MAX_HEIGHT * height as f32) as usize).max(14);
    let mut seen = vec![most == 0.0; width * height];
    let (mut open, mut shape) = (Vec::new(), Vec::new());
    let mut found = Vec::new();
    for start in 0..width * height {
        if seen[start] || !bright(start) {
            continue;
        }
        seen[start] = true;
        open.push(start);
        shape.clear();
        while let Some(at) = open.pop() {
            shape.push(at);
            let (x, y) = (at % width, at / width);
            for next_y in y.saturating_sub(1)..(y + 2).min(height) {
                for next in (x.saturating_sub(1)..(x + 2).min(width)).map(|next_x| next_y * width + next_x) {
                    if !seen[next] && bright(next) {
                        seen[next] = true;
                        open.push(next);
                    }
                }
            }
        }
        let bounds = bounds(&shape, width);
        let fits = (MIN_HEIGHT..=tallest).contains(&bounds.height())
            && bounds.width() as f32 <= MAX_WIDTH * bounds.height() as f32;
        if fits && is_on_black(picture, bounds, most) && is_thin(&shape, bounds, width) {
            found.push(bounds);
        }
    }
    found
}

fn bounds(pixels: &[usize], width: usize) -> ConnectedComponent {
    let none = ConnectedComponent { left: usize::MAX, right: 0, top: usize::MAX, bottom: 0 };
    pixels.iter().map(|at| (at % width, at / width)).fold(none, |all, (x, y)| ConnectedComponent {
        left: all.left.min(x),
        right: all.right.max(x + 1),
        top: all.top.min(y),
        bottom: all.bottom.max(y + 1),
    })
}

/// Whether it is dark above and below.
fn is_on_black(picture: &Raster, bounds: ConnectedComponent, most: f32) -> bool {
    let columns = bounds.left.saturating_sub(MARGIN)..(bounds.right + MARGIN).min(picture.width());
    let above = bounds.top.saturating_sub(MARGIN)..bounds.top;
    let below = bounds.bottom..(bounds.bottom + MARGIN).min(picture.height());
    let around = above.chain(below).flat_map(|y| columns.clone().map(move |x| (x, y)));
    let (mut all, mut dark) = (0, 0);
    for (x, y) in around {
        all += 1;
        dark += usize::from(f32::from(picture.pixels()[y * picture.width() + x]) <= MAX_AROUND * most);
    }
    dark as f32 >= MIN_DARK * all as f32
}

/// Whether half of the pixels lie on a thin stroke: the shorter of the runs through them, across and down.
fn is_thin(pixels: &[usize], bounds: ConnectedComponent, width: usize) -> bool {
    let (wide, high) = (bounds.width(), bounds.height());
    let mut inside = vec![false; wide * high];
    let places: Vec<(usize, usize)> =
        pixels.iter().map(|at| (at % width - bounds.left, at / width - bounds.top)).collect();
    places.iter().for_each(|(x, y)| inside[y * wide + x] = true);
    let thickness = |&(x, y): &(usize, usize)| {
        let left = (0..x).rev().take_while(|&x| inside[y * wide + x]).count();
        let right = (x..wide).take_while(|&x| inside[y * wide + x]).count();
        let up = (0..y).rev().take_while(|&y| inside[y * wide + x]).count();
        let down = (y..high).take_while(|&y| inside[y * wide + x]).count();
        (left + right).min(up + down)
    };
    let mut all: Vec<usize> = places.iter().map(thickness).collect();
    all.sort_unstable();
    all[all.len() / 2] as f32 <= MAX_THICKNESS * high as f32
}
