//! The experiment as signals. It lives as long as the page and goes on while another view is open.

use leptos::{leptos_dom::helpers::window_event_listener_untyped, prelude::*};

use super::people::{CohortSlices, maker_weights};
use super::state::LabState;
use super::supervisor::LabSupervisor;
use crate::engine::lab::protocol::{BeginLab, LabPeople};
use crate::lab::setup::{LabSetup, Learning};
use crate::ui::engine::client::EngineClient;
use crate::ui::logic::lab::settings::{Expectation, LabSettings};
use crate::ui::logic::lab::timing::scale;
use crate::ui::urls;
use crate::worker::browser;

/// The experiment.
#[derive(Clone, Copy)]
pub struct Lab {
    supervisor: StoredValue<LabSupervisor, LocalStorage>,
    engines: Option<EngineClient>,
    /// What it is doing, and what it has found.
    pub state: RwSignal<LabState>,
    /// What the form says. None before the view was opened.
    pub form: RwSignal<Option<LabSettings>>,
    /// Whether the page chose the source in the form. If that cannot be used, it chooses drawings.
    pub source_is_default: RwSignal<bool>,
    /// What the visitor expects.
    pub expected: RwSignal<Option<Expectation>>,
    /// What the visitor expected when the current experiment began. The answer in the form may change later.
    pub guess: RwSignal<Option<Expectation>>,
    /// The settings of the current experiment.
    pub asked: RwSignal<Option<LabSettings>>,
    /// Whether slices are being prepared for it.
    pub gathering: RwSignal<bool>,
}

impl Lab {
    /// Provides the experiment to the page.
    pub fn provide() {
        let state = RwSignal::new(LabState::default());
        // The signal may be gone before the last event arrives.
        let supervisor = LabSupervisor::new(&browser::host(), urls::ENGINE_GPU, move |new| drop(state.try_set(new)));
        let lab = Self {
            supervisor: StoredValue::new_local(supervisor),
            engines: use_context::<EngineClient>(),
            state,
            form: RwSignal::new(None),
            source_is_default: RwSignal::new(false),
            expected: RwSignal::new(None),
            guess: RwSignal::new(None),
            asked: RwSignal::new(None),
            gathering: RwSignal::new(false),
        };
        provide_context(lab);
        let look = move || lab.supervise(|supervisor| supervisor.set_hidden(document().hidden()));
        look();
        let handle = window_event_listener_untyped("visibilitychange", move |_| look());
        on_cleanup(move || handle.remove());
    }

    /// Starts an experiment with these people, in place of an earlier one.
    pub fn start(self, settings: LabSettings, people: CohortSlices) {
        let cohort = people.cohort();
        let patients = cohort.chosen(settings.patients);
        let settings = LabSettings { patients: Some(patients), ..settings };
        self.asked.set(Some(settings));
        self.guess.set(self.expected.get_untracked());
        self.gathering.set(true);
        leptos::task::spawn_local(async move {
            let slices = people.slices().await;
            if self.gathering.try_set(false).is_some() || self.asked.get_untracked() != Some(settings) {
                return;
            }
            let division = people.division(patients);
            let (size, steps) = settings.scale.unwrap_or((32, 0));
            let learning = Learning { steps, fakes: settings.share as f64 / 100.0, seed: settings.seed };
            let LabSettings { learner, maker, repetitions, each, .. } = settings;
            let (per_run, workers) = (division.learners(), untrack(|| self.workers()));
            let setup = LabSetup {
                learner,
                maker,
                division,
                size,
                classes: cohort.classes,
                patients,
                repetitions,
                each,
                learning,
            };
            let learners = per_run * repetitions * crate::lab::arm::Arm::ALL.len();
            let people = slices.map_or(LabPeople::Drawn, LabPeople::Slices);
            let weights = maker_weights(&settings, patients);
            let begin = BeginLab { setup, people, weights };
            let choose = settings.scale.is_none().then(|| {
                let choose: super::supervisor::Choose =
                    Box::new(move |millis| scale(learner, millis, learners, per_run, workers));
                choose
            });
            self.supervise(move |supervisor| supervisor.start(begin, workers, choose));
        });
    }

    /// Ends the workers and keeps the finished runs.
    pub fn stop(self) {
        self.supervise(LabSupervisor::stop);
    }

    /// Goes on after a stop, or after all workers were lost.
    pub fn resume(self) {
        self.supervise(LabSupervisor::resume);
    }

    /// Most workers.
    fn workers(self) -> usize {
        self.engines.map_or(1, EngineClient::most_workers)
    }

    /// Calls a function with the supervisor. It is not borrowed meanwhile, so its reports may use it again.
    fn supervise(self, act: impl FnOnce(&LabSupervisor)) {
        if let Some(supervisor) = self.supervisor.try_get_value() {
            act(&supervisor);
        }
    }
}
