//! Resampling with vectors of four, as in WebAssembly, even if the processor has longer ones. `tests/` covers the longer ones.

use macerator::WithSimd;

use super::*;
use crate::simd;
use crate::support::resampling::check_resampling;

/// [`resample`], without the rearrangements.
struct Resample<'a> {
    kind: Resampling,
    side: usize,
    input: &'a [f32],
    output: &'a mut [f32],
}

impl WithSimd for Resample<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self) {
        let Self { kind, side, input, output } = self;
        let to = kind.side(side) * kind.side(side);
        let mut line = vec![0.0; 2 * side + 2];
        for (input, output) in input.chunks_exact(side * side).zip(output.chunks_exact_mut(to)) {
            match kind {
                Resampling::Double => double_impl::<S>(side, input, output, &mut line),
                Resampling::DoubleAdjoint => double_adjoint_impl::<S>(side, input, output, &mut line),
                Resampling::Halve => halve_impl::<S>(side, input, output),
                Resampling::HalveAdjoint => halve_adjoint_impl::<S>(side, input, output),
                _ => unreachable!("a rearrangement"),
            }
        }
    }
}

/// Splits a row into even and odd values: the only part of rearrangements that uses vectors.
struct Divide<'a> {
    row: &'a [f32],
    even: &'a mut [f32],
    odd: &'a mut [f32],
}

impl WithSimd for Divide<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self) {
        divide_impl::<S>(self.row, self.even, self.odd);
    }
}

#[test]
fn resampling_by_vectors_of_four_equals_its_definition() {
    check_resampling(&[Resampling::Double, Resampling::Halve], |kind, side, input, output| {
        simd::in_fours(Resample { kind, side, input, output });
    });
}

#[test]
fn a_row_is_divided_by_vectors_of_four() {
    for half in [4, 8, 10, 12] {
        let row: Vec<f32> = (0..2 * half).map(|i| i as f32).collect();
        let (mut even, mut odd) = (vec![f32::NAN; half], vec![f32::NAN; half]);
        simd::in_fours(Divide { row: &row, even: &mut even, odd: &mut odd });
        let every_second = |first: usize| row[first..].iter().step_by(2).copied().collect::<Vec<_>>();
        assert_eq!((even, odd), (every_second(0), every_second(1)));
    }
}
