//! What the training is doing, in one line that screen readers hear when it changes.

use leptos::prelude::*;

use crate::ui::training::trainer::{LoadStage, Pause, Phase, Trainer};
use crate::ui::words::{Lang, say, use_lang};

/// The line, and a bar while the training is being prepared.
#[component]
pub fn TrainingStatus(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    let fresh = Memo::new(move |_| trainer.counts.with(|counts| counts.steps == 0));
    // A memo, so that a count that moves on is no change of words.
    let words = Memo::new(move |_| trainer.phase.with(|phase| say_phase(lang, phase, fresh.get())));
    let state = move || trainer.phase.with(state);
    let part = move || match trainer.phase.get() {
        Phase::Warming { done, total } => Some(done as f64 / total.max(1) as f64),
        _ => None,
    };
    let busy = move || {
        trainer.phase.with(|phase| matches!(phase, Phase::Loading(_) | Phase::Warming { .. } | Phase::Recovering(_)))
    };
    view! {
        <div class="status">
            <p role="status" aria-live="polite" data-testid="train-status" data-state=state>{move || words.get()}</p>
            <Show when=busy>
                <progress max="1" value=move || part().map(|part| part.to_string()) aria-hidden="true"></progress>
            </Show>
        </div>
    }
}

/// A word for the phase, for tests and style sheets.
fn state(phase: &Phase) -> &'static str {
    match phase {
        Phase::Idle => "idle",
        Phase::Loading(_) => "loading",
        Phase::Warming { .. } => "warming",
        Phase::Running => "running",
        Phase::Paused(Pause::Asked) => "paused",
        Phase::Paused(Pause::Hidden) => "hidden",
        Phase::Paused(Pause::Stepping) => "stepping",
        Phase::Recovering(_) => "recovering",
        Phase::Failed(_) => "failed",
        Phase::Stopped => "stopped",
    }
}

fn say_phase(lang: Lang, phase: &Phase, fresh: bool) -> String {
    match phase {
        Phase::Idle => "",
        Phase::Loading(LoadStage::Weights) => say!(lang, training.phase.weights),
        Phase::Loading(LoadStage::Device) => say!(lang, training.phase.device),
        Phase::Loading(LoadStage::SelfTest) => say!(lang, training.phase.self_test),
        Phase::Warming { .. } => say!(lang, training.phase.warming),
        Phase::Running => say!(lang, training.phase.running),
        Phase::Paused(Pause::Asked) if fresh => say!(lang, training.phase.ready),
        Phase::Paused(Pause::Asked) => say!(lang, training.phase.paused),
        Phase::Paused(Pause::Hidden) => say!(lang, training.phase.hidden),
        Phase::Paused(Pause::Stepping) => say!(lang, training.phase.stepping),
        Phase::Recovering(_) => say!(lang, training.phase.recovering),
        Phase::Failed(_) => say!(lang, training.phase.failed),
        Phase::Stopped => say!(lang, training.phase.stopped),
    }
    .to_owned()
}
