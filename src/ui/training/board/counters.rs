//! Where it stands, in numbers.

use leptos::prelude::*;

use super::saved::SavedLine;
use crate::ui::logic::numbers::clock;
use crate::ui::training::trainer::Trainer;
use crate::ui::words::{Lang, say, use_lang};

/// Slices seen, slices a second, time, steps; and the last checkpoint.
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
            <SavedLine trainer/>
        </div>
    }
}

/// A count; four digits are read without a mark.
fn count(lang: Lang, count: u64) -> String {
    if count < 10_000 { count.to_string() } else { lang.numbers().grouped(count) }
}
