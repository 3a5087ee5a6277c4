//! Orientation of a volume in the patient, and reordering its samples to the orientation of this project.
//!
//! Directions are in the LPS space of DICOM: x leads to the patient's left, y to the back (posterior), z to the head
//! (superior), in millimetres.

use super::volume::Volume;

/// Farthest distance between two samples in millimetres. The nearest is its inverse.
pub(super) const MAX_SPACING: f64 = 1e3;

/// Smallest cosine between an axis of the file and the patient axis that it is assigned to: 60 degrees.
const MIN_COSINE: f64 = 0.5;

/// Smallest volume that the three unit axes may span. Below it they lie in one plane.
const MIN_DETERMINANT: f64 = 1e-3;

/// All ways to assign the three axes of the file to the three patient axes.
const PERMUTATIONS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

/// Why samples cannot be reordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OrientationError {
    /// The axes do not span space, a number is not finite, or the spacing is beyond [`MAX_SPACING`].
    Directions,
    /// An axis is too far from all patient axes.
    Oblique,
}

/// Where the samples of a file lie in the patient.
#[derive(Debug)]
pub(super) struct SampleGrid {
    /// Number of samples along each axis of the file, the fastest first.
    pub(super) sizes: [usize; 3],
    /// For each patient axis (left, back, head), the axis of the file along it.
    axes: [usize; 3],
    /// For each patient axis, whether the axis of the file runs against it.
    flipped: [bool; 3],
    spacing: [f64; 3],
    corner: [f64; 3],
}

impl SampleGrid {
    /// The grid whose neighbouring samples along axis `i` of the file differ by `steps[i]`, and whose first sample is at
    /// `origin`. No size may be 0.
    pub(super) fn new(sizes: [usize; 3], steps: [[f64; 3]; 3], origin: [f64; 3]) -> Result<Self, OrientationError> {
        let length = steps.map(|step| step.iter().map(|part| part * part).sum::<f64>().sqrt());
        // False for NaN too.
        let in_range = |length: &f64| (1.0 / MAX_SPACING..=MAX_SPACING).contains(length);
        if !length.iter().all(in_range) || !origin.iter().all(|place| place.is_finite()) {
            return Err(OrientationError::Directions);
        }
        let cosine = |to: usize, axis: usize| steps[axis][to] / length[axis];
        let alignment = |axes: &[usize; 3]| (0..3).map(|to| cosine(to, axes[to]).abs()).sum::<f64>();
        let best = PERMUTATIONS.into_iter().max_by(|a, b| alignment(a).total_cmp(&alignment(b)));
        let axes = best.unwrap_or([0, 1, 2]);
        if determinant(&steps).abs() < MIN_DETERMINANT * length.iter().product::<f64>() {
            return Err(OrientationError::Directions);
        }
        if (0..3).any(|to| cosine(to, axes[to]).abs() < MIN_COSINE) {
            return Err(OrientationError::Oblique);
        }
        let flipped = [0, 1, 2].map(|to| cosine(to, axes[to]) < 0.0);
        let mut corner = origin;
        for to in (0..3).filter(|&to| flipped[to]) {
            let last = (sizes[axes[to]] - 1) as f64;
            corner.iter_mut().zip(steps[axes[to]]).for_each(|(place, step)| *place += last * step);
        }
        Ok(Self { sizes, axes, flipped, spacing: axes.map(|axis| length[axis]), corner })
    }

    /// The samples reordered to axial slices. `values` must have one value for each sample of the grid.
    pub(super) fn reorient(&self, values: &[f32]) -> Volume {
        let strides = [1, self.sizes[0], self.sizes[0] * self.sizes[1]];
        let sizes = self.axes.map(|axis| self.sizes[axis]);
        let offset = |to: usize, index: usize| {
            let index = if self.flipped[to] { sizes[to] - 1 - index } else { index };
            index * strides[self.axes[to]]
        };
        let mut reordered = Vec::with_capacity(values.len());
        for z in 0..sizes[2] {
            for y in 0..sizes[1] {
                let row = offset(2, z) + offset(1, y);
                reordered.extend((0..sizes[0]).map(|x| values[row + offset(0, x)]));
            }
        }
        Volume { sizes, spacing: self.spacing, corner: self.corner, values: reordered }
    }
}

fn determinant([a, b, c]: &[[f64; 3]; 3]) -> f64 {
    a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0])
}
