//! Gradients to weights with vectors of four, as in WebAssembly, even if the processor has longer ones. `tests/` covers the
//! longer ones.

use macerator::WithSimd;

use super::*;
use crate::simd::in_fours;
use crate::support::convolution::check_weight_gradient;

/// [`weight_gradient`] on one thread.
struct Gradient<'a> {
    size: Size,
    input: (&'a [f32], Prologue<'a>),
    gradient: (&'a [f32], Prologue<'a>),
    result: &'a mut [f32],
}

impl WithSimd for Gradient<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self) {
        let Self { size: Size { batch, inputs, outputs, side }, input, gradient, result } = self;
        let one = Side { values: input.0, prologue: input.1, channels: inputs, is_input: true };
        let other = Side { values: gradient.0, prologue: gradient.1, channels: outputs, is_input: false };
        let (rows, columns) = if inputs >= outputs { (other, one) } else { (one, other) };
        let tiling = Tiling::new(batch, side);
        let mut sum = vec![0.0; 36 * rows.channels * round_up(columns.channels, 16)];
        sum_products::<S>(tiling, [0, tiling.count], 16, rows, columns, &mut sum);
        back_impl::<S>(&sum, [rows.channels, columns.channels], columns.is_input, result);
    }
}

#[test]
fn a_weight_gradient_by_vectors_of_four_equals_its_definition() {
    check_weight_gradient(|size, input, gradient, result| in_fours(Gradient { size, input, gradient, result }));
}
