//! The state of a training run and one step of it.
//!
//! Nothing here knows a clock, a file or a browser. The random numbers of a step depend on the run's seed and
//! the number of the step only, so a run that is stopped and resumed repeats itself bit for bit.

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};

use super::adam::Adam;
use super::adaptive_augment::AdaptiveAugment;
use super::adjoint::input_gradient;
use super::augment::Augmentation;
use super::balanced_sampler::BalancedSampler;
use super::card::WeightsCard;
use super::directions::Directions;
use super::discriminator::Discriminator;
use super::ema;
use super::generator::Generator;
use super::generator_model::GeneratorModel;
use super::layers::Init;
use super::loss::{self, Anchors};
use super::pixels::one_hot;
use super::preset::{LATENT, Network, Preset};
use super::random::{Purpose, Stream};
use super::schedule::Schedule;
use super::state_dict::{self, NamedValues};
use super::trainable::Trainable;

/// Settings that a run keeps from its first step to its last.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainSettings {
    /// Size of both networks.
    pub preset: Preset,
    /// Number of classes.
    pub classes: usize,
    /// Mini-batch size.
    pub batch: usize,
    /// Seed of initial weights, mini-batches, latents and augmentations.
    pub seed: u64,
    /// Hyperparameters over the run.
    pub schedule: Schedule,
    /// Parameters that are trained.
    pub trainable: Trainable,
}

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

/// Results of one step. Each tensor has shape `[1]` and stays on the device until it is read.
#[derive(Debug, Clone)]
pub struct StepOutput {
    /// Loss of the discriminator, without penalties.
    pub discriminator: Tensor<1>,
    /// Loss of the generator.
    pub generator: Tensor<1>,
    /// R1 + R2; none in a step that does not compute them (lazy regularisation).
    pub penalty: Option<Tensor<1>>,
    /// Mean logit of the real scans.
    pub real: Tensor<1>,
    /// Mean logit of the generated scans.
    pub fake: Tensor<1>,
}

/// Results of the discriminator's half of a step: `[1]` each.
struct DiscriminatorOutput {
    loss: Tensor<1>,
    penalty: Option<Tensor<1>>,
    real: Tensor<1>,
    fake: Tensor<1>,
}

/// Both networks, the averaged generator, the optimisers and the counters of a run.
#[derive(Debug)]
pub struct TrainState {
    /// Settings of the run.
    pub settings: TrainSettings,
    /// The generator, on the autodiff tape.
    pub generator: Generator,
    /// The discriminator, on the autodiff tape.
    pub discriminator: Discriminator,
    /// Exponential moving average of the generator, off the tape.
    pub average: Generator,
    /// Optimiser of the generator.
    pub generator_adam: Adam,
    /// Optimiser of the discriminator.
    pub discriminator_adam: Adam,
    /// Probability of augmentations.
    pub adaptive_augment: AdaptiveAugment,
    /// Running means for LeCam; none before the first step that uses them.
    pub anchors: Option<Anchors>,
    /// Steps taken.
    pub steps: u64,
    /// Real images shown to the discriminator.
    pub images: u64,
    /// The device, without the tape.
    pub device: Device,
}

impl TrainState {
    /// A run with random weights that has taken no step.
    pub fn new(settings: TrainSettings, device: &Device) -> Self {
        let tape = device.clone().autodiff();
        let mut stream = Stream::new(Purpose::Weights, settings.seed, 0);
        let mut init = Init::Random(&mut stream);
        let TrainSettings { preset, classes, .. } = settings;
        let generator = Generator::new(preset, classes, &mut init, &tape);
        let discriminator = Discriminator::new(preset, classes, &mut init, &tape);
        let average = generator.valid();
        let state = Self {
            settings,
            generator,
            discriminator,
            average,
            generator_adam: Adam::new(),
            discriminator_adam: Adam::new(),
            adaptive_augment: AdaptiveAugment::new(),
            anchors: None,
            steps: 0,
            images: 0,
            device: device.clone(),
        };
        state.freeze()
    }

    /// Freezes the parameters that [`TrainSettings::trainable`] excludes.
    fn freeze(mut self) -> Self {
        let (trainable, stages) = (self.settings.trainable, self.settings.preset.widths.len());
        self.generator = trainable.freeze(self.generator, Network::Generator, stages);
        self.discriminator = trainable.freeze(self.discriminator, Network::Discriminator, stages);
        self
    }

    /// Replaces the random weights by trained ones. Parameters that are missing in the values, or the part by which they
    /// are wider here, keep their random weights.
    pub fn start_from(mut self, generator: &[NamedValues], discriminator: Option<&[NamedValues]>) -> Self {
        let tape = self.device.clone().autodiff();
        self.generator = state_dict::grow(self.generator, generator, &tape).0;
        self.average = self.generator.valid();
        if let Some(values) = discriminator {
            self.discriminator = state_dict::grow(self.discriminator, values, &tape).0;
        }
        self
    }

    /// One step of the discriminator, then one of the generator, on the same mini-batch of `slices`. `progress` is the position
    /// in the run for the [`Schedule`], from 0 (start) to 1 (end).
    pub fn step(&mut self, slices: &BalancedSampler, progress: f64) -> StepOutput {
        let (real, class, mut stream) = self.mini_batch(slices);
        let discriminator = self.discriminator_draws(&mut stream);
        let generator = self.generator_draws(&mut stream);
        self.step_with(StepInputs { real, class, discriminator, generator }, progress)
    }

    /// [`step`](Self::step) with given inputs instead of random ones.
    pub fn step_with(&mut self, inputs: StepInputs, progress: f64) -> StepOutput {
        let StepInputs { real, class, discriminator, generator } = inputs;
        let judged = self.step_discriminator(real.clone(), class.clone(), discriminator, progress);
        let generator = self.step_generator(real, class, generator, progress);

        self.steps += 1;
        self.images += self.settings.batch as u64;
        self.update_average();
        let DiscriminatorOutput { loss, penalty, real, fake } = judged;
        StepOutput { discriminator: loss, generator, penalty, real, fake }
    }

    /// One step of one network while the other stays as it is; returns its loss, `[1]`. For slow motion and for a head
    /// start of the discriminator: a run of such steps alone is out of balance.
    pub fn step_one(&mut self, network: Network, slices: &BalancedSampler, progress: f64) -> Tensor<1> {
        let (real, class, mut stream) = self.mini_batch(slices);
        let draws = match network {
            Network::Discriminator => self.discriminator_draws(&mut stream),
            Network::Generator => self.generator_draws(&mut stream),
        };
        // The number of the step is the key of the random stream, so it counts for either network.
        self.steps += 1;
        match network {
            Network::Discriminator => {
                self.images += self.settings.batch as u64;
                self.step_discriminator(real, class, draws, progress).loss
            }
            Network::Generator => {
                let loss = self.step_generator(real, class, draws, progress);
                self.update_average();
                loss
            }
        }
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

    /// The averaged generator, ready to make scans. Its card names the preset only; the classes are called `0`, `1`, ...
    pub fn model(&self) -> GeneratorModel {
        let classes = (0..self.settings.classes).map(|class| class.to_string()).collect();
        let card = WeightsCard::blank(Network::Generator, self.settings.preset, classes);
        GeneratorModel::new(self.average.clone(), card, Directions::default(), self.device.clone())
    }

    fn update_average(&mut self) {
        let decay = ema::decay(self.images, self.settings.batch, self.settings.schedule.half_life);
        self.average = ema::update(self.average.clone(), &self.generator, decay);
    }

    /// Standard normal latents, `[batch, LATENT]`.
    fn latents(&self, stream: &mut Stream) -> Tensor<2> {
        let batch = self.settings.batch;
        let data = TensorData::new(stream.normals(batch * LATENT), [batch, LATENT]);
        Tensor::from_data(data, &self.device)
    }

    fn augmentation(&self, stream: &mut Stream) -> Augmentation {
        let TrainSettings { batch, preset, .. } = self.settings;
        Augmentation::draw(batch, preset.size(), self.adaptive_augment.probability, stream, &self.device)
    }

    fn step_discriminator(
        &mut self,
        real: Tensor<4>,
        class: Tensor<2>,
        draws: Draws,
        progress: f64,
    ) -> DiscriminatorOutput {
        let schedule = &self.settings.schedule;
        let now = schedule.at(progress);
        let interval = schedule.penalty_every.max(1);
        let batch = self.settings.batch;

        let fake = self.generator.valid().forward(draws.latents, class.clone());
        let real = draws.real.apply(real);
        let fake = draws.fake.apply(fake);
        // Real and generated scans in one pass: [2 batch, 2, side, side]
        let both = Tensor::from_inner(Tensor::cat(vec![real, fake], 0));
        let class = Tensor::from_inner(Tensor::cat(vec![class.clone(), class], 0));
        let (logits, trace) = self.discriminator.forward_traced(both, class.clone());
        let real = logits.clone().narrow(0, 0, batch);
        let fake = logits.narrow(0, batch, batch);

        let loss = loss::discriminator_loss(real.clone(), fake.clone());
        let mut total = loss.clone();
        let penalty = self.steps.is_multiple_of(interval).then(|| {
            let gradient = input_gradient(&self.discriminator, &trace, class);
            // The mean is over 2 batch images; R1 and R2 are a mean over batch images each.
            loss::gradient_penalty(gradient, 2.0 * now.gamma)
        });
        if let Some(penalty) = &penalty {
            total = total + penalty.clone() * interval as f64;
        }
        if schedule.lecam > 0.0 {
            let (plain_real, plain_fake) = (real.clone().inner(), fake.clone().inner());
            let anchors = self
                .anchors
                .take()
                .unwrap_or_else(|| Anchors { real: plain_real.clone().mean(), fake: plain_fake.clone().mean() });
            total = total + anchors.penalty(real.clone(), fake.clone(), schedule.lecam);
            self.anchors = Some(anchors.update(plain_real, plain_fake));
        }

        let grads = GradientsParams::from_grads(total.backward(), &self.discriminator);
        self.discriminator = self.discriminator_adam.step(self.discriminator.clone(), grads, now.rate, now.beta);
        DiscriminatorOutput {
            loss: loss.inner(),
            penalty: penalty.map(Tensor::inner),
            real: real.inner().mean(),
            fake: fake.inner().mean(),
        }
    }

    /// Returns the generator's loss, `[1]`.
    fn step_generator(&mut self, real: Tensor<4>, class: Tensor<2>, draws: Draws, progress: f64) -> Tensor<1> {
        let now = self.settings.schedule.at(progress);
        let real = draws.real.apply(real);
        let real = self.discriminator.valid().forward(real, class.clone());

        let class = Tensor::from_inner(class);
        let latents = Tensor::from_inner(draws.latents);
        let fake = self.generator.forward(latents, class.clone());
        let fake = draws.fake.on_tape().apply(fake);
        // Gradients flow through the discriminator, but its weights need none.
        let judge = self.discriminator.clone().no_grad();
        let fake = judge.forward(fake, class);

        let loss = loss::generator_loss(Tensor::from_inner(real), fake);
        let grads = GradientsParams::from_grads(loss.backward(), &self.generator);
        self.generator = self.generator_adam.step(self.generator.clone(), grads, now.rate, now.beta);
        loss.inner()
    }

    /// Mean logit over `batches` mini-batches of real slices, without augmentation: `[1]`.
    pub fn mean_logit(&self, slices: &BalancedSampler, batches: usize) -> Tensor<1> {
        let judge = self.discriminator.valid();
        let side = self.settings.preset.size();
        let mut stream = self.measuring_stream();
        let mut sum = Tensor::zeros([1], &self.device);
        for _ in 0..batches.max(1) {
            let (real, classes) = slices.batch(self.settings.batch, side, &mut stream, &self.device);
            let class = one_hot(&classes, self.settings.classes, &self.device);
            sum = sum + judge.forward(real, class).mean();
        }
        sum / batches.max(1) as f64
    }

    /// Mean logit over `batches` mini-batches of newly generated scans, without augmentation: `[1]`.
    pub fn mean_fake_logit(&self, batches: usize) -> Tensor<1> {
        let (generator, judge) = (self.generator.valid(), self.discriminator.valid());
        let classes = self.settings.classes;
        let mut stream = self.measuring_stream();
        let mut sum = Tensor::zeros([1], &self.device);
        for _ in 0..batches.max(1) {
            let chosen: Vec<usize> = (0..self.settings.batch).map(|_| stream.below(classes)).collect();
            let class = one_hot(&chosen, classes, &self.device);
            let fake = generator.forward(self.latents(&mut stream), class.clone());
            sum = sum + judge.forward(fake, class).mean();
        }
        sum / batches.max(1) as f64
    }

    /// Random numbers that no step uses: keys of steps count up from 0, these count down from the largest.
    fn measuring_stream(&self) -> Stream {
        Stream::new(Purpose::Step, self.settings.seed, u64::MAX - self.steps)
    }
}
