//! The operations on burn's CPU backend.

use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::{Shape, TensorData};
use hersenscan_kernels::{
    self as kernels, Depthwise, Direction, Epilogue, Modulation, Normalisation, Prologue, Resampling, SUMMANDS, Size,
    Weights,
};

use super::transformed::transformed;
use super::{EPSILON, Kernels, Maybe};
use crate::gan::layers::SLOPE;
use crate::gan::noise;

/// Slope of LeakyReLU below zero.
pub const SLOPE_F32: f32 = SLOPE as f32;

impl Kernels for Flex {
    fn convolve(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: Maybe<Self>,
        residual: Maybe<Self>,
        activated: bool,
    ) -> FloatTensor<Self> {
        let size = Size::of(&x, &weight, Direction::Forward);
        let (bias, residual) = (bias.option().map(Values::of), residual.option().map(Values::of));
        let epilogue = Epilogue {
            bias: bias.as_ref().map(Values::get),
            residual: residual.as_ref().map(Values::get),
            ..Default::default()
        };
        run(size, &transformed(weight, Direction::Forward), x, prologue(activated), epilogue)
    }

    fn convolve_modulated(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        style: FloatTensor<Self>,
        noise: FloatTensor<Self>,
        grain: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let size = Size::of(&x, &weight, Direction::Forward);
        let (bias, style, noise, grain) = (Values::of(bias), Values::of(style), Values::of(noise), Values::of(grain));
        let modulation = Modulation { style: style.get(), noise: noise.get(), grain: grain.get() };
        let epilogue = Epilogue { bias: Some(bias.get()), modulation: Some(modulation), ..Default::default() };
        run(size, &transformed(weight, Direction::Forward), x, prologue(true), epilogue)
    }

    fn convolve_adjoint(
        gradient: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        at: Maybe<Self>,
        residual: Maybe<Self>,
    ) -> FloatTensor<Self> {
        let size = Size::of(&gradient, &weight, Direction::Adjoint);
        let (at, residual) = (at.option().map(Values::of), residual.option().map(Values::of));
        let epilogue = Epilogue {
            slope: at.as_ref().map(|at| (at.get(), SLOPE_F32)),
            residual: residual.as_ref().map(Values::get),
            ..Default::default()
        };
        run(size, &transformed(weight, Direction::Adjoint), gradient, Prologue::Plain, epilogue)
    }

    fn pointwise(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: Maybe<Self>,
        direction: Direction,
    ) -> FloatTensor<Self> {
        let size = Size::of(&x, &weight, direction);
        let Size { batch, inputs, outputs, side } = size;
        let bias = bias.option().map(Values::of);
        let mut output = vec![0.0; batch * outputs * side * side];
        // The sizes of the forward direction.
        let sizes = match direction {
            Direction::Forward => size,
            Direction::Adjoint => Size { inputs: outputs, outputs: inputs, ..size },
        };
        let (x, weight) = (Values::of(x), Values::of(weight));
        kernels::pointwise(sizes, weight.get(), direction, x.get(), bias.as_ref().map(Values::get), &mut output);
        tensor(output, [batch, outputs, side, side])
    }

    fn depthwise(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        stride: usize,
    ) -> FloatTensor<Self> {
        let [batch, channels, ..] = x.shape().dims::<4>();
        let (size, [x, weight, bias]) = (depthwise_size(&x, &weight, stride), [x, weight, bias].map(Values::of));
        let side = size.output_side();
        let mut output = vec![0.0; batch * channels * side * side];
        kernels::depthwise(size, weight.get(), bias.get(), x.get(), &mut output);
        tensor(output, [batch, channels, side, side])
    }

    fn leaky(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let shape = x.shape().dims::<4>();
        tensor(kernels::leaky(SLOPE_F32, Values::of(x).get()), shape)
    }

    fn noise(latent: FloatTensor<Self>, side: usize) -> FloatTensor<Self> {
        let (latent, bits) = (Values::of(latent), noise::sign_bits(side));
        let latents = latent.get().as_chunks::<SUMMANDS>().0;
        let mut output = vec![0.0; latents.len() * bits.len()];
        for (latent, output) in latents.iter().zip(output.chunks_exact_mut(bits.len())) {
            kernels::signed_sums(&latent.map(|x| x * noise::PART), bits, output);
        }
        tensor(output, [latents.len(), 1, side, side])
    }

    fn resample(x: FloatTensor<Self>, kind: Resampling) -> FloatTensor<Self> {
        let [batch, channels, side, _] = x.shape().dims();
        let (channels, to) = (kind.channels(channels), kind.side(side));
        let mut output = vec![0.0; batch * channels * to * to];
        kernels::resample(kind, side, Values::of(x).get(), &mut output);
        tensor(output, [batch, channels, to, to])
    }

    fn normalise(
        x: FloatTensor<Self>,
        scale: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        group: usize,
    ) -> FloatTensor<Self> {
        normalised(x, scale, shift, group).0
    }
}

trait OfTensors {
    /// Sizes of a convolution of `x`, `[batch, channels, side, side]`, with `weight`, `[out, in, kernel, kernel]`.
    fn of(x: &FlexTensor, weight: &FlexTensor, direction: Direction) -> Self;
}

impl OfTensors for Size {
    fn of(x: &FlexTensor, weight: &FlexTensor, direction: Direction) -> Self {
        let [batch, _, side, _] = x.shape().dims();
        let [out, inputs, ..] = weight.shape().dims::<4>();
        let (inputs, outputs) = match direction {
            Direction::Forward => (inputs, out),
            Direction::Adjoint => (out, inputs),
        };
        Size { batch, inputs, outputs, side }
    }
}

/// Sizes of a depthwise convolution of `x`, `[batch, channels, side, side]`, with `weight`, `[channels, 1, kernel, kernel]`.
fn depthwise_size(x: &FlexTensor, weight: &FlexTensor, stride: usize) -> Depthwise {
    let ([_, channels, side, _], [.., kernel]) = (x.shape().dims(), weight.shape().dims::<4>());
    Depthwise { channels, side, kernel, stride }
}

/// Gradient of a [depthwise convolution](Kernels::depthwise) to its input `x`, from that to its output `y`.
#[cfg(feature = "train")]
pub fn depthwise_gradient([x, y, gradient]: [FlexTensor; 3], weight: FlexTensor, stride: usize) -> FlexTensor {
    let (shape, size) = (x.shape().dims::<4>(), depthwise_size(&x, &weight, stride));
    let ([x, y, gradient], weight) = ([x, y, gradient].map(Values::of), Values::of(weight));
    let mut result = vec![0.0; x.get().len()];
    kernels::depthwise_gradient(size, weight.get(), [x.get(), y.get(), gradient.get()], &mut result);
    tensor(result, shape)
}

/// The result of [`Kernels::normalise`], and the mean and reciprocal deviation of each channel of each group.
pub fn normalised(x: FlexTensor, scale: FlexTensor, shift: FlexTensor, group: usize) -> (FlexTensor, Vec<[f32; 2]>) {
    let shape = x.shape().dims::<4>();
    let [x, scale, shift] = [x, scale, shift].map(Values::of);
    let mut output = vec![0.0; x.get().len()];
    let statistics = normalisation(shape, group, &scale, &shift).apply(x.get(), &mut output);
    (tensor(output, shape), statistics)
}

/// The normalisation of a tensor of this shape.
pub fn normalisation<'a>(
    [.., side]: [usize; 4],
    group: usize,
    scale: &'a Values,
    shift: &'a Values,
) -> Normalisation<'a> {
    Normalisation {
        group,
        pixels: side * side,
        scale: scale.get(),
        shift: shift.get(),
        epsilon: EPSILON as f32,
        slope: SLOPE_F32,
    }
}

/// How the input of a convolution is read.
pub fn prologue(activated: bool) -> Prologue<'static> {
    if activated { Prologue::Leaky(SLOPE_F32) } else { Prologue::Plain }
}

/// Runs a convolution of `x`.
fn run(size: Size, weights: &Weights, x: FlexTensor, prologue: Prologue, epilogue: Epilogue) -> FlexTensor {
    let mut output = vec![0.0; size.batch * size.outputs * size.side * size.side];
    kernels::convolve(size, weights, Values::of(x).get(), prologue, &mut output, epilogue);
    tensor(output, [size.batch, size.outputs, size.side, size.side])
}

/// A convolution without bias of `x`, `[batch, in, side, side]`, read as `prologue` says.
#[cfg(feature = "train")]
pub fn convolve_with_prologue(x: FlexTensor, weight: FlexTensor, prologue: Prologue) -> FlexTensor {
    let size = Size::of(&x, &weight, Direction::Forward);
    run(size, &transformed(weight, Direction::Forward), x, prologue, Epilogue::default())
}

/// Gradient to the weights, `[out, in, 3, 3]`, of a convolution of `x` whose output has this gradient. Both are read as their
/// prologues say.
#[cfg(feature = "train")]
pub fn weight_gradient(
    (x, prologue): (FlexTensor, Prologue),
    (gradient, gradient_prologue): (FlexTensor, Prologue),
) -> FlexTensor {
    let [batch, inputs, side, _] = x.shape().dims();
    let [_, outputs, ..] = gradient.shape().dims::<4>();
    let mut result = vec![0.0; outputs * inputs * 9];
    let size = Size { batch, inputs, outputs, side };
    let (x, gradient) = (Values::of(x), Values::of(gradient));
    kernels::weight_gradient(size, (x.get(), prologue), (gradient.get(), gradient_prologue), &mut result);
    tensor(result, [outputs, inputs, 3, 3])
}

/// The values of a tensor, in order.
pub struct Values(FlexTensor);

impl Values {
    /// Copies them if they are not in order.
    pub fn of(tensor: FlexTensor) -> Self {
        Self(if tensor.is_contiguous() { tensor } else { tensor.to_contiguous() })
    }

    /// The values.
    pub fn get(&self) -> &[f32] {
        self.0.as_slice().unwrap_or_else(|| unreachable!("a contiguous tensor of f32"))
    }
}

/// A tensor of these values.
pub fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, Shape::from(shape)))
}
