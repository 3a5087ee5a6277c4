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
pub(super) struct VoxelGrid {
    /// Number of samples along each axis of the file, the fastest first.
    pub(super) sizes: [usize; 3],
    /// For each patient axis (left, back, head), the axis of the file along it.
    axes: [usize; 3],
    /// For each patient axis, whether the axis of the file runs against it.
    flipped: [bool; 3],
    spacing: [f64; 3],
    corner: [f64; 3],
}

impl VoxelGrid {
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

    /// The samples reordered to axial slices. Without a value for each sample of the grid, the last ones are NaN.
    pub(super) fn reorient(&self, values: &[f32]) -> Volume {
        let mut placed = self.place();
        values.iter().for_each(|value| placed.push(*value));
        placed.finish()
    }

    /// A volume to which samples are added in the order of the file, without storing them in that order first.
    pub(super) fn place(&self) -> PlacedSamples<'_> {
        let sizes = self.axes.map(|axis| self.sizes[axis]);
        let strides = [1, sizes[0] as isize, (sizes[0] * sizes[1]) as isize];
        let (mut steps, mut start) = ([0; 3], 0);
        for to in 0..3 {
            let step = if self.flipped[to] { -strides[to] } else { strides[to] };
            start += if self.flipped[to] { strides[to] * (sizes[to] as isize - 1) } else { 0 };
            steps[self.axes[to]] = step;
        }
        let volume = Volume {
            sizes,
            spacing: self.spacing,
            corner: self.corner,
            values: vec![f32::NAN; sizes.iter().product()],
        };
        PlacedSamples { grid: self, volume, steps, start, next: [0; 3] }
    }
}

/// A volume that is filled in the order of a file.
pub(super) struct PlacedSamples<'a> {
    grid: &'a VoxelGrid,
    volume: Volume,
    /// Distance in the volume between neighbours along each axis of the file.
    steps: [isize; 3],
    /// Index in the volume of the first sample of the file.
    start: isize,
    /// Indices of the next sample along each axis of the file.
    next: [usize; 3],
}

impl PlacedSamples<'_> {
    /// Adds the next sample. Samples beyond the volume are ignored.
    pub(super) fn push(&mut self, value: f32) {
        let offset: isize = self.next.iter().zip(self.steps).map(|(index, step)| *index as isize * step).sum();
        if let Some(place) =
            usize::try_from(self.start + offset).ok().and_then(|index| self.volume.values.get_mut(index))
            && self.next[2] < self.grid.sizes[2]
        {
            *place = value;
        }
        self.next[0] += 1;
        for axis in 0..2 {
            if self.next[axis] == self.grid.sizes[axis] {
                self.next[axis] = 0;
                self.next[axis + 1] += 1;
            }
        }
    }

    /// The volume with the samples that were added.
    pub(super) fn finish(self) -> Volume {
        self.volume
    }
}

fn determinant([a, b, c]: &[[f64; 3]; 3]) -> f64 {
    a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0])
}
