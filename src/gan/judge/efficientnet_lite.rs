//! The blocks of EfficientNet-Lite (Tan and Le 2019, arXiv 1905.11946; Lite: no squeeze-and-excitation, ReLU6) and their weights
//! in a safetensors file. Batch normalisation is folded into the convolutions. The judge uses them, and so does `evaluate`.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use half::f16;
use safetensors::tensor::{Dtype, SafeTensors};

use crate::gan::layers::Conv;
use crate::gan::ops::depthwise;

/// Why a file of frozen weights cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FrozenWeightsError {
    /// Not a safetensors file.
    #[error(
        "the file of the feature network is damaged ({0}): fetch it again, or make it with `cargo xtask frozen-weights`"
    )]
    Damaged(#[from] safetensors::SafeTensorError),
    /// A tensor is missing, or has an unexpected type, shape or value.
    #[error(
        "the file is not this feature network (see `{0}`): fetch it again, or make it with `cargo xtask frozen-weights`"
    )]
    Other(String),
}

/// An inverted residual block (Sandler et al. 2018, arXiv 1801.04381) with frozen weights.
#[derive(Module, Debug)]
pub struct InvertedResidual {
    /// 1 x 1 convolution to six times the channels. The first block has none.
    expand: Option<Conv>,
    /// `[channels, 1, kernel, kernel]` and `[channels]`: the depthwise convolution between the two ReLU6.
    weight: Param<Tensor<4>>,
    bias: Param<Tensor<1>>,
    stride: usize,
    /// 1 x 1 convolution to the output.
    project: Conv,
}

impl InvertedResidual {
    /// The block called `name`, whose depthwise convolution has this kernel and stride.
    ///
    /// # Errors
    /// If the file has no such block.
    pub fn read(
        file: &SafeTensors<'_>,
        name: &str,
        [kernel, stride]: [usize; 2],
        device: &Device,
    ) -> Result<Self, FrozenWeightsError> {
        let layer = |part: &str| convolution(file, &format!("{name}.{part}"), device);
        let first = file.tensor(&format!("{name}.expand.weight")).is_err();
        let Conv { weight, bias } = layer("depthwise")?;
        if weight.dims()[1..] != [1, kernel, kernel] {
            return Err(FrozenWeightsError::Other(format!("{name}.depthwise")));
        }
        let expand = if first { None } else { Some(layer("expand")?) };
        Ok(Self { expand, weight, bias, stride, project: layer("project")? })
    }

    /// `[batch, in, side, side]` to `[batch, out, s, s]` with `s = side / stride`. Without an expansion, the input goes through a
    /// ReLU6 here.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let wide = match &self.expand {
            Some(expand) => expand.forward(x.clone()),
            None => x.clone(),
        };
        let y = self.project.forward(depthwise(wide, self.weight.val(), self.bias.val(), self.stride));
        if y.dims() == x.dims() { x + y } else { y }
    }
}

/// Weights and bias of a convolution.
///
/// # Errors
/// If the file has none of this name, or the shapes do not fit each other.
pub fn convolution(file: &SafeTensors<'_>, name: &str, device: &Device) -> Result<Conv, FrozenWeightsError> {
    let (shape, weight) = values(file, &format!("{name}.weight"))?;
    let (_, bias) = values(file, &format!("{name}.bias"))?;
    let shape: [usize; 4] = shape.try_into().map_err(|_| FrozenWeightsError::Other(name.to_owned()))?;
    if bias.len() != shape[0] {
        return Err(FrozenWeightsError::Other(name.to_owned()));
    }
    let outputs = [bias.len()];
    Ok(Conv {
        weight: Param::from_data(TensorData::new(weight, shape), device),
        bias: Param::from_data(TensorData::new(bias, outputs), device),
    })
}

/// Shape and values of a tensor of 16-bit or 32-bit floats.
fn values(file: &SafeTensors<'_>, name: &str) -> Result<(Vec<usize>, Vec<f32>), FrozenWeightsError> {
    let other = || FrozenWeightsError::Other(name.to_owned());
    let view = file.tensor(name).map_err(|_| other())?;
    let values: Vec<f32> = match view.dtype() {
        Dtype::F16 => view.data().as_chunks::<2>().0.iter().map(|&bytes| f16::from_le_bytes(bytes).to_f32()).collect(),
        Dtype::F32 => view.data().as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect(),
        _ => return Err(other()),
    };
    if values.iter().any(|value| !value.is_finite()) {
        return Err(other());
    }
    Ok((view.shape().to_vec(), values))
}
