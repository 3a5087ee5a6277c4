//! A grey picture in memory, the common currency of readers, normalisation and export.

use super::resample;

/// A rectangle of 8-bit grey pixels: 0 is black, 255 is white; row by row from the top left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raster {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// The number of pixels does not fit the width and height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a picture of {width} x {height} cannot be made of {pixels} pixels")]
pub struct WrongPixelCount {
    /// Width asked for, in pixels.
    pub width: usize,
    /// Height asked for, in pixels.
    pub height: usize,
    /// Pixels given.
    pub pixels: usize,
}

/// A square of a picture, in pixels. It may stick out on any side: what lies outside is black.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Square {
    /// Column of the left edge.
    pub left: isize,
    /// Row of the top edge.
    pub top: isize,
    /// Length of a side, at least 1.
    pub side: usize,
}

impl Raster {
    /// A picture of these pixels, row by row; there must be `width * height` of them, and at least one.
    pub fn new(width: usize, height: usize, pixels: Vec<u8>) -> Result<Self, WrongPixelCount> {
        if pixels.is_empty() || width.checked_mul(height) != Some(pixels.len()) {
            return Err(WrongPixelCount { width, height, pixels: pixels.len() });
        }
        Ok(Self { width, height, pixels })
    }

    /// A picture whose pixel at (x, y) is `pixel(x, y)`. Sides of 0 become 1.
    pub fn from_fn(width: usize, height: usize, mut pixel: impl FnMut(usize, usize) -> u8) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        let pixels = (0..width * height).map(|index| pixel(index % width, index / width)).collect();
        Self { width, height, pixels }
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The pixels, row by row from the top left.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The pixels themselves, for who needs no more than those.
    pub fn into_pixels(self) -> Vec<u8> {
        self.pixels
    }

    /// The rows from the top, each `width` pixels.
    pub fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.pixels.chunks_exact(self.width)
    }

    /// The square cut out; what lies outside this picture is 0.
    pub fn crop(&self, square: Square) -> Self {
        let inside = |start: isize, offset: usize, limit: usize| {
            start.checked_add_unsigned(offset).and_then(|at| usize::try_from(at).ok()).filter(|&at| at < limit)
        };
        Self::from_fn(square.side, square.side, |x, y| {
            match (inside(square.left, x, self.width), inside(square.top, y, self.height)) {
                (Some(column), Some(row)) => self.pixels[row * self.width + column],
                _ => 0,
            }
        })
    }

    /// This picture at another size: area average where it shrinks, bilinear where it grows.
    pub fn resize(&self, width: usize, height: usize) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        let pixels = self.resample(width, height).into_iter().map(|value| value.round() as u8).collect();
        Self { width, height, pixels }
    }

    /// As [`Raster::resize`], before rounding: values from 0 to 255.
    pub(crate) fn resample(&self, width: usize, height: usize) -> Vec<f32> {
        resample::resample(self, width, height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp() -> Raster {
        Raster::from_fn(4, 3, |x, y| (10 * y + x) as u8)
    }

    #[test]
    fn pixels_must_fill_the_rectangle() {
        assert!(Raster::new(2, 2, vec![0; 4]).is_ok());
        assert!(Raster::new(2, 2, vec![0; 3]).is_err());
        assert!(Raster::new(0, 0, Vec::new()).is_err());
        assert!(Raster::new(usize::MAX, 2, vec![0; 3]).is_err());
    }

    #[test]
    fn a_crop_inside_copies() {
        let cut = ramp().crop(Square { left: 1, top: 1, side: 2 });
        assert_eq!(cut.pixels(), [11, 12, 21, 22]);
    }

    #[test]
    fn a_crop_outside_is_black() {
        let cut = ramp().crop(Square { left: -1, top: 2, side: 2 });
        assert_eq!(cut.pixels(), [0, 20, 0, 0]);
        let far = ramp().crop(Square { left: isize::MAX - 1, top: isize::MIN, side: 3 });
        assert!(far.pixels().iter().all(|&pixel| pixel == 0));
    }
}
