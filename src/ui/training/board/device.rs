//! The device that trains: the choice before a training, and the badge during it.

use leptos::prelude::*;

use crate::ui::engine::client::EngineClient;
use crate::ui::leave_one_free::LeaveOneFree;
use crate::ui::logic::choice::Reason;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::training::trainer::{DeviceKind, Trainer};
use crate::ui::words::{Lang, say, use_lang};

/// Whether there may be a GPU to train on, judging by the device check of the scan generator.
fn may_have_gpu(reason: Reason) -> bool {
    !matches!(reason, Reason::NoWebGpu | Reason::NoAdapter | Reason::GpuFailed | Reason::GpuWrong)
}

/// Automatic choice, GPU or CPU, with the state of the GPU in words.
#[component]
pub fn TrainingDeviceChoice(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    let supervisor = use_context::<EngineClient>();
    let reason = move || supervisor.map_or(Reason::Testing, |supervisor| supervisor.reason.get());
    let change = move |event: leptos::ev::Event| {
        let device = match event_target_value(&event).as_str() {
            "gpu" => Some(DeviceKind::Gpu),
            "cpu" => Some(DeviceKind::Cpu),
            _ => None,
        };
        trainer.plan.update(|plan| plan.device = device);
    };
    let is = move |device| move || trainer.plan.with(|plan| plan.device == device);
    view! {
        <div class="field">
            <label for="train-device">{move || say!(lang, training.device.title)}</label>
            <select id="train-device" data-testid="train-device" aria-describedby="train-device-hint" on:change=change>
                <option value="auto" prop:selected=is(None)>{move || say!(lang, training.device.auto)}</option>
                <option value="gpu" disabled=move || !may_have_gpu(reason()) prop:selected=is(Some(DeviceKind::Gpu))>
                    {move || say!(lang, device.gpu)}
                </option>
                <option value="cpu" prop:selected=is(Some(DeviceKind::Cpu))>{move || say!(lang, device.cpu)}</option>
            </select>
            <p class="hint" id="train-device-hint">{move || gpu_status(lang, reason())}</p>
            <Show when=move || trainer.plan.with(|plan| plan.device != Some(DeviceKind::Gpu))>
                {supervisor.map(|engines| view! { <LeaveOneFree engines/> })}
            </Show>
        </div>
    }
}

/// The state of the GPU, in words.
fn gpu_status(lang: Lang, reason: Reason) -> &'static str {
    match reason {
        Reason::Testing | Reason::Chosen => say!(lang, training.device.unknown),
        Reason::NoWebGpu => say!(lang, training.device.no_webgpu),
        Reason::NoAdapter => say!(lang, training.device.no_adapter),
        Reason::GpuFailed | Reason::GpuWrong => say!(lang, training.device.unusable),
        Reason::GpuLost => say!(lang, training.device.lost),
        Reason::Software | Reason::SoftwareFaster(_) => say!(lang, training.device.software),
        Reason::Faster(_) => say!(lang, training.device.there),
    }
}

/// The device in use.
#[component]
pub fn TrainingDeviceBadge(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    let engines = use_context::<EngineClient>();
    let kind = move || trainer.device.with(|device| device.as_ref().map(|device| device.kind));
    let code = move || kind().map(|kind| if kind == DeviceKind::Gpu { "gpu" } else { "cpu" });
    let shape = move || if kind() == Some(DeviceKind::Gpu) { Shape::Card } else { Shape::Chip };
    let adapter = move || trainer.device.with(|device| device.as_ref().map(|device| device.adapter.clone()));
    let name = move || match (kind(), trainer.workers.get()) {
        (Some(DeviceKind::Gpu), _) => say!(lang, training.device.on_gpu).to_owned(),
        (Some(DeviceKind::Cpu), ..2) => say!(lang, training.device.on_cpu).to_owned(),
        (Some(DeviceKind::Cpu), count) => say!(lang, training.device.on_cores, count = count),
        (None, _) => say!(lang, training.device.looking).to_owned(),
    };
    view! {
        <p class="badge" data-testid="train-device" data-device=code data-workers=trainer.workers title=adapter>
            {move || view! { <Icon shape=shape()/> }}<span>{name}</span>
        </p>
        <Show when=move || trainer.judged.get()>
            <p class="hint" data-testid="judged">{move || say!(lang, training.judge.there)}</p>
        </Show>
        <Show when=move || kind() == Some(DeviceKind::Cpu)>
            {engines.map(|engines| view! { <LeaveOneFree engines/> })}
        </Show>
    }
}
