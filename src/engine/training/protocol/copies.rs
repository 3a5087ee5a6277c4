//! Whether samples are copies of slices.

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// Samples beside the nearest slices that were learned from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Copies {
    /// Slices the discriminator had been shown.
    pub images: u64,
    /// Side of all scans.
    pub size: usize,
    /// The closest pairs, closest first, at most 16.
    pub pairs: Vec<Pair>,
    /// Relative distance of each sample to its nearest training slice, ascending: 0 is a copy, 1 is no nearer than the
    /// median of all slices ([`Nearest::relative`](crate::slices::nearest::Nearest::relative)).
    pub samples: Vec<f32>,
    /// The same of each held-out slice; empty if nothing is held out.
    pub held_out: Vec<f32>,
    /// Part of the samples (0 to 1) that is closer to a training slice than nearly all held-out slices (the closest 5 %) are.
    pub flagged: f32,
    /// In a word.
    pub verdict: CopyVerdict,
}

/// A sample and the training slice nearest to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The sample's scan, `size * size` bytes.
    pub sample: ByteBuf,
    /// The slice's, moved (and mirrored) as it fits best.
    pub nearest: ByteBuf,
    /// Root mean square difference after alignment, in grey levels of 255.
    pub distance: f32,
    /// It fits best mirrored.
    pub mirrored: bool,
    /// How far it was moved, in pixels: right and down.
    pub shift: (i8, i8),
}

/// Whether samples are copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CopyVerdict {
    /// Samples lie as far from the training slices as held-out slices do.
    Fine,
    /// Some come closer.
    Some,
    /// Many come closer: the networks copy.
    Copies,
    /// There are too few held-out slices to compare with.
    Unknown,
}
