//! The few layers that both networks are made of.
//!
//! Everything is piecewise linear (convolution, LeakyReLU, mean, addition), which is what makes the exact
//! gradient penalty of [`adjoint`](super::adjoint) possible. Stride and groups stay 1: other values take
//! burn's slow paths.

use burn::module::{Module, Param};
use burn::tensor::activation::leaky_relu;
use burn::tensor::module::{avg_pool2d, conv2d};
use burn::tensor::ops::{AvgPoolOptions, ConvOptions};
use burn::tensor::{Device, Tensor, TensorData};

use super::random::Stream;

/// Slope of LeakyReLU below zero.
pub const SLOPE: f64 = 0.2;

/// The activation of both networks.
pub fn activate(x: Tensor<4>) -> Tensor<4> {
    leaky_relu(x, SLOPE)
}

/// Standard deviation that keeps the variance through LeakyReLU and a layer of `fan_in` inputs
/// (He et al. 2015, arXiv 1502.01852).
fn he(fan_in: usize) -> f32 {
    (2.0 / ((1.0 + SLOPE as f32 * SLOPE as f32) * fan_in as f32)).sqrt()
}

/// Where first weights come from.
#[derive(Debug)]
pub enum Init<'a> {
    /// Normal deviates of this stream, for training.
    Random(&'a mut Stream),
    /// Zeros, where a file's weights follow anyway.
    Zero,
}

impl Init<'_> {
    /// A parameter of this shape; `deviation` is the standard deviation of random ones.
    pub fn param<const D: usize>(&mut self, shape: [usize; D], deviation: f32, device: &Device) -> Param<Tensor<D>> {
        let count = shape.iter().product();
        let values = match self {
            Init::Random(stream) => stream.normals(count).into_iter().map(|x| x * deviation).collect(),
            Init::Zero => vec![0.0f32; count],
        };
        Param::from_data(TensorData::new(values, shape), device)
    }
}

/// A convolution with stride 1 that keeps the side (kernel 1 or 3), with bias.
#[derive(Module, Debug)]
pub struct Conv {
    /// `[channels out, channels in, kernel, kernel]`
    pub weight: Param<Tensor<4>>,
    /// `[channels out]`
    pub bias: Param<Tensor<1>>,
}

impl Conv {
    /// A convolution of `kernel` x `kernel`; its first weights are scaled by `gain`.
    pub fn new([input, output]: [usize; 2], kernel: usize, gain: f32, init: &mut Init, device: &Device) -> Self {
        let deviation = gain * he(input * kernel * kernel);
        Self {
            weight: init.param([output, input, kernel, kernel], deviation, device),
            bias: Init::Zero.param([output], 0.0, device),
        }
    }

    /// `[batch, in, side, side]` to `[batch, out, side, side]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        conv2d(x, self.weight.val(), Some(self.bias.val()), self.options())
    }

    /// Padding that keeps the side.
    pub(super) fn options(&self) -> ConvOptions<2> {
        let pad = self.weight.dims()[2] / 2;
        ConvOptions::new([1, 1], [pad, pad], [1, 1], 1)
    }
}

/// `x + conv(act(conv(act(x))))`: activation before each convolution, no normalisation.
#[derive(Module, Debug)]
pub struct ResBlock {
    /// First convolution.
    pub first: Conv,
    /// Second convolution, small at the start so that the block begins near the identity.
    pub second: Conv,
}

impl ResBlock {
    /// First scale of the second convolution.
    const SECOND_GAIN: f32 = 0.2;

    /// A block of this many channels.
    pub fn new(channels: usize, init: &mut Init, device: &Device) -> Self {
        Self {
            first: Conv::new([channels, channels], 3, 1.0, init, device),
            second: Conv::new([channels, channels], 3, Self::SECOND_GAIN, init, device),
        }
    }

    /// `[batch, channels, side, side]` to the same shape, with the channels between the two convolutions scaled and shifted by
    /// `style`, `[batch, 2 channels]`: scales less 1, then shifts (FiLM, Perez et al. 2018, arXiv 1709.07871); `grain`, of
    /// the shape of `x`, is added there. The discriminator, which has neither, walks its blocks itself.
    pub fn forward(&self, x: Tensor<4>, style: Tensor<2>, grain: Tensor<4>) -> Tensor<4> {
        let [batch, both] = style.dims();
        let style = style.reshape([batch, both, 1, 1]);
        let (scale, shift) = (style.clone().narrow(1, 0, both / 2), style.narrow(1, both / 2, both / 2));
        let h = self.first.forward(activate(x.clone())) * (scale + 1.0) + shift + grain;
        x + self.second.forward(activate(h))
    }
}

/// Bilinear enlargement by two, `[batch, c, s, s]` to `[batch, c, 2s, 2s]`, as two matrix products.
///
/// burn's own bilinear `interpolate` has no backward pass on wgpu; `U x U^T` has one everywhere.
pub fn double(x: Tensor<4>) -> Tensor<4> {
    let [_, _, side, _] = x.dims();
    let matrix = Tensor::<2>::from_data(doubling_matrix(side), &x.device()).unsqueeze::<4>().cast(x.dtype());
    // [1, 1, 2s, s] . [batch, c, s, s] . [1, 1, s, 2s]
    matrix.clone().matmul(x).matmul(matrix.transpose())
}

/// `[2s, s]`: row `i` holds the weights of the inputs that output `i` is mixed from (pixel centres, ends
/// repeated; the same as PyTorch's `align_corners=False`).
fn doubling_matrix(side: usize) -> TensorData {
    let mut matrix = vec![0.0f32; 2 * side * side];
    for out in 0..2 * side {
        let near = out / 2;
        let far = if out % 2 == 0 { near.saturating_sub(1) } else { (near + 1).min(side - 1) };
        matrix[out * side + near] += 0.75;
        matrix[out * side + far] += 0.25;
    }
    TensorData::new(matrix, [2 * side, side])
}

/// Mean over squares of 2 x 2: `[batch, c, s, s]` to `[batch, c, s/2, s/2]`.
pub fn halve(x: Tensor<4>) -> Tensor<4> {
    avg_pool2d(x, AvgPoolOptions::new([2, 2]))
}
