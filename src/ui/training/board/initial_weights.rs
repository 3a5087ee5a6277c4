//! The initial weights of a training, and the size of the scans.

use leptos::prelude::*;

use super::device::may_have_gpu;
use super::export::OpenInStudio;
use super::weights_upload::WeightsUpload;
use crate::ui::engine::client::EngineClient;
use crate::ui::logic::choice::Reason;
use crate::ui::logic::models::Modality;
use crate::ui::model_choice::{ModelNotes, model_name};
use crate::ui::training::trainer::{DeviceKind, StartChoice, Trainer};
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
                plan.size = if plan.size == 64 { 64 } else { 32 };
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
    let modality = Signal::derive(move || trainer.plan.with(|plan| plan.modality));
    let change = move |event: leptos::ev::Event| {
        let slug = event_target_value(&event);
        if let Some(modality) = Modality::ALL.into_iter().find(|modality| modality.slug() == slug) {
            trainer.plan.update(|plan| plan.modality = modality);
        }
    };
    let option = move |modality: Modality| {
        let available = move || trainer.plan.with(|plan| modality.model().trainee(plan.size.max(32)).is_some());
        let selected = move || trainer.plan.with(|plan| plan.modality == modality);
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
            <ModelNotes modality/>
        </div>
    }
}

/// 32 pixels, or 64 if the training may run on a GPU.
#[component]
pub fn ScanSizeChoice(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    let supervisor = use_context::<EngineClient>();
    let reason = move || supervisor.map_or(Reason::Testing, |supervisor| supervisor.reason.get());
    let may_be_large = move || match trainer.plan.with(|plan| plan.device) {
        Some(DeviceKind::Cpu) => false,
        Some(DeviceKind::Gpu) => may_have_gpu(reason()),
        None => matches!(reason(), Reason::Faster(_)) && generates_on_gpu(supervisor),
    };
    let fixed = move || trainer.plan.with(|plan| matches!(plan.start, StartChoice::Files { .. }));
    let is = move |size| move || trainer.plan.with(|plan| plan.size == size);
    let choose = move |size| move |_| trainer.plan.update(|plan| plan.size = size);
    let hint = move || match (fixed(), may_be_large()) {
        (true, _) => say!(lang, training.size.fixed),
        (_, true) => say!(lang, training.size.hint),
        (_, false) => say!(lang, training.size.card_only),
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
                        disabled=move || fixed() || !may_be_large() prop:checked=is(64) on:change=choose(64)/>
                    <span>{move || say!(lang, training.size.pixels, size = 64)}</span>
                </label>
            </div>
            <p class="hint" id="size-hint">{hint}</p>
        </fieldset>
    }
}

/// Whether the scan generator runs on the GPU now.
fn generates_on_gpu(supervisor: Option<EngineClient>) -> bool {
    let device = supervisor.map(|supervisor| supervisor.device);
    device.is_some_and(|device| {
        device.with(|device| device.as_ref().is_some_and(|device| device.kind == DeviceKind::Gpu))
    })
}
