//! A grey picture with 8 bits a pixel.

use super::resample::resample;
use crate::slice::Slice;

/// `width * height` grey pixels, row by row from the top left. 0 is black, 255 is white.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raster {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// The number of pixels is 0, or not `width * height`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a picture of {width} x {height} cannot be made of {pixels} pixels")]
pub struct WrongPixelCount {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// Number of pixels that were given.
    pub pixels: usize,
}

/// A square region of a picture, in pixels. It may extend beyond the picture; pixels outside are black.
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
    /// A picture of these pixels, row by row.
    ///
    /// # Errors
    /// If there are none, or not `width * height`.
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

    /// The pixels, row by row from the top left, without copying them.
    pub fn into_pixels(self) -> Vec<u8> {
        self.pixels
    }

    /// The rows from the top, each `width` pixels.
    pub fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.pixels.chunks_exact(self.width)
    }

    /// The pixels in a square. Pixels outside the picture are 0.
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

    /// The picture at another size: averages areas to shrink, interpolates bilinearly to grow. Sides of 0 become 1.
    pub fn resize(&self, width: usize, height: usize) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        let pixels = self.resample(width, height).into_iter().map(|value| value.round() as u8).collect();
        Self { width, height, pixels }
    }

    /// As [`Raster::resize`] without rounding: values from 0 to 255.
    pub(crate) fn resample(&self, width: usize, height: usize) -> Vec<f32> {
        resample(&self.pixels, (self.width, self.height), (width, height))
    }
}

/// The slice at another size, see [`Raster::resize`]. None if image or mask are not as large as the slice says.
pub fn resize_slice(slice: &Slice, size: usize) -> Option<Slice> {
    let resize = |pixels: &[u8]| {
        let raster = Raster::new(slice.size, slice.size, pixels.to_vec()).ok()?;
        Some(raster.resize(size, size).into_pixels())
    };
    Some(Slice { size, image: resize(&slice.image)?, mask: resize(&slice.mask)? })
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
