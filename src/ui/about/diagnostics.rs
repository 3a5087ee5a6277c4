//! Technical details to copy into a bug report.

use js_sys::Reflect;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsValue;

use super::section::{AboutPart, AboutSection};
use crate::ui::copy_lines::CopyLines;
use crate::ui::engine::{client::EngineClient, engines::Phase};
use crate::ui::logic::diagnostics;
use crate::ui::offline::use_offline;
use crate::ui::words::{Lang, say, use_lang};

/// The section with the details.
#[component]
pub fn Diagnostics(
    /// The engines.
    engines: EngineClient,
) -> impl IntoView {
    let lang = use_lang();
    let lines = lines(engines, lang);
    let [label, copy] = [
        Signal::derive(move || say!(lang, about.diagnostics.label)),
        Signal::derive(move || say!(lang, about.diagnostics.copy)),
    ];
    view! {
        <AboutSection part=AboutPart::Diagnostics>
            <p>{move || say!(lang, about.diagnostics.text)}</p>
            <CopyLines lines label copy name="diagnostics"/>
        </AboutSection>
    }
}

/// The details as text. Updated with the engines and the window.
fn lines(engines: EngineClient, lang: Lang) -> Memo<String> {
    let changed = Trigger::new();
    for listener in [
        window_event_listener(ev::resize, move |_| changed.notify()),
        window_event_listener(ev::online, move |_| changed.notify()),
        window_event_listener(ev::offline, move |_| changed.notify()),
    ] {
        on_cleanup(move || listener.remove());
    }
    let kept = use_offline();
    // A worker tells its memory with each part of a job.
    let rests = Memo::new(move |_| engines.progress.with(Option::is_none));
    Memo::new(move |_| {
        changed.track();
        // Each test of a device changes the reason or the device.
        engines.reason.track();
        engines.workers.track();
        rests.track();
        let (processor, card) = engines.measured();
        let navigator = window().navigator();
        let number = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok().and_then(|value| value.as_f64());
        let of_window = |name| number(&window(), name).unwrap_or_default();
        diagnostics::Diagnostics {
            model: engines.model.get().map(|model| (*model).clone()),
            state: engines.phase.with(state),
            active: engines.device.with(|device| device.as_ref().map(|device| device.kind)),
            processor,
            card,
            workers: engines.memory(),
            most_workers: engines.most_workers(),
            browser: navigator.user_agent().unwrap_or_default(),
            cores: number(&navigator, "hardwareConcurrency"),
            memory: number(&navigator, "deviceMemory"),
            languages: [lang.code().to_owned(), navigator.language().unwrap_or_default()],
            window: [of_window("innerWidth"), of_window("innerHeight"), of_window("devicePixelRatio")],
            online: navigator.on_line(),
            service_worker: service_worker(&navigator),
            kept: kept.get().name(),
        }
        .to_string()
    })
}

fn state(phase: &Phase) -> String {
    match phase {
        Phase::Loading(..) => "loading".to_owned(),
        Phase::Ready => "ready".to_owned(),
        Phase::Failed(report) => format!("failed, {:?}: {}", report.trouble, report.detail.replace('\n', " ")),
    }
}

/// State of the service worker. Uses `Reflect`, because browsers hide it in insecure contexts.
fn service_worker(navigator: &JsValue) -> String {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok().filter(JsValue::is_object);
    let Some(container) = get(navigator, "serviceWorker") else { return "not offered".to_owned() };
    let Some(controller) = get(&container, "controller") else { return "none".to_owned() };
    Reflect::get(&controller, &"state".into()).ok().and_then(|state| state.as_string()).unwrap_or_default()
}
