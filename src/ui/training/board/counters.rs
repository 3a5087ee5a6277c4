//! Progress in numbers, and the age of the last checkpoint.

use std::time::Duration;

use leptos::prelude::*;

use crate::ui::logic::numbers::clock;
use crate::ui::timer::use_interval;
use crate::ui::training::trainer::Trainer;
use crate::ui::words::{Lang, say, use_lang};

/// How often the age is updated.
const AGE_INTERVAL: Duration = Duration::from_secs(1);

/// Slices seen, slices per second, time, steps, and the last checkpoint.
#[component]
pub fn Counters(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    let counts = trainer.counts;
    view! {
        <div class="counters">
            <dl class="counts">
                <div>
                    <dt>{move || say!(lang, training.count.images)}</dt>
                    <dd data-testid="images-seen" data-images=move || counts.get().images.to_string()>
                        {move || count(lang, counts.get().images)}
                    </dd>
                </div>
                <div>
                    <dt>{move || say!(lang, training.count.rate)}</dt>
                    <dd data-testid="images-a-second">{move || lang.number(counts.get().rate)}</dd>
                </div>
                <div>
                    <dt>{move || say!(lang, training.count.time)}</dt>
                    <dd data-testid="train-time">{move || clock(counts.get().seconds)}</dd>
                </div>
                <div>
                    <dt>{move || say!(lang, training.count.steps)}</dt>
                    <dd data-testid="train-steps">{move || count(lang, counts.get().steps)}</dd>
                </div>
            </dl>
            <CheckpointAge trainer/>
        </div>
    }
}

/// A count, with marks from five digits on.
fn count(lang: Lang, count: u64) -> String {
    if count < 10_000 { count.to_string() } else { lang.numbers().grouped(count) }
}

/// Age and place of the last checkpoint: how much would be lost if the worker failed. Not announced to screen readers,
/// because it changes every second.
#[component]
fn CheckpointAge(trainer: Trainer) -> impl IntoView {
    let lang = use_lang();
    let now = RwSignal::new(js_sys::Date::now());
    let running = Signal::derive(move || trainer.saved.with(Option::is_some));
    use_interval(running, AGE_INTERVAL, move || now.set(js_sys::Date::now()));
    let words = move || {
        trainer.saved.get().map_or_else(
            || say!(lang, training.saved.none).to_owned(),
            |saved| {
                // `now` can be older than the checkpoint.
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
    let images = move || trainer.saved.get().map(|saved| saved.images.to_string());
    view! { <p class="hint" data-testid="saved" data-place=place data-images=images>{words}</p> }
}
