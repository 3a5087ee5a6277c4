//! The choice between the best generator so far and the current one, which the preview shows.

use leptos::prelude::*;

use crate::ui::training::trainer::Trainer;
use crate::ui::words::{Lang, say, use_lang};

/// The generator for studio, check and download. Shown only if distances are measured, because there is a best one only then,
/// and not before the first step, when both are the same.
#[component]
pub fn BestOrLast(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    let best = Memo::new(move |_| trainer.distances.with(|all| all.last().map(|check| check.best_images)));
    let current = Memo::new(move |_| trainer.counts.with(|counts| counts.images));
    let option = move |last: bool| {
        let words = move || match last {
            true => {
                let moment = moment(lang, current.get());
                say!(lang, training.take.last, moment = moment)
            }
            false => {
                let moment = moment(lang, best.get().unwrap_or_default());
                say!(lang, training.take.best, moment = moment)
            }
        };
        let testid = if last { "take-last" } else { "take-best" };
        view! {
            <label class="radio">
                <input type="radio" name="take" data-testid=testid prop:checked=move || trainer.wants_last.get() == last
                    on:change=move |_| trainer.wants_last.set(last)/>
                <span>{words}</span>
            </label>
        }
    };
    let other = Memo::new(move |_| !trainer.wants_last.get() && best.get().is_some_and(|best| best != current.get()));
    let note = move || other.get().then(|| say!(lang, training.take.not_shown));
    view! {
        <Show when=move || { best.get().is_some() && current.get() > 0 }>
            <fieldset class="choice">
                <legend>{move || say!(lang, training.take.which)}</legend>
                <div class="radios">{option(false)}{option(true)}</div>
                <p class="hint" data-testid="take-not-shown" hidden=move || !other.get()>{note}</p>
            </fieldset>
        </Show>
    }
}

/// After how many slices, in words.
fn moment(lang: Lang, images: u64) -> String {
    match images {
        0 => say!(lang, training.preview.start).to_owned(),
        _ => say!(lang, training.take.after, images = lang.numbers().grouped(images)),
    }
}
