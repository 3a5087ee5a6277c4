//! The discriminator: how real does this scan look, for its class?

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};

use super::layers::{Conv, Init, ResBlock, activate, halve};
use super::preset::{BASE, CHANNELS, Preset};

/// The generator's mirror, with a projection head (Miyato and Koyama 2018, arXiv 1802.05637).
///
/// Whoever adds a layer adds its adjoint in [`adjoint`](super::adjoint) too; the tests there compare the two
/// with autodiff and fail otherwise.
#[derive(Module, Debug)]
pub struct Discriminator {
    /// From image and mask to the first features.
    pub input: Conv,
    /// One a resolution, from 4 x 4 up as in the generator, so that a stage has the same name in a larger
    /// preset; walked from the end.
    pub stages: Vec<DiscriminatorStage>,
    /// `[width, 4, 4]`: where in the last features to look.
    pub basis: Param<Tensor<3>>,
    /// `[classes, width]`: what to look for in each class.
    pub embedding: Param<Tensor<2>>,
}

/// One resolution: judge, then shrink to the next lower one. The 4 x 4 stage has nothing to shrink to.
#[derive(Module, Debug)]
pub struct DiscriminatorStage {
    /// Looks.
    pub block: ResBlock,
    /// Changes the channels, after shrinking because it is cheaper there.
    pub narrow: Option<Conv>,
}

/// What a forward pass leaves for the adjoint: the input of every activation, in order.
#[derive(Debug, Default)]
pub struct Trace {
    /// For each stage walked: the inputs of its two activations.
    pub blocks: Vec<[Tensor<4>; 2]>,
    /// The input of the last activation.
    pub last: Option<Tensor<4>>,
}

impl Discriminator {
    /// A discriminator with first weights from `init`.
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

    /// Images `[batch, 2, side, side]` and classes `[batch, classes]` to logits `[batch]`.
    pub fn forward(&self, x: Tensor<4>, class: Tensor<2>) -> Tensor<1> {
        self.forward_traced(x, class).0
    }

    /// [`forward`](Self::forward), and what the adjoint needs.
    pub fn forward_traced(&self, x: Tensor<4>, class: Tensor<2>) -> (Tensor<1>, Trace) {
        let mut trace = Trace::default();
        let mut x = self.input.forward(x);
        for stage in self.stages.iter().rev() {
            let inner = stage.block.first.forward(activate(x.clone()));
            let after = x.clone() + stage.block.second.forward(activate(inner.clone()));
            trace.blocks.push([x, inner]);
            x = match &stage.narrow {
                Some(narrow) => narrow.forward(halve(after)),
                None => after,
            };
        }
        trace.last = Some(x.clone());
        // [batch, width, 4, 4] * [batch, width, 4, 4] summed over all but the batch
        let logits = (activate(x) * self.head(class)).sum_dims_squeeze::<1, _>(&[1, 2, 3]);
        (logits, trace)
    }

    /// The head's weights for these classes: `[batch, classes]` to `[batch, width, 4, 4]`.
    pub(super) fn head(&self, class: Tensor<2>) -> Tensor<4> {
        let wanted = class.matmul(self.embedding.val()); // [batch, width]
        let [batch, width] = wanted.dims();
        wanted.reshape([batch, width, 1, 1]) * self.basis.val().unsqueeze::<4>()
    }
}
