//! One order for an engine, from asking to the last answer.

use std::rc::Rc;

use crate::engine::protocol::{Request, Verdicts};
use crate::engine::shared::{DeviceKind, Failure};
pub use crate::gan::feature_maps::FeatureMaps;
use crate::gan::preset::{ScanSpec, Style};
use crate::slice::{LabelledSlice, Slice};
use crate::ui::places;

/// What an engine is asked to do.
#[derive(Clone)]
pub enum Task {
    /// Make scans, at most 64.
    Scans {
        /// What to make.
        scans: Vec<ScanSpec>,
        /// How.
        style: Style,
        /// Relative address of an earlier stage of the training; none for the shipped generator.
        weights: Option<&'static str>,
    },
    /// Show what the generator's layers hold on the way to a scan.
    Layers {
        /// The scan.
        scan: ScanSpec,
        /// How its latent is bent.
        style: Style,
    },
    /// Let the discriminator judge scans of one size, at most 64.
    Verdicts {
        /// The scans.
        scans: Vec<LabelledSlice>,
        /// Relative address of the discriminator: one of the scans' size.
        weights: &'static str,
    },
}

/// What the one who ordered hears.
pub enum News {
    /// A scan is there, by its index in the order.
    Scan(usize, Slice),
    /// The layers, from 4 x 4 pixels up.
    Layers(Vec<FeatureMaps>),
    /// What the discriminator says.
    Verdicts(Verdicts),
    /// All is done.
    Done {
        /// How long it took, in milliseconds.
        millis: f64,
    },
    /// This order cannot be done; others can.
    Refused {
        /// Why.
        failure: Failure,
        /// Technical words, English.
        detail: String,
    },
    /// Another order came in its place, or the engine stopped: no more will come.
    Dropped,
}

/// A part of the page that orders: its new order takes the place of its old one, and leaves those of others alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner(pub(super) u32);

/// An order.
#[derive(Clone)]
pub struct Order {
    /// Who orders.
    pub owner: Owner,
    /// What.
    pub task: Task,
    /// Part of a movement, such as a slider being dragged: a following live order waits for this one rather
    /// than replace it, or nothing would be seen until the hand rests.
    pub live: bool,
    /// Who hears the news.
    pub hear: Rc<dyn Fn(News)>,
}

impl Order {
    /// Answers that it will get, for a bar of progress.
    pub fn total(&self) -> usize {
        match &self.task {
            Task::Scans { scans, .. } => scans.len(),
            Task::Layers { .. } | Task::Verdicts { .. } => 1,
        }
    }
}

/// An order that an engine works on.
pub(super) struct Job {
    /// Number in the messages; every sending gets a new one, so that late answers are known as such.
    pub number: u32,
    /// Which engine got it; none while no engine is ready.
    pub sent_to: Option<DeviceKind>,
    /// The order.
    pub order: Order,
    /// Answers that came back.
    pub done: usize,
}

impl Job {
    pub fn request(&self) -> Request {
        let job = self.number;
        match self.order.task.clone() {
            Task::Scans { scans, style, weights } => {
                Request::Generate { job, scans, style, stage: weights.map(places::absolute) }
            }
            Task::Layers { scan, style } => Request::Layers { job, scan, style },
            Task::Verdicts { scans, weights } => Request::Judge { job, weights: places::absolute(weights), scans },
        }
    }
}

/// How far the running order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Answers that are there.
    pub done: usize,
    /// Answers that will come.
    pub total: usize,
    /// Part of a movement.
    pub live: bool,
}
