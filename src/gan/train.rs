//! One step of training, and the state that it carries on.
//!
//! Nothing here knows a clock, a file or a browser: the caller says how far the run has come, hands in
//! slices and decides when to read a loss. The random numbers of a step depend on the run's seed and the
//! step's number alone, so a run that is stopped and resumed repeats itself.

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};

use super::adam::Adam;
use super::adjoint::input_gradient;
use super::augment::Augmentation;
use super::discriminator::Discriminator;
use super::ema;
use super::extent::Extent;
use super::generator::Generator;
use super::layers::Init;
use super::loss::{self, Anchors};
use super::pixels::one_hot;
use super::pool::Pool;
use super::preset::Network;
use super::preset::{LATENT, Preset};
use super::random::{Purpose, Stream};
use super::schedule::{Schedule, Strength};
use super::state_dict::{self, NamedValues};

/// What is trained on what.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Size of the networks.
    pub preset: Preset,
    /// How many classes.
    pub classes: usize,
    /// Images a step.
    pub batch: usize,
    /// Seed of weights, choices and augmentations.
    pub seed: u64,
    /// The knobs.
    pub schedule: Schedule,
    /// Which parameters learn.
    pub extent: Extent,
}

/// What a step can tell; tensors `[1]` stay on the device until somebody reads them.
#[derive(Debug, Clone)]
pub struct Report {
    /// Loss of the discriminator, without penalties.
    pub discriminator: Tensor<1>,
    /// Loss of the generator.
    pub generator: Tensor<1>,
    /// R1 + R2 of the last step that computed them.
    pub penalty: Option<Tensor<1>>,
    /// Mean logit of the real scans.
    pub real: Tensor<1>,
    /// Mean logit of the generated scans.
    pub fake: Tensor<1>,
}

/// Two networks, their average and their optimisers.
#[derive(Debug)]
pub struct Trainer {
    /// What is trained.
    pub settings: Settings,
    /// The generator, on the tape.
    pub generator: Generator,
    /// The discriminator, on the tape.
    pub discriminator: Discriminator,
    /// Average of the generator, off the tape.
    pub average: Generator,
    /// Optimiser of the generator.
    pub generator_adam: Adam,
    /// Optimiser of the discriminator.
    pub discriminator_adam: Adam,
    /// Strength of the augmentation.
    pub strength: Strength,
    /// LeCam's anchors, once there are any.
    pub anchors: Option<Anchors>,
    /// Steps taken.
    pub steps: u64,
    /// Real images that the discriminator was shown.
    pub images: u64,
    /// The device, without the tape.
    pub device: Device,
}

impl Trainer {
    /// Fresh networks on this device.
    pub fn new(settings: Settings, device: &Device) -> Self {
        let tape = device.clone().autodiff();
        let mut stream = Stream::new(Purpose::Weights, settings.seed, 0);
        let mut init = Init::Random(&mut stream);
        let Settings { preset, classes, .. } = settings;
        let generator = Generator::new(preset, classes, &mut init, &tape);
        let discriminator = Discriminator::new(preset, classes, &mut init, &tape);
        let average = generator.valid();
        let trainer = Self {
            settings,
            generator,
            discriminator,
            average,
            generator_adam: Adam::new(),
            discriminator_adam: Adam::new(),
            strength: Strength::new(),
            anchors: None,
            steps: 0,
            images: 0,
            device: device.clone(),
        };
        trainer.frozen()
    }

    /// With the parameters at rest that the [extent](Settings::extent) leaves at rest.
    fn frozen(mut self) -> Self {
        let (extent, stages) = (self.settings.extent, self.settings.preset.widths.len());
        self.generator = extent.freeze(self.generator, Network::Generator, stages);
        self.discriminator = extent.freeze(self.discriminator, Network::Discriminator, stages);
        self
    }

    /// Start from trained networks: the values of a generator and, if there is one, of its discriminator. What is wider or
    /// missing here keeps its first weights.
    pub fn start_from(mut self, generator: &[NamedValues], discriminator: Option<&[NamedValues]>) -> Self {
        let tape = self.device.clone().autodiff();
        self.generator = state_dict::grow(self.generator, generator, &tape).0;
        self.average = self.generator.valid();
        if let Some(values) = discriminator {
            self.discriminator = state_dict::grow(self.discriminator, values, &tape).0;
        }
        self
    }

    /// One step of the discriminator and one of the generator. `progress` goes from 0 at the start of the
    /// run to 1 at its end.
    pub fn step(&mut self, pool: &Pool, progress: f64) -> Report {
        let mut stream = Stream::new(Purpose::Step, self.settings.seed, self.steps);
        let batch = self.settings.batch;
        let side = self.settings.preset.size();
        let (real, classes) = pool.batch(batch, side, &mut stream, &self.device);
        let class = one_hot(&classes, self.settings.classes, &self.device);

        let mut report = self.step_discriminator(real.clone(), class.clone(), progress, &mut stream);
        report.generator = self.step_generator(real, class, progress, &mut stream);

        self.steps += 1;
        self.images += batch as u64;
        self.follow();
        report
    }

    /// One step of one network alone, the other one only looking on; its loss, `[1]`. For slow motion: a training of such
    /// steps alone is out of balance.
    pub fn step_one(&mut self, who: Network, pool: &Pool, progress: f64) -> Tensor<1> {
        let mut stream = Stream::new(Purpose::Step, self.settings.seed, self.steps);
        let batch = self.settings.batch;
        let (real, classes) = pool.batch(batch, self.settings.preset.size(), &mut stream, &self.device);
        let class = one_hot(&classes, self.settings.classes, &self.device);
        // Counted, so that the next step draws other numbers.
        self.steps += 1;
        match who {
            Network::Discriminator => {
                self.images += batch as u64;
                self.step_discriminator(real, class, progress, &mut stream).discriminator
            }
            Network::Generator => {
                let loss = self.step_generator(real, class, progress, &mut stream);
                self.follow();
                loss
            }
        }
    }

    fn follow(&mut self) {
        let keep = ema::keep(self.images, self.settings.batch, self.settings.schedule.half_life);
        self.average = ema::follow(self.average.clone(), &self.generator, keep);
    }

    fn latents(&self, stream: &mut Stream) -> Tensor<2> {
        let batch = self.settings.batch;
        let data = TensorData::new(stream.normals(batch * LATENT), [batch, LATENT]);
        Tensor::from_data(data, &self.device)
    }

    fn augmentation(&self, stream: &mut Stream) -> Augmentation {
        let Settings { batch, preset, .. } = self.settings;
        Augmentation::draw(batch, preset.size(), self.strength.probability, stream, &self.device)
    }

    fn step_discriminator(&mut self, real: Tensor<4>, class: Tensor<2>, progress: f64, stream: &mut Stream) -> Report {
        let schedule = &self.settings.schedule;
        let knobs = schedule.at(progress);
        let lazy = schedule.penalty_every.max(1);
        let batch = self.settings.batch;

        let fake = self.generator.valid().forward(self.latents(stream), class.clone());
        let real = self.augmentation(stream).apply(real);
        let fake = self.augmentation(stream).apply(fake);
        // Real and generated scans in one pass: [2 batch, 2, side, side]
        let both = Tensor::from_inner(Tensor::cat(vec![real, fake], 0));
        let class = Tensor::from_inner(Tensor::cat(vec![class.clone(), class], 0));
        let (logits, trace) = self.discriminator.forward_traced(both, class.clone());
        let real = logits.clone().narrow(0, 0, batch);
        let fake = logits.narrow(0, batch, batch);

        let loss = loss::discriminator_loss(real.clone(), fake.clone());
        let mut total = loss.clone();
        let penalty = self.steps.is_multiple_of(lazy).then(|| {
            let gradient = input_gradient(&self.discriminator, &trace, class);
            // The mean is over 2 batch images; R1 and R2 are a mean over batch images each.
            loss::gradient_penalty(gradient, 2.0 * knobs.gamma)
        });
        if let Some(penalty) = &penalty {
            total = total + penalty.clone() * lazy as f64;
        }
        if schedule.lecam > 0.0 {
            let (plain_real, plain_fake) = (real.clone().inner(), fake.clone().inner());
            let anchors = self
                .anchors
                .take()
                .unwrap_or_else(|| Anchors { real: plain_real.clone().mean(), fake: plain_fake.clone().mean() });
            total = total + anchors.penalty(real.clone(), fake.clone(), schedule.lecam);
            self.anchors = Some(anchors.follow(plain_real, plain_fake));
        }

        let grads = GradientsParams::from_grads(total.backward(), &self.discriminator);
        self.discriminator = self.discriminator_adam.step(self.discriminator.clone(), grads, knobs.rate, knobs.beta);
        let loss = loss.inner();
        Report {
            generator: loss.clone(),
            discriminator: loss,
            penalty: penalty.map(Tensor::inner),
            real: real.inner().mean(),
            fake: fake.inner().mean(),
        }
    }

    fn step_generator(&mut self, real: Tensor<4>, class: Tensor<2>, progress: f64, stream: &mut Stream) -> Tensor<1> {
        let knobs = self.settings.schedule.at(progress);
        let real = self.augmentation(stream).apply(real);
        let real = self.discriminator.valid().forward(real, class.clone());

        let class = Tensor::from_inner(class);
        let latents = Tensor::from_inner(self.latents(stream));
        let fake = self.generator.forward(latents, class.clone());
        let fake = self.augmentation(stream).on_tape().apply(fake);
        // The discriminator is only looked through here: no gradients for its weights.
        let judge = self.discriminator.clone().no_grad();
        let fake = judge.forward(fake, class);

        let loss = loss::generator_loss(Tensor::from_inner(real), fake);
        let grads = GradientsParams::from_grads(loss.backward(), &self.generator);
        self.generator = self.generator_adam.step(self.generator.clone(), grads, knobs.rate, knobs.beta);
        loss.inner()
    }

    /// Mean logit of `batches` batches of a pool, without augmentation: `[1]`.
    pub fn mean_logit(&self, pool: &Pool, batches: usize) -> Tensor<1> {
        let judge = self.discriminator.valid();
        let side = self.settings.preset.size();
        let mut stream = Stream::new(Purpose::Step, self.settings.seed, u64::MAX - self.steps);
        let mut sum = Tensor::zeros([1], &self.device);
        for _ in 0..batches.max(1) {
            let (real, classes) = pool.batch(self.settings.batch, side, &mut stream, &self.device);
            let class = one_hot(&classes, self.settings.classes, &self.device);
            sum = sum + judge.forward(real, class).mean();
        }
        sum / batches.max(1) as f64
    }

    /// Mean logit of freshly generated scans, without augmentation: `[1]`.
    pub fn mean_fake_logit(&self, batches: usize) -> Tensor<1> {
        let (generator, judge) = (self.generator.valid(), self.discriminator.valid());
        let classes = self.settings.classes;
        let mut stream = Stream::new(Purpose::Step, self.settings.seed, u64::MAX - self.steps);
        let mut sum = Tensor::zeros([1], &self.device);
        for _ in 0..batches.max(1) {
            let chosen: Vec<usize> = (0..self.settings.batch).map(|_| stream.below(classes)).collect();
            let class = one_hot(&chosen, classes, &self.device);
            let fake = generator.forward(self.latents(&mut stream), class.clone());
            sum = sum + judge.forward(fake, class).mean();
        }
        sum / batches.max(1) as f64
    }
}
