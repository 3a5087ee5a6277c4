//! A head and its slices, as they are laid out for the visitor to choose from.

use std::ops::Range;
use std::sync::Arc;

use super::choice::{HeadKey, SliceKey};
use crate::slices::normalise::Framing;
use crate::slices::raster::{Raster, Square};

/// Slices of one head: one square and one brightness.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// Which.
    pub key: HeadKey,
    /// What to call it: its file or folder.
    pub name: String,
    /// Its slices, within the collection's.
    pub slices: Range<usize>,
    /// Whether they are a row of slices through one head, of which a part can be taken.
    pub stack: bool,
    /// The same number for heads of one person; none if nothing says who is who.
    pub person: Option<u64>,
    /// Its class.
    pub class: usize,
    /// First and last slice that is taken.
    pub range: (usize, usize),
    /// One of how many slices is taken.
    pub every: usize,
    /// What the visitor cut out.
    pub crop: Option<Square>,
    /// How it is cut out and brightened.
    pub framing: Framing,
    /// Whether its slices are normalised already.
    pub ready: bool,
}

impl Head {
    /// Which of the collection's slices are taken.
    pub fn taken(&self) -> impl Iterator<Item = usize> + use<> {
        let (first, last) = self.range;
        let start = self.slices.start;
        let end = (start + last + 1).min(self.slices.end);
        (start + first..end).step_by(self.every.max(1))
    }

    /// A slice of this head as it is learned from.
    pub fn image(&self, slice: &Slice, size: usize) -> Raster {
        if self.ready { slice.raster.resize(size, size) } else { self.framing.apply(&slice.raster, size) }
    }

    /// A slice of this head with its mask, as it is learned from.
    pub fn slice(&self, slice: &Slice, size: usize) -> crate::slice::Slice {
        let (image, mask) = (self.image(slice, size), self.mask(slice, size));
        crate::slice::Slice { size, image: image.into_pixels(), mask: mask.into_pixels() }
    }

    /// The mask of such a slice, all black where there is none.
    pub fn mask(&self, slice: &Slice, size: usize) -> Raster {
        match &slice.mask {
            None => Raster::from_fn(size, size, |_, _| 0),
            Some(mask) if self.ready => mask.resize(size, size),
            Some(mask) => self.framing.apply_mask(mask, size),
        }
    }
}

/// One slice of a head.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// Which.
    pub key: SliceKey,
    /// Its file.
    pub path: String,
    /// As it was read.
    pub raster: Arc<Raster>,
    /// Where the tumour is, 255 there.
    pub mask: Option<Arc<Raster>>,
    /// Its head, among the collection's.
    pub head: usize,
    /// Its class.
    pub class: usize,
    /// Why it stays out; none if it is learned from.
    pub out: Option<Out>,
}

/// Why a slice stays out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Out {
    /// The visitor says so.
    Visitor,
    /// It is there already.
    Duplicate {
        /// To the last pixel, or nearly.
        exact: bool,
    },
    /// There is next to nothing on it.
    Blank,
}
