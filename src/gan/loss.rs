//! Losses and regularisers.
//!
//! The relativistic pairing loss and the zero-centred gradient penalties R1 and R2 of R3GAN (arXiv
//! 2501.05441), and the LeCam regulariser for small data sets (Tseng et al. 2021, arXiv 2104.03310).

use burn::tensor::Tensor;
use burn::tensor::activation::softplus;

/// Loss of the discriminator, `[1]`, from logits `[batch]`: each real scan should score higher than the generated scan at the
/// same place in the batch.
pub fn discriminator_loss(real: Tensor<1>, fake: Tensor<1>) -> Tensor<1> {
    softplus(fake - real, 1.0).mean()
}

/// Loss of the generator, `[1]`: the discriminator's loss with real and generated exchanged.
pub fn generator_loss(real: Tensor<1>, fake: Tensor<1>) -> Tensor<1> {
    softplus(real - fake, 1.0).mean()
}

/// Gradient penalty (R1 or R2), `[1]`: half of gamma times the mean squared norm of the input gradient
/// `[batch, 2, side, side]`.
pub fn gradient_penalty(gradient: Tensor<4>, gamma: f64) -> Tensor<1> {
    let [batch, ..] = gradient.dims();
    gradient.square().sum() * (0.5 * gamma / batch as f64)
}

/// Running means of the logits ("anchors" in the LeCam paper).
#[derive(Debug, Clone)]
pub struct Anchors {
    /// Mean logit of real scans, `[1]`.
    pub real: Tensor<1>,
    /// Mean logit of generated scans, `[1]`.
    pub fake: Tensor<1>,
}

impl Anchors {
    /// Weight of the old mean in each step.
    const DECAY: f64 = 0.99;

    /// The means after one more batch of logits `[batch]`, which are off the tape.
    pub fn update(self, real: Tensor<1>, fake: Tensor<1>) -> Self {
        let mix = |old: Tensor<1>, new: Tensor<1>| old * Self::DECAY + new.mean() * (1.0 - Self::DECAY);
        Self { real: mix(self.real, real), fake: mix(self.fake, fake) }
    }

    /// LeCam, `[1]`: squared distance of the logits of real scans to the mean of generated scans, and the reverse.
    pub fn penalty(&self, real: Tensor<1>, fake: Tensor<1>, weight: f64) -> Tensor<1> {
        let anchor = |x: &Tensor<1>| Tensor::from_inner(x.clone());
        ((real - anchor(&self.fake)).square().mean() + (fake - anchor(&self.real)).square().mean()) * weight
    }
}
