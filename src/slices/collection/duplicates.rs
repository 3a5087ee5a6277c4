//! Finds copies of slices. Copies make a network overfit sooner, and a copy among the held-out slices hides that.
//!
//! Candidates come from a difference hash (Krawetz 2013, "Kind of Like That"): for each of 8 x 8 pixels, whether it is
//! brighter than its right neighbour. Then small versions are compared. Neighbouring slices of one head are similar
//! without being copies, so within a head only slices with equal pixels count.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::slices::raster::Raster;

/// Side of the small version, in pixels.
const SMALL: usize = 24;
/// Most bits of 64 in which the hashes of near copies differ.
const MAX_HASH_BITS: u32 = 8;
/// Largest mean difference of near copies in grey levels, as another JPEG quality or size causes.
const MAX_DIFFERENCE: f32 = 2.5;
/// Grey level below which a pixel of the small version counts as dark.
const DARK: u8 = 16;
/// A slice is blank if a smaller fraction of its small version is not dark.
const MIN_VISIBLE: f32 = 0.04;

/// What is stored of a slice to compare it with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// Hash of the size and all pixels.
    exact_hash: u64,
    difference_hash: u64,
    small: Vec<u8>,
}

/// A slice that is a copy of an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duplicate {
    /// Index of the earlier slice.
    pub of: usize,
    /// Whether all pixels are equal.
    pub exact: bool,
}

impl Fingerprint {
    /// The fingerprint of a slice.
    pub fn of(raster: &Raster) -> Self {
        let mut hasher = DefaultHasher::new();
        (raster.width(), raster.height(), raster.pixels()).hash(&mut hasher);
        let wide = raster.resize(9, 8);
        let brighter = wide.rows().flat_map(|row| row.windows(2).map(|pair| u64::from(pair[0] > pair[1])));
        let hash = brighter.fold(0, |hash, bit| hash << 1 | bit);
        Self { exact_hash: hasher.finish(), difference_hash: hash, small: raster.resize(SMALL, SMALL).into_pixels() }
    }

    /// Whether the slice is nearly black.
    pub fn is_blank(&self) -> bool {
        let shown = self.small.iter().filter(|pixel| **pixel >= DARK).count();
        (shown as f32) < MIN_VISIBLE * self.small.len() as f32
    }

    /// Whether two slices are near copies.
    fn is_near(&self, other: &Self) -> bool {
        if (self.difference_hash ^ other.difference_hash).count_ones() > MAX_HASH_BITS {
            return false;
        }
        let apart: u32 = self.small.iter().zip(&other.small).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
        apart as f32 <= MAX_DIFFERENCE * self.small.len() as f32
    }
}

/// For each slice, given by its fingerprint and its head, the earlier slice that it is a copy of. Blank slices are no
/// copies.
pub fn find<'a>(slices: impl IntoIterator<Item = (&'a Fingerprint, usize)>) -> Vec<Option<Duplicate>> {
    let mut seen: HashMap<u64, usize> = HashMap::new();
    let mut first: Vec<(usize, &Fingerprint, usize)> = Vec::new();
    let mut found = Vec::new();
    for (index, (print, head)) in slices.into_iter().enumerate() {
        if print.is_blank() {
            found.push(None);
            continue;
        }
        let exact = seen.get(&print.exact_hash).map(|&of| Duplicate { of, exact: true });
        let near = || {
            let like = first.iter().find(|(_, other, there)| *there != head && print.is_near(other));
            like.map(|&(of, ..)| Duplicate { of, exact: false })
        };
        let duplicate = exact.or_else(near);
        if duplicate.is_none() {
            seen.insert(print.exact_hash, index);
            first.push((index, print, head));
        }
        found.push(duplicate);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(left: usize, noise: usize) -> Raster {
        Raster::from_fn(96, 96, |x, y| {
            let far = (x.abs_diff(left)).pow(2) + (y.abs_diff(48)).pow(2);
            let grain = (x * 31 + y * 17) % (noise + 1);
            if far < 1600 { (60 + far / 12 + 8 * (x / 12 % 3) + grain) as u8 } else { 0 }
        })
    }

    fn found(slices: &[(Raster, usize)]) -> Vec<Option<Duplicate>> {
        let prints: Vec<_> = slices.iter().map(|(raster, head)| (Fingerprint::of(raster), *head)).collect();
        find(prints.iter().map(|(print, head)| (print, *head)))
    }

    #[test]
    fn copies_are_found_and_the_first_stays() {
        let slices = [(head(48, 3), 0), (head(40, 3), 1), (head(48, 3), 2), (head(48, 5), 3)];
        let near = Some(Duplicate { of: 0, exact: false });
        assert_eq!(found(&slices), [None, None, Some(Duplicate { of: 0, exact: true }), near]);
    }

    #[test]
    fn another_size_of_the_same_picture_is_a_near_copy() {
        let small = head(48, 3).resize(64, 64);
        assert_eq!(found(&[(head(48, 3), 0), (small, 1)])[1], Some(Duplicate { of: 0, exact: false }));
    }

    #[test]
    fn within_a_head_only_equal_slices_are_copies() {
        assert_eq!(found(&[(head(48, 3), 0), (head(48, 5), 0)]), [None, None]);
        assert!(found(&[(head(48, 3), 0), (head(48, 3), 0)])[1].is_some_and(|duplicate| duplicate.exact));
    }

    #[test]
    fn blank_slices_are_no_copies() {
        let black = Raster::from_fn(50, 50, |x, _| (x % 3) as u8);
        assert!(Fingerprint::of(&black).is_blank() && !Fingerprint::of(&head(48, 3)).is_blank());
        assert_eq!(found(&[(black.clone(), 0), (black, 1)]), [None, None]);
    }
}
