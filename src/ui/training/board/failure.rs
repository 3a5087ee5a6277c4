//! A training that lost its worker.

use leptos::prelude::*;

use crate::engine::shared::DeviceKind;
use crate::ui::failure::{FailurePanel, explain};
use crate::ui::logic::trouble::{EngineRole, Remedy, Trouble};
use crate::ui::training::trainer::{Trainer, TrainingPhase};
use crate::ui::words::{say, use_lang};

/// Says what happened and what the visitor can do. Shown only after a failure, or while a new worker takes over.
#[component]
pub fn TrainingFailure(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let remedy_chosen = move |remedy| {
        if remedy == Remedy::UseProcessor {
            trainer.plan.update(|plan| plan.device = Some(DeviceKind::Cpu));
        }
        trainer.resume();
    };
    move || match trainer.phase.get() {
        TrainingPhase::Recovering(trouble) => Some(view! { <Recovering trouble/> }.into_any()),
        TrainingPhase::Failed(report) => {
            let on_gpu = trainer.plan.with_untracked(|plan| plan.device != Some(DeviceKind::Cpu));
            let buttons = ["train-again", "train-on-cpu"];
            let panel = view! {
                <FailurePanel report role=EngineRole::Training on_gpu testid="train-failure" button_testids=buttons on_remedy=remedy_chosen/>
            };
            Some(panel.into_any())
        }
        _ => None,
    }
}

/// A new worker takes over. The status line says it to screen readers.
#[component]
fn Recovering(trouble: Trouble) -> impl IntoView {
    let lang = use_lang();
    view! {
        <section class="panel recovering" data-testid="recovering">
            <p><strong>{move || explain(lang, EngineRole::Training, trouble).0}</strong></p>
            <p>{move || say!(lang, training.loss.recovering)}</p>
        </section>
    }
}
