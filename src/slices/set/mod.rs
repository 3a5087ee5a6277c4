//! Slices of a visitor as a set to learn from.
//!
//! Files that were read become a [`collection`]: heads with their slices, masks and classes, from which the visitor chooses.
//! [`make`] turns what is chosen into a [`TrainingSet`]. [`drawings`] are for who has no scans. Nothing here knows a browser.

mod arrange;
pub mod choice;
pub mod collection;
pub mod drawings;
pub mod duplicates;
pub mod file;
mod folders;
pub mod head;
pub mod make;
mod masks;
mod names;
pub mod split;

use crate::slice::LabelledSlice;

/// Fewest slices that anything can be learned from.
pub const FEWEST: usize = 8;

/// Where slices come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The visitor's files.
    Own,
    /// The site's real scans.
    Real,
    /// Heads drawn by this program.
    Drawings,
}

/// Slices to learn from, all of one size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainingSet {
    /// Side of each in pixels.
    pub size: usize,
    /// Names of the classes, 1 to 8.
    pub classes: Vec<String>,
    /// To learn from.
    pub train: Vec<LabelledSlice>,
    /// To watch learning with; shares no volume or patient with `train`. May be empty.
    pub held_out: Vec<LabelledSlice>,
    /// Whether any slice has a mask.
    pub masks: bool,
    /// Where they come from.
    pub source: Source,
    /// Volumes or patients, as far as known.
    pub volumes: usize,
}

/// Why a choice of slices cannot be learned from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SetProblem {
    /// Nothing is chosen.
    #[error("no slices are chosen")]
    Empty,
    /// Not enough.
    #[error("{found} slices are too few: take at least {FEWEST}")]
    TooFew {
        /// How many are chosen.
        found: usize,
    },
}
