//! The measurement as signals. It lives as long as the page and goes on while another view is open.

use leptos::prelude::*;

use super::sets::{self, SetProblem};
use super::state::MeasureState;
use super::supervisor::MeasureSupervisor;
use crate::ui::engine::client::EngineClient;
use crate::ui::reader::file_set::FileSet;
use crate::ui::urls;
use crate::worker::browser;

/// A measurement and its folders.
#[derive(Clone, Copy)]
pub struct Measurement {
    supervisor: StoredValue<MeasureSupervisor, LocalStorage>,
    engines: Option<EngineClient>,
    /// Real pictures, generated ones, and those that the generator learned from.
    pub folders: [FileSet; 3],
    /// What it is doing, and what it has found.
    pub state: RwSignal<MeasureState>,
    /// Why the folders cannot be measured.
    pub problem: RwSignal<Option<SetProblem>>,
    /// Whether slices are being prepared.
    pub gathering: RwSignal<bool>,
}

impl Measurement {
    /// Provides the measurement to the page.
    pub fn provide() {
        let state = RwSignal::new(MeasureState::default());
        // The signal may be gone before the last event arrives.
        let supervisor =
            MeasureSupervisor::new(&browser::host(), urls::ENGINE_GPU, move |new| drop(state.try_set(new)));
        provide_context(Self {
            supervisor: StoredValue::new_local(supervisor),
            engines: use_context::<EngineClient>(),
            folders: [FileSet::empty(), FileSet::empty(), FileSet::empty()],
            state,
            problem: RwSignal::new(None),
            gathering: RwSignal::new(false),
        });
    }

    /// Whether it goes on by itself.
    pub fn is_active(self) -> bool {
        self.gathering.get() || self.state.with(|state| state.phase.is_active())
    }

    /// Starts to measure the folders, in place of an earlier measurement.
    pub fn start(self) {
        let workers = untrack(|| self.engines.map_or(1, EngineClient::most_workers));
        let files = self.folders.map(|set| set.files.get_untracked());
        self.state.set(MeasureState::default());
        self.problem.set(None);
        self.gathering.set(true);
        leptos::task::spawn_local(async move {
            let gathered = sets::gather(files).await;
            if self.gathering.try_set(false).is_some() {
                return;
            }
            match gathered {
                Ok(begin) => self.supervise(|supervisor| supervisor.start(begin, workers)),
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }

    /// Ends the workers and keeps what they found.
    pub fn stop(self) {
        self.supervise(MeasureSupervisor::stop);
    }

    /// Goes on after a stop or a failure.
    pub fn resume(self) {
        self.supervise(MeasureSupervisor::resume);
    }

    fn supervise(self, act: impl FnOnce(&MeasureSupervisor)) {
        if let Some(supervisor) = self.supervisor.try_get_value() {
            act(&supervisor);
        }
    }
}
