//! Differentiable augmentation (DiffAugment, Zhao et al. 2020, arXiv 2006.10738) of a scan together with its mask.
//!
//! Real and generated scans are both augmented, so the generator does not learn the distortions. Geometry (flip, scale,
//! shift) is two batched matrix products, `A . X . B^T`, which every backend can differentiate. Brightness and contrast
//! change the scan only. Left-right flips are plausible for axial slices; the side of a tumour is lost. The random numbers
//! do not come from the backend, so a step is the same on every device.

use std::ops::Range;

use burn::tensor::{Device, Tensor, TensorData};

use super::preset::CHANNELS;
use super::random::Stream;

/// Largest shift, as a share of the side.
const SHIFT: f64 = 0.125;
/// Standard deviation of the base-2 logarithm of the scale.
const SCALE: f64 = 0.12;
/// Standard deviation of the base-2 logarithm of the gain.
const GAIN: f64 = 0.25;
/// Standard deviation of the brightness offset.
const OFFSET: f64 = 0.1;
/// Side of the blanked square, as a share of the side.
const CUTOUT: f64 = 0.375;

/// The augmentation of one batch: random numbers are drawn, and it can be applied to several tensors.
#[derive(Debug, Clone)]
pub struct Augmentation {
    /// `[batch, 1, side, side]`: resamples the rows.
    rows: Tensor<4>,
    /// `[batch, 1, side, side]`: resamples the columns.
    columns: Tensor<4>,
    /// `[batch, 2, 1, 1]`: contrast, 1 for the mask.
    gain: Tensor<4>,
    /// `[batch, 2, 1, 1]`: brightness, 0 for the mask.
    offset: Tensor<4>,
    /// `[batch, 1, side, side]`: 0 inside the blanked square, else 1.
    keep: Tensor<4>,
}

impl Augmentation {
    /// A random augmentation of `batch` images of `side` x `side` pixels. Each kind is applied with `probability`.
    pub fn draw(batch: usize, side: usize, probability: f64, stream: &mut Stream, device: &Device) -> Self {
        let cells = side * side;
        let mut rows = vec![0.0f32; batch * cells];
        let mut columns = vec![0.0f32; batch * cells];
        let mut keep = vec![1.0f32; batch * cells];
        let mut gain = vec![1.0f32; batch * CHANNELS];
        let mut offset = vec![0.0f32; batch * CHANNELS];
        for i in 0..batch {
            let happens = |stream: &mut Stream| stream.chance(probability);
            let flip = stream.chance(0.5) && happens(stream);
            let zoom = match happens(stream) {
                true => 2f64.powf(SCALE * f64::from(stream.normal())),
                false => 1.0,
            };
            let (dx, dy) = match happens(stream) {
                true => (shift(stream, side), shift(stream, side)),
                false => (0.0, 0.0),
            };
            let own = i * cells..(i + 1) * cells;
            resample(&mut rows[own.clone()], side, zoom, dy, false, false);
            resample(&mut columns[own.clone()], side, zoom, dx, flip, true);
            if happens(stream) {
                gain[i * CHANNELS] = 2f64.powf(GAIN * f64::from(stream.normal())) as f32;
                offset[i * CHANNELS] = (OFFSET * f64::from(stream.normal())) as f32;
            }
            if happens(stream) {
                let (x, y) = (stream.below(side), stream.below(side));
                blank(&mut keep[own], side, x, y);
            }
        }
        let square = [batch, 1, side, side];
        let scalar = [batch, CHANNELS, 1, 1];
        Self {
            rows: Tensor::from_data(TensorData::new(rows, square), device),
            columns: Tensor::from_data(TensorData::new(columns, square), device),
            gain: Tensor::from_data(TensorData::new(gain, scalar), device),
            offset: Tensor::from_data(TensorData::new(offset, scalar), device),
            keep: Tensor::from_data(TensorData::new(keep, square), device),
        }
    }

    /// The augmentation of some rows of the batch.
    pub fn rows(&self, rows: &Range<usize>) -> Self {
        let part = |tensor: &Tensor<4>| tensor.clone().narrow(0, rows.start, rows.len());
        Self {
            rows: part(&self.rows),
            columns: part(&self.columns),
            gain: part(&self.gain),
            offset: part(&self.offset),
            keep: part(&self.keep),
        }
    }

    /// The same augmentation for images on the autodiff tape.
    pub fn on_tape(self) -> Self {
        Self {
            rows: Tensor::from_inner(self.rows),
            columns: Tensor::from_inner(self.columns),
            gain: Tensor::from_inner(self.gain),
            offset: Tensor::from_inner(self.offset),
            keep: Tensor::from_inner(self.keep),
        }
    }

    /// Augments `[batch, 2, side, side]`; the result has the same shape.
    pub fn apply(&self, x: Tensor<4>) -> Tensor<4> {
        // Air is -1. Shifted to 0, it also fills what lies beyond the edge, where the matrices have no weights.
        let x = x + 1.0;
        let x = self.rows.clone().matmul(x).matmul(self.columns.clone());
        let x = x * self.gain.clone() + self.offset.clone();
        x * self.keep.clone() - 1.0
    }
}

/// A random shift in pixels.
fn shift(stream: &mut Stream, side: usize) -> f64 {
    (2.0 * stream.uniform() - 1.0) * SHIFT * side as f64
}

/// Fills a `side x side` matrix that resamples one axis linearly: output `o` reads the input at
/// `(o - centre) / zoom + centre - shift`, mirrored if `flip`. `transposed` is for multiplication from the right.
fn resample(matrix: &mut [f32], side: usize, zoom: f64, shift: f64, flip: bool, transposed: bool) {
    let centre = (side as f64 - 1.0) / 2.0;
    for out in 0..side {
        let mut at = (out as f64 - centre) / zoom + centre - shift;
        if flip {
            at = side as f64 - 1.0 - at;
        }
        let low = at.floor();
        for (index, weight) in [(low, 1.0 - (at - low)), (low + 1.0, at - low)] {
            if index >= 0.0 && index < side as f64 && weight > 0.0 {
                let input = index as usize;
                let cell = if transposed { input * side + out } else { out * side + input };
                matrix[cell] += weight as f32;
            }
        }
    }
}

/// Sets a square around (x, y) to 0 (cutout).
fn blank(keep: &mut [f32], side: usize, x: usize, y: usize) {
    let half = (CUTOUT * side as f64 / 2.0) as usize;
    for row in y.saturating_sub(half)..(y + half).min(side) {
        for column in x.saturating_sub(half)..(x + half).min(side) {
            keep[row * side + column] = 0.0;
        }
    }
}
