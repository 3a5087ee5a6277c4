//! The judge: a second discriminator, on the features of a network that was trained on photographs.
//!
//! A projected discriminator (Sauer et al. 2021, arXiv 2111.01007) beside the network's own discriminator (Kumari et al. 2022, arXiv
//! 2112.09130), as in `xtask/pretrain/projected.py`; `tests/judge.rs` compares the two. It is used during training only, and no
//! weights file holds it.

pub mod backbone;
pub mod distance;
pub mod efficientnet_lite;
pub mod heads;

use burn::module::{Module, Param};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

use super::layers::{Init, double};
use super::ops::pointwise;
use super::preset::JUDGE_GROUP;
use super::random::{Purpose, Stream};
use backbone::{Backbone, CHANNELS, MAPS, SIDE};
use heads::{Heads, WIDTH};

/// Side in pixels of the part of a scan that the judge sees enlarged. It sees such a part in every other step, if scans have
/// [`SIDE`] pixels: the feature network was trained on larger images.
pub const PART: usize = SIDE / 2;
/// Steps of the power method after each step of the heads.
const ITERATIONS: usize = 2;

/// The judge of a run.
#[derive(Debug, Clone)]
pub struct Judge {
    /// Weight of its logits in the generator's loss.
    pub weight: f64,
    /// The frozen network.
    pub backbone: Backbone,
    /// The trained parameters and the fixed mixing weights. On the autodiff tape.
    pub parameters: JudgeParameters,
}

/// The parameters of a judge that a checkpoint holds.
#[derive(Module, Debug)]
pub struct JudgeParameters {
    /// `[WIDTH, channels, 1, 1]`: fixed random mixing across channels, so that no head can rely on a single one.
    pub across: Vec<Param<Tensor<4>>>,
    /// `[WIDTH, WIDTH, 1, 1]`: fixed random mixing across scales, for all maps but the last.
    pub down: Vec<Param<Tensor<4>>>,
    /// Heads that see whole scans.
    pub whole: Heads,
    /// Heads that see enlarged parts; none for scans of fewer than [`SIDE`] pixels.
    pub near: Option<Heads>,
}

/// Top and left edge in pixels of the part that the judge sees; none for whole scans.
pub type JudgeCrop = Option<[usize; 2]>;

impl JudgeParameters {
    /// Random parameters, for scans of `side` pixels.
    pub fn new(side: usize, classes: usize, seed: u64, device: &Device) -> Self {
        let tape = device.clone().autodiff();
        let mut stream = Stream::new(Purpose::Judge, seed, 0);
        let mut init = Init::Random(&mut stream);
        let mut fixed = |channels: usize| {
            let deviation = (2.0 / channels as f32).sqrt();
            init.param([WIDTH, channels, 1, 1], deviation, &tape).set_require_grad(false)
        };
        let (across, down) = (CHANNELS.map(&mut fixed).into(), (1..MAPS).map(|_| fixed(WIDTH)).collect());
        let whole = Heads::new(classes, &mut init, &tape);
        let near = (side >= SIDE).then(|| Heads::new(classes, &mut init, &tape));
        Self { across, down, whole, near }
    }

    /// Feature maps to mixed maps, `[batch, WIDTH, s, s]` each.
    fn mix(&self, maps: [Tensor<4>; MAPS]) -> Vec<Tensor<4>> {
        let pointwise = |x: Tensor<4>, weight: &Param<Tensor<4>>| {
            let bias = Tensor::zeros([WIDTH], &x.device());
            pointwise(x, weight.val(), bias)
        };
        let mut mixed: Vec<_> =
            maps.into_iter().zip(&self.across).map(|(map, across)| pointwise(map, across)).collect();
        for (i, down) in self.down.iter().enumerate().rev() {
            mixed[i] = pointwise(mixed[i].clone() + double(mixed[i + 1].clone()), down) * 0.5;
        }
        mixed
    }

    /// The heads for this crop.
    fn heads(&self, crop: JudgeCrop) -> &Heads {
        crop.and(self.near.as_ref()).unwrap_or(&self.whole)
    }

    /// With better estimates of the norms of the weights.
    pub fn iterate(self, steps: usize) -> Self {
        Self { whole: self.whole.iterate(steps), near: self.near.map(|heads| heads.iterate(steps)), ..self }
    }
}

impl Judge {
    /// A judge with random heads, for scans of `side` pixels.
    pub fn new(weight: f64, backbone: Backbone, side: usize, classes: usize, seed: u64, device: &Device) -> Self {
        Self { weight, backbone, parameters: JudgeParameters::new(side, classes, seed, device) }
    }

    /// The part of the scans that the judge sees in a step of a run with this seed. All workers of a step use the same part.
    pub fn crop(&self, seed: u64, step: u64) -> JudgeCrop {
        if self.parameters.near.is_none() || step.is_multiple_of(2) {
            return None;
        }
        let mut stream = Stream::new(Purpose::Judge, seed, 1 + step);
        let [top, left] = [0; 2].map(|_: usize| stream.below(SIDE - PART + 1));
        Some([top, left])
    }

    /// Hinge loss of the heads, `[1]`, on the tape: logits of real scans above 1 and of generated ones below -1. Both are
    /// `[batch, 2, side, side]`, off the tape, and have the classes `class`, `[batch, classes]`.
    pub fn heads_loss(&self, real: Tensor<4>, fake: Tensor<4>, class: Tensor<2>, crop: JudgeCrop) -> Tensor<1> {
        let rows = real.dims()[0];
        let [real, fake] = if rows.is_multiple_of(JUDGE_GROUP) {
            // In one pass, which is faster. No normalisation group has rows of both.
            let logits =
                self.logits(Tensor::cat(vec![real, fake], 0), Tensor::cat(vec![class.clone(), class], 0), crop);
            [logits.clone().narrow(0, 0, rows), logits.narrow(0, rows, rows)]
        } else {
            [real, fake].map(|scans| self.logits(scans, class.clone(), crop))
        };
        relu(1.0 - real).mean() + relu(fake + 1.0).mean()
    }

    /// Logits `[batch, maps]` of scans `[batch, 2, side, side]` with classes `[batch, classes]`. Only the heads are on the tape.
    pub fn logits(&self, scans: Tensor<4>, class: Tensor<2>, crop: JudgeCrop) -> Tensor<2> {
        let maps = self.parameters.valid().mix(self.backbone.valid().forward(crop_scans(scans, crop)));
        let maps: Vec<_> = maps.into_iter().map(Tensor::from_inner).collect();
        self.parameters.heads(crop).forward(&maps, &Tensor::from_inner(class))
    }

    /// Mean logit of generated scans, `[1]`: the generator raises it. The scans, `[batch, 2, side, side]`, and their classes are on the
    /// tape; no gradient reaches the heads.
    pub fn mean_logit(&self, fake: Tensor<4>, class: Tensor<2>, crop: JudgeCrop) -> Tensor<1> {
        let parameters = self.parameters.clone().no_grad();
        let maps = parameters.mix(self.backbone.forward(crop_scans(fake, crop)));
        parameters.heads(crop).forward(&maps, &class).mean()
    }

    /// To be called after each step of the heads.
    pub fn after_step(mut self) -> Self {
        self.parameters = self.parameters.iterate(ITERATIONS);
        self
    }
}

/// The scans as the judge sees them: cropped, or whole.
fn crop_scans(scans: Tensor<4>, crop: JudgeCrop) -> Tensor<4> {
    match crop {
        Some([top, left]) => scans.narrow(2, top, PART).narrow(3, left, PART),
        None => scans,
    }
}
