//! The generator: from a latent vector and a class to a scan with its tumour mask.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};

use super::layers::{Conv, Init, ResBlock, activate, double};
use super::noise;
use super::preset::{BASE, CHANNELS, LATENT, Preset};

/// R3GAN's generator with plain residual blocks, and latent and class at every resolution and not at the first alone: with
/// only that, classes learned little else than one head each.
#[derive(Module, Debug)]
pub struct Generator {
    /// `[latent + classes, width]`: the latent and the class as a weight a channel.
    pub project: Param<Tensor<2>>,
    /// `[width, 4, 4]`: the learned picture that those weights scale.
    pub basis: Param<Tensor<3>>,
    /// One a resolution, from 4 x 4 up.
    pub stages: Vec<GeneratorStage>,
    /// To image and mask.
    pub output: Conv,
}

/// One resolution: enlarge, then refine. The first stage has nothing to enlarge.
#[derive(Module, Debug)]
pub struct GeneratorStage {
    /// Changes the channels, before enlarging because it is cheaper there.
    pub widen: Option<Conv>,
    /// Refines.
    pub block: ResBlock,
    /// `[latent + classes, 2 width]`: how latent and class scale and shift the block's channels. Zeros, as in weights
    /// from before there was one, change nothing.
    pub style: Param<Tensor<2>>,
    /// `[width]`: how much of the latent's [noise](grain) each of the block's channels takes; zeros at the start.
    pub grain: Param<Tensor<1>>,
    /// [Fixed](noise::signs), so neither trained nor stored.
    signs: Tensor<2>,
}

/// Last part of the names of the styles.
pub const STYLE: &str = "style";
/// Last part of the names of what channels take of the noise.
pub const GRAIN: &str = "grain";

/// Whether a file may lack a parameter: zeros stand for it, and change nothing.
pub fn may_lack(name: &str) -> bool {
    [STYLE, GRAIN].iter().any(|end| name.ends_with(end))
}

/// First scale of a style: a fresh stage hardly depends on the latent.
const STYLE_GAIN: f32 = 0.1;

impl Generator {
    /// A generator with first weights from `init`.
    pub fn new(preset: Preset, classes: usize, init: &mut Init, device: &Device) -> Self {
        let widths = preset.widths;
        let first = widths[0];
        let inputs = LATENT + classes;
        let stages = widths
            .iter()
            .enumerate()
            .map(|(i, &width)| GeneratorStage {
                widen: (i > 0).then(|| Conv::new([widths[i - 1], width], 1, 1.0, init, device)),
                block: ResBlock::new(width, init, device),
                style: init.param([inputs, 2 * width], STYLE_GAIN / (LATENT as f32).sqrt(), device),
                grain: Init::Zero.param([width], 0.0, device),
                signs: noise::signs(BASE << i, device),
            })
            .collect();
        Self {
            project: init.param([inputs, first], 1.0 / (LATENT as f32).sqrt(), device),
            basis: init.param([first, BASE, BASE], 1.0, device),
            stages,
            output: Conv::new([widths[widths.len() - 1], CHANNELS], 3, 0.5, init, device),
        }
    }

    /// Latents `[batch, 64]` and classes `[batch, classes]` (one-hot, or mixed for a morph) to images
    /// `[batch, 2, side, side]`, nominally -1 to 1 but not clamped.
    pub fn forward(&self, latent: Tensor<2>, class: Tensor<2>) -> Tensor<4> {
        let code = Tensor::cat(vec![latent, class], 1);
        let first = self.first(code.clone());
        let x = self.stages.iter().fold(first, |x, stage| stage.forward(x, code.clone()));
        self.output.forward(activate(x))
    }

    /// What each resolution holds on the way, from 4 x 4 up: `[batch, width, side, side]`.
    pub fn features(&self, latent: Tensor<2>, class: Tensor<2>) -> Vec<Tensor<4>> {
        let code = Tensor::cat(vec![latent, class], 1);
        let mut x = self.first(code.clone());
        let mut features = Vec::with_capacity(self.stages.len());
        for stage in &self.stages {
            x = stage.forward(x, code.clone());
            features.push(x.clone());
        }
        features
    }

    /// Latents beside classes, `[batch, latent + classes]`, to the first 4 x 4 features.
    fn first(&self, code: Tensor<2>) -> Tensor<4> {
        let weights = code.matmul(self.project.val()); // [batch, width]
        let [batch, width] = weights.dims();
        // [batch, width, 1, 1] * [1, width, 4, 4]
        weights.reshape([batch, width, 1, 1]) * self.basis.val().unsqueeze::<4>()
    }
}

impl GeneratorStage {
    /// `[batch, c, s, s]` to `[batch, width, 2s, 2s]`, or the same shape in the first stage; `code` is latents beside
    /// classes.
    pub fn forward(&self, x: Tensor<4>, code: Tensor<2>) -> Tensor<4> {
        let x = match &self.widen {
            Some(widen) => double(widen.forward(x)),
            None => x,
        };
        let [batch, _, side, _] = x.dims();
        let noise = code.clone().narrow(1, 0, LATENT).matmul(self.signs.clone()).reshape([batch, 1, side, side]);
        // [batch, 1, side, side] * [1, width, 1, 1]
        let grain = noise * self.grain.val().reshape([1, -1, 1, 1]);
        self.block.forward(x, code.matmul(self.style.val()), grain)
    }
}
