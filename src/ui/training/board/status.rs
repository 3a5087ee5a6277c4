//! The phase of the training in one line, announced to screen readers when it changes.

use leptos::prelude::*;

use crate::ui::training::trainer::{LoadStage, Pause, Trainer, TrainingPhase};
use crate::ui::words::{Lang, say, use_lang};

/// The line, with a progress bar during preparation.
#[component]
pub fn TrainingStatus(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    let fresh = Memo::new(move |_| trainer.counts.with(|counts| counts.steps == 0));
    // A memo, so that a new count does not repeat the announcement.
    let words = Memo::new(move |_| trainer.phase.with(|phase| phase_words(lang, phase, fresh.get())));
    let state = move || trainer.phase.with(phase_name);
    let progress = move || match trainer.phase.get() {
        TrainingPhase::Warming { done, total } => Some(done as f64 / total.max(1) as f64),
        _ => None,
    };
    let busy = move || {
        trainer.phase.with(|phase| {
            matches!(phase, TrainingPhase::Loading(_) | TrainingPhase::Warming { .. } | TrainingPhase::Recovering(_))
        })
    };
    view! {
        <div class="status">
            <p role="status" aria-live="polite" data-testid="train-status" data-state=state>{move || words.get()}</p>
            <Show when=busy>
                <progress max="1" value=move || progress().map(|done| done.to_string()) aria-hidden="true"></progress>
            </Show>
        </div>
    }
}

/// Name of the phase for tests and style sheets.
fn phase_name(phase: &TrainingPhase) -> &'static str {
    match phase {
        TrainingPhase::Idle => "idle",
        TrainingPhase::Loading(_) => "loading",
        TrainingPhase::Warming { .. } => "warming",
        TrainingPhase::Running => "running",
        TrainingPhase::Paused(Pause::Asked) => "paused",
        TrainingPhase::Paused(Pause::Hidden) => "hidden",
        TrainingPhase::Paused(Pause::Stepping) => "stepping",
        TrainingPhase::Recovering(_) => "recovering",
        TrainingPhase::Failed(_) => "failed",
        TrainingPhase::Stopped => "stopped",
    }
}

fn phase_words(lang: Lang, phase: &TrainingPhase, fresh: bool) -> String {
    match phase {
        TrainingPhase::Idle => "",
        TrainingPhase::Loading(LoadStage::Weights) => say!(lang, training.phase.weights),
        TrainingPhase::Loading(LoadStage::Device) => say!(lang, training.phase.device),
        TrainingPhase::Loading(LoadStage::SelfTest) => say!(lang, training.phase.self_test),
        TrainingPhase::Warming { .. } => say!(lang, training.phase.warming),
        TrainingPhase::Running => say!(lang, training.phase.running),
        TrainingPhase::Paused(Pause::Asked) if fresh => say!(lang, training.phase.ready),
        TrainingPhase::Paused(Pause::Asked) => say!(lang, training.phase.paused),
        TrainingPhase::Paused(Pause::Hidden) => say!(lang, training.phase.hidden),
        TrainingPhase::Paused(Pause::Stepping) => say!(lang, training.phase.stepping),
        TrainingPhase::Recovering(_) => say!(lang, training.phase.recovering),
        TrainingPhase::Failed(_) => say!(lang, training.phase.failed),
        TrainingPhase::Stopped => say!(lang, training.phase.stopped),
    }
    .to_owned()
}
