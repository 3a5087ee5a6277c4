//! The worker's end of its link.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::browser::Listener;
use super::channel::MessageChannel;
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

/// Calls `handle` with each request of the page, for as long as the worker lives. For a message that is not of this
/// protocol it gets an error in English.
pub fn listen<Request: Message>(handle: impl Fn(Result<Request, String>) + 'static) {
    let listener = Listener::new(&scope(), "message", move |event| {
        handle(wire::decode(event.unchecked_into::<MessageEvent>().data()));
    });
    // It lives as long as the worker.
    std::mem::forget(listener);
}

/// Answers each request of the page with one event, one request after the other, for as long as the worker lives. `answer`
/// gets words in English about a message that is none of this protocol.
pub fn answer_in_turn<Request: Message + 'static, Event: Message>(
    answer: impl AsyncFn(Result<Request, String>) -> Event + 'static,
) {
    let (answer, waiting, busy) = (Rc::new(answer), Rc::new(RefCell::new(VecDeque::new())), Rc::new(Cell::new(false)));
    listen(move |request| {
        waiting.borrow_mut().push_back(request);
        if busy.replace(true) {
            return;
        }
        let (answer, waiting, busy) = (Rc::clone(&answer), Rc::clone(&waiting), Rc::clone(&busy));
        spawn_local(async move {
            loop {
                let next = waiting.borrow_mut().pop_front();
                let Some(request) = next else { break };
                post(answer(request).await);
                yield_now().await;
            }
            busy.set(false);
        });
    });
}

/// Lets the worker read its messages. Sends itself a message and waits for it: a microtask would run before those that
/// wait, and browsers delay a timer that is set in a timer by 4 ms.
pub async fn yield_now() {
    let channel = MessageChannel::new();
    let (here, there) = (channel.port1(), channel.port2());
    let promise = Promise::new(&mut |resolve, _| {
        here.set_on_message(&resolve);
        there.post_message(&JsValue::NULL, &Array::new());
    });
    let _ = JsFuture::from(promise).await;
    here.close();
}

/// Bytes of the program's memory. It never shrinks.
pub fn memory() -> usize {
    #[cfg(target_arch = "wasm32")]
    return core::arch::wasm32::memory_size::<0>() * 65_536;
    #[cfg(not(target_arch = "wasm32"))]
    0
}

/// Milliseconds since 1970.
pub fn date_millis() -> f64 {
    js_sys::Date::now()
}

/// Milliseconds on the worker's monotonic clock.
pub fn now() -> f64 {
    scope().performance().map_or(0.0, |performance| performance.now())
}
