//! The status of the studio in one line, also for screen readers.

use leptos::prelude::*;

use super::state::{Studio, StudioTask};
use crate::engine::shared::LoadStage;
use crate::ui::engine::engines::Phase;
use crate::ui::words::{say, use_lang};

/// The status, and a progress bar. The style sheet shows the bar after half a second.
#[component]
pub fn Status(
    /// The studio.
    studio: Studio,
) -> impl IntoView {
    let lang = use_lang();
    let engines = studio.engines;
    let state = move || match engines.phase.get() {
        Phase::Failed(_) => "failed",
        _ if studio.is_busy() => "busy",
        _ => "idle",
    };
    let idle = move || match studio.outcome.get() {
        None => say!(lang, status.idle).to_owned(),
        Some((count, millis)) => {
            let seconds = lang.number((millis / 1000.0).max(0.1));
            match count {
                1 => say!(lang, status.done_one, seconds = seconds),
                count => say!(lang, status.done, count = count.to_string(), seconds = seconds),
            }
        }
    };
    // Without the count so far: a screen reader would read every change aloud.
    let total =
        Memo::new(move |_| engines.progress.get().filter(|progress| !progress.live).map(|progress| progress.total));
    let words = move || match engines.phase.get() {
        Phase::Failed(_) => say!(lang, status.failed).to_owned(),
        Phase::Loading(None, _) => say!(lang, status.starting).to_owned(),
        Phase::Loading(Some(LoadStage::Weights), _) => say!(lang, status.weights).to_owned(),
        Phase::Loading(Some(LoadStage::Device), _) => say!(lang, status.device).to_owned(),
        Phase::Loading(Some(LoadStage::SelfTest), _) => say!(lang, status.self_test).to_owned(),
        Phase::Ready => match (total.get(), studio.work.get()) {
            (None, _) => idle(),
            (Some(_), StudioTask::Morph) => say!(lang, status.morphing).to_owned(),
            (Some(1), StudioTask::Gallery) => say!(lang, status.making_one).to_owned(),
            (Some(total), StudioTask::Gallery) => say!(lang, status.making, count = total.to_string()),
        },
    };
    let part = move || match engines.phase.get() {
        Phase::Loading(_, part) => part,
        Phase::Ready => engines.progress.get().map(|progress| progress.done as f64 / progress.total.max(1) as f64),
        Phase::Failed(_) => None,
    };
    view! {
        <div class="status">
            <p role="status" aria-live="polite" data-testid="status" data-state=state>{words}</p>
            <Show when=move || state() == "busy">
                <progress max="1" value=move || part().map(|part| part.to_string()) aria-hidden="true"></progress>
            </Show>
        </div>
    }
}
