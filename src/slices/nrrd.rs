//! Volumes in NRRD files, the format of 3D Slicer and ITK: bytes in, volume out.
//!
//! Read are files with their samples inside, three-dimensional, raw, gzipped or as text, of the common number types,
//! whose header says how the patient lies. A volume comes out turned to the one orientation of this project: axial
//! slices from the feet up, seen from the feet, with the face up and the patient's right on the left.

mod error;
mod header;
mod samples;
pub(super) mod turn;

pub use error::NrrdError;
use header::Header;

use super::raster::Raster;

/// Largest file, in bytes.
pub const MAX_FILE: usize = 256 << 20;
/// Largest header, in bytes.
pub const MAX_HEADER: usize = 64 << 10;
/// Longest side, in samples.
pub const MAX_SIDE: usize = 4096;
/// Most samples of a volume.
pub const MAX_SAMPLES: usize = 64 << 20;
/// Farthest distance of two samples, in millimetres; nearest is its inverse.
pub const MAX_SPACING: f64 = 1e3;

/// Part of all samples that may be brighter than the whitest of a [`Raster`]: single sparks would leave the rest dark.
const SPARKS: f64 = 0.001;

/// Unequal sides of a pixel by less than this part are left alone.
const SQUARE: f64 = 0.01;

/// A turned volume.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    /// Samples from the patient's right to left, from front to back, and from the feet up.
    pub sizes: [usize; 3],
    /// Distances between neighbours along those, in millimetres.
    pub spacing: [f64; 3],
    /// Where the first sample lies, in millimetres towards left, back and head.
    pub corner: [f64; 3],
    /// The samples: row by row, slice by slice. All are finite.
    pub values: Vec<f32>,
}

impl Volume {
    /// Reads a file, whoever made it.
    ///
    /// # Errors
    /// If it is not an NRRD file of a kind that is read, or is beyond the limits; the error says what to do.
    pub fn read(bytes: &[u8]) -> Result<Self, NrrdError> {
        Self::read_at_most(bytes, MAX_SAMPLES)
    }

    /// As [`Volume::read`], with a limit of samples of one's own.
    pub(super) fn read_at_most(bytes: &[u8], most: usize) -> Result<Self, NrrdError> {
        if bytes.len() > MAX_FILE {
            return Err(NrrdError::TooLarge(bytes.len()));
        }
        let (header, data) = Header::read(bytes)?;
        let samples: usize = header.grid.sizes.iter().product();
        // Wider numbers count for more, as packed ones are unpacked whole.
        if samples * header.kind.bytes().div_ceil(4) > most {
            return Err(NrrdError::Sizes(header.grid.sizes));
        }
        let values = samples::read(&header, data)?;
        Ok(turn::upright(&header.grid, &values))
    }

    /// The samples of a slice, counted from the feet; none beyond the last.
    pub fn slice(&self, index: usize) -> &[f32] {
        let cells = self.sizes[0] * self.sizes[1];
        self.values.get(index * cells..(index + 1) * cells).unwrap_or_default()
    }

    /// Whether both have their samples at the same places, as an image and its labels must.
    pub fn lies_as(&self, other: &Self) -> bool {
        let near = |a: [f64; 3], b: [f64; 3], far: f64| a.iter().zip(b).all(|(a, b)| (a - b).abs() < far);
        let half = self.spacing.map(|spacing| spacing / 2.0);
        let beside = self.corner.iter().zip(other.corner).zip(half).all(|((a, b), half)| (a - b).abs() < half);
        self.sizes == other.sizes && near(self.spacing, other.spacing, 1e-3) && beside
    }

    /// All slices as pictures with square pixels, from the feet up, at one brightness: 0 and below is black, and so few
    /// samples are beyond white that they do not matter.
    pub fn rasters(&self) -> Vec<Raster> {
        let white = self.white();
        let byte = |value: f32| (value / white * 255.0).round().clamp(0.0, 255.0) as u8;
        self.pictures(byte)
    }

    /// All slices as masks: every sample but 0 is white.
    pub fn masks(&self) -> Vec<Raster> {
        self.pictures(|value| if value == 0.0 { 0 } else { 255 })
    }

    fn pictures(&self, byte: impl Fn(f32) -> u8) -> Vec<Raster> {
        let [width, height, depth] = self.sizes;
        let (wide, high) = self.square();
        let picture = |slice: &[f32]| {
            let raster = Raster::from_fn(width, height, |x, y| byte(slice[y * width + x]));
            if (wide, high) == (width, height) { raster } else { raster.resize(wide, high) }
        };
        (0..depth).map(|index| picture(self.slice(index))).collect()
    }

    /// Width and height at which pixels are square: the finer of the two distances counts, within [`MAX_SIDE`].
    pub(super) fn square(&self) -> (usize, usize) {
        let [width, height, _] = self.sizes;
        let (x, y) = (self.spacing[0], self.spacing[1]);
        if (x / y - 1.0).abs() < SQUARE {
            return (width, height);
        }
        let stretched = |side: usize, by: f64| ((side as f64 * by).round() as usize).clamp(1, MAX_SIDE);
        (stretched(width, (x / y).max(1.0)), stretched(height, (y / x).max(1.0)))
    }

    /// The value that becomes white: all samples but [`SPARKS`] of them are at most this. Above 0.
    fn white(&self) -> f32 {
        let mut values = self.values.clone();
        let place = ((values.len() - 1) as f64 * (1.0 - SPARKS)) as usize;
        let (_, white, above) = values.select_nth_unstable_by(place, f32::total_cmp);
        let most = above.iter().copied().fold(*white, f32::max);
        match (*white > 0.0, most > 0.0) {
            (true, _) => *white,
            (false, true) => most,
            (false, false) => 1.0,
        }
    }
}

#[cfg(test)]
mod tests;
