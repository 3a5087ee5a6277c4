//! The worker's end of its link.

use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::browser::Listener;
use super::{Message, wire};

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// The name that the page gave this worker ([`Program::name`](super::Program::name)). Empty if it gave none.
pub fn name() -> String {
    scope().name()
}

/// Sends a message to the page.
pub fn post(message: impl Message) {
    // This fails only if the page is closed, and then nobody listens.
    if let Ok((value, buffers)) = wire::encode(message) {
        let _ = scope().post_message_with_transfer(&value, &buffers);
    }
}

/// Calls `handle` with each request of the page, for as long as the worker lives. It gets words in English about a
/// message that is none of this protocol.
pub fn listen<Request: Message>(handle: impl Fn(Result<Request, String>) + 'static) {
    let listener = Listener::new(&scope(), "message", move |event| {
        handle(wire::decode(event.unchecked_into::<MessageEvent>().data()));
    });
    // It lives as long as the worker.
    std::mem::forget(listener);
}

/// Lets the worker read its messages. Waits for a timer, because a microtask would run before them.
pub async fn yield_now() {
    let promise = Promise::new(&mut |resolve, _| {
        let _ = scope().set_timeout_with_callback(&resolve);
    });
    let _ = JsFuture::from(promise).await;
}

/// Milliseconds on the worker's monotonic clock.
pub fn now() -> f64 {
    scope().performance().map_or(0.0, |performance| performance.now())
}
