//! A training that an earlier visit stored in the browser: resume it, or delete it.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::confirm_button::ConfirmButton;
use crate::ui::training::trainer::{StoredRun, Trainer};
use crate::ui::words::{Lang, say, use_lang};

/// The card. It is shown only if a training is stored.
#[component]
pub fn StoredTraining(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    let words = move || trainer.stored.with(|stored| stored.as_ref().map(|stored| describe(lang, stored)));
    let ready = move || trainer.intake.with(Option::is_some);
    view! {
        <Show when=move || trainer.stored.with(Option::is_some)>
            <div class="panel stored" data-testid="stored">
                <h3>{move || say!(lang, training.stored.title)}</h3>
                <p>{words}</p>
                <p class="hint" id="stored-hint">{move || match ready() {
                    true => say!(lang, training.stored.ready),
                    false => say!(lang, training.stored.needs_slices),
                }}</p>
                <Show when=move || trainer.stored.with(|stored| stored.as_ref().is_some_and(|stored| stored.judged))>
                    <p class="hint">{move || say!(lang, training.judge.again)}</p>
                </Show>
                <div class="row">
                    <button type="button" class="primary" data-testid="stored-resume" aria-describedby="stored-hint"
                        disabled=move || !ready() on:click=move |_| trainer.resume_stored()>
                        {move || say!(lang, training.stored.resume)}
                    </button>
                    <ConfirmButton testid="stored-forget" label=Signal::derive(move || say!(lang, training.stored.forget).to_owned())
                        question=Signal::derive(move || say!(lang, training.stored.forget_sure).to_owned())
                        act=move || trainer.forget_stored()/>
                </div>
            </div>
        </Show>
    }
}

fn describe(lang: Lang, stored: &StoredRun) -> String {
    let StoredRun { images, classes, size, at, .. } = stored;
    let images = lang.numbers().grouped(*images);
    say!(
        lang,
        training.stored.run,
        images = images,
        size = size,
        classes = classes.join(", "),
        day = date_time(lang, *at)
    )
}

/// Date and time in the notation of the browser for this language.
fn date_time(lang: Lang, at: f64) -> String {
    js_sys::Date::new(&JsValue::from_f64(at)).to_locale_string(lang.code(), &JsValue::UNDEFINED).into()
}
