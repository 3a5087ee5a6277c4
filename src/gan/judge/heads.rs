//! The trained part of the judge: a small discriminator on each feature map.

use burn::module::{Module, Param};
use burn::tensor::activation::leaky_relu;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor};

use super::backbone::SIDES;
use crate::gan::layers::{Init, SLOPE, unshuffle};
use crate::gan::ops::{Resampling, convolve, normalise, pointwise, resample};
use crate::gan::preset::{BASE, JUDGE_GROUP};

/// Channels of the mixed feature maps, and of the last features of a head.
pub const WIDTH: usize = 64;
/// Below this side of the output, a matrix product is faster than the transforms of [`convolve`].
const WINOGRAD_FROM: usize = 16;
/// Iterations for the norms of new weights.
const FIRST_ITERATIONS: usize = 15;

/// Weights that are divided by an estimate of their largest singular value (spectral normalisation, Miyato et al. 2018, arXiv
/// 1802.05957).
#[derive(Module, Debug)]
pub struct Spectral {
    /// `[out, in, kernel, kernel]`
    pub weight: Param<Tensor<4>>,
    /// `[out]` and `[in * kernel * kernel]`: estimates of the singular vectors. No gradient reaches them.
    pub left: Param<Tensor<1>>,
    /// See `left`.
    pub right: Param<Tensor<1>>,
}

impl Spectral {
    fn new([inputs, outputs, kernel]: [usize; 3], init: &mut Init, device: &Device) -> Self {
        let fan_in = inputs * kernel * kernel;
        let vector = |init: &mut Init, length| init.param([length], 1.0, device).set_require_grad(false);
        let made = Self {
            weight: init.param([outputs, inputs, kernel, kernel], 1.0 / (fan_in as f32).sqrt(), device),
            left: vector(init, outputs),
            right: vector(init, fan_in),
        };
        made.iterate(FIRST_ITERATIONS)
    }

    /// Better estimates of the singular vectors, by this many steps of the power method.
    pub fn iterate(self, steps: usize) -> Self {
        let matrix = self.weight.val().inner().flatten::<2>(1, 3);
        let unit = |x: Tensor<2>| {
            let length = x.clone().square().sum().sqrt().clamp_min(1e-12).reshape([1, 1]);
            x / length
        };
        let mut left = self.left.val().inner().unsqueeze_dim::<2>(1); // [out, 1]
        let mut right = self.right.val().inner().unsqueeze_dim::<2>(1); // [in * kernel * kernel, 1]
        for _ in 0..steps {
            left = unit(matrix.clone().matmul(right));
            right = unit(matrix.clone().transpose().matmul(left.clone()));
        }
        let replace = |old: Param<Tensor<1>>, new: Tensor<2>| {
            old.map(|_| Tensor::from_inner(new.squeeze_dim(1)).set_require_grad(false))
        };
        Self { left: replace(self.left, left), right: replace(self.right, right), weight: self.weight }
    }

    /// The divided weights, `[out, in, kernel, kernel]`.
    fn normalised(&self) -> Tensor<4> {
        let weight = self.weight.val();
        let matrix = weight.clone().flatten::<2>(1, 3);
        let right = self.right.val().unsqueeze_dim::<2>(1);
        let norm = self.left.val().unsqueeze_dim::<2>(0).matmul(matrix.matmul(right)); // [1, 1]
        weight / norm.reshape([1, 1, 1, 1])
    }
}

/// Halves the side: a 4 x 4 convolution with stride 2, normalisation and LeakyReLU.
#[derive(Module, Debug)]
pub struct Down {
    /// The convolution, without bias.
    pub convolution: Spectral,
    /// `[channels]`: scale after the normalisation.
    pub scale: Param<Tensor<1>>,
    /// `[channels]`: shift after the normalisation.
    pub shift: Param<Tensor<1>>,
}

impl Down {
    /// `[batch, in, s, s]` to `[batch, out, s/2, s/2]`.
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let y = convolve_halving(x, self.convolution.normalised());
        normalise(y, self.scale.val(), self.shift.val(), JUDGE_GROUP)
    }
}

/// A 4 x 4 convolution with stride 2 and padding 1: `[batch, in, 2s, 2s]` to `[batch, out, s, s]`. `weight` is `[out, in, 4, 4]`.
fn convolve_halving(x: Tensor<4>, weight: Tensor<4>) -> Tensor<4> {
    let [outputs, inputs, kernel, _] = weight.dims();
    if x.dims()[3] >= 2 * WINOGRAD_FROM {
        // Padded with zeros, the kernel is one of 3 x 3 blocks of 2 x 2 pixels.
        return convolve(unshuffle(x), unshuffle(weight.pad([(1, 1), (1, 1)], 0.0)), None, None, false);
    }
    match resample(&x, Resampling::Patches) {
        Some(patches) => {
            let bias = Tensor::zeros([outputs], &patches.device());
            pointwise(patches, weight.reshape([outputs, inputs * kernel * kernel, 1, 1]), bias)
        }
        None => conv2d(x, weight, None, ConvOptions::new([2, 2], [1, 1], [1, 1], 1)),
    }
}

/// A small discriminator.
#[derive(Module, Debug)]
pub struct MapHead {
    /// Halve the side down to 4.
    pub layers: Vec<Down>,
    /// A convolution over all 4 x 4 remaining pixels, without bias, to [`WIDTH`] features.
    pub last: Spectral,
    /// `[WIDTH]` and `[1]`: weights and bias of the part of the logit that does not depend on the class.
    pub plain: Param<Tensor<1>>,
    /// See `plain`.
    pub bias: Param<Tensor<1>>,
    /// `[classes, WIDTH]`: weights of each class (projection, Miyato and Koyama 2018, arXiv 1802.05637).
    pub embedding: Param<Tensor<2>>,
}

impl MapHead {
    fn new(mut side: usize, classes: usize, init: &mut Init, device: &Device) -> Self {
        let (mut layers, mut width) = (Vec::new(), WIDTH);
        while side > BASE {
            let after = 2 * WIDTH;
            let even = |value| Param::from_data([value; 2 * WIDTH], device);
            let convolution = Spectral::new([width, after, 4], init, device);
            layers.push(Down { convolution, scale: even(1.0), shift: even(0.0) });
            (width, side) = (after, side / 2);
        }
        let deviation = 1.0 / (WIDTH as f32).sqrt();
        Self {
            layers,
            last: Spectral::new([width, WIDTH, BASE], init, device),
            plain: init.param([WIDTH], deviation, device),
            bias: Init::Zero.param([1], 0.0, device),
            embedding: init.param([classes, WIDTH], deviation, device),
        }
    }

    /// A mixed feature map `[batch, WIDTH, s, s]` and one-hot classes `[batch, classes]` to logits `[batch, 1]`.
    fn forward(&self, x: Tensor<4>, class: Tensor<2>) -> Tensor<2> {
        let x = self.layers.iter().fold(x, |x, layer| layer.forward(x)); // [batch, width, 4, 4]
        let weight = self.last.normalised().flatten::<2>(1, 3); // [WIDTH, width * 16]
        let x = leaky_relu(x.flatten::<2>(1, 3).matmul(weight.transpose()), SLOPE); // [batch, WIDTH]
        let weight = class.matmul(self.embedding.val()) + self.plain.val().unsqueeze(); // [batch, WIDTH]
        (x * weight).sum_dim(1) + self.bias.val().unsqueeze()
    }

    fn iterate(mut self, steps: usize) -> Self {
        for layer in &mut self.layers {
            layer.convolution = layer.convolution.clone().iterate(steps);
        }
        self.last = self.last.iterate(steps);
        self
    }
}

/// One head for each feature map.
#[derive(Module, Debug)]
pub struct Heads {
    /// From the map of the highest resolution to that of the lowest.
    pub heads: Vec<MapHead>,
}

impl Heads {
    /// Heads with random weights.
    pub fn new(classes: usize, init: &mut Init, device: &Device) -> Self {
        Self { heads: SIDES.into_iter().map(|side| MapHead::new(side, classes, init, device)).collect() }
    }

    /// Mixed feature maps `[batch, WIDTH, s, s]` to logits `[batch, maps]`.
    pub fn forward(&self, maps: &[Tensor<4>], class: &Tensor<2>) -> Tensor<2> {
        let logits = self.heads.iter().zip(maps).map(|(head, map)| head.forward(map.clone(), class.clone()));
        Tensor::cat(logits.collect(), 1)
    }

    /// With better estimates of the norms of the weights, by this many steps of the power method.
    pub fn iterate(self, steps: usize) -> Self {
        Self { heads: self.heads.into_iter().map(|head| head.iterate(steps)).collect() }
    }
}
