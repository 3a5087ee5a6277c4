//! The state of an experiment, as the page shows it.

use std::sync::Arc;

use crate::engine::lab::protocol::{ArmResult, LabProblem};
use crate::lab::arm::Arm;
use crate::lab::outcomes::{LabRun, Outcomes, Unit};
use crate::lab::setup::LabSetup;

/// What the experiment is doing.
#[derive(Debug, Clone, PartialEq)]
pub enum LabPhase {
    /// There is none.
    Idle,
    /// The speed of this device is being measured.
    Measuring,
    /// Slices and generator are being prepared.
    Preparing,
    /// Runs are made.
    Running,
    /// It waits until the tab is looked at again.
    Hidden,
    /// The visitor stopped it. It can go on.
    Stopped,
    /// All runs are made.
    Finished,
    /// It cannot go on.
    Failed {
        /// Why. None if the workers were lost.
        problem: Option<LabProblem>,
        /// Technical details, English.
        detail: String,
    },
}

impl LabPhase {
    /// Whether the experiment goes on by itself.
    pub fn is_active(&self) -> bool {
        matches!(self, Self::Measuring | Self::Preparing | Self::Running | Self::Hidden)
    }
}

/// The state of an experiment.
#[derive(Debug, Clone, PartialEq)]
pub struct LabState {
    /// What it is doing.
    pub phase: LabPhase,
    /// The experiment; none before the first.
    pub setup: Option<Arc<LabSetup>>,
    /// The units: every run has one value for each.
    pub units: Arc<Vec<Unit>>,
    /// Finished runs, in the order in which they arrived.
    pub runs: Arc<Vec<LabRun>>,
    /// The arms against the baseline, over the repetitions that all arms have finished. Empty below two.
    pub results: Vec<ArmResult>,
    /// Workers that run.
    pub workers: usize,
    /// Workers that were lost so far.
    pub losses: usize,
    /// Mean milliseconds of a run.
    pub millis: f64,
}

impl Default for LabState {
    fn default() -> Self {
        Self {
            phase: LabPhase::Idle,
            setup: None,
            units: Arc::default(),
            runs: Arc::default(),
            results: Vec::new(),
            workers: 0,
            losses: 0,
            millis: 0.0,
        }
    }
}

impl LabState {
    /// Runs of the whole experiment.
    pub fn all(&self) -> usize {
        self.setup.as_ref().map_or(0, |setup| setup.repetitions * Arm::ALL.len())
    }

    /// Finished runs of an arm.
    pub fn of(&self, arm: Arm) -> impl Iterator<Item = &LabRun> {
        self.runs.iter().filter(move |run| run.arm == arm)
    }

    /// Repetitions that all arms have finished.
    pub fn whole(&self) -> usize {
        let repetitions = self.setup.as_ref().map_or(0, |setup| setup.repetitions);
        let done = |repetition: &usize| self.runs.iter().filter(|run| run.repetition == *repetition).count();
        (0..repetitions).filter(|repetition| done(repetition) == Arm::ALL.len()).count()
    }

    /// The smallest difference that it detects with 80 % power. None with too few persons or repetitions.
    pub fn smallest_effect(&self) -> Option<f64> {
        let setup = self.setup.as_ref()?;
        let outcomes = Outcomes { units: self.units.to_vec(), runs: Vec::new() };
        outcomes.smallest_effect(setup.learner, setup.repetitions)
    }

    /// Seconds until the last run, from the mean of those that are done.
    pub fn seconds_left(&self) -> Option<f64> {
        let left = self.all().saturating_sub(self.runs.len());
        (self.millis > 0.0 && self.workers > 0).then(|| left as f64 * self.millis / 1000.0 / self.workers as f64)
    }
}
