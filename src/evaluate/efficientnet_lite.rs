//! EfficientNet-Lite0 (Tan and Le 2019, arXiv 1905.11946; Lite: no squeeze-and-excitation, ReLU6) as feature extractor.
//!
//! The weights were trained on ImageNet, not on brain scans, so they do not favour a generator of this program. Batch
//! normalisation is folded into the convolutions. Padding is TensorFlow's `SAME`, which puts the odd pixel at the end. The grey
//! slice is used for all three colour channels: the first convolution has one input channel with the sum of their weights.

use burn::tensor::activation::relu6;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor};
use safetensors::SafeTensors;

use crate::gan::judge::efficientnet_lite::{FrozenWeightsError, InvertedResidual, convolution};
use crate::gan::layers::Conv;

/// Side of the network's input in pixels.
pub const SIDE: usize = 224;
/// Length of a feature vector.
pub const FEATURES: usize = 1280;

/// Kernel and stride of the depthwise convolution in each of the sixteen blocks.
const BLOCKS: [[usize; 2]; 16] = [
    [3, 1],
    [3, 2],
    [3, 1],
    [5, 2],
    [5, 1],
    [3, 2],
    [3, 1],
    [3, 1],
    [5, 1],
    [5, 1],
    [5, 1],
    [5, 2],
    [5, 1],
    [5, 1],
    [5, 1],
    [3, 1],
];

/// The network up to global average pooling, without the ImageNet classifier.
#[derive(Debug)]
pub struct EfficientNetLite {
    /// One input channel; stride 2.
    stem: Conv,
    blocks: Vec<InvertedResidual>,
    head: Conv,
}

impl EfficientNetLite {
    /// Loads `static/weights/features/efficientnet-lite0.safetensors`.
    ///
    /// # Errors
    /// If the bytes are not that file.
    pub fn from_bytes(bytes: &[u8], device: &Device) -> Result<Self, FrozenWeightsError> {
        let file = SafeTensors::deserialize(bytes)?;
        let mut stem = convolution(&file, "stem", device)?;
        stem.weight = stem.weight.map(|weight| weight.sum_dim(1));
        let blocks = BLOCKS
            .into_iter()
            .enumerate()
            .map(|(index, block)| InvertedResidual::read(&file, &format!("blocks.{index}"), block, device))
            .collect::<Result<_, _>>()?;
        let head = convolution(&file, "head", device)?;
        if head.bias.dims() != [FEATURES] {
            return Err(FrozenWeightsError::Other("head".to_owned()));
        }
        Ok(Self { stem, blocks, head })
    }

    /// Images `[batch, 1, side, side]` with values `(grey - 127) / 128` to features `[batch, 1280]` from 0 to 6. The side is a
    /// multiple of 32.
    pub fn forward(&self, images: Tensor<4>) -> Tensor<2> {
        let mut options = ConvOptions::new([2, 2], [0, 0], [1, 1], 1);
        options.padding = [(0, 1); 2];
        // [batch, 32, side / 2, side / 2], before its ReLU6, which the first block applies
        let x = conv2d(images, self.stem.weight.val(), Some(self.stem.bias.val()), options);
        let x = self.blocks.iter().fold(x, |x, block| block.forward(x));
        let x = relu6(self.head.forward(x)); // [batch, 1280, side / 32, side / 32]
        let [batch, channels, ..] = x.dims();
        x.mean_dims(&[2, 3]).reshape([batch, channels])
    }
}

#[cfg(test)]
#[path = "efficientnet_lite_tests.rs"]
mod tests;
