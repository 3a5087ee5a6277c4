//! Timers of the page.

use std::time::Duration;

use leptos::{ev, prelude::*};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Calls `tick` every `interval` while `running` is true and the tab is visible, until the current owner is cleaned up.
pub fn use_interval(running: Signal<bool>, interval: Duration, tick: impl Fn() + Clone + 'static) {
    let timer = StoredValue::new(None::<IntervalHandle>);
    let hidden = RwSignal::new(document().hidden());
    let stop = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    Effect::new(move || {
        stop();
        if running.get() && !hidden.get() {
            timer.set_value(set_interval_with_handle(tick.clone(), interval).ok());
        }
    });
    let listener = window_event_listener(ev::Custom::<ev::Event>::new("visibilitychange"), move |_| {
        hidden.set(document().hidden());
    });
    on_cleanup(move || {
        stop();
        listener.remove();
    });
}

/// Whether the visitor's system asks for reduced motion (`prefers-reduced-motion`).
pub fn prefers_reduced_motion() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// Lets the browser handle pending events. Waits for a timer: awaiting a ready promise would run before them.
pub async fn yield_to_browser() {
    let turn = js_sys::Promise::new(&mut |resolve, _| {
        // Without a timer, the promise would never resolve.
        if window().set_timeout_with_callback(&resolve).is_err() {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    });
    let _ = JsFuture::from(turn).await;
}
