//! Finds the training slice that is nearest to a generated scan, to check whether the scan is a copy.
//!
//! The distance is the root mean square difference of grey levels after the best alignment: a shift of up to [`REACH`]
//! pixels and an optional mirror. Candidates are found on small versions and then compared at full size. A blurred scan
//! is nearer to every slice, so the distance is also given relative to the median distance.

use serde::{Deserialize, Serialize};

use super::raster::Raster;

/// Largest shift in each direction, in pixels.
pub const REACH: i8 = 4;
/// Side of the small versions, in pixels.
const SMALL: usize = 16;
/// Candidates that are compared at full size.
const CANDIDATES: usize = 8;

/// The nearest slice and its alignment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Nearest {
    /// Index of the slice.
    pub index: usize,
    /// Root mean square difference after alignment, in grey levels (0 to 255).
    pub distance: f32,
    /// `distance` divided by the median distance to all slices without alignment: 0 for a copy, near 1 if no slice is
    /// much nearer than the others.
    pub relative: f32,
    /// Whether the slice is mirrored left to right.
    pub mirrored: bool,
    /// Shift of the slice to the right and down, in pixels.
    pub shift: (i8, i8),
}

/// Slices to compare with, all of `side * side` pixels.
#[derive(Debug, Clone)]
pub struct NearestIndex {
    side: usize,
    slices: Vec<Vec<u8>>,
    small: Vec<Vec<u8>>,
}

impl NearestIndex {
    /// An index of slices of `side * side` bytes. Slices of another length are left out.
    pub fn new<'a>(side: usize, slices: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let slices: Vec<Vec<u8>> =
            slices.into_iter().filter(|slice| slice.len() == side * side).map(<[u8]>::to_vec).collect();
        let small = slices.iter().map(|slice| shrink(slice, side)).collect();
        Self { side, slices, small }
    }

    /// The slice nearest to a picture of `side * side` bytes. `None` if the index is empty or the length differs.
    pub fn nearest(&self, picture: &[u8]) -> Option<Nearest> {
        if picture.len() != self.side * self.side || self.slices.is_empty() {
            return None;
        }
        let small = shrink(picture, self.side);
        let reach = i8::try_from((usize::from(REACH.unsigned_abs()) * SMALL).div_ceil(self.side)).unwrap_or(REACH);
        let mut order: Vec<(f32, usize)> =
            self.small.iter().enumerate().map(|(i, other)| (best(&small, other, SMALL, reach).0, i)).collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut all: Vec<f32> =
            self.slices.iter().map(|slice| distance(picture, slice, self.side, false, (0, 0), f32::INFINITY)).collect();
        let middle = all.len() / 2;
        let (_, median, _) = all.select_nth_unstable_by(middle, f32::total_cmp);
        let median = *median;
        let (distance, mirrored, shift, index) = order
            .iter()
            .take(CANDIDATES)
            .map(|&(_, index)| {
                let (distance, mirrored, shift) = best(picture, &self.slices[index], self.side, REACH);
                (distance, mirrored, shift, index)
            })
            .min_by(|a, b| a.0.total_cmp(&b.0))?;
        let relative = if median > 0.0 { distance / median } else { 0.0 };
        Some(Nearest { index, distance, relative, mirrored, shift })
    }

    /// The slice that was found, aligned: `side * side` bytes.
    pub fn aligned(&self, found: &Nearest) -> Vec<u8> {
        let side = self.side;
        let slice = &self.slices[found.index];
        (0..side * side).map(|i| at(slice, side, found.mirrored, found.shift, i % side, i / side)).collect()
    }
}

/// A pixel of a mirrored and shifted slice. 0 outside.
fn at(slice: &[u8], side: usize, mirrored: bool, (right, down): (i8, i8), x: usize, y: usize) -> u8 {
    let back = |place: usize, by: i8| place.checked_add_signed(-isize::from(by)).filter(|&place| place < side);
    let (Some(column), Some(row)) = (back(x, right), back(y, down)) else { return 0 };
    slice[row * side + if mirrored { side - 1 - column } else { column }]
}

/// Distance, mirror and shift of the best alignment with shifts up to `reach`.
fn best(picture: &[u8], slice: &[u8], side: usize, reach: i8) -> (f32, bool, (i8, i8)) {
    let mut found = (f32::INFINITY, false, (0, 0));
    for mirrored in [false, true] {
        for down in -reach..=reach {
            for right in -reach..=reach {
                let distance = distance(picture, slice, side, mirrored, (right, down), found.0);
                if distance < found.0 {
                    found = (distance, mirrored, (right, down));
                }
            }
        }
    }
    found
}

/// Root mean square difference from a mirrored and shifted slice. Infinite if it exceeds `limit`.
fn distance(picture: &[u8], slice: &[u8], side: usize, mirrored: bool, shift: (i8, i8), limit: f32) -> f32 {
    let cells = (side * side) as f32;
    let limit = limit * limit * cells;
    let mut sum = 0.0;
    for (y, row) in picture.chunks_exact(side).enumerate() {
        let squares = row.iter().enumerate().map(|(x, &pixel)| {
            let other = at(slice, side, mirrored, shift, x, y);
            u32::from(pixel.abs_diff(other)).pow(2)
        });
        sum += squares.sum::<u32>() as f32;
        if sum > limit {
            return f32::INFINITY;
        }
    }
    (sum / cells).sqrt()
}

fn shrink(slice: &[u8], side: usize) -> Vec<u8> {
    Raster::new(side, side, slice.to_vec()).map_or_else(|_| Vec::new(), |it| it.resize(SMALL, SMALL).into_pixels())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: usize = 32;

    /// A head with a lesion. Position and size of the lesion depend on the seed.
    fn head(seed: usize) -> Vec<u8> {
        let (cx, cy, r) = (9.0 + (seed * 5 % 13) as f32, 10.0 + (seed * 3 % 11) as f32, 2.0 + (seed % 3) as f32);
        (0..SIDE * SIDE)
            .map(|i| {
                let (x, y) = ((i % SIDE) as f32, (i / SIDE) as f32);
                let skull = ((x - 15.5) / 13.0).hypot((y - 15.5) / (12.0 + (seed % 4) as f32));
                let lesion = (x - cx).hypot(y - cy) < r;
                if skull > 1.0 {
                    0
                } else if lesion {
                    250
                } else {
                    90 + (seed * 7 % 40) as u8
                }
            })
            .collect()
    }

    fn index() -> (Vec<Vec<u8>>, NearestIndex) {
        let heads: Vec<_> = (0..20).map(head).collect();
        let index = NearestIndex::new(SIDE, heads.iter().map(Vec::as_slice));
        (heads, index)
    }

    #[test]
    fn a_shifted_and_mirrored_copy_is_found() {
        let (heads, index) = index();
        for (number, head) in heads.iter().enumerate() {
            let moved: Vec<u8> = (0..SIDE * SIDE).map(|i| at(head, SIDE, true, (3, -2), i % SIDE, i / SIDE)).collect();
            let found = index.nearest(&moved).expect("there are slices");
            assert_eq!((found.index, found.mirrored, found.shift), (number, true, (3, -2)));
            assert_eq!(found.distance, 0.0);
            assert_eq!(found.relative, 0.0);
            assert_eq!(index.aligned(&found), moved);
        }
    }

    #[test]
    fn another_head_is_farther_than_a_noisy_copy() {
        let (heads, index) = index();
        let noisy: Vec<u8> = heads[4].iter().enumerate().map(|(i, &p)| p.saturating_add((i % 7) as u8)).collect();
        let copy = index.nearest(&noisy).expect("found");
        assert_eq!(copy.index, 4);
        let fresh = index.nearest(&head(23)).expect("found");
        assert!(copy.relative < fresh.relative, "{copy:?} {fresh:?}");
    }

    #[test]
    fn nothing_is_found_without_slices_of_the_same_size() {
        assert_eq!(NearestIndex::new(SIDE, []).nearest(&head(1)), None);
        assert_eq!(index().1.nearest(&[0; 5]), None);
        assert!(NearestIndex::new(SIDE, [&[0u8; 3][..]]).nearest(&head(1)).is_none());
    }
}
