//! The intake: reading slices, and choosing which of them to train on.
//!
//! [`IntakeState`] holds the state, which lives as long as the page. The other files are parts of the view.

mod classes;
mod contact_sheet;
mod crop;
mod file_outcome;
mod files;
mod paint_queue;
mod report;
mod sources;
mod stacks;
mod state;
mod summary;
mod tile;
mod warnings;

use leptos::prelude::*;

pub use state::IntakeState;

use super::trainer::{Trainer, TrainingPhase};
use crate::ui::words::{say, use_lang};

/// The intake. It is collapsed once a training has started.
#[component]
pub fn Intake(
    /// The training that the slices are for.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    let Some(intake) = use_context::<IntakeState>() else { return ().into_any() };
    let started = Memo::new(move |_| trainer.phase.with(|phase| *phase != TrainingPhase::Idle));
    let open = RwSignal::new(false);
    // Each training starts with the intake collapsed.
    Effect::new(move || {
        started.track();
        open.set(false);
    });
    let hidden = move || started.get() && !open.get();
    let has_slices = move || intake.collection.with(Option::is_some);
    view! {
        <section class="intake" class:folded=hidden data-testid="intake" aria-labelledby="intake">
            <h2 id="intake">{move || say!(lang, intake.title)}</h2>
            <Show when=move || started.get()>
                <div class="intake-bar">
                    <summary::SummaryLine intake/>
                    <button type="button" data-testid="intake-unfold" aria-controls="intake-body"
                        aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|open| *open = !*open)>
                        {move || if open.get() { say!(lang, intake.fold) } else { say!(lang, intake.unfold) }}
                    </button>
                </div>
            </Show>
            <div id="intake-body" class="intake-body" hidden=hidden>
                <Show when=move || started.get()>
                    <p class="hint">{move || say!(lang, intake.while_training)}</p>
                </Show>
                <sources::Sources intake/>
                <report::ReadingProgress intake/>
                <report::IntakeReport intake/>
                <Show when=has_slices>
                    <warnings::Warnings intake/>
                    <stacks::Stacks intake/>
                    <classes::Classes intake/>
                    <contact_sheet::ContactSheet intake/>
                    <summary::SelectionSummary intake/>
                </Show>
            </div>
            <crop::CropDialog intake/>
        </section>
    }
    .into_any()
}
