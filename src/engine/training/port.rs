//! The worker's side of `postMessage`.

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::protocol::{Event, Request};

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Tell the page something.
pub fn post(event: &Event) {
    // A closed page is the only way to fail, and then nobody listens.
    if let Ok(message) = serde_wasm_bindgen::to_value(event) {
        let _ = scope().post_message(&message);
    }
}

/// Tell the page something that comes with bytes, which are moved and not copied.
pub fn post_with_bytes(event: &Event, bytes: &[u8]) {
    let Ok(message) = serde_wasm_bindgen::to_value(event) else { return };
    let buffer = Uint8Array::from(bytes).buffer();
    let pair = Array::of2(&message, &buffer);
    let _ = scope().post_message_with_transfer(&pair, &Array::of1(&buffer));
}

/// Hand every request of the page to `handle`, for as long as the worker lives.
pub fn listen(handle: impl Fn(Result<Request, String>) + 'static) {
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        let request = serde_wasm_bindgen::from_value(message.data());
        handle(request.map_err(|error| error.to_string()));
    });
    let target: &web_sys::EventTarget = &scope();
    let listener = on_message.as_ref().unchecked_ref();
    let _ = target.add_event_listener_with_callback("message", listener);
    on_message.forget(); // the worker's lifetime is the listener's
}

/// Let the worker read its messages: a `setTimeout`, since a microtask would come before them.
pub async fn breathe() {
    let promise = Promise::new(&mut |resolve, _| {
        let _ = scope().set_timeout_with_callback(&resolve);
    });
    let _ = JsFuture::from(promise).await;
}

/// Milliseconds on the worker's monotonic clock.
pub fn now() -> f64 {
    scope().performance().map_or(0.0, |performance| performance.now())
}
