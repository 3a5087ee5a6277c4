//! Weights in the transformed domain.

use std::mem::MaybeUninit;

use macerator::{Simd, with_simd};

use crate::parallel::{self, Shared};
use crate::product::Left;
use crate::scratch::Scratch;
use crate::simd::{F32, lanes, load, round_up, splat, store};

/// Outputs that are stored side by side.
const PANEL: usize = 8;
/// Values between the transformed weights of two places in a tile, so that they do not all fall into the same cache lines.
const GAP: usize = 16;

/// Transformed weights: for each of 36 places in a tile a matrix `[outputs, inputs]`.
///
/// Outputs are stored in panels of 8: `[36][panel][input][output in the panel]`. The last panel may be narrower.
#[derive(Debug)]
pub struct Weights {
    /// Values in the gaps are never written.
    values: Box<[MaybeUninit<f32>]>,
    inputs: usize,
    outputs: usize,
}

impl Weights {
    /// Transforms weights `[outputs, inputs, 3, 3]`.
    ///
    /// # Panics
    /// If there are not that many.
    pub fn new(weights: &[f32], outputs: usize, inputs: usize) -> Self {
        Self::transformed(weights, [outputs, inputs], false)
    }

    /// The adjoint of [`new`](Self::new): turned by 180 degrees, with inputs and outputs exchanged. The weights are still
    /// `[outputs, inputs, 3, 3]`; the result maps `outputs` channels to `inputs`.
    ///
    /// # Panics
    /// If there are not that many.
    pub fn adjoint(weights: &[f32], outputs: usize, inputs: usize) -> Self {
        Self::transformed(weights, [outputs, inputs], true)
    }

    fn transformed(weights: &[f32], [outputs, inputs]: [usize; 2], adjoint: bool) -> Self {
        assert_eq!(weights.len(), outputs * inputs * 9, "weights of [{outputs}, {inputs}, 3, 3]");
        let (to, from) = if adjoint { (inputs, outputs) } else { (outputs, inputs) };
        let step = Self::step_of(to, from);
        let mut values = Box::new_uninit_slice(36 * step);
        let place = Shared::unwritten(&mut values);
        parallel::for_each(to.div_ceil(PANEL), |panel| {
            let first = panel * PANEL;
            let width = PANEL.min(to - first);
            let count = width * from;
            let length = round_up(count, 16);
            let lengths = [9 * length, 36 * length];
            let mut scratch = Scratch::new(lengths);
            let [plain, changed] = scratch.pieces(lengths);
            for output in 0..width {
                for input in 0..from {
                    let pair =
                        if adjoint { input * inputs + first + output } else { (first + output) * inputs + input };
                    let kernel = &weights[9 * pair..9 * pair + 9];
                    let at = input * width + output;
                    for (k, &weight) in kernel.iter().enumerate() {
                        plain[(if adjoint { 8 - k } else { k }) * length + at] = weight;
                    }
                }
            }
            for k in 0..9 {
                plain[k * length + count..(k + 1) * length].fill(0.0);
            }
            // Safety: this task alone writes the panel.
            unsafe {
                if length == count {
                    transform(plain, length, (place, first * from), step);
                } else {
                    transform(plain, length, (Shared::new(changed), 0), length);
                    for e in 0..36 {
                        let to = place.at(e * step + first * from);
                        to.copy_from_nonoverlapping(changed[e * length..].as_ptr(), count);
                    }
                }
            }
        });
        Self { values, inputs: from, outputs: to }
    }

    /// Bytes of memory.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.values)
    }

    /// Channels that go in.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Channels that come out.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    fn step(&self) -> usize {
        Self::step_of(self.outputs, self.inputs)
    }

    fn step_of(outputs: usize, inputs: usize) -> usize {
        outputs * inputs + GAP
    }

    /// The panel that starts with output `first`, at place `e` of a tile, and its number of outputs.
    pub(crate) fn panel(&self, e: usize, first: usize) -> (Left, usize) {
        let width = PANEL.min(self.outputs - first);
        let values = &self.values[e * self.step() + first * self.inputs..];
        (Left { at: values.as_ptr().cast(), row: 1, depth: width }, width)
    }

    /// The number of outputs in a panel.
    pub(crate) const PANEL: usize = PANEL;
}

/// `G g G^T` for `length` kernels, `[9][length]`, to 36 places `step` apart. `length` is a multiple of 16.
///
/// # Safety
/// `length` values must be writable at each place from index `to.1` on.
#[with_simd]
unsafe fn transform<S: Simd>(plain: &[f32], length: usize, to: (Shared, usize), step: usize) {
    assert!(plain.len() >= 9 * length && length.is_multiple_of(lanes::<S>()));
    let to = unsafe { to.0.at(to.1) };
    let mut i = 0;
    while i < length {
        // Safety: all indices are below the lengths that were checked or promised.
        unsafe {
            let mut rows = [[splat::<S>(0.0); 3]; 6];
            for x in 0..3 {
                let at = |y: usize| load::<S>(plain.as_ptr().add((3 * y + x) * length + i));
                let column = kernel::<S>([at(0), at(1), at(2)]);
                for (row, &value) in rows.iter_mut().zip(&column) {
                    row[x] = value;
                }
            }
            for (y, &row) in rows.iter().enumerate() {
                for (x, &value) in kernel::<S>(row).iter().enumerate() {
                    store::<S>(to.add((6 * y + x) * step + i), value);
                }
            }
        }
        i += lanes::<S>();
    }
}

/// `G g`: 3 weights to 6 values.
#[inline(always)]
fn kernel<S: Simd>([a, b, c]: [F32<S>; 3]) -> [F32<S>; 6] {
    let outer = (a + c) * splat::<S>(-1.0 / 6.0);
    let side = b * splat::<S>(1.0 / 6.0);
    let even = a * splat::<S>(1.0 / 24.0) + c * splat::<S>(1.0 / 6.0);
    let odd = b * splat::<S>(1.0 / 12.0);
    [a * splat::<S>(0.25), outer - side, outer + side, even + odd, even - odd, c]
}

/// `G^T u`: 6 values to the gradient of 3 weights.
#[inline(always)]
pub fn kernel_gradient<S: Simd>(u: [F32<S>; 6]) -> [F32<S>; 3] {
    let (sum, difference) = (u[1] + u[2], u[2] - u[1]);
    let (far, apart) = (u[3] + u[4], u[3] - u[4]);
    let sixth = splat::<S>(1.0 / 6.0);
    [
        u[0] * splat::<S>(0.25) - sum * sixth + far * splat::<S>(1.0 / 24.0),
        difference * sixth + apart * splat::<S>(1.0 / 12.0),
        (far - sum) * sixth + u[5],
    ]
}
