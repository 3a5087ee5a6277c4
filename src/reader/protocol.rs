//! Messages between page and reader.

use serde::{Deserialize, Serialize};

use crate::slices::decoded::{DecodedFile, Refusal};
use crate::slices::raster::Raster;

/// What the page asks: to read a file. Its bytes come beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its name with its folders.
    pub path: String,
}

/// What the reader tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// It started.
    Ready,
    /// A picture or a volume was read. Its pixels come beside it, slice after slice.
    Found {
        /// What was read, without its slices.
        found: DecodedFile,
        /// Width of each slice.
        width: usize,
        /// Height of each slice.
        height: usize,
    },
    /// Nothing came out of a file, or of an entry of one.
    Refused {
        /// Which.
        path: String,
        /// Why.
        refusal: Refusal,
    },
    /// No more comes out of the file that was asked for.
    Done,
}

/// The slices of a volume as bytes, and how large they are.
pub fn pack(slices: &[Raster]) -> (usize, usize, Vec<u8>) {
    let (width, height) = slices.first().map_or((0, 0), |slice| (slice.width(), slice.height()));
    (width, height, slices.iter().flat_map(Raster::pixels).copied().collect())
}

/// The slices again; none if the bytes do not fit.
pub fn unpack(width: usize, height: usize, bytes: &[u8]) -> Vec<Raster> {
    let pixels = width.saturating_mul(height).max(1);
    if !bytes.len().is_multiple_of(pixels) {
        return Vec::new();
    }
    bytes.chunks_exact(pixels).filter_map(|slice| Raster::new(width, height, slice.to_vec()).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_travel_as_bytes() {
        let slices: Vec<Raster> = (0..3).map(|z| Raster::from_fn(4, 2, |x, y| (x + 10 * y + 100 * z) as u8)).collect();
        let (width, height, bytes) = pack(&slices);
        assert_eq!((width, height, bytes.len()), (4, 2, 24));
        assert_eq!(unpack(width, height, &bytes), slices);
    }

    #[test]
    fn bytes_that_do_not_fit_are_no_slices() {
        assert!(unpack(4, 2, &[0; 9]).is_empty());
        assert!(unpack(0, 0, &[]).is_empty() && unpack(usize::MAX, 2, &[1]).is_empty());
    }
}
