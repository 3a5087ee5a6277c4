//! Each operation equals its definition, computed directly in `f64`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use hersenscan_kernels::{Epilogue, Prologue, Size, Weights, bias_gradient, convolve, weight_gradient};
use support::convolution::{check_convolution, check_weight_gradient, error, pairs, sizes};
use support::numbers;

#[test]
fn a_convolution_equals_its_definition() {
    check_convolution(convolve);
}

#[test]
fn turned_weights_give_the_gradient_to_the_input() {
    for size in sizes() {
        let Size { batch, inputs, outputs, side } = size;
        let gradient = numbers(batch * outputs * side * side, 1);
        let weights = numbers(outputs * inputs * 9, 2);
        let mut wanted = vec![0.0f64; batch * inputs * side * side];
        pairs(size, |output, input, weight| {
            wanted[input] += f64::from(gradient[output]) * f64::from(weights[weight]);
        });
        let mut got = vec![f32::NAN; wanted.len()];
        let adjoint = Size { inputs: outputs, outputs: inputs, ..size };
        let weights = Weights::adjoint(&weights, outputs, inputs);
        convolve(adjoint, &weights, &gradient, Prologue::Plain, &mut got, Epilogue::default());
        let error = error(&got, &wanted);
        assert!(error < 2e-5, "{size:?}: off by {error:.1e}");
    }
}

#[test]
fn the_gradient_to_the_weights_equals_its_definition() {
    check_weight_gradient(weight_gradient);
}

#[test]
fn the_gradient_to_the_bias_equals_its_definition() {
    for Size { batch, outputs, side, .. } in sizes() {
        let size = [batch, outputs, side];
        let gradient = numbers(batch * outputs * side * side, 2);
        let mut wanted = vec![0.0f64; outputs];
        for (i, &x) in gradient.iter().enumerate() {
            wanted[i / (side * side) % outputs] += f64::from(x);
        }
        let mut got = vec![f32::NAN; outputs];
        bias_gradient(&gradient, batch, &mut got);
        // Sums of numbers around 0 may be small.
        for (got, wanted) in got.iter().zip(&wanted) {
            assert!((f64::from(*got) - wanted).abs() < 1e-3, "{size:?}: {got}, expected {wanted}");
        }
    }
}

/// The same numbers give the same results to the last bit: a resumed training repeats itself.
#[test]
fn results_repeat_bit_for_bit() {
    let size = Size { batch: 6, inputs: 24, outputs: 24, side: 32 };
    let pixels = size.batch * size.side * size.side;
    let (input, gradient) = (numbers(pixels * 24, 1), numbers(pixels * 24, 2));
    let run = || {
        let mut result = vec![0.0; 24 * 24 * 9];
        weight_gradient(size, (&input, Prologue::Plain), (&gradient, Prologue::Plain), &mut result);
        result.iter().map(|x| x.to_bits()).collect::<Vec<_>>()
    };
    let first = run();
    assert!((0..5).all(|_| run() == first));
}

#[test]
#[should_panic(expected = "lengths of input and output")]
fn a_wrong_length_panics() {
    let size = Size { batch: 1, inputs: 1, outputs: 1, side: 4 };
    convolve(size, &Weights::new(&[0.0; 9], 1, 1), &[0.0; 15], Prologue::Plain, &mut [0.0; 16], Epilogue::default());
}
