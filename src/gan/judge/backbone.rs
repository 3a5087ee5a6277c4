//! The frozen feature network of the judge: the first blocks of EfficientNet-Lite1, trained on photographs.
//!
//! `hersenscan evaluate` measures in EfficientNet-Lite0, which has other weights and another size.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use safetensors::SafeTensors;

use super::efficientnet_lite::{FrozenWeightsError, InvertedResidual, convolution};
use crate::gan::layers::{Conv, double, enlarge, unshuffle};

/// Side to which scans are enlarged. At 64 pixels the deepest feature maps would have four pixels.
pub const SIDE: usize = 128;
/// How strongly a mask colours the scan, so that the heads see whether it fits.
const TINT: f32 = 0.6;
/// Kernel and stride of the depthwise convolution in each block.
const BLOCKS: [[usize; 2]; 15] = [
    [3, 1],
    [3, 2],
    [3, 1],
    [3, 1],
    [5, 2],
    [5, 1],
    [5, 1],
    [3, 2],
    [3, 1],
    [3, 1],
    [3, 1],
    [5, 1],
    [5, 1],
    [5, 1],
    [5, 1],
];
/// The blocks whose output is a feature map: the last ones with a side of 1/4, 1/8 and 1/16 of [`SIDE`].
const TAPS: [usize; MAPS] = [3, 6, 14];
/// Number of feature maps.
pub const MAPS: usize = 3;
/// Their channels.
pub const CHANNELS: [usize; MAPS] = [24, 40, 112];
/// Their sides.
pub const SIDES: [usize; MAPS] = [SIDE / 4, SIDE / 8, SIDE / 16];

/// The frozen network. It stays on the autodiff tape, where no gradient reaches its weights.
#[derive(Module, Debug)]
pub struct Backbone {
    /// The first convolution, 3 x 3 with stride 2, as one with stride 1 on unshuffled pixels of scan and mask, see
    /// [`unshuffled`].
    stem: Conv,
    blocks: Vec<InvertedResidual>,
}

impl Backbone {
    /// Loads `static/weights/judge/efficientnet-lite1.safetensors`. `device` is without the tape.
    ///
    /// # Errors
    /// If the bytes are not such a file.
    pub fn from_bytes(bytes: &[u8], device: &Device) -> Result<Self, FrozenWeightsError> {
        let tape = device.clone().autodiff();
        let file = SafeTensors::deserialize(bytes)?;
        let Conv { weight, bias } = convolution(&file, "stem", device)?;
        if weight.dims()[1..] != [3, 3, 3] {
            return Err(FrozenWeightsError::Other("stem".to_owned()));
        }
        let tinted = tinted(weight.val().into_data().iter::<f32>().collect());
        let stem = Conv { weight: Param::from_data(unshuffled(&tinted), &tape), bias: bias.map(Tensor::from_inner) };
        let blocks = BLOCKS
            .into_iter()
            .enumerate()
            .map(|(index, block)| InvertedResidual::read(&file, &format!("blocks.{index}"), block, &tape))
            .collect::<Result<_, _>>()?;
        Ok(Self { stem, blocks }.no_grad())
    }

    /// Scans with masks, `[batch, 2, side, side]`, to feature maps `[batch, CHANNELS[i], SIDES[i], SIDES[i]]`.
    pub fn forward(&self, scans: Tensor<4>) -> [Tensor<4>; MAPS] {
        // The mask's zero is "no tumour", also beyond the edge.
        let (scan, mask) = (scans.clone().narrow(1, 0, 1), scans.narrow(1, 1, 1) + 1.0);
        let x = Tensor::cat(vec![scan, mask], 1);
        let x = match x.dims()[3] {
            SIDE => x,
            side if 2 * side == SIDE => double(x),
            _ => enlarge(x, SIDE),
        };
        let mut x = self.stem.forward(unshuffle(x)); // [batch, 32, 64, 64], before its ReLU6
        let mut maps = Vec::with_capacity(MAPS);
        for (index, block) in self.blocks.iter().enumerate() {
            x = block.forward(x);
            if TAPS.contains(&index) {
                maps.push(x.clone());
            }
        }
        maps.try_into().unwrap_or_else(|_| unreachable!("one map for each tap"))
    }
}

/// Weights of three colours, `[out, 3, 3, 3]`, as weights of scan and mask, `[out, 2, 3, 3]`. The colours are scan plus tint, scan,
/// and scan minus tint.
fn tinted(colours: Vec<f32>) -> Vec<f32> {
    let filter = |[red, green, blue]: [&[f32]; 3]| -> Vec<f32> {
        let scan = (0..9).map(|i| red[i] + green[i] + blue[i]);
        scan.chain((0..9).map(|i| (red[i] - blue[i]) * (0.5 * TINT))).collect()
    };
    let filters = colours.chunks_exact(27);
    filters.flat_map(|weights| filter([&weights[..9], &weights[9..18], &weights[18..]])).collect()
}

/// Weights `[out, 2, 3, 3]` of a convolution with stride 2 whose odd pixel of padding comes at the end, as weights `[out, 8, 3, 3]` of
/// the same convolution with stride 1 of [unshuffled](unshuffle) pixels.
fn unshuffled(weights: &[f32]) -> TensorData {
    let outputs = weights.len() / 18;
    let mut result = vec![0.0; outputs * 72];
    for (i, &weight) in weights.iter().enumerate() {
        let (plane, y, x) = (i / 9, i / 3 % 3, i % 3);
        // Output o sees pixels 2 o to 2 o + 2: pairs o and o + 1, which are the second and third of a kernel.
        let channel = plane * 4 + y % 2 * 2 + x % 2;
        result[channel * 9 + (1 + y / 2) * 3 + 1 + x / 2] = weight;
    }
    TensorData::new(result, [outputs, 8, 3, 3])
}
