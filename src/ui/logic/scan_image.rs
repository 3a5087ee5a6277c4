//! From a scan's bytes to the pixels of a canvas.

use std::sync::Arc;

use crate::gan::preset::Style;

/// A generated scan with all that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct GeneratedScan {
    /// Its seed.
    pub seed: u32,
    /// Index of its class in the weights.
    pub class: usize,
    /// Name of its class in the weights.
    pub class_key: String,
    /// How its latent was bent.
    pub style: Arc<Style>,
    /// Side in pixels.
    pub size: usize,
    /// Brightness, row by row.
    pub image: Vec<u8>,
    /// Tumour mask, row by row.
    pub mask: Vec<u8>,
}

/// The colour of the generator, which drew the mask as well: the amber of the style sheet.
const AMBER: [u8; 3] = [255, 176, 32];
/// A mask pixel from here on counts as tumour.
const TUMOUR: u8 = 128;
/// Part of the tint inside the outline, of 256: the scan stays readable below it.
const TINT: u32 = 56;

impl GeneratedScan {
    /// Part of the picture that is tumour, 0 to 1.
    pub fn tumour_share(&self) -> f64 {
        let tumour = self.mask.iter().filter(|value| **value >= TUMOUR).count();
        tumour as f64 / self.mask.len().max(1) as f64
    }

    /// See [`rgba`].
    pub fn rgba(&self, overlay: bool) -> Vec<u8> {
        rgba(&self.image, &self.mask, self.size, overlay)
    }
}

/// Red, green, blue and opacity of every pixel; with the overlay, the tumour is outlined and tinted.
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

/// A tumour pixel with a neighbour that is none.
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
            size: 5,
            image: vec![100; 25],
            mask,
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
    fn the_tumour_is_measured() {
        assert!((scan().tumour_share() - 0.36).abs() < 1e-9);
    }
}
