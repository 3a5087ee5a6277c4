//! 1 x 1 and depthwise convolution, resampling, modulation, normalisation and signed sums equal their definitions, computed directly in
//! `f64`; gradients equal differences.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use hersenscan_kernels::{
    Depthwise, Direction, Modulation, Normalisation, Resampling, SUMMANDS, Size, depthwise, depthwise_gradient,
    pointwise, pointwise_weight_gradient, resample, signed_sums, signed_sums_gradient,
};
use support::resampling::check_resampling;
use support::{assert_close, numbers};

#[test]
fn pointwise_convolutions_and_their_gradients_equal_their_definition() {
    for (batch, inputs, outputs, side) in
        [(1, 128, 96, 4), (3, 24, 48, 32), (2, 5, 7, 12), (5, 1, 1, 4), (1, 16, 33, 64)]
    {
        let (size, pixels) = (Size { batch, inputs, outputs, side }, side * side);
        let (input, gradient) = (numbers(batch * inputs * pixels, 1), numbers(batch * outputs * pixels, 2));
        let (weights, bias) = (numbers(outputs * inputs, 3), numbers(outputs, 4));
        let mut wanted: Vec<f64> =
            (0..batch * outputs * pixels).map(|i| f64::from(bias[i / pixels % outputs])).collect();
        let mut to_input = vec![0.0f64; input.len()];
        let mut to_weights = vec![0.0f64; weights.len()];
        for image in 0..batch {
            for (o, i) in (0..outputs).flat_map(|o| (0..inputs).map(move |i| (o, i))) {
                let weight = f64::from(weights[o * inputs + i]);
                for pixel in 0..pixels {
                    let (from, to) = ((image * inputs + i) * pixels + pixel, (image * outputs + o) * pixels + pixel);
                    wanted[to] += weight * f64::from(input[from]);
                    to_input[from] += weight * f64::from(gradient[to]);
                    to_weights[o * inputs + i] += f64::from(gradient[to]) * f64::from(input[from]);
                }
            }
        }
        let mut got = vec![f32::NAN; wanted.len()];
        pointwise(size, &weights, Direction::Forward, &input, Some(&bias), &mut got);
        assert_close("output", &got, &wanted, 1e-5);
        let mut got = vec![f32::NAN; to_input.len()];
        pointwise(size, &weights, Direction::Adjoint, &gradient, None, &mut got);
        assert_close("gradient to input", &got, &to_input, 1e-5);
        let mut got = vec![f32::NAN; to_weights.len()];
        pointwise_weight_gradient(size, &input, &gradient, &mut got);
        assert_close("gradient to weights", &got, &to_weights, 1e-5);
    }
}

#[test]
fn resampling_equals_its_definition_and_adjoints_fit() {
    let kinds = [Resampling::Double, Resampling::Halve, Resampling::Unshuffle, Resampling::Patches];
    check_resampling(&kinds, resample);
}

#[test]
fn a_modulation_and_its_gradients_equal_their_definition() {
    let (batch, channels, pixels) = (3, 5, 36);
    let x = numbers(batch * channels * pixels, 1);
    let (style, noise, grain) = (numbers(batch * 2 * channels, 2), numbers(batch * pixels, 3), numbers(channels, 4));
    let apply = |x: &[f32], style: &[f32], noise: &[f32], grain: &[f32]| -> Vec<f64> {
        (0..batch * channels * pixels)
            .map(|i| {
                let (image, channel, pixel) = (i / pixels / channels, i / pixels % channels, i % pixels);
                let style = &style[image * 2 * channels..];
                f64::from(x[i]) * (f64::from(style[channel]) + 1.0)
                    + f64::from(style[channels + channel])
                    + f64::from(noise[image * pixels + pixel]) * f64::from(grain[channel])
            })
            .collect()
    };
    let modulation = Modulation { style: &style, noise: &noise, grain: &grain };
    let mut got = vec![f32::NAN; x.len()];
    modulation.apply(&x, &mut got);
    assert_close("output", &got, &apply(&x, &style, &noise, &grain), 1e-6);

    let output = numbers(x.len(), 5);
    let loss = |x: &[f32], style: &[f32], noise: &[f32], grain: &[f32]| -> f64 {
        apply(x, style, noise, grain).iter().zip(&output).map(|(y, &factor)| y * f64::from(factor)).sum()
    };
    let (mut to_x, mut to_style, mut to_grain) =
        (vec![f32::NAN; x.len()], vec![f32::NAN; style.len()], vec![f32::NAN; channels]);
    modulation.gradients(&x, &output, &mut to_x, &mut to_style, &mut to_grain);
    // The loss is linear in each value, so a difference of 1 is exact up to rounding.
    let differences = |values: &[f32], loss: &dyn Fn(&[f32]) -> f64| -> Vec<f64> {
        let before = loss(values);
        (0..values.len())
            .map(|i| {
                let mut moved = values.to_vec();
                moved[i] += 1.0;
                (loss(&moved) - before) / (f64::from(moved[i]) - f64::from(values[i]))
            })
            .collect()
    };
    assert_close("to x", &to_x, &differences(&x, &|x| loss(x, &style, &noise, &grain)), 1e-5);
    assert_close("to style", &to_style, &differences(&style, &|style| loss(&x, style, &noise, &grain)), 1e-5);
    assert_close("to grain", &to_grain, &differences(&grain, &|grain| loss(&x, &style, &noise, grain)), 1e-5);
    let to_noise = modulation.noise_gradient(&output);
    assert_close("to noise", &to_noise, &differences(&noise, &|noise| loss(&x, &style, noise, &grain)), 1e-5);
}

#[test]
fn a_normalisation_and_its_gradients_equal_their_definition() {
    let (channels, pixels, epsilon, slope) = (3, 16, 1e-5, 0.2);
    for (batch, group) in [(4, 4), (7, 4), (3, 4), (8, 4), (1, 4), (5, 2)] {
        let x = numbers(batch * channels * pixels, 1);
        let (scale, shift) = (numbers(channels, 2), numbers(channels, 3));
        let apply = |x: &[f64], scale: &[f64], shift: &[f64]| -> Vec<f64> {
            let mut result = vec![0.0; x.len()];
            for (images, channel) in (0..batch).step_by(group).flat_map(|first| (0..channels).map(move |c| (first, c)))
            {
                let images = images..(images + group).min(batch);
                let places: Vec<usize> =
                    images.flat_map(|i| (0..pixels).map(move |p| (i * channels + channel) * pixels + p)).collect();
                let mean = places.iter().map(|&at| x[at]).sum::<f64>() / places.len() as f64;
                let variance = places.iter().map(|&at| (x[at] - mean).powi(2)).sum::<f64>() / places.len() as f64;
                for at in places {
                    let y = (x[at] - mean) / (variance + epsilon).sqrt() * scale[channel] + shift[channel];
                    result[at] = if y > 0.0 { y } else { slope * y };
                }
            }
            result
        };
        let wide = |values: &[f32]| -> Vec<f64> { values.iter().map(|&x| f64::from(x)).collect() };
        let values = [&x, &scale, &shift].map(|values| wide(values));
        let (epsilon, slope) = (epsilon as f32, slope as f32);
        let normalisation = Normalisation { group, pixels, scale: &scale, shift: &shift, epsilon, slope };
        let mut got = vec![f32::NAN; x.len()];
        let statistics = normalisation.apply(&x, &mut got);
        assert_close(&format!("output of {batch}"), &got, &apply(&values[0], &values[1], &values[2]), 1e-5);

        let output = numbers(x.len(), 5);
        let (mut to_x, mut to_scale, mut to_shift) =
            (vec![f32::NAN; x.len()], vec![f32::NAN; channels], vec![f32::NAN; channels]);
        normalisation.gradients(&statistics, [&x, &output], &mut to_x, [&mut to_scale, &mut to_shift]);
        for (which, (name, got)) in [("x", to_x), ("scale", to_scale), ("shift", to_shift)].into_iter().enumerate() {
            let loss = |i: usize, step: f64| -> f64 {
                let mut values = values.clone();
                values[which][i] += step;
                let y = apply(&values[0], &values[1], &values[2]);
                y.iter().zip(&output).map(|(y, &factor)| y * f64::from(factor)).sum()
            };
            let wanted: Vec<f64> = (0..got.len()).map(|i| (loss(i, 1e-6) - loss(i, -1e-6)) / 2e-6).collect();
            assert_close(&format!("to {name} of {batch} by {group}"), &got, &wanted, 1e-4);
        }
    }
}

#[test]
fn signed_sums_and_their_gradient_equal_their_definition() {
    let values: [f32; SUMMANDS] = numbers(SUMMANDS, 1).try_into().unwrap();
    let halves = numbers(2 * 300, 2);
    let bits = |x: f32| u64::from(x.to_bits().wrapping_mul(0x9e37_79b9));
    let mut signs: Vec<u64> = halves.chunks(2).map(|pair| bits(pair[0]) << 32 | bits(pair[1])).collect();
    signs.extend([0, u64::MAX, 1, 1 << 63]);
    let sign = |signs: u64, i: usize| if signs >> i & 1 == 1 { 1.0 } else { -1.0 };
    let wanted: Vec<f64> =
        signs.iter().map(|&signs| (0..SUMMANDS).map(|i| sign(signs, i) * f64::from(values[i])).sum()).collect();
    let mut got = vec![f32::NAN; signs.len()];
    signed_sums(&values, &signs, &mut got);
    assert_close("sums", &got, &wanted, 1e-6);
    let output = numbers(signs.len(), 3);
    let gradient: Vec<f64> = (0..SUMMANDS)
        .map(|i| signs.iter().zip(&output).map(|(&signs, &output)| sign(signs, i) * f64::from(output)).sum())
        .collect();
    assert_close("gradient", &signed_sums_gradient(&signs, &output), &gradient, 1e-5);
}

/// ReLU6, a depthwise convolution with `SAME` padding, and ReLU6, with the gradient to the input.
fn depthwise_directly(
    size: Depthwise,
    weights: &[f32],
    bias: &[f32],
    input: &[f32],
    gradient: &[f32],
) -> (Vec<f64>, Vec<f64>) {
    let Depthwise { channels, side, kernel, stride } = size;
    let (out, before) = (side / stride, (kernel - stride) / 2);
    let mut output = vec![0.0; input.len() / (stride * stride)];
    let mut to_input = vec![0.0; input.len()];
    for (to, output) in output.iter_mut().enumerate() {
        let (plane, y, x) = (to / (out * out), to / out % out, to % out);
        let taps = (0..kernel * kernel).filter_map(|tap| {
            let (y, x) = (y * stride + tap / kernel, x * stride + tap % kernel);
            let inside = |at: usize| (before..side + before).contains(&at);
            let from = || (plane * side + y - before) * side + x - before;
            (inside(y) && inside(x)).then(|| (from(), f64::from(weights[plane % channels * kernel * kernel + tap])))
        });
        let taps: Vec<(usize, f64)> = taps.collect();
        let relu6 = |x: f64| x.clamp(0.0, 6.0);
        let sum: f64 = taps.iter().map(|&(from, weight)| relu6(f64::from(input[from])) * weight).sum();
        let before = sum + f64::from(bias[plane % channels]);
        *output = relu6(before);
        if before > 0.0 && before < 6.0 {
            for (from, weight) in taps {
                if input[from] > 0.0 && input[from] < 6.0 {
                    to_input[from] += weight * f64::from(gradient[to]);
                }
            }
        }
    }
    (output, to_input)
}

#[test]
fn depthwise_convolutions_and_their_gradients_equal_their_definition() {
    for (batch, channels, side) in [(1, 3, 2), (2, 5, 8), (3, 2, 14), (1, 40, 16), (2, 3, 64), (1, 1, 130)] {
        for (kernel, stride) in [(3, 1), (3, 2), (5, 1), (5, 2)] {
            let size = Depthwise { channels, side, kernel, stride };
            let scaled = |count, seed, by: f32| numbers(count, seed).into_iter().map(|x| x * by).collect::<Vec<_>>();
            // Some values lie beyond either end of ReLU6.
            let input = scaled(batch * channels * side * side, 1, 8.0);
            let (weights, bias) = (numbers(channels * kernel * kernel, 2), scaled(channels, 3, 2.0));
            let gradient = numbers(input.len() / (stride * stride), 4);
            let (wanted, wanted_gradient) = depthwise_directly(size, &weights, &bias, &input, &gradient);
            let mut output = vec![f32::NAN; wanted.len()];
            depthwise(size, &weights, &bias, &input, &mut output);
            let name = format!("{batch} {size:?}");
            assert_close(&name, &output, &wanted, 1e-5);
            let mut result = vec![f32::NAN; input.len()];
            depthwise_gradient(size, &weights, [&input, &output, &gradient], &mut result);
            assert_close(&format!("gradient, {name}"), &result, &wanted_gradient, 1e-5);
        }
    }
}
