//! A generated scan, and its pixels for a canvas.

use std::sync::Arc;

use crate::gan::preset::Style;
use crate::slice::Slice;

/// A generated scan with everything needed to make it again.
#[derive(Debug, Clone, PartialEq)]
pub struct GeneratedScan {
    /// Seed of its latent.
    pub seed: u32,
    /// Index of its class in the weights file.
    pub class: usize,
    /// Name of its class in the weights file.
    pub class_key: String,
    /// Truncation and directions of its latent.
    pub style: Arc<Style>,
    /// Image and tumour mask.
    pub slice: Slice,
}

/// Colour of the outline: the generator's amber in the style sheet, because the generator made the mask.
const AMBER: [u8; 3] = [255, 176, 32];
/// Mask values from here on are tumour.
const TUMOUR: u8 = 128;
/// Opacity of the tint inside the outline, of 256. Low, so that the scan stays readable.
const TINT: u32 = 56;

impl GeneratedScan {
    /// Fraction of the pixels that are tumour, 0 to 1.
    pub fn tumour_share(&self) -> f64 {
        let tumour = self.slice.mask.iter().filter(|value| **value >= TUMOUR).count();
        tumour as f64 / self.slice.mask.len().max(1) as f64
    }

    /// See [`rgba`].
    pub fn rgba(&self, overlay: bool) -> Vec<u8> {
        rgba(&self.slice.image, &self.slice.mask, self.slice.size, overlay)
    }
}

/// RGBA bytes of every pixel. With `overlay`, the tumour is outlined and tinted.
pub fn rgba(image: &[u8], mask: &[u8], size: usize, overlay: bool) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(image.len() * 4);
    for (index, (&value, &inside)) in image.iter().zip(mask).enumerate() {
        let colour = match overlay {
            true if is_edge(mask, size, index) => AMBER,
            true => AMBER.map(|amber| blend(value, amber, u32::from(inside) * TINT / 255)),
            false => [value; 3],
        };
        pixels.extend_from_slice(&colour);
        pixels.push(255);
    }
    pixels
}

/// Whether a pixel is tumour and at the border of the tumour or of the picture.
fn is_edge(mask: &[u8], size: usize, index: usize) -> bool {
    let (x, y) = (index % size, index / size);
    let inside = |x: usize, y: usize| mask[y * size + x] >= TUMOUR;
    let last = size - 1;
    inside(x, y)
        && (x == 0
            || y == 0
            || x == last
            || y == last
            || !(inside(x - 1, y) && inside(x + 1, y) && inside(x, y - 1) && inside(x, y + 1)))
}

fn blend(below: u8, above: u8, part: u32) -> u8 {
    ((u32::from(below) * (256 - part) + u32::from(above) * part) / 256) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan() -> GeneratedScan {
        let mut mask = vec![0; 25];
        for index in [6, 7, 8, 11, 12, 13, 16, 17, 18] {
            mask[index] = 255;
        }
        GeneratedScan {
            seed: 1,
            class: 0,
            class_key: "glioma".to_owned(),
            style: Arc::default(),
            slice: Slice { size: 5, image: vec![100; 25], mask },
        }
    }

    #[test]
    fn without_overlay_a_scan_is_grey() {
        assert!(scan().rgba(false).chunks(4).all(|pixel| pixel == [100, 100, 100, 255]));
    }

    #[test]
    fn the_overlay_outlines_and_tints_the_tumour_only() {
        let pixels = scan().rgba(true);
        let pixel = |index: usize| [pixels[index * 4], pixels[index * 4 + 1], pixels[index * 4 + 2]];
        assert_eq!(pixel(6), AMBER);
        assert!(pixel(12) != AMBER && pixel(12)[0] > pixel(12)[2]);
        assert_eq!(pixel(0), [100; 3]);
    }

    #[test]
    fn the_tumour_share_counts_mask_pixels() {
        assert!((scan().tumour_share() - 0.36).abs() < 1e-9);
    }
}
