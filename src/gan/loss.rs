//! What the two networks are asked to do.
//!
//! The relativistic pairing loss and the zero-centred gradient penalties R1 and R2 of R3GAN (arXiv
//! 2501.05441), and LeCam's regulariser for few images (Tseng et al. 2021, arXiv 2104.03310).

use burn::tensor::Tensor;
use burn::tensor::activation::softplus;

/// Discriminator: each real scan should score higher than the generated one beside it. `[batch]` each, to `[1]`.
pub fn discriminator_loss(real: Tensor<1>, fake: Tensor<1>) -> Tensor<1> {
    softplus(fake - real, 1.0).mean()
}

/// Generator: the other way round.
pub fn generator_loss(real: Tensor<1>, fake: Tensor<1>) -> Tensor<1> {
    softplus(real - fake, 1.0).mean()
}

/// R1 or R2: half of gamma times the mean squared length of the input gradient `[batch, 2, side, side]`.
pub fn gradient_penalty(gradient: Tensor<4>, gamma: f64) -> Tensor<1> {
    let [batch, ..] = gradient.dims();
    gradient.square().sum() * (0.5 * gamma / batch as f64)
}

/// Running means of the logits, which LeCam holds the discriminator to.
#[derive(Debug, Clone)]
pub struct Anchors {
    /// Mean logit of real scans, `[1]`.
    pub real: Tensor<1>,
    /// Mean logit of generated scans, `[1]`.
    pub fake: Tensor<1>,
}

impl Anchors {
    /// Share of the old mean that a step keeps.
    const KEEP: f64 = 0.99;

    /// The means after one more batch (plain tensors, not on the tape).
    pub fn follow(self, real: Tensor<1>, fake: Tensor<1>) -> Self {
        let mix = |old: Tensor<1>, new: Tensor<1>| old * Self::KEEP + new.mean() * (1.0 - Self::KEEP);
        Self { real: mix(self.real, real), fake: mix(self.fake, fake) }
    }

    /// LeCam: logits of real scans near the mean of generated ones, and the reverse.
    pub fn penalty(&self, real: Tensor<1>, fake: Tensor<1>, weight: f64) -> Tensor<1> {
        let anchor = |x: &Tensor<1>| Tensor::from_inner(x.clone());
        ((real - anchor(&self.fake)).square().mean() + (fake - anchor(&self.real)).square().mean()) * weight
    }
}
