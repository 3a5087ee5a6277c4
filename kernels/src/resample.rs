//! Resampling by two, and its adjoints.

use crate::parallel::{self, Shared};

/// A change of the size of each channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resampling {
    /// Bilinear interpolation to twice the side, as PyTorch's with `align_corners=False`.
    Double,
    /// The adjoint of [`Double`](Self::Double): its gradient. Half the side.
    DoubleAdjoint,
    /// Means of 2 x 2 pixels: half the side.
    Halve,
    /// The adjoint of [`Halve`](Self::Halve): a quarter of each value to 2 x 2 pixels. Twice the side.
    HalveAdjoint,
}

impl Resampling {
    /// The gradient of this operation.
    pub fn adjoint(self) -> Self {
        match self {
            Resampling::Double => Resampling::DoubleAdjoint,
            Resampling::DoubleAdjoint => Resampling::Double,
            Resampling::Halve => Resampling::HalveAdjoint,
            Resampling::HalveAdjoint => Resampling::Halve,
        }
    }

    /// Side of the result for this side.
    pub fn side(self, side: usize) -> usize {
        match self {
            Resampling::Double | Resampling::HalveAdjoint => 2 * side,
            Resampling::DoubleAdjoint | Resampling::Halve => side / 2,
        }
    }
}

/// Values that a task handles at least.
const TASK: usize = 1 << 14;

/// Resamples planes of `side` x `side` pixels.
///
/// # Panics
/// If a length does not fit, or an odd side is halved.
pub fn resample(kind: Resampling, side: usize, input: &[f32], output: &mut [f32]) {
    let (from, to) = (side * side, kind.side(side) * kind.side(side));
    assert!(side > 0 && (kind.side(side) > side || side.is_multiple_of(2)), "a side of {side} pixels");
    let planes = input.len() / from;
    assert_eq!((input.len(), output.len()), (planes * from, planes * to), "lengths of input and output");
    let share = (TASK / from.max(to)).max(1);
    let place = Shared::new(output);
    parallel::for_each(planes.div_ceil(share), |task| {
        let mut line = vec![0.0; 2 * side + 2];
        for plane in task * share..((task + 1) * share).min(planes) {
            let input = &input[plane * from..(plane + 1) * from];
            // Safety: this task alone writes the plane.
            let output = unsafe { std::slice::from_raw_parts_mut(place.at(plane * to), to) };
            match kind {
                Resampling::Double => double(side, input, output, &mut line),
                Resampling::DoubleAdjoint => double_adjoint(side, input, output, &mut line),
                Resampling::Halve => halve(side, input, output),
                Resampling::HalveAdjoint => halve_adjoint(side, input, output),
            }
        }
    });
}

/// `line` is for a row with its neighbours.
fn double(side: usize, input: &[f32], output: &mut [f32], line: &mut [f32]) {
    let line = &mut line[..side + 2];
    for (y, output) in output.chunks_exact_mut(2 * side).enumerate() {
        let near = y / 2;
        let far = if y % 2 == 0 { near.saturating_sub(1) } else { (near + 1).min(side - 1) };
        let (near, far) = (&input[near * side..][..side], &input[far * side..][..side]);
        for ((to, near), far) in line[1..=side].iter_mut().zip(near).zip(far) {
            *to = 0.75 * near + 0.25 * far;
        }
        (line[0], line[side + 1]) = (line[1], line[side]);
        let neighbours = line.iter().zip(&line[1..]).zip(&line[2..]);
        for (output, ((left, here), right)) in output.as_chunks_mut::<2>().0.iter_mut().zip(neighbours) {
            *output = [0.75 * here + 0.25 * left, 0.75 * here + 0.25 * right];
        }
    }
}

fn double_adjoint(side: usize, input: &[f32], output: &mut [f32], line: &mut [f32]) {
    let half = side / 2;
    // Beyond an edge lies the edge: what reached it from there comes back.
    let row = |y: usize| &input[y * side..][..side];
    for (y, output) in output.chunks_exact_mut(half).enumerate() {
        let above = row((2 * y).saturating_sub(1));
        let below = row((2 * y + 2).min(side - 1));
        let line = &mut line[..side + 2];
        let near = row(2 * y).iter().zip(row(2 * y + 1));
        for ((to, (even, odd)), (above, below)) in line[1..=side].iter_mut().zip(near).zip(above.iter().zip(below)) {
            *to = 0.75 * (even + odd) + 0.25 * (above + below);
        }
        (line[0], line[side + 1]) = (line[1], line[side]);
        // Pixel i comes from 2 i - 1 to 2 i + 2, which are at one more in the line.
        for (i, to) in output.iter_mut().enumerate() {
            let at = &line[2 * i..2 * i + 4];
            *to = 0.75 * (at[1] + at[2]) + 0.25 * (at[0] + at[3]);
        }
    }
}

fn halve(side: usize, input: &[f32], output: &mut [f32]) {
    for (rows, output) in input.chunks_exact(2 * side).zip(output.chunks_exact_mut(side / 2)) {
        let (above, below) = rows.split_at(side);
        let pairs = above.as_chunks::<2>().0.iter().zip(below.as_chunks::<2>().0);
        for (to, (above, below)) in output.iter_mut().zip(pairs) {
            *to = 0.25 * ((above[0] + above[1]) + (below[0] + below[1]));
        }
    }
}

fn halve_adjoint(side: usize, input: &[f32], output: &mut [f32]) {
    for (row, output) in input.chunks_exact(side).zip(output.chunks_exact_mut(4 * side)) {
        let (above, below) = output.split_at_mut(2 * side);
        for (to, value) in above.as_chunks_mut::<2>().0.iter_mut().zip(row) {
            *to = [0.25 * value; 2];
        }
        below.copy_from_slice(above);
    }
}
