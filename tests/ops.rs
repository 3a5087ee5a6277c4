//! The operations of `src/gan/ops` equal those composed of burn's own, at the sizes of every preset, gradients included.
#![cfg(feature = "train")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use burn::tensor::activation::{leaky_relu, relu6};
use burn::tensor::module::{avg_pool2d, conv2d, interpolate};
use burn::tensor::ops::{AvgPoolOptions, ConvOptions, InterpolateMode, InterpolateOptions};
use burn::tensor::{DType, Device, Tensor, TensorData};
use hersenscan::gan::layers::{SLOPE, double, enlarge};
use hersenscan::gan::ops::{
    Resampling, convolve, convolve_adjoint, convolve_modulated, pointwise, pointwise_adjoint, resample, slope_at,
};
use hersenscan::gan::preset::{CHANNELS, LATENT, PRESETS};
use hersenscan::gan::random::{Purpose, Stream};
use hersenscan::gan::{noise, ops};

/// Largest difference, relative to the largest value.
const TOLERANCE: f32 = 2e-5;

fn random<const D: usize>(shape: [usize; D], stream: &mut Stream, device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(stream.normals(shape.iter().product()), shape), device)
}

fn assert_equal<const D: usize>(name: &str, got: Tensor<D>, wanted: Tensor<D>) {
    assert_eq!(got.dims(), wanted.dims(), "{name}");
    let values = |tensor: Tensor<D>| tensor.into_data().iter::<f32>().collect::<Vec<_>>();
    let (got, wanted) = (values(got), values(wanted));
    let largest = wanted.iter().fold(0f32, |most, x| most.max(x.abs()));
    for (i, (got, wanted)) in got.iter().zip(&wanted).enumerate() {
        assert!((got - wanted).abs() <= TOLERANCE * largest, "{name}[{i}]: {got}, expected {wanted} of {largest}");
    }
}

/// Channels in, channels out and side of the 3 x 3 convolutions of a preset.
fn layers() -> Vec<[usize; 3]> {
    let mut layers: Vec<[usize; 3]> = PRESETS
        .iter()
        .flat_map(|preset| {
            let stages = preset.widths.iter().enumerate().map(|(i, &width)| [width, width, 4 << i]);
            let (last, side) = (preset.widths[preset.widths.len() - 1], preset.size());
            stages.chain([[CHANNELS, last, side], [last, CHANNELS, side]]).collect::<Vec<_>>()
        })
        .collect();
    layers.sort_unstable();
    layers.dedup();
    layers
}

fn same_side() -> ConvOptions<2> {
    ConvOptions::new([1, 1], [1, 1], [1, 1], 1)
}

/// `convolve`, composed of burn's operations.
fn convolve_plainly(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    residual: Option<Tensor<4>>,
    activated: bool,
) -> Tensor<4> {
    let y = conv2d(if activated { leaky_relu(x, SLOPE) } else { x }, weight, bias, same_side());
    residual.into_iter().fold(y, |y, residual| y + residual)
}

/// `convolve_adjoint`, composed of burn's operations.
fn adjoint_plainly(
    gradient: Tensor<4>,
    weight: Tensor<4>,
    at: Option<Tensor<4>>,
    residual: Option<Tensor<4>>,
) -> Tensor<4> {
    let y = conv2d(gradient, weight.swap_dims(0, 1).flip([2, 3]), None, same_side());
    let y = at.iter().fold(y, |y, at| y * slope_at(at));
    residual.into_iter().fold(y, |y, residual| y + residual)
}

#[test]
fn a_depthwise_convolution_and_its_gradient_equal_those_of_burn() {
    let tape = Device::flex().autodiff();
    for (case, (side, kernel, stride)) in [(8, 3, 1), (8, 3, 2), (16, 5, 1), (12, 5, 2)].into_iter().enumerate() {
        let mut stream = Stream::new(Purpose::Step, 11, case as u64);
        let x = (random([2, 5, side, side], &mut stream, &Device::flex()) * 4.0).into_data();
        let weight = random([5, 1, kernel, kernel], &mut stream, &tape).set_require_grad(false);
        let bias = random([5], &mut stream, &tape).set_require_grad(false);
        let factors = random([2, 5, side / stride, side / stride], &mut stream, &tape);
        let run = |operation: &dyn Fn(Tensor<4>) -> Tensor<4>| {
            let x = Tensor::<4>::from_data(x.clone(), &tape).require_grad();
            let y = operation(x.clone());
            let gradients = (y.clone() * factors.clone()).sum().backward();
            (y.inner(), x.grad(&gradients).expect("a gradient"))
        };
        let before = (kernel - stride) / 2;
        let plainly = |x: Tensor<4>| {
            let mut options = ConvOptions::new([stride; 2], [0, 0], [1, 1], 5);
            options.padding = [(before, kernel - stride - before); 2];
            relu6(conv2d(relu6(x), weight.clone(), Some(bias.clone()), options))
        };
        let (got, got_gradient) = run(&|x| ops::depthwise(x, weight.clone(), bias.clone(), stride));
        let (wanted, wanted_gradient) = run(&plainly);
        let name = format!("side {side}, kernel {kernel}, stride {stride}");
        assert_equal(&name, got, wanted);
        assert_equal(&format!("gradient, {name}"), got_gradient, wanted_gradient);
    }
}

#[test]
fn a_convolution_and_its_gradients_equal_those_of_burn() {
    let tape = Device::flex().autodiff();
    for (case, [inputs, outputs, side]) in layers().into_iter().enumerate() {
        // Each kind of call several times over all layers; one image at the largest sizes.
        let (activated, has_bias, has_residual) = (case % 2 == 0, case % 3 != 0, case % 5 < 3);
        let batch = if side < 64 { 2 } else { 1 };
        let mut stream = Stream::new(Purpose::Weights, case as u64, 0);
        let x = random([batch, inputs, side, side], &mut stream, &tape).require_grad();
        let weight = random([outputs, inputs, 3, 3], &mut stream, &tape).require_grad();
        let bias = random([outputs], &mut stream, &tape).require_grad();
        let residual = random([batch, outputs, side, side], &mut stream, &tape).require_grad();
        let factor = random([batch, outputs, side, side], &mut stream, &tape);
        let run = |convolve: fn(_, _, _, _, _) -> Tensor<4>| {
            let bias = has_bias.then(|| bias.clone());
            let residual = has_residual.then(|| residual.clone());
            let y = convolve(x.clone(), weight.clone(), bias, residual, activated);
            let grads = (y.clone() * factor.clone()).sum().backward();
            (y.inner(), grads)
        };
        let ((y, grads), (wanted, wanted_grads)) = (run(convolve), run(convolve_plainly));
        let name = |what| format!("{what} of {inputs} to {outputs} channels at {side} px, case {case}");
        assert_equal(&name("output"), y, wanted);
        assert_equal(&name("gradient to x"), x.grad(&grads).unwrap(), x.grad(&wanted_grads).unwrap());
        assert_equal(&name("to weight"), weight.grad(&grads).unwrap(), weight.grad(&wanted_grads).unwrap());
        assert_eq!(bias.grad(&grads).is_some(), has_bias);
        if has_bias {
            assert_equal(&name("to bias"), bias.grad(&grads).unwrap(), bias.grad(&wanted_grads).unwrap());
        }
        assert_eq!(residual.grad(&grads).is_some(), has_residual);
        if has_residual {
            assert_equal(&name("to residual"), residual.grad(&grads).unwrap(), residual.grad(&wanted_grads).unwrap());
        }
    }
}

#[test]
fn an_adjoint_and_its_gradients_equal_those_of_burn() {
    let tape = Device::flex().autodiff();
    for (case, [inputs, outputs, side]) in layers().into_iter().enumerate() {
        let (has_slope, has_residual) = (case % 3 != 0, case % 2 == 0);
        let batch = if side < 64 { 2 } else { 1 };
        let mut stream = Stream::new(Purpose::Weights, case as u64, 1);
        let gradient = random([batch, outputs, side, side], &mut stream, &tape).require_grad();
        let weight = random([outputs, inputs, 3, 3], &mut stream, &tape).require_grad();
        let at = random([batch, inputs, side, side], &mut stream, &tape);
        let residual = random([batch, inputs, side, side], &mut stream, &tape).require_grad();
        let factor = random([batch, inputs, side, side], &mut stream, &tape);
        let run = |adjoint: fn(_, _, _, _) -> Tensor<4>| {
            let at = has_slope.then(|| at.clone());
            let residual = has_residual.then(|| residual.clone());
            let y = adjoint(gradient.clone(), weight.clone(), at, residual);
            let grads = (y.clone() * factor.clone()).sum().backward();
            (y.inner(), grads)
        };
        let ((y, grads), (wanted, wanted_grads)) = (run(convolve_adjoint), run(adjoint_plainly));
        let name = |what| format!("{what} of {outputs} to {inputs} channels at {side} px, case {case}");
        assert_equal(&name("output"), y, wanted);
        let of = |tensor: &Tensor<4>| (tensor.grad(&grads), tensor.grad(&wanted_grads));
        for (what, tensor, expected) in
            [("to gradient", &gradient, true), ("to weight", &weight, true), ("to residual", &residual, has_residual)]
        {
            match of(tensor) {
                (Some(got), Some(wanted)) if expected => assert_equal(&name(what), got, wanted),
                (None, None) if !expected => {}
                _ => panic!("{}: missing or unexpected", name(what)),
            }
        }
    }
}

/// Runs an operation and its composition of burn's on the same inputs, and compares outputs and gradients.
fn assert_same<const N: usize, const D: usize>(
    name: &str,
    inputs: [Tensor<D>; N],
    ours: impl Fn([Tensor<D>; N]) -> Tensor<4>,
    burns: impl Fn([Tensor<D>; N]) -> Tensor<4>,
) {
    let inputs = inputs.map(Tensor::require_grad);
    let run = |operation: &dyn Fn([Tensor<D>; N]) -> Tensor<4>| {
        let y = operation(inputs.clone());
        let mut stream = Stream::new(Purpose::Weights, 9, 9);
        let factor = random(y.dims(), &mut stream, &y.device()).cast(y.dtype());
        let grads = (y.clone() * factor).sum().backward();
        (y.inner(), inputs.each_ref().map(|input| input.grad(&grads).expect("a gradient")))
    };
    let ((y, grads), (wanted, wanted_grads)) = (run(&ours), run(&burns));
    assert_equal(&format!("{name}, output"), y, wanted);
    for (i, (got, wanted)) in grads.into_iter().zip(wanted_grads).enumerate() {
        assert_equal(&format!("{name}, gradient {i}"), got, wanted);
    }
}

#[test]
fn pointwise_convolutions_and_their_gradients_equal_those_of_burn() {
    let tape = Device::flex().autodiff();
    let mut stream = Stream::new(Purpose::Weights, 1, 3);
    let plain = ConvOptions::new([1, 1], [0, 0], [1, 1], 1);
    for preset in PRESETS {
        for (i, pair) in preset.widths.windows(2).enumerate() {
            let ([narrow, wide], side) = ([pair[0], pair[1]], 4 << i);
            let name = format!("{narrow} to {wide} channels at {side} px");
            let weight = random([wide, narrow, 1, 1], &mut stream, &tape);
            let x = random([2, narrow, side, side], &mut stream, &tape);
            let bias = random([1, wide, 1, 1], &mut stream, &tape);
            assert_same(
                &name,
                [x.clone(), weight.clone(), bias],
                |[x, weight, bias]| pointwise(x, weight, bias.reshape([-1])),
                |[x, weight, bias]| conv2d(x, weight, Some(bias.reshape([-1])), plain.clone()),
            );
            let gradient = random([2, wide, side, side], &mut stream, &tape);
            assert_same(
                &format!("adjoint of {name}"),
                [gradient, weight],
                |[gradient, weight]| pointwise_adjoint(gradient, weight),
                |[gradient, weight]| conv2d(gradient, weight.swap_dims(0, 1), None, plain.clone()),
            );
        }
    }
}

#[test]
fn a_normalisation_and_its_gradients_equal_those_of_burn() {
    let tape = Device::flex().autodiff();
    let mut stream = Stream::new(Purpose::Weights, 4, 2);
    let group = 4;
    let standardised = |x: Tensor<4>| {
        let x = x.clone() - x.mean_dims(&[0, 2, 3]);
        let variance = x.clone().square().mean_dims(&[0, 2, 3]);
        x / (variance + 1e-5).sqrt()
    };
    for (rows, side) in [(8, 8), (4, 16), (7, 4), (3, 4)] {
        let x = random([rows, 5, side, side], &mut stream, &tape);
        let [scale, shift] = [(); 2].map(|()| random([1, 5, 1, 1], &mut stream, &tape));
        assert_same(
            &format!("{rows} rows"),
            [x, scale, shift],
            |[x, scale, shift]| ops::normalise(x, scale.reshape([-1]), shift.reshape([-1]), group),
            |[x, scale, shift]| {
                let parts = (0..rows).step_by(group).map(|first| x.clone().narrow(0, first, group.min(rows - first)));
                let y = Tensor::cat(parts.map(standardised).collect(), 0);
                leaky_relu(y * scale + shift, SLOPE)
            },
        );
    }
}

#[test]
fn a_modulated_convolution_and_its_gradients_equal_those_of_burn() {
    let device = Device::flex();
    let tape = device.clone().autodiff();
    let mut stream = Stream::new(Purpose::Weights, 1, 4);
    for (channels, side) in [(128, 4), (128, 8), (96, 16), (48, 32), (24, 64), (7, 12)] {
        let x = random([3, channels, side, side], &mut stream, &tape);
        let weight = random([channels, channels, 3, 3], &mut stream, &tape);
        let bias = random([1, channels, 1, 1], &mut stream, &tape);
        let style = random([3, 2 * channels, 1, 1], &mut stream, &tape);
        let noise = random([3, 1, side, side], &mut stream, &tape);
        let grain = random([1, channels, 1, 1], &mut stream, &tape);
        let ours = |[x, weight, bias, style, noise, grain]: [Tensor<4>; 6]| {
            let style = style.reshape([3, 2 * channels]);
            convolve_modulated(x, weight, bias.reshape([-1]), style, noise, grain.reshape([-1]))
        };
        let burns = |[x, weight, bias, style, noise, grain]: [Tensor<4>; 6]| {
            let y = convolve_plainly(x, weight, Some(bias.reshape([-1])), None, true);
            y * (style.clone().narrow(1, 0, channels) + 1.0) + style.narrow(1, channels, channels) + noise * grain
        };
        let inputs = [x, weight, bias, style, noise, grain];
        // Off the tape everything is done while the convolution writes its output.
        let plain = inputs.clone().map(Tensor::inner);
        assert_equal(&format!("{channels} channels at {side} px"), ours(plain.clone()), burns(plain));
        assert_same(&format!("{channels} channels at {side} px, on the tape"), inputs, ours, burns);
    }
}

#[test]
fn resampling_and_its_gradients_equal_those_of_burn() {
    let tape = Device::flex().autodiff();
    let mut stream = Stream::new(Purpose::Weights, 1, 5);
    for side in [4, 8, 16, 32, 64] {
        let x = random([2, 3, side, side], &mut stream, &tape);
        let interpolated = |mode, x: Tensor<4>| {
            let options = InterpolateOptions::new(mode).with_align_corners(false);
            interpolate(x, options.with_output_size([2 * side, 2 * side]))
        };
        let ours = |kind| move |[x]: [Tensor<4>; 1]| resample(&x, kind).expect("an operation of the CPU backend");
        let name = |what: &str| format!("{what} {side} px");
        assert_same(&name("double"), [x.clone()], ours(Resampling::Double), |[x]| {
            interpolated(InterpolateMode::Bilinear, x)
        });
        assert_same(&name("halve"), [x.clone()], ours(Resampling::Halve), |[x]| {
            avg_pool2d(x, AvgPoolOptions::new([2, 2]))
        });
        assert_same(&name("spread"), [x], ours(Resampling::HalveAdjoint), |[x]| {
            interpolated(InterpolateMode::Nearest, x) * 0.25
        });
    }
}

#[test]
fn leaky_relu_and_its_gradient_equal_those_of_burn() {
    let tape = Device::flex().autodiff();
    let mut stream = Stream::new(Purpose::Weights, 1, 6);
    for shape in [[2, 3, 8, 8], [1, 5, 4, 7]] {
        let x = random(shape, &mut stream, &tape);
        assert_same("LeakyReLU", [x.clone()], |[x]| ops::leaky(x), |[x]| leaky_relu(x, SLOPE));
        // Not in the order of its values.
        let turned = |[x]: [Tensor<4>; 1]| ops::leaky(x.swap_dims(1, 3));
        assert_same("LeakyReLU of turned values", [x], turned, |[x]| leaky_relu(x.swap_dims(1, 3), SLOPE));
    }
}

#[test]
fn noise_and_its_gradient_equal_the_product_with_the_matrix() {
    let tape = Device::flex().autodiff();
    let mut stream = Stream::new(Purpose::Weights, 9, 2);
    for side in [4, 8, 32, 128] {
        let latent = random([2, LATENT], &mut stream, &tape);
        let signs = noise::signs(side, &tape);
        let ours = |[latent]: [Tensor<2>; 1]| ops::noise(latent, side, None);
        let product = |[latent]: [Tensor<2>; 1]| latent.matmul(signs.clone()).reshape([2, 1, side, side]);
        assert_same(&format!("noise {side} px"), [latent], ours, product);
    }
}

/// Weights that changed are transformed anew.
#[test]
fn weights_that_change_in_place_are_seen() {
    let device = Device::flex();
    let mut stream = Stream::new(Purpose::Weights, 10, 2);
    let x = random([1, 4, 8, 8], &mut stream, &device);
    let mut weight = random([3, 4, 3, 3], &mut stream, &device);
    for round in 0..3 {
        let got = convolve(x.clone(), weight.clone(), None, None, false);
        assert_equal(&format!("round {round}"), got, convolve_plainly(x.clone(), weight.clone(), None, None, false));
        // burn computes in place if nothing else holds the tensor.
        weight = weight * 0.5 + 0.1;
    }
}

/// Frozen weights get no gradient, but layers before them do.
#[test]
fn frozen_weights_get_no_gradient() {
    let tape = Device::flex().autodiff();
    let mut stream = Stream::new(Purpose::Weights, 7, 2);
    let x = random([2, 3, 8, 8], &mut stream, &tape).require_grad();
    let weight = random([5, 3, 3, 3], &mut stream, &tape);
    let grads = convolve(x.clone(), weight.clone(), None, None, true).sum().backward();
    assert!(x.grad(&grads).is_some() && weight.grad(&grads).is_none());
    let x = random([2, 3, 8, 8], &mut stream, &tape);
    let weight = weight.require_grad();
    let grads = convolve(x.clone(), weight.clone(), None, None, true).sum().backward();
    assert!(x.grad(&grads).is_none() && weight.grad(&grads).is_some());
}

/// A view of a tensor, whose values are not in order, gives the same as a copy.
#[test]
fn views_are_read_in_order() {
    let device = Device::flex();
    let mut stream = Stream::new(Purpose::Weights, 8, 2);
    let x = random([4, 2, 8, 8], &mut stream, &device);
    let weight = random([3, 4, 3, 3], &mut stream, &device);
    let view = x.clone().swap_dims(0, 1);
    let copy = Tensor::from_data(view.clone().into_data(), &device);
    assert_equal(
        "view",
        convolve(view, weight.clone(), None, None, false),
        convolve_plainly(copy, weight, None, None, false),
    );
}

/// Other backends than the CPU's on 32-bit floats take these ways.
#[test]
fn composed_doubling_and_noise_equal_products_with_matrices() {
    let device = Device::flex();
    let mut stream = Stream::new(Purpose::Weights, 2, 3);
    for side in [4, 8, 32] {
        let x = random([2, 3, side, side], &mut stream, &device).cast(DType::F64);
        assert_equal(&format!("double {side} px"), double(x.clone()), enlarge(x.clone(), 2 * side));
        // The device decides which way is taken.
        let x = Tensor::from_data(x.into_data(), (&Device::flex().autodiff(), DType::F64));
        assert_same(&format!("double {side} px with gradients"), [x], |[x]| double(x), |[x]| enlarge(x, 2 * side));
        let latent = random([3, LATENT], &mut stream, &device).cast(DType::F64);
        let product = latent.clone().matmul(noise::signs(side, &device).cast(DType::F64)).reshape([3, 1, side, side]);
        assert_equal(&format!("noise {side} px"), ops::noise(latent, side, None), product);
    }
}
