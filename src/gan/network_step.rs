//! A network step, one network's half of a training step: the gradient of its loss over some rows of the mini-batch, and the
//! optimiser's step.
//!
//! The losses are means over the mini-batch, and real and generated scans are paired by their row. So the gradient of the whole
//! mini-batch is the sum of the gradients of its parts, each weighted by its share of the rows. Several workers can compute
//! one part each (synchronous data-parallel training, Goyal et al. 2017, arXiv 1706.02677).

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

use super::adjoint::input_gradient;
use super::judge::Judge;
use super::loss::{self, Anchors};
use super::preset::Network;
use super::step_inputs::{Draws, NetworkInputs};
use super::train::TrainState;

/// The gradient of one network over some rows of the mini-batch.
#[derive(Debug)]
pub struct NetworkGradient {
    /// By parameter. Frozen parameters have none.
    pub parameters: GradientsParams,
    /// The losses, weighted as the gradient is.
    pub losses: NetworkLosses,
}

/// Losses of one network's half of a step, off the tape: `[1]` each. Those of parts of a mini-batch add up.
#[derive(Debug, Clone)]
pub struct NetworkLosses {
    /// Loss of the network, without penalties and without the judge.
    pub loss: Tensor<1>,
    /// Mean logit of the real slices.
    pub real: Tensor<1>,
    /// Mean logit of the generated scans.
    pub fake: Tensor<1>,
    /// R1 + R2; of the discriminator's half only, in steps that compute them.
    pub penalty: Option<Tensor<1>>,
}

impl TrainState {
    /// The gradient of one network over these rows of the mini-batch. `progress` is the position in the run, 0 to 1.
    pub fn gradient(&self, network: Network, inputs: NetworkInputs, progress: f64) -> NetworkGradient {
        let weight = inputs.len() as f64 / self.settings.batch as f64;
        match network {
            Network::Discriminator => self.discriminator_gradient(inputs, weight, progress),
            Network::Generator => self.generator_gradient(inputs, weight),
        }
    }

    /// Whether the network step needs means over the whole mini-batch, so that its gradient is not a sum of parts: LeCam's
    /// first anchors are such means.
    pub fn needs_whole_batch(&self, network: Network) -> bool {
        network == Network::Discriminator && self.settings.schedule.lecam > 0.0 && self.anchors.is_none()
    }

    /// Takes the optimiser's step with the gradient of the whole mini-batch.
    pub fn apply(&mut self, network: Network, gradient: NetworkGradient, progress: f64) -> NetworkLosses {
        let now = self.settings.schedule.at(progress);
        let NetworkGradient { parameters, losses } = gradient;
        match network {
            Network::Discriminator => {
                let opponents = self.discriminator_adam.step(self.opponents(), parameters, now.rate, now.beta);
                self.set_opponents(opponents);
                self.judge = self.judge.take().map(Judge::after_step);
                if self.settings.schedule.lecam > 0.0 {
                    let means = Anchors { real: losses.real.clone(), fake: losses.fake.clone() };
                    let anchors = self.anchors.take().unwrap_or_else(|| means.clone());
                    self.anchors = Some(anchors.update(means.real, means.fake));
                }
            }
            Network::Generator => {
                let rate = now.rate * self.settings.schedule.generator_share;
                self.generator = self.generator_adam.step(self.generator.clone(), parameters, rate, now.beta);
            }
        }
        losses
    }

    fn discriminator_gradient(&self, inputs: NetworkInputs, weight: f64, progress: f64) -> NetworkGradient {
        let schedule = &self.settings.schedule;
        let interval = schedule.penalty_every.max(1);
        let rows = inputs.len();
        let NetworkInputs { real, class, draws } = inputs;

        let fake = self.generator.valid().forward(draws.latents, class.clone());
        let real = draws.real.apply(real);
        let fake = draws.fake.apply(fake);
        let hinge = self
            .judge
            .as_ref()
            .map(|judge| judge.heads_loss(real.clone(), fake.clone(), class.clone(), self.judge_crop()) * weight);
        // Real and generated scans in one pass: [2 rows, 2, side, side]
        let both = Tensor::from_inner(Tensor::cat(vec![real, fake], 0));
        let class = Tensor::from_inner(Tensor::cat(vec![class.clone(), class], 0));
        let (logits, trace) = self.discriminator.forward_traced(both, class.clone());
        let real = logits.clone().narrow(0, 0, rows);
        let fake = logits.narrow(0, rows, rows);
        let means = Anchors { real: real.clone().inner().mean(), fake: fake.clone().inner().mean() };

        let loss = loss::discriminator_loss(real.clone(), fake.clone()) * weight;
        let mut total = loss.clone();
        let penalty = self.steps.is_multiple_of(interval).then(|| {
            let gradient = input_gradient(&self.discriminator, &trace, class);
            // The mean is over 2 * rows images; R1 and R2 are means over `rows` images each.
            loss::gradient_penalty(gradient, 2.0 * schedule.at(progress).gamma * weight)
        });
        if let Some(penalty) = &penalty {
            total = total + penalty.clone() * interval as f64;
        }
        if let Some(hinge) = hinge {
            total = total + hinge;
        }
        if schedule.lecam > 0.0 {
            let anchors = self.anchors.as_ref().unwrap_or(&means);
            total = total + anchors.penalty(real, fake, schedule.lecam * weight);
        }
        let losses = NetworkLosses {
            loss: loss.inner(),
            real: means.real * weight,
            fake: means.fake * weight,
            penalty: penalty.map(Tensor::inner),
        };
        NetworkGradient { parameters: GradientsParams::from_grads(total.backward(), &self.opponents()), losses }
    }

    fn generator_gradient(&self, inputs: NetworkInputs, weight: f64) -> NetworkGradient {
        let NetworkInputs { real, class, draws } = inputs;
        let Draws { latents, real: augment_real, fake: augment_fake } = draws;
        let real = self.discriminator.valid().forward(augment_real.apply(real), class.clone());

        let class = Tensor::from_inner(class);
        let fake = self.generator.forward(Tensor::from_inner(latents), class.clone());
        let fake = augment_fake.on_tape().apply(fake);
        // Gradients flow through the discriminator, but its weights need none.
        let discriminator = self.discriminator.clone().no_grad();
        let judged = self
            .judge
            .as_ref()
            .map(|judge| judge.mean_logit(fake.clone(), class.clone(), self.judge_crop()) * (judge.weight * weight));
        let fake = discriminator.forward(fake, class);

        let [mean_real, mean_fake] = [real.clone(), fake.clone().inner()].map(|logits| logits.mean() * weight);
        let loss = loss::generator_loss(Tensor::from_inner(real), fake) * weight;
        let total = judged.into_iter().fold(loss.clone(), |total, judged| total - judged);
        let parameters = GradientsParams::from_grads(total.backward(), &self.generator);
        let losses = NetworkLosses { loss: loss.inner(), real: mean_real, fake: mean_fake, penalty: None };
        NetworkGradient { parameters, losses }
    }
}
