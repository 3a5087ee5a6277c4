//! One training run in the tab: the training loop, and what it reports to the page.

use std::error::Error;

use burn::tensor::ExecutionError;
use serde::{Deserialize, Serialize};

use super::protocol::{Begin, FRAME_SCANS, StoredRun, TrainingEvent, TrainingRequest, TrainingSlices, Tuning};
use super::start::{FailureReport, InitialState};
use super::{copies, disk, export};
use crate::engine::shared::{DeviceKind, Failure};
use crate::gan::balanced_sampler::BalancedSampler;
use crate::gan::card::WeightsCard;
use crate::gan::checkpoint::{self, CheckpointError};
use crate::gan::generator::Generator;
use crate::gan::generator_model::GeneratorModel;
use crate::gan::judge::distance::HeldOutDistance;
use crate::gan::preset::{Network, ScanSpec, Style};
use crate::gan::train::TrainState;
use crate::slice::{LabelledSlice, Slice};
use crate::training::cadence::Every;
use crate::training::diagnostics::{Notice, TrainingDiagnostics, diversity};
use crate::training::measurement::Counts;
use crate::training::team::Team;
use crate::training::training_loop::{LoopError, LoopEvent, LoopOptions, TrainingHost, TrainingLoop};
use crate::worker::{Buffer, port};

/// Losses of every step, a measurement every second, and a checkpoint every 25 seconds: a lost device costs at most half a
/// minute.
const OPTIONS: LoopOptions = LoopOptions {
    read: Every::Steps(1),
    measurement: Every::Millis(1000.0),
    overfit_check: Every::Millis(12_000.0),
    check_batches: 2,
    distance: Every::Millis(30_000.0),
    grid: Every::Millis(4000.0),
    checkpoint: Every::Millis(25_000.0),
    overhead_counts: false,
};
/// Batch size of samples on the CPU: small, so that the worker can read its messages between two batches.
const CPU_SCANS: usize = 4;

/// The note in a checkpoint.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct CheckpointNote {
    seconds: f64,
    tuning: Tuning,
}

/// A training run.
pub struct TrainingRun {
    pub training: TrainingLoop,
    pub reporter: Reporter,
    /// Whether it takes steps while no request waits.
    pub running: bool,
}

/// Reports a run to the page.
pub struct Reporter {
    pub begin: Begin,
    /// Card of the generator that the run started from.
    pub parent: Option<WeightsCard>,
    /// Hyperparameters as the page sees them.
    pub tuning: Tuning,
    pub diagnostics: TrainingDiagnostics,
    /// The warnings that the page shows.
    shown: Vec<Notice>,
    /// Diversity of the training slices.
    diversity: f32,
}

impl TrainingRun {
    /// A run from its start.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn new(begin: Begin, start: InitialState, team: Team) -> Result<Self, FailureReport> {
        let InitialState { state, note, head_start, parent, .. } = start;
        let note: Option<CheckpointNote> = serde_json::from_str(&note).ok();
        let set = &begin.set;
        let samplers = (sampler(&set.train, set.classes.len()), sampler(&set.held_out, set.classes.len()));
        let diagnostics = TrainingDiagnostics::new(set.train.len(), set.held_out.len());
        let diversity = diversity(set.train.iter().map(|it| it.slice.image.as_slice()));
        let tuning = note.map_or(begin.tuning, |note| note.tuning).clamped();
        let seconds = note.map_or(0.0, |note| note.seconds);
        let reporter = Reporter { begin, parent, tuning, diagnostics, shown: Vec::new(), diversity };
        let counts = Counts { seconds, ..Counts::default() };
        let saved = checkpoint::encode(&state, &reporter.note(&counts)).await.map_err(|error| failed(error.into()))?;
        let training = TrainingLoop::new(state, saved, samplers, OPTIONS, 1000.0 * seconds, head_start).with_team(team);
        let distance = match &training.state.judge {
            Some(judge) => {
                let (set, device) = (&reporter.begin.set, &training.state.device);
                let distance = HeldOutDistance::new(&judge.backbone, &set.train, &set.held_out, device).await;
                distance.map_err(lost)?
            }
            None => None,
        };
        let training = match distance {
            Some(distance) => training.with_distance(distance),
            None => training,
        };
        let mut run = Self { training, reporter, running: false };
        run.tune(tuning);
        Ok(run)
    }

    /// Answers a request. The session handles the requests that are not handled here.
    ///
    /// # Errors
    /// If the device fails, the training diverges again and again, or the request cannot be met.
    pub async fn answer(&mut self, request: TrainingRequest) -> Result<(), FailureReport> {
        match request {
            TrainingRequest::Begin(_)
            | TrainingRequest::AddFollower { .. }
            | TrainingRequest::RemoveFollower { .. } => {}
            TrainingRequest::Go => self.post_running(true),
            TrainingRequest::Pause => {
                self.save().await?;
                self.draw_frame().await?;
                self.post_running(false);
            }
            TrainingRequest::Step { network } => {
                self.step_one(network).await?;
                self.post_running(false);
            }
            TrainingRequest::Tune { tuning } => self.tune(tuning),
            TrainingRequest::CompareCopies { last } => copies::compare(self, last).await?,
            TrainingRequest::Export { network, last } => export::export(self, network, last).await?,
        }
        Ok(())
    }

    fn post_running(&mut self, running: bool) {
        self.running = running;
        port::post(TrainingEvent::Running { running, counts: self.training.counts() });
    }

    /// Changes the hyperparameters.
    pub fn tune(&mut self, tuning: Tuning) {
        let tuning = tuning.clamped();
        tuning.apply(&mut self.training.state);
        self.reporter.tuning = tuning;
    }

    /// One step, and what is due after it.
    ///
    /// # Errors
    /// If the device fails, or the training diverges again and again.
    pub async fn step(&mut self) -> Result<(), FailureReport> {
        // The rate is constant: nobody knows how long the visitor trains.
        self.training.advance(0.0, &mut self.reporter).await.map_err(failed)
    }

    /// One step of one network alone, after which everything is measured.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    pub async fn step_one(&mut self, network: Network) -> Result<(), FailureReport> {
        self.training.advance_one(network, &mut self.reporter).await.map_err(failed)
    }

    /// Makes a checkpoint.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    pub async fn save(&mut self) -> Result<(), FailureReport> {
        self.training.make_checkpoint(&mut self.reporter).await.map_err(failed)
    }

    /// Draws samples for the timeline.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn draw_frame(&mut self) -> Result<(), FailureReport> {
        self.training.make_grid(&mut self.reporter).await.map_err(failed)
    }

    /// Measures the distance to held-out slices, if there are enough and the training has a judge.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn measure_distance(&mut self) -> Result<(), FailureReport> {
        self.training.measure_distance(&mut self.reporter).await.map_err(failed)
    }

    /// The averaged generator that the visitor gets, and the slices shown until then: the best so far, unless they want the last or
    /// distances are not measured.
    pub fn result(&self, last: bool) -> (&Generator, u64) {
        let state = &self.training.state;
        let best = state.best.as_ref().filter(|_| !last);
        best.map_or((&state.average, state.images), |best| (&best.average, best.images))
    }

    /// Samples of an average for a comparison; the first has this seed.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn samples(&self, average: &Generator, count: usize, first: u32) -> Result<Vec<Slice>, FailureReport> {
        let state = &self.training.state;
        let model = state.model_of(average);
        samples(&model, state.settings.classes, self.reporter.begin.device, count, first).await.map_err(lost)
    }
}

/// A sampler of these slices.
pub fn sampler(slices: &[LabelledSlice], classes: usize) -> BalancedSampler {
    BalancedSampler::new(classes, slices.iter().cloned())
}

/// Scans with consecutive seeds, classes in turn.
async fn samples(
    model: &GeneratorModel,
    classes: usize,
    device: DeviceKind,
    count: usize,
    first: u32,
) -> Result<Vec<Slice>, ExecutionError> {
    let specs: Vec<_> =
        (0..count).map(|i| ScanSpec { seed: first + i as u32, class: i % classes, toward: None }).collect();
    let batch = match device {
        DeviceKind::Gpu => FRAME_SCANS,
        DeviceKind::Cpu => CPU_SCANS,
    };
    let mut scans = Vec::with_capacity(count);
    for part in specs.chunks(batch) {
        scans.extend(model.scans(part, &Style::default()).await?);
    }
    Ok(scans)
}

impl TrainingHost for Reporter {
    fn now(&self) -> f64 {
        port::now()
    }

    fn note(&self, counts: &Counts) -> String {
        serde_json::to_string(&CheckpointNote { seconds: counts.seconds, tuning: self.tuning }).unwrap_or_default()
    }

    async fn on_event(&mut self, event: LoopEvent<'_>, training: &TrainingLoop) -> Result<(), Box<dyn Error>> {
        match event {
            LoopEvent::Losses(losses) => self.diagnostics.on_step(&losses),
            LoopEvent::Measured(measurement) => {
                port::post(TrainingEvent::Measured { measurement, workers: training.team.at_work() });
                self.post_notices(training);
            }
            LoopEvent::Checked(check) => {
                self.diagnostics.on_overfit_check(&check);
                port::post(TrainingEvent::Checked { check });
            }
            LoopEvent::Distance(check) => port::post(TrainingEvent::Distance { check }),
            LoopEvent::Grid => self.post_frame(training).await?,
            LoopEvent::Checkpoint(bytes) => self.store(bytes, &training.state).await,
            LoopEvent::RolledBack { .. } => {
                self.tuning.rate = training.state.settings.schedule.rate.0;
                self.diagnostics.on_divergence(training.state.steps);
                port::post(TrainingEvent::Tuned { tuning: self.tuning });
                self.post_notices(training);
            }
        }
        Ok(())
    }
}

impl Reporter {
    /// Sends the warnings if they have changed.
    fn post_notices(&mut self, training: &TrainingLoop) {
        let notices = self.diagnostics.notices(training.state.steps, training.state.images);
        if notices != self.shown {
            self.shown.clone_from(&notices);
            port::post(TrainingEvent::Notices { notices });
        }
    }

    /// Sends samples for the timeline. Their latents are the same in every frame.
    async fn post_frame(&mut self, training: &TrainingLoop) -> Result<(), ExecutionError> {
        let (model, classes) = (training.state.model(), training.state.settings.classes);
        let scans = samples(&model, classes, self.begin.device, FRAME_SCANS, 0).await?;
        if self.diversity > 0.0 {
            let generated = diversity(scans.iter().map(|scan| scan.image.as_slice()));
            self.diagnostics.on_diversity(generated / self.diversity);
        }
        let Counts { seconds, images, .. } = training.counts();
        let (size, count) = (self.begin.set.size, scans.len());
        port::post(TrainingEvent::Frame { images, seconds, size, count, scans });
        Ok(())
    }

    /// Writes a checkpoint to the browser's storage if the visitor allowed it, else sends it to the page.
    async fn store(&self, bytes: &[u8], state: &TrainState) {
        let (images, TrainingSlices { classes, size, .. }) = (state.images, &self.begin.set);
        let (judged, at) = (state.judge.is_some(), port::date_millis());
        let meta = StoredRun { images, classes: classes.clone(), size: *size, judged, at };
        let on_disk = self.begin.keep && disk::write(bytes, meta).await;
        let bytes = if on_disk { Buffer::default() } else { bytes.into() };
        port::post(TrainingEvent::Saved { images, on_disk, bytes });
    }
}

/// The failure of a device.
pub fn lost(error: ExecutionError) -> FailureReport {
    (Failure::DeviceLost, format!("{error:?}"))
}

/// The failure that ends a run.
pub fn failed(error: LoopError) -> FailureReport {
    let failure = match &error {
        LoopError::Device(_) | LoopError::Host(_) | LoopError::Checkpoint(CheckpointError::Device(_)) => {
            Failure::DeviceLost
        }
        LoopError::Checkpoint(_) => Failure::WeightsBroken,
        LoopError::Diverged(_) => Failure::SelfTest,
    };
    (failure, error.to_string())
}

#[cfg(test)]
mod tests;
