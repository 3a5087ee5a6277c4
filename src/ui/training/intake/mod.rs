//! Slices in: choosing them, reading them, judging them.
//!
//! [`Bench`] is the state, which lives as long as the page; each other file is one thing that a visitor sees of it.

mod bench;
mod classes;
mod crop;
mod files;
mod gather;
mod note;
mod painter;
mod report;
mod sheet;
mod stack;
mod stacks;
mod summary;
mod tile;
mod warnings;
mod ways;

use leptos::prelude::*;

pub use bench::Bench;

use super::trainer::{Phase, Trainer};
use crate::ui::words::{say, use_lang};

/// Choosing slices, reading them, judging them. Folds away once a training has started.
#[component]
pub fn Intake(
    /// What they are for.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    let Some(bench) = use_context::<Bench>() else { return ().into_any() };
    let started = Memo::new(move |_| trainer.phase.with(|phase| *phase != Phase::Idle));
    let open = RwSignal::new(false);
    // Each training begins with the slices folded away.
    Effect::new(move || {
        started.track();
        open.set(false);
    });
    let hidden = move || started.get() && !open.get();
    let chosen = move || bench.collection.with(Option::is_some);
    view! {
        <section class="intake" class:folded=hidden data-testid="intake" aria-labelledby="intake">
            <h2 id="intake">{move || say!(lang, intake.title)}</h2>
            <Show when=move || started.get()>
                <div class="intake-bar">
                    <summary::InShort bench/>
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
                <ways::Ways bench/>
                <report::Progress bench/>
                <report::Report bench/>
                <Show when=chosen>
                    <warnings::Warnings bench/>
                    <stacks::Stacks bench/>
                    <classes::Classes bench/>
                    <sheet::Sheet bench/>
                    <summary::Summary bench/>
                </Show>
            </div>
            <crop::CropDialog bench/>
        </section>
    }
    .into_any()
}
