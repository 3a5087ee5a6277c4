//! The training loop of the command line and of the browser tab.
//!
//! The loop takes steps and decides what follows: reading losses, measurements, overfitting checks, sample grids, checkpoints,
//! and going back when training diverges. The program around it is a [`TrainingHost`]: it has the clock and the files, and
//! shows or stores what the loop reports.

mod measure;

use std::error::Error;

use burn::tensor::{ExecutionError, Tensor};
use thiserror::Error as ThisError;

use super::cadence::{Every, RunPosition};
use super::measurement::{Counts, DistanceCheck, OverfitCheck, StepLosses, TrainingMeasurement};
use super::team::Team;
use crate::gan::balanced_sampler::BalancedSampler;
use crate::gan::checkpoint::{self, CheckpointError};
use crate::gan::judge::distance::HeldOutDistance;
use crate::gan::preset::Network;
use crate::gan::train::{StepOutput, TrainState};

/// Going back does not lower the learning rate below this.
pub const MIN_RATE: f64 = 1e-5;
/// Times in a row that a run goes back to the same checkpoint.
const MAX_ROLLBACKS: u32 = 8;
/// Largest share of the time that sample grids may take.
const GRID_SHARE: f64 = 0.1;
/// Largest share of the time that distances may take.
const DISTANCE_SHARE: f64 = 0.1;

/// What the loop needs from the program around it.
pub trait TrainingHost {
    /// Milliseconds on a monotonic clock.
    fn now(&self) -> f64;

    /// Text to store in a checkpoint beside the state.
    fn note(&self, counts: &Counts) -> String;

    /// Called with each event. An error ends the run.
    fn on_event(
        &mut self,
        event: LoopEvent<'_>,
        training: &TrainingLoop,
    ) -> impl Future<Output = Result<(), Box<dyn Error>>>;
}

/// An event of a run, for the host.
#[derive(Debug)]
pub enum LoopEvent<'a> {
    /// The losses of a step were read.
    Losses(StepLosses),
    /// A measurement is due.
    Measured(TrainingMeasurement),
    /// Overfitting was checked, and the augmentation adapted.
    Checked(OverfitCheck),
    /// The distance to held-out slices was measured.
    Distance(DistanceCheck),
    /// A grid of samples is due; the host makes it with [`TrainState::model`].
    Grid,
    /// A checkpoint was made: a safetensors file.
    Checkpoint(&'a [u8]),
    /// Training diverged. It is now at its last checkpoint again, with half the learning rate.
    RolledBack {
        /// The step at which it diverged.
        diverged_at: u64,
    },
}

/// When things are due.
#[derive(Debug, Clone, Copy)]
pub struct LoopOptions {
    /// Readings of the losses. Each waits for the device.
    pub read: Every,
    /// Measurements. Only losses that were read are known.
    pub measurement: Every,
    /// Overfitting checks.
    pub overfit_check: Every,
    /// Mini-batches per overfitting check.
    pub check_batches: usize,
    /// Distances to held-out slices, unless they take more than a tenth of the time.
    pub distance: Every,
    /// Sample grids, unless they take more than a tenth of the time.
    pub grid: Every,
    /// Checkpoints.
    pub checkpoint: Every,
    /// Whether the time of checks, grids and checkpoints counts as training time.
    pub overhead_counts: bool,
}

/// Why a run ended.
#[derive(Debug, ThisError)]
pub enum LoopError {
    /// The device failed.
    #[error("the device failed: {0:?}")]
    Device(#[from] ExecutionError),
    /// A checkpoint could not be written, or not be read back.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// Going back did not help.
    #[error(
        "training diverged at step {0}, and again after each of {MAX_ROLLBACKS} attempts from the last checkpoint with half \
         the learning rate. Start again with a larger gamma"
    )]
    Diverged(u64),
    /// The host could not handle an event.
    #[error("{0}")]
    Host(Box<dyn Error>),
}

/// When things were last done.
#[derive(Debug)]
struct LastDone {
    measurement: RunPosition,
    overfit_check: RunPosition,
    distance: RunPosition,
    grid: RunPosition,
    checkpoint: RunPosition,
}

/// One run.
#[derive(Debug)]
pub struct TrainingLoop {
    /// Networks, optimisers and counters.
    pub state: TrainState,
    /// Who takes the steps.
    pub team: Team,
    options: LoopOptions,
    train: BalancedSampler,
    held_out: BalancedSampler,
    /// Steps that the discriminator takes alone before the generator joins.
    head_start: u32,
    /// Milliseconds of training.
    millis: f64,
    losses: StepLosses,
    /// The last step, if its losses were not read.
    unread: Option<StepOutput>,
    last: LastDone,
    /// Milliseconds that the last grid took.
    grid_took: f64,
    /// Measures the distance to held-out slices. None if it is not measured.
    distance: Option<HeldOutDistance>,
    /// Milliseconds that the last distance took.
    distance_took: f64,
    /// Slices per second between the last two measurements.
    rate: f64,
    /// The last checkpoint.
    good: Vec<u8>,
    /// Number of times that the run went back to this checkpoint.
    rollbacks: u32,
}

impl TrainingLoop {
    /// A run from `state`. `checkpoint` holds the same state: the run goes back to it if it diverges before the first
    /// checkpoint of its own. `millis` is the training time so far; the discriminator takes `head_start` steps alone first.
    pub fn new(
        state: TrainState,
        checkpoint: Vec<u8>,
        (train, held_out): (BalancedSampler, BalancedSampler),
        options: LoopOptions,
        millis: f64,
        head_start: u32,
    ) -> Self {
        let now = RunPosition { steps: state.steps, images: state.images, millis };
        Self {
            state,
            team: Team::default(),
            options,
            train,
            held_out,
            head_start,
            millis,
            losses: StepLosses::default(),
            unread: None,
            last: LastDone { measurement: now, overfit_check: now, distance: now, grid: now, checkpoint: now },
            grid_took: 0.0,
            distance: None,
            distance_took: 0.0,
            rate: 0.0,
            good: checkpoint,
            rollbacks: 0,
        }
    }

    /// The run with a team that shares the steps.
    pub fn with_team(mut self, team: Team) -> Self {
        self.team = team;
        self
    }

    /// The run with measurements of its distance to held-out slices. It keeps the best averaged generator.
    pub fn with_distance(mut self, distance: HeldOutDistance) -> Self {
        self.distance = Some(distance);
        self
    }

    /// Progress of the run.
    pub fn counts(&self) -> Counts {
        let RunPosition { steps, images, millis } = self.moment();
        Counts { steps, images, seconds: millis / 1000.0, rate: self.rate }
    }

    /// Takes one step and does what is due after it. `progress` is the position in the run, 0 (start) to 1 (end), for the
    /// schedule of hyperparameters.
    ///
    /// # Errors
    /// If the device fails, the host reports an error, or training diverges again and again.
    pub async fn advance(&mut self, progress: f64, host: &mut impl TrainingHost) -> Result<(), LoopError> {
        let start = host.now();
        if self.head_start > 0 {
            self.head_start -= 1;
            let loss = self.team.step_one(&mut self.state, Network::Discriminator, &self.train, progress).await?;
            [self.losses.discriminator] = scalars([loss]).await?;
        } else {
            self.unread = Some(self.team.step(&mut self.state, &self.train, progress).await?);
        }
        let read = match self.options.read.is_due(RunPosition::default(), self.moment()) {
            true => self.read_losses().await?,
            false => false,
        };
        let stepped = host.now();
        self.millis += stepped - start;

        if self.losses.diverged() {
            self.roll_back(host).await?;
        } else {
            if read {
                self.emit(host, LoopEvent::Losses(self.losses)).await?;
            }
            self.do_what_is_due(host).await?;
        }
        if self.options.overhead_counts {
            self.millis += host.now() - stepped;
        }
        Ok(())
    }

    /// Takes a step of one network alone, then measures everything.
    ///
    /// # Errors
    /// As [`advance`](Self::advance).
    pub async fn advance_one(&mut self, network: Network, host: &mut impl TrainingHost) -> Result<(), LoopError> {
        let start = host.now();
        let loss = self.team.step_one(&mut self.state, network, &self.train, 0.0).await?;
        let [loss] = scalars([loss]).await?;
        match network {
            Network::Discriminator => self.losses.discriminator = loss,
            Network::Generator => self.losses.generator = loss,
        }
        self.millis += host.now() - start;
        if self.losses.diverged() {
            return self.roll_back(host).await;
        }
        self.check_overfitting(host).await?;
        self.measure(host).await?;
        self.make_grid(host).await
    }

    async fn do_what_is_due(&mut self, host: &mut impl TrainingHost) -> Result<(), LoopError> {
        let (now, options) = (self.moment(), self.options);
        if options.measurement.is_due(self.last.measurement, now) {
            self.measure(host).await?;
        }
        if options.overfit_check.is_due(self.last.overfit_check, now) {
            self.check_overfitting(host).await?;
        }
        let affordable = now.millis - self.last.distance.millis >= self.distance_took / DISTANCE_SHARE;
        if affordable && options.distance.is_due(self.last.distance, now) {
            self.measure_distance(host).await?;
        }
        let affordable = now.millis - self.last.grid.millis >= self.grid_took / GRID_SHARE;
        if affordable && options.grid.is_due(self.last.grid, now) {
            self.make_grid(host).await?;
        }
        if options.checkpoint.is_due(self.last.checkpoint, now) {
            self.make_checkpoint(host).await?;
        }
        Ok(())
    }

    /// Has the host make a grid of samples.
    ///
    /// # Errors
    /// If the host reports an error.
    pub async fn make_grid(&mut self, host: &mut impl TrainingHost) -> Result<(), LoopError> {
        self.last.grid = self.moment();
        let start = host.now();
        self.emit(host, LoopEvent::Grid).await?;
        self.grid_took = host.now() - start;
        Ok(())
    }

    /// Makes a checkpoint. If the last step diverged, goes back instead.
    ///
    /// # Errors
    /// As [`advance`](Self::advance).
    pub async fn make_checkpoint(&mut self, host: &mut impl TrainingHost) -> Result<(), LoopError> {
        self.last.checkpoint = self.moment();
        if self.read_losses().await? {
            if self.losses.diverged() {
                return self.roll_back(host).await;
            }
            self.emit(host, LoopEvent::Losses(self.losses)).await?;
        }
        self.good = checkpoint::encode(&self.state, &host.note(&self.counts())).await?;
        self.rollbacks = 0;
        self.emit(host, LoopEvent::Checkpoint(&self.good)).await
    }

    /// Training diverged: returns to the last checkpoint with half the learning rate. All other settings stay as they are.
    async fn roll_back(&mut self, host: &mut impl TrainingHost) -> Result<(), LoopError> {
        let diverged_at = self.state.steps;
        self.rollbacks += 1;
        if self.rollbacks > MAX_ROLLBACKS {
            return Err(LoopError::Diverged(diverged_at));
        }
        let mut settings = self.state.settings.clone();
        settings.schedule.halve_rate(MIN_RATE);
        let backbone = self.state.judge.as_ref().map(|judge| &judge.backbone);
        self.state = checkpoint::decode_with(&self.good, backbone, &self.state.device)?.0;
        self.state.adaptive_augment.keep_within(settings.schedule.augment_limits());
        self.state.settings = settings;
        self.team.networks_changed();
        self.losses = StepLosses::default();
        self.unread = None;
        self.last.measurement = self.moment();
        self.last.overfit_check.images = self.last.overfit_check.images.min(self.state.images);
        self.emit(host, LoopEvent::RolledBack { diverged_at }).await?;
        self.make_grid(host).await
    }

    fn moment(&self) -> RunPosition {
        RunPosition { steps: self.state.steps, images: self.state.images, millis: self.millis }
    }

    async fn emit(&self, host: &mut impl TrainingHost, event: LoopEvent<'_>) -> Result<(), LoopError> {
        host.on_event(event, self).await.map_err(LoopError::Host)
    }

    /// Reads the losses of the last step. False if they were read before.
    async fn read_losses(&mut self) -> Result<bool, LoopError> {
        let Some(output) = self.unread.take() else { return Ok(false) };
        self.losses = read_losses(output, self.losses.penalty).await?;
        Ok(true)
    }
}

/// The losses of a step in one reading, because each reading waits for the device. A step without a penalty keeps `penalty`.
///
/// # Errors
/// If the device fails.
pub async fn read_losses(output: StepOutput, penalty: f32) -> Result<StepLosses, ExecutionError> {
    let StepOutput { discriminator, generator, real, fake, penalty: computed } = output;
    let ([discriminator, generator, real, fake], penalty) = match computed {
        Some(computed) => {
            let [d, g, r, f, penalty] = scalars([discriminator, generator, real, fake, computed]).await?;
            ([d, g, r, f], penalty)
        }
        None => (scalars([discriminator, generator, real, fake]).await?, penalty),
    };
    Ok(StepLosses { discriminator, generator, penalty, real, fake })
}

/// Reads tensors of shape `[1]` together. A value that is missing is NaN.
async fn scalars<const N: usize>(tensors: [Tensor<1>; N]) -> Result<[f32; N], ExecutionError> {
    let data = Tensor::cat(tensors.into(), 0).into_data_async().await?;
    let values: Vec<f32> = data.iter::<f32>().collect();
    Ok(std::array::from_fn(|i| values.get(i).copied().unwrap_or(f32::NAN)))
}
