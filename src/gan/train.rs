//! The state of a training run and one step of it.
//!
//! Nothing here knows a clock, a file or a browser. The random numbers of a step depend on the run's seed and
//! the number of the step only, so a run that is stopped and resumed repeats itself bit for bit.

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::adam::Adam;
use super::adaptive_augment::AdaptiveAugment;
use super::balanced_sampler::BalancedSampler;
use super::card::WeightsCard;
use super::directions::Directions;
use super::discriminator::Discriminator;
use super::ema;
use super::generator::Generator;
use super::generator_model::GeneratorModel;
use super::judge::backbone::Backbone;
use super::judge::{Judge, JudgeCrop, JudgeParameters};
use super::layers::Init;
use super::loss::Anchors;
use super::network_step::NetworkLosses;
use super::preset::{Network, Preset};
use super::random::{Purpose, Stream};
use super::schedule::Schedule;
use super::state_dict::{self, NamedValues};
use super::step_inputs::{NetworkInputs, StepInputs};
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

impl StepOutput {
    /// The results of both halves of a step.
    pub fn new(discriminator: NetworkLosses, generator: NetworkLosses) -> Self {
        let NetworkLosses { loss, real, fake, penalty } = discriminator;
        Self { discriminator: loss, generator: generator.loss, penalty, real, fake }
    }
}

/// The discriminator, and the parameters of the judge if there is one.
pub type Opponents = (Discriminator, Option<JudgeParameters>);

/// The averaged generator that was nearest to held-out slices so far.
#[derive(Debug, Clone)]
pub struct Best {
    /// Off the tape.
    pub average: Generator,
    /// Its [distance](super::judge::distance::HeldOutDistance).
    pub distance: f64,
    /// Steps taken until then.
    pub steps: u64,
    /// Real images shown to the discriminator until then.
    pub images: u64,
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
    /// A second discriminator, if the run has one.
    pub judge: Option<Judge>,
    /// Exponential moving average of the generator, off the tape.
    pub average: Generator,
    /// The best average so far, if distances are measured.
    pub best: Option<Best>,
    /// Optimiser of the generator.
    pub generator_adam: Adam,
    /// Optimiser of the discriminator and of the judge.
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
            judge: None,
            average,
            best: None,
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

    /// The run with an untrained judge. `weight` is that of its logits in the generator's loss.
    pub fn with_judge(self, weight: f64, backbone: Backbone) -> Self {
        let TrainSettings { preset, classes, seed, .. } = self.settings;
        let judge = Judge::new(weight, backbone, preset.size(), classes, seed, &self.device);
        Self { judge: Some(judge), ..self }
    }

    /// Keeps the average as the best one if its `distance` is less than that of the best so far.
    pub fn keep_if_best(&mut self, distance: f64) {
        if self.best.as_ref().is_none_or(|best| distance < best.distance) {
            let (average, steps, images) = (self.average.clone(), self.steps, self.images);
            self.best = Some(Best { average, distance, steps, images });
        }
    }

    /// The networks that are trained against the generator.
    pub fn opponents(&self) -> Opponents {
        (self.discriminator.clone(), self.judge.as_ref().map(|judge| judge.parameters.clone()))
    }

    /// Replaces [`opponents`](Self::opponents).
    pub fn set_opponents(&mut self, (discriminator, parameters): Opponents) {
        self.discriminator = discriminator;
        if let (Some(judge), Some(parameters)) = (&mut self.judge, parameters) {
            judge.parameters = parameters;
        }
    }

    /// Where the judge looks in the next step.
    pub(super) fn judge_crop(&self) -> JudgeCrop {
        self.judge.as_ref().and_then(|judge| judge.crop(self.settings.seed, self.steps))
    }

    /// Freezes the parameters that [`TrainSettings::trainable`] excludes.
    fn freeze(mut self) -> Self {
        let (trainable, stages) = (self.settings.trainable, self.settings.preset.widths.len());
        self.generator = trainable.freeze(self.generator, Network::Generator, stages);
        self.discriminator = trainable.freeze(self.discriminator, Network::Discriminator, stages);
        self
    }

    /// Replaces the random weights by trained ones. Parameters that are missing in the values keep their random weights. If a
    /// parameter is wider here, the additional part keeps them too.
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
        self.step_with(&self.inputs(slices), progress)
    }

    /// [`step`](Self::step) with given inputs instead of random ones.
    pub fn step_with(&mut self, inputs: &StepInputs, progress: f64) -> StepOutput {
        let discriminator = self.network_step(Network::Discriminator, inputs.of(Network::Discriminator), progress);
        let generator = self.network_step(Network::Generator, inputs.of(Network::Generator), progress);
        self.finish_step(true, true);
        StepOutput::new(discriminator, generator)
    }

    /// One step of one network while the other stays as it is; returns its loss, `[1]`. For slow motion, and for a head start
    /// of the discriminator. Do not train with such steps only: the networks lose their balance.
    pub fn step_one(&mut self, network: Network, slices: &BalancedSampler, progress: f64) -> Tensor<1> {
        let losses = self.network_step(network, self.inputs_of_one(network, slices), progress);
        self.finish_step(network == Network::Discriminator, network == Network::Generator);
        losses.loss
    }

    /// One network's half of a step, on the whole mini-batch.
    pub fn network_step(&mut self, network: Network, inputs: NetworkInputs, progress: f64) -> NetworkLosses {
        self.apply(network, self.gradient(network, inputs, progress), progress)
    }

    /// Counts a step that has trained these networks, and updates the average.
    pub fn finish_step(&mut self, discriminator: bool, generator: bool) {
        // The number of the step is the key of the random stream, so it counts for either network.
        self.steps += 1;
        if discriminator {
            self.images += self.settings.batch as u64;
        }
        if generator {
            self.update_average();
        }
    }

    /// The averaged generator, ready to make scans. Its card names the preset only; the classes are called `0`, `1`, ...
    pub fn model(&self) -> GeneratorModel {
        self.model_of(&self.average)
    }

    /// [`model`](Self::model) of another average of this run.
    pub fn model_of(&self, average: &Generator) -> GeneratorModel {
        let classes = (0..self.settings.classes).map(|class| class.to_string()).collect();
        let card = WeightsCard::blank(Network::Generator, self.settings.preset, classes);
        GeneratorModel::new(average.clone(), card, Directions::default(), self.device.clone())
    }

    fn update_average(&mut self) {
        let decay = ema::decay(self.images, self.settings.batch, self.settings.schedule.half_life);
        self.average = ema::update(self.average.clone(), &self.generator, decay);
    }
}
