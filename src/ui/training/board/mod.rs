//! The training board: setup, progress and results of a training.
//!
//! `setup` is the form before a training. The other files show a [`Trainer`] that was started.

mod best_or_last;
mod chart_width;
mod charts;
mod confirm_button;
mod controls;
mod copy_check;
mod counters;
mod device;
mod export;
mod failure;
mod film;
mod forecast;
mod hyperparameters;
mod initial_weights;
mod line_chart;
mod notices;
mod preview;
mod sample_grid;
mod series_table;
mod setup;
mod single_step;
mod status;
pub mod stored_training;
mod strip_plot;
mod weights_upload;

use leptos::prelude::*;

use super::trainer::{Trainer, TrainingPhase};
use crate::ui::words::{say, use_lang};

/// The setup form, or the training that it started.
#[component]
pub fn Board(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let started = Memo::new(move |_| trainer.phase.with(|phase| *phase != TrainingPhase::Idle));
    move || match started.get() {
        false => view! { <setup::TrainingSetup trainer/> }.into_any(),
        true => view! { <Started trainer/> }.into_any(),
    }
}

/// A training that was started. On a phone the scans come first, and the pause button stays on screen.
#[component]
fn Started(trainer: Trainer) -> impl IntoView {
    let lang = use_lang();
    let heading = NodeRef::<leptos::html::H2>::new();
    // The start button is gone and took the keyboard focus with it.
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
                <device::TrainingDeviceBadge trainer/>
                <status::TrainingStatus trainer/>
            </div>
            <failure::TrainingFailure trainer/>
            <forecast::ForecastCard trainer/>
            </div>
            <preview::PreviewPanel trainer/>
            <controls::TrainingControls trainer/>
            <div class="course">
                <counters::Counters trainer/>
                <notices::NoticeCards trainer/>
                <charts::TrainingCharts trainer/>
            </div>
            <div class="workbench">
                <single_step::SingleStepPanel trainer/>
                <hyperparameters::HyperparameterPanel trainer/>
            </div>
            <div class="afterwards">
                <copy_check::CopyCheckPanel trainer/>
                <export::ExportPanel trainer/>
                <weights_upload::WeightsUploadPanel trainer/>
            </div>
        </section>
    }
}
