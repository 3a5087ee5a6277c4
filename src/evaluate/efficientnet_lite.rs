//! EfficientNet-Lite0 (Tan and Le 2019, arXiv 1905.11946; Lite: no squeeze-and-excitation, ReLU6) as feature extractor.
//!
//! The weights were trained on ImageNet, so they favour no generator of brain scans. Batch normalisation is folded into
//! the convolutions. Padding is TensorFlow's `SAME`, which puts the odd pixel at the end. The grey slice is used for all
//! three colour channels: the first convolution has one input channel with the sum of their weights.

use burn::tensor::activation::relu6;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor, TensorData};
use safetensors::{Dtype, SafeTensors};

/// Side of the network's input in pixels.
pub const SIDE: usize = 224;
/// Length of a feature vector.
pub const FEATURES: usize = 1280;

/// Kernel and stride of the depthwise convolution in each of the sixteen blocks.
const BLOCKS: [(usize, usize); 16] = [
    (3, 1),
    (3, 2),
    (3, 1),
    (5, 2),
    (5, 1),
    (3, 2),
    (3, 1),
    (3, 1),
    (5, 1),
    (5, 1),
    (5, 1),
    (5, 2),
    (5, 1),
    (5, 1),
    (5, 1),
    (3, 1),
];

/// Why the network cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum FeaturesError {
    /// Not a safetensors file.
    #[error("the features file is damaged ({0}): delete it and run `cargo xtask features`")]
    Damaged(#[from] safetensors::SafeTensorError),
    /// A tensor is missing, or has an unexpected type, shape or value.
    #[error("the features file is not EfficientNet-Lite0 (see `{0}`): run `cargo xtask features`")]
    Other(String),
}

/// The network up to global average pooling, without the ImageNet classifier.
#[derive(Debug)]
pub struct EfficientNetLite {
    stem: ConvLayer,
    blocks: Vec<Block>,
    head: ConvLayer,
}

/// A convolution with bias.
#[derive(Debug)]
struct ConvLayer {
    /// `[out, in / groups, kernel, kernel]`
    weight: Tensor<4>,
    /// `[out]`
    bias: Tensor<1>,
    stride: usize,
    groups: usize,
}

/// An inverted residual block.
#[derive(Debug)]
struct Block {
    expand: Option<ConvLayer>,
    depthwise: ConvLayer,
    project: ConvLayer,
}

impl EfficientNetLite {
    /// Loads the file that `cargo xtask features` writes.
    ///
    /// # Errors
    /// If the bytes are not such a file.
    pub fn from_bytes(bytes: &[u8], device: &Device) -> Result<Self, FeaturesError> {
        let file = SafeTensors::deserialize(bytes)?;
        let layer = |name: &str, stride| ConvLayer::read(&file, name, stride, device);
        let mut stem = layer("stem", 2)?;
        stem.weight = stem.weight.sum_dim(1);
        let mut blocks = Vec::new();
        for (index, (kernel, stride)) in BLOCKS.into_iter().enumerate() {
            let name = |part: &str| format!("blocks.{index}.{part}");
            let expand = if index == 0 { None } else { Some(layer(&name("expand"), 1)?) };
            let depthwise = layer(&name("depthwise"), stride)?;
            if depthwise.weight.dims()[1..] != [1, kernel, kernel] {
                return Err(FeaturesError::Other(name("depthwise")));
            }
            blocks.push(Block { expand, depthwise, project: layer(&name("project"), 1)? });
        }
        let head = layer("head", 1)?;
        if head.bias.dims() != [FEATURES] {
            return Err(FeaturesError::Other("head".to_owned()));
        }
        Ok(Self { stem, blocks, head })
    }

    /// Images `[batch, 1, side, side]` with values `(grey - 127) / 128` to features `[batch, 1280]` from 0 to 6.
    pub fn forward(&self, images: Tensor<4>) -> Tensor<2> {
        let x = relu6(self.stem.forward(images)); // [batch, 32, side / 2, side / 2]
        let x = self.blocks.iter().fold(x, |x, block| block.forward(x));
        let x = relu6(self.head.forward(x)); // [batch, 1280, side / 32, side / 32]
        let [batch, channels, ..] = x.dims();
        x.mean_dims(&[2, 3]).reshape([batch, channels])
    }
}

impl ConvLayer {
    fn read(file: &SafeTensors<'_>, name: &str, stride: usize, device: &Device) -> Result<Self, FeaturesError> {
        let (shape, weight) = values(file, &format!("{name}.weight"))?;
        let (_, bias) = values(file, &format!("{name}.bias"))?;
        let other = || FeaturesError::Other(name.to_owned());
        let shape: [usize; 4] = shape.try_into().map_err(|_| other())?;
        if bias.len() != shape[0] {
            return Err(other());
        }
        // Only depthwise convolutions have one input channel for each filter.
        let groups = if shape[1] == 1 { shape[0] } else { 1 };
        let bias_shape = [bias.len()];
        Ok(Self {
            weight: Tensor::from_data(TensorData::new(weight, shape), device),
            bias: Tensor::from_data(TensorData::new(bias, bias_shape), device),
            stride,
            groups,
        })
    }

    /// `[batch, in, side, side]` to `[batch, out, s, s]` with `s = ceil(side / stride)`.
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let (side, kernel) = (x.dims()[3], self.weight.dims()[3]);
        let mut options = ConvOptions::new([self.stride; 2], [0, 0], [1, 1], self.groups);
        options.padding = [same(side, kernel, self.stride); 2];
        conv2d(x, self.weight.clone(), Some(self.bias.clone()), options)
    }
}

impl Block {
    /// `[batch, in, side, side]` to `[batch, out, s, s]` with `s = ceil(side / stride)`.
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let wide = match &self.expand {
            Some(expand) => relu6(expand.forward(x.clone())),
            None => x.clone(),
        };
        let y = self.project.forward(relu6(self.depthwise.forward(wide)));
        if y.dims() == x.dims() { x + y } else { y }
    }
}

/// Zero padding before and after a row of `side` pixels, as in TensorFlow's `SAME`.
fn same(side: usize, kernel: usize, stride: usize) -> (usize, usize) {
    let total = ((side.div_ceil(stride) - 1) * stride + kernel).saturating_sub(side);
    (total / 2, total - total / 2)
}

/// Shape and values of a tensor.
fn values(file: &SafeTensors<'_>, name: &str) -> Result<(Vec<usize>, Vec<f32>), FeaturesError> {
    let view = file.tensor(name).map_err(|_| FeaturesError::Other(name.to_owned()))?;
    let values: Vec<f32> = view.data().as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
    if view.dtype() != Dtype::F32 || values.iter().any(|value| !value.is_finite()) {
        return Err(FeaturesError::Other(name.to_owned()));
    }
    Ok((view.shape().to_vec(), values))
}

#[cfg(test)]
#[path = "efficientnet_lite_tests.rs"]
mod tests;
