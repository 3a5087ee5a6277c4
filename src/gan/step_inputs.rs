//! The inputs of a training step: slices, latents and augmentations.
//!
//! They depend only on the run's seed and the number of the step. Every worker of a step draws the whole mini-batch and takes
//! its own rows.

use std::ops::Range;

use burn::tensor::{Tensor, TensorData};

use super::augment::Augmentation;
use super::balanced_sampler::BalancedSampler;
use super::pixels::one_hot;
use super::preset::{LATENT, Network};
use super::random::{Purpose, Stream};
use super::train::{TrainSettings, TrainState};

/// The random inputs of one network in a step.
#[derive(Debug, Clone)]
pub struct Draws {
    /// Latents of the generated scans, `[batch, LATENT]`.
    pub latents: Tensor<2>,
    /// Augmentation of the real slices.
    pub real: Augmentation,
    /// Augmentation of the generated scans.
    pub fake: Augmentation,
}

/// All inputs of one step. Tensors are off the autodiff tape.
#[derive(Debug, Clone)]
pub struct StepInputs {
    /// Real slices with masks, `[batch, 2, side, side]`.
    pub real: Tensor<4>,
    /// Their classes, one-hot, `[batch, classes]`. Generated scans get the same classes.
    pub class: Tensor<2>,
    /// For the discriminator's half of the step.
    pub discriminator: Draws,
    /// For the generator's half of the step.
    pub generator: Draws,
}

impl StepInputs {
    /// The inputs of one network's half.
    pub fn of(&self, network: Network) -> NetworkInputs {
        let draws = match network {
            Network::Discriminator => &self.discriminator,
            Network::Generator => &self.generator,
        };
        NetworkInputs { real: self.real.clone(), class: self.class.clone(), draws: draws.clone() }
    }
}

/// The inputs of one network's half of a step. Tensors are off the autodiff tape.
#[derive(Debug, Clone)]
pub struct NetworkInputs {
    /// Real slices with masks, `[rows, 2, side, side]`.
    pub real: Tensor<4>,
    /// Their classes, one-hot, `[rows, classes]`. Generated scans get the same classes.
    pub class: Tensor<2>,
    /// Latents and augmentations of these rows.
    pub draws: Draws,
}

impl NetworkInputs {
    /// Number of real slices.
    pub fn len(&self) -> usize {
        self.real.dims()[0]
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Some rows of the mini-batch.
    pub fn rows(&self, rows: &Range<usize>) -> Self {
        let Draws { latents, real, fake } = &self.draws;
        Self {
            real: self.real.clone().narrow(0, rows.start, rows.len()),
            class: self.class.clone().narrow(0, rows.start, rows.len()),
            draws: Draws {
                latents: latents.clone().narrow(0, rows.start, rows.len()),
                real: real.rows(rows),
                fake: fake.rows(rows),
            },
        }
    }
}

impl TrainState {
    /// The inputs of the next step, of both networks.
    pub fn inputs(&self, slices: &BalancedSampler) -> StepInputs {
        let (real, class, mut stream) = self.mini_batch(slices);
        let discriminator = self.discriminator_draws(&mut stream);
        let generator = self.generator_draws(&mut stream);
        StepInputs { real, class, discriminator, generator }
    }

    /// The inputs of the next step, if it trains one network alone.
    pub fn inputs_of_one(&self, network: Network, slices: &BalancedSampler) -> NetworkInputs {
        let (real, class, mut stream) = self.mini_batch(slices);
        let draws = match network {
            Network::Discriminator => self.discriminator_draws(&mut stream),
            Network::Generator => self.generator_draws(&mut stream),
        };
        NetworkInputs { real, class, draws }
    }

    /// A mini-batch of real slices `[batch, 2, side, side]`, their one-hot classes, and the random stream of this step.
    fn mini_batch(&self, slices: &BalancedSampler) -> (Tensor<4>, Tensor<2>, Stream) {
        let TrainSettings { preset, classes, batch, seed, .. } = self.settings;
        let mut stream = Stream::new(Purpose::Step, seed, self.steps);
        let (real, chosen) = slices.batch(batch, preset.size(), &mut stream, &self.device);
        (real, one_hot(&chosen, classes, &self.device), stream)
    }

    // A step's numbers depend on the order of these draws.

    fn discriminator_draws(&self, stream: &mut Stream) -> Draws {
        let latents = self.latents(stream);
        let real = self.augmentation(stream);
        Draws { latents, real, fake: self.augmentation(stream) }
    }

    fn generator_draws(&self, stream: &mut Stream) -> Draws {
        let real = self.augmentation(stream);
        let latents = self.latents(stream);
        Draws { latents, real, fake: self.augmentation(stream) }
    }

    /// Standard normal latents, `[batch, LATENT]`.
    pub(super) fn latents(&self, stream: &mut Stream) -> Tensor<2> {
        let batch = self.settings.batch;
        let data = TensorData::new(stream.normals(batch * LATENT), [batch, LATENT]);
        Tensor::from_data(data, &self.device)
    }

    fn augmentation(&self, stream: &mut Stream) -> Augmentation {
        let TrainSettings { batch, preset, .. } = self.settings;
        Augmentation::draw(batch, preset.size(), self.adaptive_augment.probability, stream, &self.device)
    }
}
