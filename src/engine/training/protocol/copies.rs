//! Comparison of samples with the training slices.

use serde::{Deserialize, Serialize};

use crate::worker::Buffer;

/// Samples beside the training slices nearest to them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Copies {
    /// Real slices shown to the discriminator.
    pub images: u64,
    /// Side of all scans in pixels.
    pub size: usize,
    /// The closest pairs, closest first, at most 16.
    pub pairs: Vec<CopyPair>,
    /// Relative distance of each sample to its nearest training slice, ascending: 0 is a copy, 1 is the median distance of
    /// all slices ([`Nearest::relative`](crate::slices::nearest::Nearest::relative)).
    pub samples: Vec<f32>,
    /// Relative distance of each held-out slice, ascending. Empty if no slice is held out.
    pub held_out: Vec<f32>,
    /// Share of the samples (0 to 1) that are closer to a training slice than the 5th percentile of the held-out slices.
    pub flagged: f32,
    /// Conclusion.
    pub verdict: CopyVerdict,
}

/// A sample and the training slice nearest to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CopyPair {
    /// Image of the sample, `size * size` bytes. It travels as a buffer.
    #[serde(skip)]
    pub sample: Vec<u8>,
    /// Image of the slice, shifted and mirrored to fit best. It travels as a buffer.
    #[serde(skip)]
    pub nearest: Vec<u8>,
    /// Root mean square difference after alignment, in grey levels of 255.
    pub distance: f32,
    /// Whether the slice is mirrored.
    pub mirrored: bool,
    /// Shift of the slice in pixels: right and down.
    pub shift: (i8, i8),
}

/// Whether samples are copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CopyVerdict {
    /// Samples are as far from the training slices as held-out slices are.
    Fine,
    /// Some samples are closer.
    Some,
    /// Many samples are closer: the generator copies.
    Copies,
    /// There are too few held-out slices for a comparison.
    Unknown,
}

impl Copies {
    /// Moves all images into one buffer: of each pair the sample, then the slice.
    pub(super) fn take_pixels(&mut self) -> Buffer {
        let images = self.pairs.iter_mut().flat_map(|pair| [&mut pair.sample, &mut pair.nearest]);
        images.flat_map(std::mem::take).collect::<Vec<u8>>().into()
    }

    /// Puts the images back.
    pub(super) fn put_pixels(&mut self, buffer: Buffer) -> Result<(), String> {
        let bytes = buffer.into_bytes();
        let area = self.size.checked_mul(self.size).filter(|area| *area > 0);
        let expected = area.and_then(|area| area.checked_mul(2 * self.pairs.len()));
        let (Some(area), true) = (area, expected == Some(bytes.len())) else {
            return Err(format!("{} bytes are not {} pairs of images", bytes.len(), self.pairs.len()));
        };
        for (pair, both) in self.pairs.iter_mut().zip(bytes.chunks_exact(2 * area)) {
            (pair.sample, pair.nearest) = (both[..area].to_vec(), both[area..].to_vec());
        }
        Ok(())
    }
}
