//! The training view, and the state that it provides to the page.

use leptos::{ev, leptos_dom::helpers::window_event_listener, prelude::*};

use super::trainer::{Trainer, TrainingPhase};
use super::tuning_log::TuningLog;
use super::{board, intake};
use crate::ui::logic::models::{MODEL, Modality};
use crate::ui::route::Route;
use crate::ui::words::{say, use_lang};

/// Provides the training and its slices as context. Both stay while other views are open.
pub fn provide() {
    let trainer = Trainer::provide();
    intake::IntakeState::provide(trainer);
    TuningLog::provide(trainer);
    confirm_leaving(trainer);
}

/// Has the browser ask before the page is closed or reloaded during a training.
fn confirm_leaving(trainer: Trainer) {
    let listener = window_event_listener(ev::beforeunload, move |event| {
        let started = trainer.counts.with_untracked(|counts| counts.steps > 0);
        let training = trainer.phase.with_untracked(|phase| match phase {
            TrainingPhase::Running | TrainingPhase::Recovering(_) => true,
            TrainingPhase::Paused(_) => started,
            _ => false,
        });
        if training {
            event.prevent_default();
            // For browsers that ignore `preventDefault` here. They show a text of their own.
            event.set_return_value("training");
        }
    });
    on_cleanup(move || listener.remove());
}

/// The view at `#/trainen`.
#[component]
pub fn TrainingView() -> impl IntoView {
    let lang = use_lang();
    let Some(trainer) = use_context::<Trainer>() else { return ().into_any() };
    let route = use_context::<Route>();
    Effect::new(move || {
        let address = route.map(Route::address).filter(|address| address.get(MODEL).is_some());
        if let Some(modality) = address.map(|address| Modality::read(&address)) {
            trainer.plan.update(|plan| plan.modality = modality);
        }
    });
    let idle = Memo::new(move |_| trainer.phase.with(|phase| *phase == TrainingPhase::Idle));
    view! {
        <div class="training">
            <div class="intro">
                <h1>{move || say!(lang, training.title)}</h1>
                <p class="lead">{move || say!(lang, training.lead)}</p>
            </div>
            <Show when=move || idle.get()>
                <board::stored_training::StoredTraining trainer/>
            </Show>
            <intake::Intake trainer/>
            <board::Board trainer/>
        </div>
    }
    .into_any()
}
