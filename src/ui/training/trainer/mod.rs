//! The training, for every part of the page: what it is made of, how it stands, and what can be asked of it.
//!
//! It lives as long as the page and goes on while another view is open. `ask` is what the page can do with it, `life` how
//! its worker comes and goes, `hear` what that says, `crew` what is kept of it, `hidden` rests it while nobody looks, and
//! `stored` finds what an earlier visit left.

mod ask;
mod crew;
mod hear;
mod hidden;
mod life;
mod stored;

use std::sync::Arc;

use leptos::prelude::*;

use crew::Crew;

pub use crate::engine::shared::{DeviceKind, DeviceReport, LoadStage};
pub use crate::engine::training::protocol::{
    AUGMENTS, BATCHES, Copies, CopyVerdict, Counts, Forecast, GAMMAS, Gauge, Notice, NoticeKind, Pair, Point, RATES,
    Tuning, Who,
};
pub use crate::slice::Slice;
pub use crate::slices::collection::{SliceSource, selection::TrainingSet};
use crate::ui::engine::client::EngineClient;
use crate::ui::logic::models::Modality;
use crate::ui::logic::trouble::{Report, Trouble};

/// Most measurements that are kept; older ones are thinned.
pub const MAX_POINTS: usize = 2000;
/// Most frames that are kept; older ones are thinned.
pub const MAX_FRAMES: usize = 240;

/// A selection of slices that can be learned from.
#[derive(Clone)]
pub struct TrainingData {
    /// Makes the set at a side in pixels (16, 32 or 64).
    pub make: Arc<dyn Fn(usize) -> TrainingSet + Send + Sync>,
    /// How many slices.
    pub slices: usize,
    /// Names of the classes.
    pub classes: Vec<String>,
    /// Whether there are masks.
    pub masks: bool,
    /// Where they come from.
    pub source: SliceSource,
}

/// Weights to start from.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum From {
    /// The shipped pair of networks.
    #[default]
    Shipped,
    /// Random ones.
    Nothing,
    /// Files of the visitor.
    Files {
        /// The generator.
        generator: Arc<Vec<u8>>,
        /// Its discriminator, if the visitor has it.
        discriminator: Option<Arc<Vec<u8>>>,
        /// File name, to show.
        name: String,
    },
}

/// What the next training will be.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Where to compute; none for the graphics card if there is one, else the processor.
    pub device: Option<DeviceKind>,
    /// Weights to start from.
    pub from: From,
    /// Of which kind of picture the shipped pair, and the site's real scans, are.
    pub modality: Modality,
    /// Side of the scans in pixels: 16, 32 or 64.
    pub size: usize,
    /// Whether checkpoints may be kept in the browser's private storage.
    pub keep: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self { device: None, from: From::Shipped, modality: Modality::default(), size: 32, keep: false }
    }
}

/// What the training is doing.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// Nothing yet.
    Idle,
    /// The engine is on its way.
    Loading(LoadStage),
    /// Steps that are measured and count for nothing.
    Warming {
        /// Done.
        done: usize,
        /// In all.
        total: usize,
    },
    /// It learns.
    Running,
    /// It rests.
    Paused(Pause),
    /// The engine was lost; a new one takes up the last checkpoint.
    Recovering(Trouble),
    /// It cannot go on by itself.
    Failed(Report),
    /// Ended by the visitor. Results stay.
    Stopped,
}

/// Why it rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// Ready, or the visitor asked.
    Asked,
    /// The tab is in the background.
    Hidden,
    /// One step at a time.
    Stepping,
}

/// The same latents at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Slices the discriminator had been shown; 0 before the first step.
    pub images: u64,
    /// Tenths of seconds of training.
    pub deciseconds: u64,
    /// The scans.
    pub scans: Vec<Arc<Slice>>,
}

/// The last checkpoint.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Saved {
    /// Slices the discriminator had been shown.
    pub images: u64,
    /// When, in milliseconds since 1970.
    pub at: f64,
    /// In the browser's private storage, and not only in memory.
    pub on_disk: bool,
}

/// A training that an earlier visit left in the browser's private storage.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRun {
    /// Slices the discriminator had been shown.
    pub images: u64,
    /// Names of the classes.
    pub classes: Vec<String>,
    /// Side of the scans in pixels.
    pub size: usize,
    /// When, in milliseconds since 1970.
    pub at: f64,
}

/// A model of the visitor's, in the studio instead of the shipped one.
#[derive(Clone, Copy)]
pub struct OwnModel(pub RwSignal<Option<EngineClient>>);

/// The training.
#[derive(Clone, Copy)]
pub struct Trainer {
    crew: StoredValue<Crew, LocalStorage>,
    own: OwnModel,
    /// The slices that are chosen; none while none are usable.
    pub intake: RwSignal<Option<TrainingData>>,
    /// What the next training will be.
    pub plan: RwSignal<Plan>,
    /// What it is doing.
    pub phase: RwSignal<Phase>,
    /// The device that computes.
    pub device: RwSignal<Option<DeviceReport>>,
    /// How fast it trains here.
    pub forecast: RwSignal<Option<Forecast>>,
    /// Where it stands.
    pub counts: RwSignal<Counts>,
    /// Losses, oldest first.
    pub points: RwSignal<Vec<Point>>,
    /// The discriminator's mean logits, oldest first.
    pub gauges: RwSignal<Vec<Gauge>>,
    /// The same latents, oldest first.
    pub timeline: RwSignal<Vec<Arc<Frame>>>,
    /// What there is to say of its course now.
    pub notices: RwSignal<Vec<Notice>>,
    /// The knobs.
    pub tuning: RwSignal<Tuning>,
    /// The last comparison with the slices learned from.
    pub copies: RwSignal<Option<Arc<Copies>>>,
    /// The last checkpoint.
    pub saved: RwSignal<Option<Saved>>,
    /// What an earlier visit left.
    pub stored: RwSignal<Option<StoredRun>>,
}

impl Trainer {
    /// Makes the training available to the page, and looks for what an earlier visit left.
    pub fn provide() -> Self {
        let own = OwnModel(RwSignal::new(None));
        let trainer = Self {
            crew: StoredValue::new_local(Crew::new()),
            own,
            intake: RwSignal::new(None),
            plan: RwSignal::new(Plan::default()),
            phase: RwSignal::new(Phase::Idle),
            device: RwSignal::new(None),
            forecast: RwSignal::new(None),
            counts: RwSignal::new(Counts::default()),
            points: RwSignal::new(Vec::new()),
            gauges: RwSignal::new(Vec::new()),
            timeline: RwSignal::new(Vec::new()),
            notices: RwSignal::new(Vec::new()),
            tuning: RwSignal::new(Tuning::TRAINED),
            copies: RwSignal::new(None),
            saved: RwSignal::new(None),
            stored: RwSignal::new(None),
        };
        provide_context(trainer);
        provide_context(own);
        trainer.look_for_stored();
        trainer.rest_while_hidden();
        trainer
    }

    fn crew<T>(self, change: impl FnOnce(&mut Crew) -> T) -> Option<T> {
        self.crew.try_update_value(change)
    }
}
