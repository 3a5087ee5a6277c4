//! How much a fall of the engine would cost: the age of the last checkpoint, and where it is.

use std::time::Duration;

use leptos::prelude::*;

use crate::ui::timer::use_interval;
use crate::ui::training::trainer::Trainer;
use crate::ui::words::{say, use_lang};

/// How often the age is told.
const TEMPO: Duration = Duration::from_secs(1);

/// One line. Not announced: it changes all the time.
#[component]
pub fn SavedLine(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    let now = RwSignal::new(js_sys::Date::now());
    let running = Signal::derive(move || trainer.saved.with(Option::is_some));
    use_interval(running, TEMPO, move || now.set(js_sys::Date::now()));
    let words = move || {
        trainer.saved.get().map_or_else(
            || say!(lang, training.saved.none).to_owned(),
            |saved| {
                // The clock ticks after the checkpoint came.
                let seconds = ((now.get() - saved.at) / 1000.0).max(0.0).round();
                let age = match seconds {
                    ..120.0 => say!(lang, training.saved.seconds, count = seconds),
                    _ => say!(lang, training.saved.minutes, count = (seconds / 60.0).floor()),
                };
                match saved.on_disk {
                    true => say!(lang, training.saved.on_disk, age = age),
                    false => say!(lang, training.saved.in_memory, age = age),
                }
            },
        )
    };
    let place = move || trainer.saved.get().map(|saved| if saved.on_disk { "disk" } else { "memory" });
    view! { <p class="hint" data-testid="saved" data-place=place>{words}</p> }
}
