//! One job for an engine: its task, its owner, and the callback for its events.

use std::rc::Rc;

use crate::engine::making::protocol::Verdicts;
use crate::engine::shared::Failure;
use crate::gan::feature_maps::FeatureMaps;
use crate::gan::preset::{ScanSpec, Style};
use crate::slice::{LabelledSlice, Slice};

/// What an engine computes.
#[derive(Clone)]
pub enum EngineTask {
    /// Makes scans, at most 64.
    Scans {
        /// What to make.
        scans: Vec<ScanSpec>,
        /// Truncation and directions.
        style: Style,
        /// Relative address of an earlier stage of the training. None for the loaded generator.
        weights: Option<&'static str>,
    },
    /// Computes the feature maps on the way to a scan.
    Layers {
        /// The scan.
        scan: ScanSpec,
        /// Truncation and directions.
        style: Style,
    },
    /// Lets the discriminator judge scans of one size, at most 64.
    Verdicts {
        /// The scans.
        scans: Vec<LabelledSlice>,
        /// Relative address of a discriminator of the scans' size.
        weights: &'static str,
    },
}

/// What happens to a job.
pub enum JobEvent {
    /// A scan is made. The number is its index in the task.
    Scan(usize, Slice),
    /// The feature maps of each layer, from 4 x 4 pixels up.
    Layers(Vec<FeatureMaps>),
    /// The discriminator's verdicts.
    Verdicts(Verdicts),
    /// The job is done.
    Done {
        /// How long it took, in milliseconds.
        millis: f64,
    },
    /// This job is not possible. Others are.
    Refused {
        /// Why.
        failure: Failure,
        /// Technical words, English.
        detail: String,
    },
    /// Another job replaced it, or the weights changed. Nothing more will come.
    Dropped,
}

/// A part of the page that submits jobs. A new job replaces the earlier one of the same owner, and of no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobOwner(pub(super) u32);

/// Called with each event of a job.
pub type OnJobEvent = Rc<dyn Fn(JobEvent)>;

/// A job.
#[derive(Clone)]
pub struct Job {
    /// Who submits it.
    pub owner: JobOwner,
    /// What to compute.
    pub task: EngineTask,
    /// Whether it belongs to a movement, such as the dragging of a slider. The next live job of the same owner waits for this
    /// one. If it replaced this one, no scan would be shown until the slider stops.
    pub live: bool,
    /// Called with each event.
    pub on_event: OnJobEvent,
}

impl Job {
    /// Number of answers that it gets, for a progress bar.
    pub fn total(&self) -> usize {
        match &self.task {
            EngineTask::Scans { scans, .. } => scans.len(),
            EngineTask::Layers { .. } | EngineTask::Verdicts { .. } => 1,
        }
    }
}

/// Progress of the current job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobProgress {
    /// Answers so far.
    pub done: usize,
    /// Answers in all.
    pub total: usize,
    /// Whether the job belongs to a movement.
    pub live: bool,
}
