//! How samples lie in the patient, and turning them upright.

use super::error::NrrdError;
use super::{MAX_SPACING, Volume};

/// Smallest cosine between an axis of the file and the axis of the patient that it is taken for: 60 degrees.
const STEEPEST: f64 = 0.5;

/// The ways to give three axes of the patient each its own axis of the file.
const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

/// Where the samples of a file lie.
#[derive(Debug)]
pub(in crate::slices) struct Grid {
    /// Samples along each axis of the file, the fastest first.
    pub(in crate::slices) sizes: [usize; 3],
    /// For left, back and head the axis of the file that leads there, or away from there.
    order: [usize; 3],
    /// For left, back and head whether that axis leads away.
    away: [bool; 3],
    spacing: [f64; 3],
    corner: [f64; 3],
}

impl Grid {
    /// From the steps along each axis of the file and the place of its first sample, towards left, back and head.
    pub(in crate::slices) fn new(sizes: [usize; 3], steps: [[f64; 3]; 3], origin: [f64; 3]) -> Result<Self, NrrdError> {
        let length = steps.map(|step| step.iter().map(|part| part * part).sum::<f64>().sqrt());
        // Also no for what is not a number.
        let sane = |length: &f64| (1.0 / MAX_SPACING..=MAX_SPACING).contains(length);
        if !length.iter().all(sane) || !origin.iter().all(|place| place.is_finite()) {
            return Err(NrrdError::Directions);
        }
        let cosine = |to: usize, axis: usize| steps[axis][to] / length[axis];
        let along = |order: &[usize; 3]| (0..3).map(|to| cosine(to, order[to]).abs()).sum::<f64>();
        let best = ORDERS.into_iter().max_by(|a, b| along(a).total_cmp(&along(b)));
        let order = best.unwrap_or([0, 1, 2]);
        if determinant(&steps).abs() < 1e-3 * length.iter().product::<f64>() {
            return Err(NrrdError::Directions);
        }
        if (0..3).any(|to| cosine(to, order[to]).abs() < STEEPEST) {
            return Err(NrrdError::Oblique);
        }
        let away = [0, 1, 2].map(|to| cosine(to, order[to]) < 0.0);
        let mut corner = origin;
        for to in (0..3).filter(|&to| away[to]) {
            let far = (sizes[order[to]] - 1) as f64;
            corner.iter_mut().zip(steps[order[to]]).for_each(|(place, step)| *place += far * step);
        }
        Ok(Self { sizes, order, away, spacing: order.map(|axis| length[axis]), corner })
    }
}

fn determinant([a, b, c]: &[[f64; 3]; 3]) -> f64 {
    a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0])
}

/// The samples of a file, reordered.
pub(in crate::slices) fn upright(grid: &Grid, values: &[f32]) -> Volume {
    let strides = [1, grid.sizes[0], grid.sizes[0] * grid.sizes[1]];
    let sizes = grid.order.map(|axis| grid.sizes[axis]);
    let place = |to: usize, index: usize| {
        let index = if grid.away[to] { sizes[to] - 1 - index } else { index };
        index * strides[grid.order[to]]
    };
    let mut turned = Vec::with_capacity(values.len());
    for z in 0..sizes[2] {
        for y in 0..sizes[1] {
            let row = place(2, z) + place(1, y);
            turned.extend((0..sizes[0]).map(|x| values[row + place(0, x)]));
        }
    }
    Volume { sizes, spacing: grid.spacing, corner: grid.corner, values: turned }
}
