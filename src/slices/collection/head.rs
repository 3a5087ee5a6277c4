//! Heads and their slices, as the visitor sees them.

use std::ops::Range;
use std::sync::Arc;

use super::choice::{HeadKey, SliceKey};
use crate::slice::Slice;
use crate::slices::normalise::Framing;
use crate::slices::raster::{Raster, Square};

/// The slices of one head. They share one framing and one intensity gain.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// Identifies the head.
    pub key: HeadKey,
    /// Name to show: its file or folder.
    pub name: String,
    /// Range of its slices in [`Collection::slices`](super::Collection::slices).
    pub slices: Range<usize>,
    /// Whether the slices are a stack through one head, of which a part can be chosen.
    pub is_stack: bool,
    /// Equal for heads of one person. `None` if the person is unknown.
    pub person: Option<u64>,
    /// Class of the head.
    pub class: usize,
    /// First and last slice in range, counted from the first slice of the head.
    pub range: (usize, usize),
    /// Step from one used slice to the next: 1 uses all slices, 2 every second one.
    pub step: usize,
    /// The region that the visitor chose.
    pub crop: Option<Square>,
    /// How the slices are normalised.
    pub framing: Framing,
    /// Whether the slices are already normalised.
    pub normalised: bool,
}

impl Head {
    /// Indices in [`Collection::slices`](super::Collection::slices) of the slices in range.
    pub fn in_range(&self) -> impl Iterator<Item = usize> + use<> {
        let (first, last) = self.range;
        let start = self.slices.start;
        let end = (start + last + 1).min(self.slices.end);
        (start + first..end).step_by(self.step.max(1))
    }

    /// A slice of this head, normalised, `size * size` pixels.
    pub fn image(&self, slice: &CollectionSlice, size: usize) -> Raster {
        if self.normalised { slice.raster.resize(size, size) } else { self.framing.apply(&slice.raster, size) }
    }

    /// A slice of this head with its mask, normalised.
    pub fn slice(&self, slice: &CollectionSlice, size: usize) -> Slice {
        let (image, mask) = (self.image(slice, size), self.mask(slice, size));
        Slice { size, image: image.into_pixels(), mask: mask.into_pixels() }
    }

    /// The mask of a slice of this head, `size * size` pixels. All black if it has none.
    pub fn mask(&self, slice: &CollectionSlice, size: usize) -> Raster {
        match &slice.mask {
            None => Raster::from_fn(size, size, |_, _| 0),
            Some(mask) if self.normalised => mask.resize(size, size),
            Some(mask) => self.framing.apply_mask(mask, size),
        }
    }
}

/// One slice of a head.
#[derive(Debug, Clone, PartialEq)]
pub struct CollectionSlice {
    /// Identifies the slice.
    pub key: SliceKey,
    /// Path of its file.
    pub path: String,
    /// The slice as it was read.
    pub raster: Arc<Raster>,
    /// Its tumour mask: 255 is tumour.
    pub mask: Option<Arc<Raster>>,
    /// Index of its head.
    pub head: usize,
    /// Its class.
    pub class: usize,
    /// Why it is not used for training. `None` if it is.
    pub excluded: Option<Exclusion>,
}

/// Why a slice is not used for training.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exclusion {
    /// The visitor excluded it.
    ByVisitor,
    /// It is a copy of another slice.
    Duplicate {
        /// Whether all pixels are equal.
        exact: bool,
    },
    /// It is nearly black.
    Blank,
}
