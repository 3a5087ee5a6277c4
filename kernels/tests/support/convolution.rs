//! A convolution and its gradients by their definition, computed directly in `f64`.

use hersenscan_kernels::{Epilogue, Modulation, Prologue, Size, Weights};

use super::numbers;

pub const SLOPE: f32 = 0.2;

pub fn apply_prologue(prologue: Prologue, values: &[f32]) -> Vec<f64> {
    let slope = |positive: bool| if positive { 1.0 } else { f64::from(SLOPE) };
    values
        .iter()
        .enumerate()
        .map(|(i, &x)| match prologue {
            Prologue::Plain => f64::from(x),
            Prologue::Leaky(_) => f64::from(x) * slope(x > 0.0),
            Prologue::Slope { at, .. } => f64::from(x) * slope(at[i] > 0.0),
        })
        .collect()
}

/// Calls `visit` with the indices of each output, and of each input and weight whose product is part of it.
pub fn pairs(size: Size, mut visit: impl FnMut(usize, usize, usize)) {
    let Size { batch, inputs, outputs, side } = size;
    for (image, output, input) in
        (0..batch).flat_map(|b| (0..outputs).flat_map(move |o| (0..inputs).map(move |i| (b, o, i))))
    {
        for (y, x) in (0..side).flat_map(|y| (0..side).map(move |x| (y, x))) {
            for (ky, kx) in (0..3).flat_map(|ky| (0..3).map(move |kx| (ky, kx))) {
                let (from_y, from_x) = (y + ky, x + kx);
                if (1..=side).contains(&from_y) && (1..=side).contains(&from_x) {
                    visit(
                        ((image * outputs + output) * side + y) * side + x,
                        ((image * inputs + input) * side + from_y - 1) * side + from_x - 1,
                        ((output * inputs + input) * 3 + ky) * 3 + kx,
                    );
                }
            }
        }
    }
}

/// The largest difference, relative to the largest value.
pub fn error(got: &[f32], wanted: &[f64]) -> f64 {
    assert_eq!(got.len(), wanted.len());
    assert!(got.iter().all(|x| x.is_finite()));
    let largest = wanted.iter().fold(1e-9f64, |most, x| most.max(x.abs()));
    got.iter().zip(wanted).map(|(&got, wanted)| (f64::from(got) - wanted).abs()).fold(0.0, f64::max) / largest
}

/// Sizes of the presets' layers, and others: odd channels, one image and several, one tile and several.
pub fn sizes() -> Vec<Size> {
    let size = |batch, inputs, outputs, side| Size { batch, inputs, outputs, side };
    vec![
        size(1, 1, 1, 4),
        size(1, 192, 192, 4),
        size(5, 128, 96, 4),
        size(21, 7, 3, 4),
        size(1, 5, 44, 4),
        size(2, 5, 44, 4),
        size(1, 160, 128, 8),
        size(3, 24, 33, 8),
        size(2, 96, 96, 16),
        size(1, 5, 17, 12),
        size(2, 48, 48, 32),
        size(1, 24, 2, 64),
        size(1, 2, 24, 64),
        size(2, 3, 5, 20),
        size(1, 16, 16, 128),
        size(1, 64, 64, 32),
        size(1, 32, 32, 64),
        size(1, 24, 24, 128),
        size(1, 2, 3, 128),
    ]
}

/// Checks that `convolve` equals the definition of a convolution, at all [`sizes`].
pub fn check_convolution(convolve: impl Fn(Size, &Weights, &[f32], Prologue, &mut [f32], Epilogue)) {
    for size in sizes() {
        let Size { batch, inputs, outputs, side } = size;
        let pixels = side * side;
        let input = numbers(batch * inputs * pixels, 1);
        let weights = numbers(outputs * inputs * 9, 2);
        let at = numbers(input.len(), 3);
        let bias = numbers(outputs, 4);
        let residual = numbers(batch * outputs * pixels, 5);
        let out_at = numbers(batch * outputs * pixels, 6);
        let (style, noise, grain) = (numbers(batch * outputs * 2, 7), numbers(batch * pixels, 8), numbers(outputs, 9));
        let modulation = Modulation { style: &style, noise: &noise, grain: &grain };
        let transformed = Weights::new(&weights, outputs, inputs);
        let prologues = [Prologue::Plain, Prologue::Leaky(SLOPE), Prologue::Slope { at: &at, slope: SLOPE }];
        let epilogues = [
            Epilogue::default(),
            Epilogue { bias: Some(&bias), residual: Some(&residual), ..Default::default() },
            Epilogue {
                bias: Some(&bias),
                modulation: Some(modulation),
                slope: Some((&out_at, SLOPE)),
                residual: Some(&residual),
            },
        ];
        for (prologue, epilogue) in prologues.into_iter().zip(epilogues) {
            let read = apply_prologue(prologue, &input);
            let mut wanted = vec![0.0f64; batch * outputs * pixels];
            pairs(size, |output, input, weight| wanted[output] += read[input] * f64::from(weights[weight]));
            for (i, value) in wanted.iter_mut().enumerate() {
                let (plane, pixel) = (i / pixels, i % pixels);
                let (image, channel) = (plane / outputs, plane % outputs);
                *value += epilogue.bias.map_or(0.0, |bias| f64::from(bias[channel]));
                if epilogue.modulation.is_some() {
                    let style = &style[image * 2 * outputs..];
                    *value *= f64::from(style[channel]) + 1.0;
                    *value += f64::from(style[outputs + channel]);
                    *value += f64::from(noise[image * pixels + pixel]) * f64::from(grain[channel]);
                }
                if let Some((at, slope)) = epilogue.slope {
                    *value *= if at[i] > 0.0 { 1.0 } else { f64::from(slope) };
                }
                *value += epilogue.residual.map_or(0.0, |residual| f64::from(residual[i]));
            }
            let mut got = vec![f32::NAN; wanted.len()];
            convolve(size, &transformed, &input, prologue, &mut got, epilogue);
            let error = error(&got, &wanted);
            assert!(error < 2e-5, "{size:?}, {prologue:.0?}: off by {error:.1e}");
        }
    }
}

/// Checks that `weight_gradient` equals the definition of the gradient, at all [`sizes`].
pub fn check_weight_gradient(weight_gradient: impl Fn(Size, (&[f32], Prologue), (&[f32], Prologue), &mut [f32])) {
    for size in sizes() {
        let Size { batch, inputs, outputs, side } = size;
        let input = numbers(batch * inputs * side * side, 1);
        let gradient = numbers(batch * outputs * side * side, 2);
        let at = numbers(gradient.len(), 3);
        let slope = Prologue::Slope { at: &at, slope: SLOPE };
        for (prologue, gradient_prologue) in [(Prologue::Plain, Prologue::Plain), (Prologue::Leaky(SLOPE), slope)] {
            let (read, left) = (apply_prologue(prologue, &input), apply_prologue(gradient_prologue, &gradient));
            let mut wanted = vec![0.0f64; outputs * inputs * 9];
            pairs(size, |output, input, weight| wanted[weight] += left[output] * read[input]);
            let mut got = vec![f32::NAN; wanted.len()];
            weight_gradient(size, (&input, prologue), (&gradient, gradient_prologue), &mut got);
            let error = error(&got, &wanted);
            assert!(error < 2e-5, "{size:?}, {prologue:.0?}: off by {error:.1e}");
        }
    }
}
