//! A volume in the orientation of this project: axial slices from the feet up, seen from the feet, with the face up and
//! the patient's right on the left of the picture.

use super::decoded::{DecodedFile, Format, Plane, Refusal};
use super::limits::{MAX_SIDE, MAX_SLICES, MIN_SIDE};
use super::raster::Raster;
use super::window::{self, IntensityWindow};

/// Fraction of the samples that may be brighter than white in [`Volume::rasters`]. Without it a few bright samples would
/// darken the rest.
const CLIPPED: f64 = 0.001;

/// Relative difference of width and height up to which pixels count as square.
const SQUARE_TOLERANCE: f64 = 0.01;

/// Samples and where they lie in the patient.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    /// Number of samples from the patient's right to left, from front to back, and from the feet up.
    pub sizes: [usize; 3],
    /// Distances between neighbouring samples along those axes, in millimetres.
    pub spacing: [f64; 3],
    /// Position of the first sample in LPS coordinates, in millimetres.
    pub corner: [f64; 3],
    /// `sizes[0] * sizes[1] * sizes[2]` samples: row by row, slice by slice. NaN marks a missing sample.
    pub values: Vec<f32>,
}

impl Volume {
    /// The samples of one slice, counted from the feet. Empty if there is no such slice.
    pub fn slice(&self, index: usize) -> &[f32] {
        let cells = self.sizes[0] * self.sizes[1];
        self.values.get(index * cells..(index + 1) * cells).unwrap_or_default()
    }

    /// Whether both volumes have their samples at the same places, as an image and its segmentation must.
    pub fn same_grid(&self, other: &Self) -> bool {
        let near = |a: [f64; 3], b: [f64; 3], far: f64| a.iter().zip(b).all(|(a, b)| (a - b).abs() < far);
        let half = self.spacing.map(|spacing| spacing / 2.0);
        let same_corner = self.corner.iter().zip(other.corner).zip(half).all(|((a, b), half)| (a - b).abs() < half);
        self.sizes == other.sizes && near(self.spacing, other.spacing, 1e-3) && same_corner
    }

    /// All slices as pictures with square pixels, from the feet up, with one intensity window: 0 and below become black,
    /// the brightest 0.1 % of the samples become white.
    pub fn rasters(&self) -> Vec<Raster> {
        let white = self.white();
        let byte = |value: f32| (value / white * 255.0).round().clamp(0.0, 255.0) as u8;
        self.pictures(self.square_size(), 1, byte)
    }

    /// All slices as masks: every sample but 0 and NaN becomes 255.
    pub fn masks(&self) -> Vec<Raster> {
        self.pictures(self.square_size(), 1, |value| if value == 0.0 || value.is_nan() { 0 } else { 255 })
    }

    /// The slices as a file that was read, with one intensity window.
    ///
    /// # Errors
    /// If the slices are smaller than [`MIN_SIDE`], or all samples are equal.
    pub(super) fn into_file(self, path: &str, format: Format) -> Result<DecodedFile, Refusal> {
        if self.sizes[0].min(self.sizes[1]) < MIN_SIDE {
            return Err(Refusal::TooSmall);
        }
        let window = IntensityWindow::of(&self.values).ok_or(Refusal::Blank)?;
        let labels = window::is_label_map(self.values.iter().copied());
        let slices = match labels {
            true => self.kept_slices(window::label_pixel),
            false => self.kept_slices(|value| window.byte(value)),
        };
        let volume = slices.len() > 1;
        let range = (!labels).then(|| window.range());
        let plane = Some(Plane::Axial);
        Ok(DecodedFile { slices, labels, volume, plane, window: range, ..DecodedFile::new(path, format) })
    }

    /// The slices as pictures with square pixels, none larger than [`MAX_KEPT_SIDE`](super::limits::MAX_KEPT_SIDE). Of
    /// more than [`MAX_SLICES`], every n-th.
    pub(super) fn kept_slices(&self, byte: impl Fn(f32) -> u8) -> Vec<Raster> {
        let (width, height) = self.square_size();
        let step = self.sizes[2].div_ceil(MAX_SLICES).max(1);
        self.pictures(window::kept_size(width, height), step, byte)
    }

    /// Every `step`-th slice as a picture of this size, each sample converted by `byte`.
    fn pictures(&self, size: (usize, usize), step: usize, byte: impl Fn(f32) -> u8) -> Vec<Raster> {
        let [width, height, depth] = self.sizes;
        let picture = |slice: &[f32]| {
            let raster =
                Raster::from_fn(width, height, |x, y| slice.get(y * width + x).map_or(0, |value| byte(*value)));
            if size == (width, height) { raster } else { raster.resize(size.0, size.1) }
        };
        (0..depth).step_by(step).map(|index| picture(self.slice(index))).collect()
    }

    /// Width and height at which pixels are square. The axis with the smaller spacing keeps its size; the other grows, to
    /// at most [`MAX_SIDE`].
    fn square_size(&self) -> (usize, usize) {
        let [width, height, _] = self.sizes;
        let (x, y) = (self.spacing[0], self.spacing[1]);
        if (x / y - 1.0).abs() < SQUARE_TOLERANCE {
            return (width, height);
        }
        let stretched = |side: usize, by: f64| ((side as f64 * by).round() as usize).clamp(1, MAX_SIDE);
        (stretched(width, (x / y).max(1.0)), stretched(height, (y / x).max(1.0)))
    }

    /// The value that becomes white, above 0: the `1 - CLIPPED` quantile of the samples.
    fn white(&self) -> f32 {
        let mut values: Vec<f32> = self.values.iter().copied().filter(|value| value.is_finite()).collect();
        if values.is_empty() {
            return 1.0;
        }
        let place = ((values.len() - 1) as f64 * (1.0 - CLIPPED)) as usize;
        let (_, white, above) = values.select_nth_unstable_by(place, f32::total_cmp);
        let most = above.iter().copied().fold(*white, f32::max);
        match (*white > 0.0, most > 0.0) {
            (true, _) => *white,
            (false, true) => most,
            (false, false) => 1.0,
        }
    }
}
