//! Choice of modality and size, with short explanations.

use leptos::prelude::*;

use super::active_model::ActiveModel;
use super::logic::models::Modality;
use super::logic::size_choice::SizeReason;
use super::words::{Lang, say, use_lang};

/// A button for each modality, and an explanation of the current one.
#[component]
pub fn ModelChoice(
    /// The model in use.
    active: ActiveModel,
) -> impl IntoView {
    let lang = use_lang();
    let button = move |modality: Modality| {
        let pressed = move || (active.modality.get() == modality).to_string();
        view! {
            <button type="button" data-testid="model" data-model=modality.slug() aria-pressed=pressed
                on:click=move |_| active.choose(modality)>{move || model_name(lang, modality)}</button>
        }
    };
    view! {
        <section class="chooser model-choice" aria-labelledby="model-choice" data-testid="model-choice">
            <h2 id="model-choice">{move || say!(lang, model.choose)}</h2>
            <div class="row" role="group" aria-labelledby="model-choice">{Modality::ALL.map(button).into_iter().collect_view()}</div>
            <div role="status"><ModelNotes modality=active.modality.into()/></div>
        </section>
    }
}

/// What a modality shows, and what its licence requires.
#[component]
pub fn ModelNotes(
    /// The modality.
    modality: Signal<Modality>,
) -> impl IntoView {
    let lang = use_lang();
    let flair = move || modality.get() == Modality::Flair;
    let free = move || !modality.get().model().non_commercial;
    view! {
        <p class="hint">{move || model_text(lang, modality.get())}</p>
        <p class="hint" hidden=move || !flair()>{move || say!(lang, model.none_means)}</p>
        <p class="hint" hidden=free data-testid="non-commercial">
            {move || say!(lang, model.non_commercial, licence = modality.get().model().licence)}
        </p>
    }
}

/// The size of the scans, if there is a choice.
#[component]
pub fn SizeChoice(
    /// The model in use.
    active: ActiveModel,
) -> impl IntoView {
    let lang = use_lang();
    let sizes = move || active.modality.get().model().sizes();
    let automatic = move || active.why.get() != SizeReason::Chosen;
    let change = move |event: leptos::ev::Event| active.resize(event_target_value(&event).parse().ok());
    let option = move |size: usize| {
        let selected = move || !automatic() && active.size.get() == size;
        view! { <option value=size.to_string() prop:selected=selected>{move || say!(lang, scan.side, size = size)}</option> }
    };
    let options = move || sizes().into_iter().map(option).collect_view();
    view! {
        <Show when=move || { sizes().len() > 1 }>
            <section class="device" aria-labelledby="size-choice">
                <h2 id="size-choice">{move || say!(lang, model.size)}</h2>
                <select data-testid="size" aria-labelledby="size-choice" aria-describedby="size-why" on:change=change>
                    <option value="auto" prop:selected=automatic>{move || say!(lang, model.size_auto)}</option>
                    {options}
                </select>
                <p class="hint" id="size-why" data-testid="size-why">
                    {move || why_words(lang, active.size.get(), active.why.get())}
                </p>
            </section>
        </Show>
    }
}

/// Name of a modality.
pub fn model_name(lang: Lang, modality: Modality) -> &'static str {
    match modality {
        Modality::T1ce => say!(lang, model.t1ce),
        Modality::Flair => say!(lang, model.flair),
    }
}

fn model_text(lang: Lang, modality: Modality) -> &'static str {
    match modality {
        Modality::T1ce => say!(lang, model.t1ce_text),
        Modality::Flair => say!(lang, model.flair_text),
    }
}

fn why_words(lang: Lang, size: usize, why: SizeReason) -> String {
    match why {
        SizeReason::Only | SizeReason::Chosen => say!(lang, model.size_chosen, size = size),
        SizeReason::Fits => say!(lang, model.size_fits, size = size),
        SizeReason::FewCores => say!(lang, model.size_cores, size = size),
        SizeReason::LittleMemory => say!(lang, model.size_memory, size = size),
        SizeReason::SavesData => say!(lang, model.size_saves, size = size),
        SizeReason::Slow(millis) => say!(lang, model.size_slow, size = size, millis = lang.number(millis)),
    }
}
