//! The initial weights of a training, and the size of the scans.

use leptos::prelude::*;

use super::export::OpenInStudio;
use super::weights_upload::WeightsUpload;
use crate::ui::engine::client::EngineClient;
use crate::ui::logic::choice::Gpu;
use crate::ui::logic::likeness;
use crate::ui::logic::models::Modality;
use crate::ui::logic::training_size::{self, USUAL};
use crate::ui::model_choice::{ModelNotes, model_name};
use crate::ui::training::trainer::{Plan, StartChoice, Trainer};
use crate::ui::words::{say, use_lang};

/// The shipped networks, random ones, or a file.
#[component]
pub fn InitialWeights(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    let file = move || {
        trainer.plan.with(|plan| match &plan.start {
            StartChoice::Files { name, .. } => Some(name.clone()),
            _ => None,
        })
    };
    let is = move |start: StartChoice| move || trainer.plan.with(|plan| plan.start == start);
    let choose = move |start: StartChoice| {
        move |_| {
            trainer.plan.update(|plan| {
                plan.start = start.clone();
                // A file may have set another size.
                plan.chosen_size = None;
            });
        }
    };
    view! {
        <fieldset class="choice">
            <legend>{move || say!(lang, training.from.title)}</legend>
            <label class="radio">
                <input type="radio" name="from" value="shipped" data-testid="from-shipped" aria-describedby="from-shipped-hint"
                    prop:checked=is(StartChoice::Shipped) on:change=choose(StartChoice::Shipped)/>
                <span>{move || say!(lang, training.from.shipped)}</span>
            </label>
            <p class="hint" id="from-shipped-hint">{move || say!(lang, training.from.shipped_hint)}</p>
            <Show when=is(StartChoice::Shipped)><ShippedModelSelect trainer/></Show>
            <label class="radio">
                <input type="radio" name="from" value="nothing" data-testid="from-nothing" aria-describedby="from-nothing-hint"
                    prop:checked=is(StartChoice::Random) on:change=choose(StartChoice::Random)/>
                <span>{move || say!(lang, training.from.nothing)}</span>
            </label>
            <p class="hint" id="from-nothing-hint">{move || say!(lang, training.from.nothing_hint)}</p>
            <Show when=move || file().is_some()>
                <label class="radio">
                    <input type="radio" name="from" value="file" data-testid="from-file" checked prop:checked=move || file().is_some()/>
                    <span>{move || say!(lang, training.from.file, name = file().unwrap_or_default())}</span>
                </label>
                <div class="row"><OpenInStudio trainer able=Signal::stored(true)/></div>
            </Show>
            <WeightsUpload trainer/>
        </fieldset>
    }
}

/// A menu of the shipped models. Those without networks of the chosen size are disabled.
#[component]
fn ShippedModelSelect(trainer: Trainer) -> impl IntoView {
    let lang = use_lang();
    let modality = Signal::derive(move || trainer.plan.with(Plan::shipped));
    look_at_slices(trainer);
    let change = move |event: leptos::ev::Event| {
        let slug = event_target_value(&event);
        if let Some(modality) = Modality::ALL.into_iter().find(|modality| modality.slug() == slug) {
            trainer.plan.update(|plan| (plan.networks, plan.modality) = (Some(modality), modality));
        }
    };
    let option = move |modality: Modality| {
        let available = move || trainer.plan.with(|plan| modality.model().trainee(plan.size()).is_some());
        let selected = move || trainer.plan.with(|plan| plan.shipped() == modality);
        view! {
            <option value=modality.slug() disabled=move || !available() prop:selected=selected>
                {move || model_name(lang, modality)}
            </option>
        }
    };
    view! {
        <div class="field">
            <label for="from-model">{move || say!(lang, model.choose)}</label>
            <select id="from-model" data-testid="from-model" on:change=change>
                {Modality::ALL.map(option).into_iter().collect_view()}
            </select>
            <Likeness trainer/>
            <ModelNotes modality/>
        </div>
    }
}

/// Updates which networks the slices resemble when the slices change.
fn look_at_slices(trainer: Trainer) {
    Effect::new(move || {
        let nearest = trainer.intake.with(|data| {
            let selection = &data.as_ref()?.selection;
            likeness::nearest(selection.images(likeness::MAX_COMPARED, likeness::SIDE))
        });
        if trainer.plan.with_untracked(|plan| plan.nearest != nearest) {
            trainer.plan.update(|plan| plan.nearest = nearest);
        }
    });
}

/// Which networks the slices resemble, in words.
#[component]
fn Likeness(trainer: Trainer) -> impl IntoView {
    let lang = use_lang();
    let nearest = move || trainer.plan.with(|plan| plan.nearest);
    let words = move || match (trainer.intake.with(Option::is_some), nearest()) {
        (false, _) => String::new(),
        (true, Some(modality)) => say!(lang, training.from.like, name = model_name(lang, modality)),
        (true, None) => say!(lang, training.from.like_neither).to_owned(),
    };
    view! {
        <p class="hint" role="status" data-testid="likeness" data-like=move || nearest().map(Modality::slug)>{words}</p>
    }
}

/// 32 or 64 pixels.
#[component]
pub fn ScanSizeChoice(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    let engines = use_context::<EngineClient>();
    // The engine on the processor tests itself with the generator in use.
    Effect::new(move || {
        let Some(engines) = engines else { return };
        engines.device.track();
        let side = engines.model.with(|model| model.as_ref().map(|model| model.size));
        let workers = engines.most_workers();
        let size = match engines.measured() {
            // A graphics card is faster.
            (_, Gpu::Passed(card)) if !card.software => USUAL,
            (cpu, _) => training_size::usual(cpu.map(|cpu| cpu.millis_per_scan).zip(side), workers),
        };
        if trainer.plan.with_untracked(|plan| plan.usual_size != size) {
            trainer.plan.update(|plan| plan.usual_size = size);
        }
    });
    let fixed = move || trainer.plan.with(|plan| matches!(plan.start, StartChoice::Files { .. }));
    let is = move |size| move || trainer.plan.with(|plan| plan.size() == size);
    let choose = move |size| move |_| trainer.plan.update(|plan| plan.chosen_size = Some(size));
    let slow = move || trainer.plan.with(|plan| plan.usual_size < USUAL);
    let hint = move || match (fixed(), slow()) {
        (true, _) => say!(lang, training.size.fixed),
        (_, true) => say!(lang, training.size.slow),
        (_, false) => say!(lang, training.size.hint),
    };
    view! {
        <fieldset class="choice">
            <legend>{move || say!(lang, training.size.title)}</legend>
            <div class="radios">
                <label class="radio">
                    <input type="radio" name="size" value="32" data-testid="size-32" aria-describedby="size-hint"
                        disabled=fixed prop:checked=is(32) on:change=choose(32)/>
                    <span>{move || say!(lang, training.size.pixels, size = 32)}</span>
                </label>
                <label class="radio">
                    <input type="radio" name="size" value="64" data-testid="size-64" aria-describedby="size-hint"
                        disabled=fixed prop:checked=is(64) on:change=choose(64)/>
                    <span>{move || say!(lang, training.size.pixels, size = 64)}</span>
                </label>
            </div>
            <p class="hint" id="size-hint">{hint}</p>
        </fieldset>
    }
}
