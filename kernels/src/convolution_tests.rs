//! Convolutions with vectors of four, as in WebAssembly, even if the processor has longer ones. `tests/` covers the longer
//! ones.

use macerator::WithSimd;

use super::*;
use crate::simd::in_fours;
use crate::support::convolution::check_convolution;

/// [`convolve`] in blocks of `most` tiles.
struct Convolution<'a> {
    most: usize,
    size: Size,
    weights: &'a Weights,
    input: (&'a [f32], Prologue<'a>),
    output: (Shared, Epilogue<'a>),
}

impl WithSimd for Convolution<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self) {
        let Self { most, size, weights, input, output } = self;
        let tiling = Tiling::new(size.batch, size.side);
        for first in (0..tiling.count).step_by(most) {
            let tiles = [first, most.min(tiling.count - first)];
            convolve_block::<S>(tiling, tiles, [0, size.outputs], size, weights, input, output);
        }
    }
}

#[test]
fn a_convolution_by_vectors_of_four_equals_its_definition() {
    for most in [16, MAX_TILES] {
        check_convolution(|size, weights, input, prologue, output, epilogue| {
            let output = (Shared::new(output), epilogue);
            in_fours(Convolution { most, size, weights, input: (input, prologue), output });
        });
    }
}
