//! The training as signals.

use std::sync::Arc;

use leptos::prelude::*;

use super::supervisor::TrainingSupervisor;
use super::{
    Copies, Counts, DeviceReport, DistanceCheck, Forecast, Notice, OverfitCheck, Plan, Slice, StoredRun, TrainingData,
    TrainingMeasurement, TrainingPhase, Tuning,
};
use crate::ui::active_model::saves_data;
use crate::ui::engine::client::EngineClient;
use crate::ui::logic::cores::training_workers;
use crate::ui::urls;
use crate::worker::browser;

/// Samples at one moment. All frames have the same latents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Real slices shown to the discriminator; 0 before the first step.
    pub images: u64,
    /// Tenths of seconds of training.
    pub deciseconds: u64,
    /// The scans.
    pub scans: Vec<Arc<Slice>>,
}

/// The last checkpoint.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SavedCheckpoint {
    /// Real slices shown to the discriminator.
    pub images: u64,
    /// When it was made, in milliseconds since 1970.
    pub at: f64,
    /// Whether it is in the browser's storage, and not only in memory.
    pub on_disk: bool,
}

/// The visitor's own model, which the studio uses in place of the shipped one.
#[derive(Clone, Copy)]
pub struct OwnModel(pub RwSignal<Option<EngineClient>>);

/// The training.
#[derive(Clone, Copy)]
pub struct Trainer {
    supervisor: StoredValue<TrainingSupervisor, LocalStorage>,
    /// The engines that make scans. They keep the choice of how many cores may be used.
    pub(super) engines: Option<EngineClient>,
    /// Owner of the page, for what must outlive a view.
    pub(super) owner: StoredValue<Option<Owner>>,
    pub(super) own: OwnModel,
    /// The chosen slices; none if too few are usable.
    pub intake: RwSignal<Option<TrainingData>>,
    /// What the next training will be.
    pub plan: RwSignal<Plan>,
    /// What it is doing.
    pub phase: RwSignal<TrainingPhase>,
    /// The device that computes.
    pub device: RwSignal<Option<DeviceReport>>,
    /// Workers that take the steps together. 0 before the first step.
    pub workers: RwSignal<usize>,
    /// Whether the training has a judge.
    pub judged: RwSignal<bool>,
    /// Training speed of the device.
    pub forecast: RwSignal<Option<Forecast>>,
    /// Progress.
    pub counts: RwSignal<Counts>,
    /// Losses, oldest first.
    pub measurements: RwSignal<Vec<TrainingMeasurement>>,
    /// Overfitting checks, oldest first.
    pub overfit_checks: RwSignal<Vec<OverfitCheck>>,
    /// Distances to held-out slices, oldest first. None without a judge.
    pub distances: RwSignal<Vec<DistanceCheck>>,
    /// Whether the visitor wants the last generator, not the best so far.
    pub wants_last: RwSignal<bool>,
    /// Frames, oldest first.
    pub timeline: RwSignal<Vec<Arc<Frame>>>,
    /// Warnings that apply now.
    pub notices: RwSignal<Vec<Notice>>,
    /// Hyperparameters.
    pub tuning: RwSignal<Tuning>,
    /// The last comparison with the training slices.
    pub copies: RwSignal<Option<Arc<Copies>>>,
    /// The last checkpoint.
    pub saved: RwSignal<Option<SavedCheckpoint>>,
    /// The checkpoint of an earlier visit.
    pub stored: RwSignal<Option<StoredRun>>,
}

impl Trainer {
    /// Provides the training to the page, and looks for the checkpoint of an earlier visit.
    pub fn provide() -> Self {
        let own = OwnModel(RwSignal::new(None));
        // The supervisor reports to the signals, which live in the same value as the supervisor itself.
        let trainer = StoredValue::new(None::<Self>);
        let supervisor = TrainingSupervisor::new(browser::host(), browser::host(), urls::ENGINE_GPU, move |update| {
            if let Some(trainer) = trainer.try_get_value().flatten() {
                trainer.on_update(update);
            }
        });
        let this = Self {
            supervisor: StoredValue::new_local(supervisor),
            engines: use_context::<EngineClient>(),
            owner: StoredValue::new(Owner::current()),
            own,
            intake: RwSignal::new(None),
            plan: RwSignal::new(Plan { saves_data: saves_data(), ..Plan::default() }),
            phase: RwSignal::new(TrainingPhase::Idle),
            device: RwSignal::new(None),
            workers: RwSignal::new(0),
            judged: RwSignal::new(false),
            forecast: RwSignal::new(None),
            counts: RwSignal::new(Counts::default()),
            measurements: RwSignal::new(Vec::new()),
            overfit_checks: RwSignal::new(Vec::new()),
            distances: RwSignal::new(Vec::new()),
            wants_last: RwSignal::new(false),
            timeline: RwSignal::new(Vec::new()),
            notices: RwSignal::new(Vec::new()),
            tuning: RwSignal::new(Tuning::TRAINED),
            copies: RwSignal::new(None),
            saved: RwSignal::new(None),
            stored: RwSignal::new(None),
        };
        trainer.set_value(Some(this));
        provide_context(this);
        provide_context(own);
        this.look_for_stored();
        this.pause_while_hidden();
        Effect::new(move || {
            let count = this.followers();
            this.supervise(|supervisor| supervisor.set_followers(count));
        });
        this
    }

    /// Number of followers on the processor: one for each other core that may be used, as long as there are enough slices in a
    /// mini-batch.
    pub(super) fn followers(self) -> usize {
        let workers = self.engines.map_or(1, EngineClient::most_workers);
        let judged = self.judged.get();
        self.tuning.with(|tuning| training_workers(workers, tuning.batch, judged)) - 1
    }

    /// Calls a function with the supervisor. It is not borrowed meanwhile, so its reports may use it again.
    pub(super) fn supervise<T>(self, act: impl FnOnce(&TrainingSupervisor) -> T) -> Option<T> {
        self.supervisor.try_get_value().map(|supervisor| act(&supervisor))
    }

    fn pause_while_hidden(self) {
        let look = move || {
            self.supervise(|supervisor| supervisor.set_hidden(document().hidden()));
        };
        look();
        let handle = window_event_listener_untyped("visibilitychange", move |_| look());
        on_cleanup(move || handle.remove());
    }
}
