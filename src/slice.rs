//! A square MRI slice with its tumour mask: the one pixel type of the crate.
//!
//! Networks learn from slices and generate them, workers and pages exchange them, and every picture on the page shows
//! one. This module depends on nothing else in the crate, so that every folder may use it.

use serde::{Deserialize, Serialize};

/// Most classes that a network, a pack or a training set may have.
pub const MAX_CLASSES: usize = 8;

/// Most slices in a training set, in one volume and in a pack.
pub const MAX_SLICES: usize = 512;

/// Fewest held-out slices that tell whether a network copies.
pub const MIN_HELD_OUT: usize = 8;

/// Mask value from which a pixel is tumour: half of 255. Below it are the noise that JPEG adds, and the soft edges and traces
/// in the masks of generated scans.
pub const MASK_THRESHOLD: u8 = 128;

/// One slice: a grey image and a tumour mask, each `size * size` bytes, row by row from the top left.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Slice {
    /// Side length in pixels.
    pub size: usize,
    /// Brightness: 0 is black (air), 255 is white.
    #[serde(with = "serde_bytes")]
    pub image: Vec<u8>,
    /// Tumour mask: 0 is background, 255 is tumour. Values between occur at soft edges.
    #[serde(with = "serde_bytes")]
    pub mask: Vec<u8>,
}

/// A slice and the index of its class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelledSlice {
    /// Index into the class names of the model or data set.
    pub class: usize,
    /// The pixels.
    pub slice: Slice,
}

/// A slice and its person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonSlice {
    /// The person.
    pub person: String,
    /// The pixels and the class.
    pub labelled: LabelledSlice,
}

/// Bytes that cannot be cut into slices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{bytes} bytes are not {count} slices of {size} x {size} pixels with masks")]
pub struct WrongLength {
    /// Length of the buffer in bytes.
    pub bytes: usize,
    /// Slices that it should hold.
    pub count: usize,
    /// Side length of each slice in pixels.
    pub size: usize,
}

/// Whether a mask marks a tumour.
pub fn marks_tumour(mask: &[u8]) -> bool {
    mask.iter().any(|&pixel| pixel >= MASK_THRESHOLD)
}

impl Slice {
    /// A slice without a tumour: `image` of `size * size` bytes and an empty mask of the same length.
    pub fn without_tumour(size: usize, image: Vec<u8>) -> Self {
        Self { size, mask: vec![0; image.len()], image }
    }

    /// Whether image and mask both have `size * size` bytes and `size` is the given side length.
    pub fn has_size(&self, size: usize) -> bool {
        self.size == size && [&self.image, &self.mask].iter().all(|part| part.len() == size * size)
    }

    /// The same slice at `size` pixels a side. See [`downscale`].
    pub fn downscale(&self, size: usize) -> Option<Self> {
        let part = |pixels: &[u8]| downscale(pixels, self.size, size);
        Some(Self { size, image: part(&self.image)?, mask: part(&self.mask)? })
    }

    /// Concatenates slices into one buffer: for each slice its image, then its mask. [`Slice::split`] is the inverse.
    pub fn concat<'a>(slices: impl IntoIterator<Item = &'a Slice>) -> Vec<u8> {
        slices.into_iter().flat_map(|slice| slice.image.iter().chain(&slice.mask)).copied().collect()
    }

    /// Cuts a buffer made by [`Slice::concat`] into `count` slices of `size * size` pixels.
    ///
    /// # Errors
    /// [`WrongLength`] if `size` is 0 or the buffer has another length.
    pub fn split(bytes: &[u8], count: usize, size: usize) -> Result<Vec<Self>, WrongLength> {
        let area = size.checked_mul(size).filter(|area| *area > 0);
        let length = area.and_then(|area| area.checked_mul(2)?.checked_mul(count));
        let (Some(area), true) = (area, length == Some(bytes.len())) else {
            return Err(WrongLength { bytes: bytes.len(), count, size });
        };
        let slice = |part: &[u8]| Self { size, image: part[..area].to_vec(), mask: part[area..].to_vec() };
        Ok(bytes.chunks_exact(area * 2).map(slice).collect())
    }
}

/// A square picture of `from` pixels a side at a side of `to`. Each new pixel is the mean of a square of old ones, as in
/// the normalisation. `None` if `from` is not a multiple of `to`, or there are not `from * from` pixels.
pub fn downscale(pixels: &[u8], from: usize, to: usize) -> Option<Vec<u8>> {
    if to == 0 || !from.is_multiple_of(to) || pixels.len() != from * from {
        return None;
    }
    let (step, area) = (from / to, (from / to).pow(2));
    let mean = |x: usize, y: usize| {
        let row = |dy: usize| &pixels[(y * step + dy) * from + x * step..][..step];
        let sum: usize = (0..step).flat_map(row).map(|&pixel| usize::from(pixel)).sum();
        ((sum + area / 2) / area) as u8
    };
    Some((0..to * to).map(|at| mean(at % to, at / to)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn split_cuts_a_buffer_into_images_and_masks() {
        let bytes = [1, 1, 1, 1, 0, 0, 0, 9, 2, 2, 2, 2, 0, 0, 0, 0];
        let slices = Slice::split(&bytes, 2, 2).unwrap_or_default();
        assert_eq!(slices.len(), 2);
        assert_eq!((slices[0].image.as_slice(), slices[0].mask.as_slice()), (&[1; 4][..], &[0, 0, 0, 9][..]));
        assert_eq!(slices[1].image, [2; 4]);
        assert_eq!(Slice::concat(&slices), bytes);
    }

    #[test]
    fn split_refuses_other_lengths() {
        assert!(Slice::split(&[0; 15], 2, 2).is_err());
        assert!(Slice::split(&[], 1, 0).is_err());
        assert!(Slice::split(&[0; 8], usize::MAX, 2).is_err());
        assert!(Slice::split(&[0; 8], 1, usize::MAX).is_err());
    }

    #[test]
    fn has_size_checks_image_and_mask() {
        let slice = Slice::without_tumour(2, vec![7; 4]);
        assert!(slice.has_size(2) && !slice.has_size(4));
        assert!(!Slice { mask: vec![0; 3], ..slice }.has_size(2));
    }

    #[test]
    fn downscaled_pixels_are_means_of_squares() {
        let pixels: Vec<u8> = vec![0, 10, 100, 100, 20, 30, 100, 100, 1, 2, 255, 255, 2, 2, 255, 254];
        assert_eq!(downscale(&pixels, 4, 2), Some(vec![15, 100, 2, 255]));
        assert_eq!(downscale(&pixels, 4, 4), Some(pixels.clone()));
        assert_eq!(downscale(&pixels, 4, 3), None);
        assert_eq!(downscale(&pixels, 4, 8), None);
        assert_eq!(downscale(&pixels, 5, 1), None);
    }
}
