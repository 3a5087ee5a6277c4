//! The device that generates, the reason for it, and a choice of another.

use leptos::prelude::*;

use crate::engine::shared::DeviceKind;
use crate::ui::engine::client::EngineClient;
use crate::ui::engine::engines::Phase;
use crate::ui::leave_one_free::LeaveOneFree;
use crate::ui::logic::choice::{Preference, Reason};
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::words::{Lang, say, use_lang};

/// The device and the choice.
#[component]
pub fn DeviceChoice(
    /// The engines.
    engines: EngineClient,
) -> impl IntoView {
    let lang = use_lang();
    let kind = move || engines.device.with(|device| device.as_ref().map(|device| device.kind));
    let code = move || kind().map(|kind| if kind == DeviceKind::Gpu { "gpu" } else { "cpu" });
    let shape = move || if kind() == Some(DeviceKind::Gpu) { Shape::Card } else { Shape::Chip };
    let name = move || match kind() {
        Some(DeviceKind::Gpu) => say!(lang, device.gpu),
        Some(DeviceKind::Cpu) => say!(lang, device.cpu),
        None if engines.phase.with(|phase| matches!(phase, Phase::Failed(_))) => say!(lang, device.stopped),
        None => say!(lang, device.starting),
    };
    let reason = move || kind().map(|kind| format!(": {}", reason_words(lang, kind, engines.reason.get())));
    let speed = move || {
        let millis = engines.device.with(|device| device.as_ref().map(|device| device.millis_per_scan))?;
        Some(say!(lang, device.speed, millis = lang.number(millis)))
    };
    let cores = move || match (kind()?, engines.workers.get()) {
        (DeviceKind::Gpu, _) | (_, 0) => None,
        (DeviceKind::Cpu, 1) => Some(say!(lang, device.one_core).to_owned()),
        (DeviceKind::Cpu, count) => Some(say!(lang, device.cores, count = count.to_string())),
    };
    let on_cpu = move || kind() == Some(DeviceKind::Cpu);
    let adapter = move || engines.device.with(|device| device.as_ref().map(|device| device.adapter.clone()));
    view! {
        <section class="device" aria-labelledby="device">
            <h2 id="device">{move || say!(lang, device.title)}</h2>
            <p class="badge" data-testid="device-badge" data-device=code title=adapter>
                {move || view! { <Icon shape=shape()/> }}
                <span><strong>{name}</strong>{reason}
                    <span class="speed">{speed}</span>
                    <span class="speed" data-testid="cores">{cores}</span></span>
            </p>
            <Switch engines/>
            <Show when=on_cpu>
                <LeaveOneFree engines/>
            </Show>
        </section>
    }
}

/// Automatic, graphics card or processor.
#[component]
fn Switch(engines: EngineClient) -> impl IntoView {
    let lang = use_lang();
    let change = move |event: leptos::ev::Event| {
        engines.prefer(match event_target_value(&event).as_str() {
            "gpu" => Preference::Only(DeviceKind::Gpu),
            "cpu" => Preference::Only(DeviceKind::Cpu),
            _ => Preference::Auto,
        });
    };
    let is = move |preference| move || engines.preference.get() == preference;
    view! {
        <select data-testid="device-switch" aria-label=move || say!(lang, device.switch) on:change=change>
            <option value="auto" prop:selected=is(Preference::Auto)>{move || say!(lang, device.auto)}</option>
            <option value="gpu" prop:selected=is(Preference::Only(DeviceKind::Gpu))>{move || say!(lang, device.gpu)}</option>
            <option value="cpu" prop:selected=is(Preference::Only(DeviceKind::Cpu))>{move || say!(lang, device.cpu)}</option>
        </select>
    }
}

fn reason_words(lang: Lang, kind: DeviceKind, reason: Reason) -> String {
    let ratio = |ratio: f64| lang.number(ratio);
    match reason {
        Reason::Testing => say!(lang, device.testing).to_owned(),
        Reason::Chosen => say!(lang, device.chosen).to_owned(),
        Reason::NoWebGpu => say!(lang, device.no_webgpu).to_owned(),
        Reason::NoAdapter => say!(lang, device.no_adapter).to_owned(),
        Reason::GpuFailed => say!(lang, device.gpu_failed).to_owned(),
        Reason::GpuWrong => say!(lang, device.gpu_wrong).to_owned(),
        Reason::GpuLost => say!(lang, device.gpu_lost).to_owned(),
        Reason::Software => say!(lang, device.software).to_owned(),
        Reason::SoftwareFaster(factor) => say!(lang, device.software_faster, ratio = ratio(factor)),
        Reason::Faster(factor) => match kind {
            DeviceKind::Gpu => say!(lang, device.faster, ratio = ratio(factor)),
            DeviceKind::Cpu => say!(lang, device.slower, ratio = ratio(factor)),
        },
    }
}
