//! The discriminator: a scan, its mask and its class to a logit.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};

use super::layers::{Conv, Init, ResBlock, activate, halve};
use super::preset::{BASE, CHANNELS, Preset};

/// The stages of the generator in reverse order, with a projection head (Miyato and Koyama 2018, arXiv 1802.05637).
///
/// Every layer needs its adjoint in [`adjoint`](super::adjoint). The tests there compare with autodiff and fail if a layer
/// has none.
#[derive(Module, Debug)]
pub struct Discriminator {
    /// From scan and mask to the first features.
    pub input: Conv,
    /// One stage for each resolution, from 4 x 4 up as in the generator, so that a stage keeps its name in a larger
    /// preset. The forward pass goes from the last to the first.
    pub stages: Vec<DiscriminatorStage>,
    /// `[width, 4, 4]`: spatial weights of the last features.
    pub basis: Param<Tensor<3>>,
    /// `[classes, width]`: channel weights of each class.
    pub embedding: Param<Tensor<2>>,
}

/// One resolution: a residual block, then downsampling to half the side. The 4 x 4 stage does not downsample.
#[derive(Module, Debug)]
pub struct DiscriminatorStage {
    /// The residual block.
    pub block: ResBlock,
    /// Changes the number of channels. It comes after downsampling, where it is cheaper.
    pub narrow: Option<Conv>,
}

/// The input of every activation in a forward pass, in order. The adjoint needs them.
#[derive(Debug, Default)]
pub struct Trace {
    /// The inputs of the two activations of each stage, from the largest resolution down.
    pub blocks: Vec<[Tensor<4>; 2]>,
    /// The input of the last activation.
    pub last: Option<Tensor<4>>,
}

impl Discriminator {
    /// A discriminator with initial weights from `init`.
    pub fn new(preset: Preset, classes: usize, init: &mut Init, device: &Device) -> Self {
        let widths = preset.widths;
        let first = widths[0];
        let stages = widths
            .iter()
            .enumerate()
            .map(|(i, &width)| DiscriminatorStage {
                block: ResBlock::new(width, init, device),
                narrow: (i > 0).then(|| Conv::new([width, widths[i - 1]], 1, 1.0, init, device)),
            })
            .collect();
        let cells = (first * BASE * BASE) as f32;
        Self {
            input: Conv::new([CHANNELS, widths[widths.len() - 1]], 3, 1.0, init, device),
            stages,
            basis: init.param([first, BASE, BASE], 1.0 / cells.sqrt(), device),
            embedding: init.param([classes, first], 1.0, device),
        }
    }

    /// Images `[batch, 2, side, side]` and one-hot classes `[batch, classes]` to logits `[batch]`.
    pub fn forward(&self, x: Tensor<4>, class: Tensor<2>) -> Tensor<1> {
        self.forward_traced(x, class).0
    }

    /// Like [`forward`](Self::forward), from the same inputs to logits `[batch]`, and also returns the inputs of the
    /// activations.
    pub fn forward_traced(&self, x: Tensor<4>, class: Tensor<2>) -> (Tensor<1>, Trace) {
        let mut trace = Trace::default();
        let mut x = self.input.forward(x); // [batch, width of the last stage, side, side]
        for stage in self.stages.iter().rev() {
            // [batch, width, s, s] each
            let inner = stage.block.first.forward_activated(x.clone(), None);
            let after = stage.block.second.forward_activated(inner.clone(), Some(x.clone()));
            trace.blocks.push([x, inner]);
            x = match &stage.narrow {
                Some(narrow) => narrow.forward(halve(after)), // [batch, next width, s / 2, s / 2]
                None => after,
            };
        }
        trace.last = Some(x.clone());
        // [batch, width, 4, 4] * [batch, width, 4, 4], summed over all axes but the batch
        let logits = (activate(x) * self.head(class)).sum_dims_squeeze::<1, _>(&[1, 2, 3]);
        (logits, trace)
    }

    /// Weights of the projection head for these classes: `[batch, classes]` to `[batch, width, 4, 4]`.
    pub(super) fn head(&self, class: Tensor<2>) -> Tensor<4> {
        let channels = class.matmul(self.embedding.val()); // [batch, width]
        let [batch, width] = channels.dims();
        // [batch, width, 1, 1] * [1, width, 4, 4]
        channels.reshape([batch, width, 1, 1]) * self.basis.val().unsqueeze::<4>()
    }
}
