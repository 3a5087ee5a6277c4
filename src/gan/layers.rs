//! The layers of both networks.
//!
//! All layers are piecewise linear (convolution, LeakyReLU, mean, addition). The exact gradient penalty of
//! [`adjoint`](super::adjoint) relies on this. Stride and groups are always 1, because burn is slow for other values.

use burn::module::{Module, Param};
use burn::tensor::module::{avg_pool2d, conv2d, interpolate};
use burn::tensor::ops::{AvgPoolOptions, InterpolateMode, InterpolateOptions};
use burn::tensor::{Device, Tensor, TensorData};

use super::ops::{self, Resampling, convolve, convolve_modulated, pointwise, resample};
use super::random::Stream;

/// Slope of LeakyReLU below zero.
pub const SLOPE: f64 = 0.2;

/// The activation of both networks: LeakyReLU with slope [`SLOPE`]. Keeps the shape.
pub fn activate(x: Tensor<4>) -> Tensor<4> {
    ops::leaky(x)
}

/// Standard deviation of weights that keeps the variance through LeakyReLU and a layer with `fan_in` inputs
/// (He et al. 2015, arXiv 1502.01852).
fn he(fan_in: usize) -> f32 {
    (2.0 / ((1.0 + SLOPE as f32 * SLOPE as f32) * fan_in as f32)).sqrt()
}

/// Source of initial weights.
#[derive(Debug)]
pub enum Init<'a> {
    /// Normally distributed values from this stream, for training.
    Random(&'a mut Stream),
    /// Zeros, if weights are loaded from a file afterwards.
    Zero,
}

impl Init<'_> {
    /// A parameter of this shape. `deviation` is the standard deviation of random values.
    pub fn param<const D: usize>(&mut self, shape: [usize; D], deviation: f32, device: &Device) -> Param<Tensor<D>> {
        let count = shape.iter().product();
        let values = match self {
            Init::Random(stream) => stream.normals(count).into_iter().map(|x| x * deviation).collect(),
            Init::Zero => vec![0.0f32; count],
        };
        Param::from_data(TensorData::new(values, shape), device)
    }
}

/// A convolution with bias, kernel 1 or 3, stride 1, padded to keep the side.
#[derive(Module, Debug)]
pub struct Conv {
    /// `[channels out, channels in, kernel, kernel]`
    pub weight: Param<Tensor<4>>,
    /// `[channels out]`
    pub bias: Param<Tensor<1>>,
}

impl Conv {
    /// A convolution with a `kernel` x `kernel` kernel. `gain` scales the initial weights.
    pub fn new([input, output]: [usize; 2], kernel: usize, gain: f32, init: &mut Init, device: &Device) -> Self {
        let deviation = gain * he(input * kernel * kernel);
        Self {
            weight: init.param([output, input, kernel, kernel], deviation, device),
            bias: Init::Zero.param([output], 0.0, device),
        }
    }

    /// `[batch, in, side, side]` to `[batch, out, side, side]`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        match self.kernel() {
            3 => convolve(x, self.weight.val(), Some(self.bias.val()), None, false),
            _ => pointwise(x, self.weight.val(), self.bias.val()),
        }
    }

    /// [`forward`](Self::forward) of the [activated](activate) `x`, `[batch, in, side, side]`, for a 3 x 3 kernel. `residual`,
    /// of the shape of the result, is added.
    pub fn forward_activated(&self, x: Tensor<4>, residual: Option<Tensor<4>>) -> Tensor<4> {
        convolve(x, self.weight.val(), Some(self.bias.val()), residual, true)
    }

    /// Height and width of the kernel.
    pub(super) fn kernel(&self) -> usize {
        self.weight.dims()[2]
    }
}

/// Pre-activation residual block without normalisation: `x + conv(act(conv(act(x))))`.
#[derive(Module, Debug)]
pub struct ResBlock {
    /// First convolution.
    pub first: Conv,
    /// Second convolution. Its initial weights are small, so that the block starts near the identity.
    pub second: Conv,
}

impl ResBlock {
    /// Scale of the initial weights of the second convolution.
    const SECOND_GAIN: f32 = 0.2;

    /// A block with this many channels.
    pub fn new(channels: usize, init: &mut Init, device: &Device) -> Self {
        Self {
            first: Conv::new([channels, channels], 3, 1.0, init, device),
            second: Conv::new([channels, channels], 3, Self::SECOND_GAIN, init, device),
        }
    }

    /// The block as the generator uses it: `[batch, channels, side, side]` to the same shape.
    ///
    /// `style`, `[batch, 2 channels]`, holds a scale minus 1 and then a shift for each channel between the convolutions
    /// (FiLM, Perez et al. 2018, arXiv 1709.07871). `noise`, `[batch, 1, side, side]`, times `grain`, `[channels]`, is added in
    /// the same place. The discriminator has neither and calls the two convolutions itself.
    pub fn forward(&self, x: Tensor<4>, style: Tensor<2>, noise: Tensor<4>, grain: Tensor<1>) -> Tensor<4> {
        let (weight, bias) = (self.first.weight.val(), self.first.bias.val());
        let h = convolve_modulated(x.clone(), weight, bias, style, noise, grain);
        self.second.forward_activated(h, Some(x))
    }
}

/// Bilinear upsampling by two, `[batch, c, s, s]` to `[batch, c, 2s, 2s]`.
///
/// On a graphics card with gradients by [`double_by_convolution`]: burn's bilinear `interpolate` has no backward pass on wgpu.
pub fn double(x: Tensor<4>) -> Tensor<4> {
    if let Some(doubled) = resample(&x, Resampling::Double) {
        return doubled;
    }
    let [_, _, side, _] = x.dims();
    if x.device().is_autodiff() {
        return double_by_convolution(x);
    }
    let bilinear = InterpolateOptions::new(InterpolateMode::Bilinear).with_align_corners(false);
    interpolate(x, bilinear.with_output_size([2 * side, 2 * side]))
}

/// Bilinear upsampling by two of each channel, as a 3 x 3 convolution to the four pixels that come from each pixel. Burn's matrix
/// product is slower for so few rows.
fn double_by_convolution(x: Tensor<4>) -> Tensor<4> {
    // A pixel's first and second half along one axis, from the pixel before it, itself and the pixel after it.
    const TAPS: [[f32; 3]; 2] = [[0.25, 0.75, 0.0], [0.0, 0.75, 0.25]];
    let ([batch, channels, side, _], device) = (x.dims(), x.device());
    let mut kernel = [0.0; 36];
    for (index, value) in kernel.iter_mut().enumerate() {
        let (phase, row, column) = (index / 9, index % 9 / 3, index % 3);
        *value = TAPS[phase / 2][row] * TAPS[phase % 2][column];
    }
    let kernel = Tensor::<4>::from_data(TensorData::new(kernel.to_vec(), [4, 1, 3, 3]), &device).cast(x.dtype());
    // Edges count twice, as in `enlarge`.
    let x = x.reshape([batch * channels, 1, side, side]);
    let x = Tensor::cat(vec![x.clone().narrow(2, 0, 1), x.clone(), x.narrow(2, side - 1, 1)], 2);
    let x = Tensor::cat(vec![x.clone().narrow(3, 0, 1), x.clone(), x.narrow(3, side - 1, 1)], 3);
    // [batch c, 4, s, s]
    let phases = conv2d(x, kernel, None, ops::unpadded());
    let phases = phases.reshape([batch * channels, 2, 2, side, side]).permute([0, 3, 1, 4, 2]);
    phases.reshape([batch, channels, 2 * side, 2 * side])
}

/// Bilinear interpolation to `to` pixels, `[batch, c, s, s]` to `[batch, c, to, to]`, as matrix products.
pub fn enlarge(x: Tensor<4>, to: usize) -> Tensor<4> {
    let [_, _, side, _] = x.dims();
    let matrix = Tensor::<2>::from_data(enlarging_matrix(side, to), &x.device()).unsqueeze::<4>().cast(x.dtype());
    // [1, 1, to, s] . [batch, c, s, s] . [1, 1, s, to]
    matrix.clone().matmul(x).matmul(matrix.transpose())
}

/// The interpolation matrix, `[to, from]`: row `i` holds the weights of the inputs of output `i`. Same as PyTorch's bilinear
/// `interpolate` with `align_corners=False`.
fn enlarging_matrix(from: usize, to: usize) -> TensorData {
    let mut matrix = vec![0.0f32; to * from];
    for out in 0..to {
        let at = ((out as f64 + 0.5) * from as f64 / to as f64 - 0.5).max(0.0);
        let near = (at as usize).min(from - 1);
        let far = (near + 1).min(from - 1);
        matrix[out * from + near] += (1.0 - (at - near as f64)) as f32;
        matrix[out * from + far] += (at - near as f64) as f32;
    }
    TensorData::new(matrix, [to, from])
}

/// Each 2 x 2 pixels to four channels, `[batch, c, s, s]` to `[batch, 4c, s/2, s/2]`, in the order of PyTorch's `pixel_unshuffle`.
pub fn unshuffle(x: Tensor<4>) -> Tensor<4> {
    if let Some(unshuffled) = resample(&x, Resampling::Unshuffle) {
        return unshuffled;
    }
    let [batch, channels, side, _] = x.dims();
    let half = side / 2;
    let x = x.reshape([batch, channels, half, 2, half, 2]).permute([0, 1, 3, 5, 2, 4]);
    x.reshape([batch, 4 * channels, half, half])
}

/// 2 x 2 average pooling: `[batch, c, s, s]` to `[batch, c, s/2, s/2]`.
pub fn halve(x: Tensor<4>) -> Tensor<4> {
    if let Some(halved) = resample(&x, Resampling::Halve) {
        return halved;
    }
    avg_pool2d(x, AvgPoolOptions::new([2, 2]))
}
