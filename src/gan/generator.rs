//! The generator: a latent vector and a class to a scan with its tumour mask.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};

use super::layers::{Conv, Init, ResBlock, double};
use super::preset::{BASE, CHANNELS, LATENT, Preset};
use super::{noise, ops};

/// R3GAN's generator with plain residual blocks. Latent and class enter at every resolution. With both at the first
/// resolution only, the generator learned little more than one head for each class.
#[derive(Module, Debug)]
pub struct Generator {
    /// `[latent + classes, width]`: from latent and class to one weight for each channel.
    pub project: Param<Tensor<2>>,
    /// `[width, 4, 4]`: the learned constant input, scaled by those weights.
    pub basis: Param<Tensor<3>>,
    /// One stage for each resolution, from 4 x 4 up.
    pub stages: Vec<GeneratorStage>,
    /// To scan and mask.
    pub output: Conv,
}

/// One resolution: upsampling to twice the side, then a residual block. The 4 x 4 stage does not upsample.
#[derive(Module, Debug)]
pub struct GeneratorStage {
    /// Changes the number of channels. It comes before upsampling, where it is cheaper.
    pub widen: Option<Conv>,
    /// The residual block.
    pub block: ResBlock,
    /// `[latent + classes, 2 width]`: from latent and class to a scale and a shift for each channel of the block. Zeros
    /// have no effect; files without this parameter are read as zeros.
    pub style: Param<Tensor<2>>,
    /// `[width]`: strength of the [noise](noise) in each channel of the block, 0 at the start.
    pub grain: Param<Tensor<1>>,
    /// The fixed noise matrix, see [`noise::signs`]. Neither trained nor stored. None on a device that needs none.
    signs: Option<Tensor<2>>,
}

/// Last part of the parameter names of the styles.
pub const STYLE: &str = "style";
/// Last part of the parameter names of the noise strengths.
pub const GRAIN: &str = "grain";

/// Whether a weights file may lack a parameter of this name. It is then read as zeros, which have no effect.
pub fn may_lack(name: &str) -> bool {
    [STYLE, GRAIN].iter().any(|end| name.ends_with(end))
}

/// Initial scale of a style. It is small, so that a new stage hardly depends on the latent.
const STYLE_GAIN: f32 = 0.1;

impl Generator {
    /// A generator with initial weights from `init`.
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
                signs: (!ops::has_noise(device)).then(|| noise::signs(BASE << i, device)),
            })
            .collect();
        Self {
            project: init.param([inputs, first], 1.0 / (LATENT as f32).sqrt(), device),
            basis: init.param([first, BASE, BASE], 1.0, device),
            stages,
            output: Conv::new([widths[widths.len() - 1], CHANNELS], 3, 0.5, init, device),
        }
    }

    /// Latents `[batch, 64]` and classes `[batch, classes]` (one-hot, or a mixture for a morph) to images
    /// `[batch, 2, side, side]`. Values are mostly between -1 and 1 but not clamped.
    pub fn forward(&self, latent: Tensor<2>, class: Tensor<2>) -> Tensor<4> {
        let code = Tensor::cat(vec![latent, class], 1); // [batch, latent + classes]
        let first = self.first(code.clone());
        let x = self.stages.iter().fold(first, |x, stage| stage.forward(x, code.clone()));
        self.output.forward_activated(x, None)
    }

    /// The output of each stage, from 4 x 4 up: `[batch, width, side, side]` each. Inputs as in
    /// [`forward`](Self::forward).
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

    /// Latents and classes, `[batch, latent + classes]`, to the input of the first stage, `[batch, width, 4, 4]`.
    fn first(&self, code: Tensor<2>) -> Tensor<4> {
        let weights = code.matmul(self.project.val()); // [batch, width]
        let [batch, width] = weights.dims();
        // [batch, width, 1, 1] * [1, width, 4, 4]
        weights.reshape([batch, width, 1, 1]) * self.basis.val().unsqueeze::<4>()
    }
}

impl GeneratorStage {
    /// `[batch, c, s, s]` to `[batch, width, 2s, 2s]`; in the first stage to the same shape. `code` is latents and classes,
    /// `[batch, latent + classes]`.
    pub fn forward(&self, x: Tensor<4>, code: Tensor<2>) -> Tensor<4> {
        let x = match &self.widen {
            Some(widen) => double(widen.forward(x)), // [batch, width, 2s, 2s]
            None => x,
        };
        let side = x.dims()[3];
        let noise = ops::noise(code.clone().narrow(1, 0, LATENT), side, self.signs.as_ref());
        self.block.forward(x, code.matmul(self.style.val()), noise, self.grain.val())
    }
}
