//! What a visitor sees of a training: the choices before it, its course, and what comes out.
//!
//! `before` is the form; all else shows a [`Trainer`] that was started. `lines` and `strip` draw numbers, `grid` draws scans.

mod before;
mod confirm;
mod controls;
mod copies;
mod counters;
mod course;
mod device;
mod film;
mod forecast;
mod grid;
mod knob;
mod knobs;
mod lines;
mod notices;
mod preview;
mod saved;
mod slow;
mod start_from;
mod status;
mod stored;
mod strip;
mod table;
mod take;
mod trouble;
mod upload;

use leptos::prelude::*;

use super::trainer::{Phase, Trainer};
use crate::ui::words::{say, use_lang};

/// The form, or the training that it started.
#[component]
pub fn Board(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let started = Memo::new(move |_| trainer.phase.with(|phase| *phase != Phase::Idle));
    move || match started.get() {
        false => view! { <before::Before trainer/> }.into_any(),
        true => view! { <Started trainer/> }.into_any(),
    }
}

/// A training that was started. On a phone the pictures come first, and its most used button stays at hand.
#[component]
fn Started(trainer: Trainer) -> impl IntoView {
    let lang = use_lang();
    let heading = NodeRef::<leptos::html::H2>::new();
    // The button that started it is gone, and with it the focus of who used it.
    Effect::new(move || {
        let lost = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
        if let (Some(heading), true) = (heading.get(), lost) {
            let _ = heading.focus();
        }
    });
    view! {
        <section class="board" data-testid="board" aria-labelledby="board">
            <div class="board-top">
                <div class="board-head">
                <h2 id="board" node_ref=heading tabindex="-1">{move || say!(lang, training.board)}</h2>
                <device::Badge trainer/>
                <status::Status trainer/>
            </div>
            <trouble::Trouble trainer/>
            <forecast::ForecastCard trainer/>
            </div>
            <preview::Preview trainer/>
            <controls::Controls trainer/>
            <div class="course">
                <counters::Counters trainer/>
                <notices::Notices trainer/>
                <course::Charts trainer/>
            </div>
            <div class="workbench">
                <slow::SlowMotion trainer/>
                <knobs::KnobsPanel trainer/>
            </div>
            <div class="afterwards">
                <copies::CopiesPanel trainer/>
                <take::TakeAlong trainer/>
                <upload::UploadPanel trainer/>
            </div>
        </section>
    }
}
