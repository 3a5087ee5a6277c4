//! One worker of the site: started, spoken to, heard, and ended when this is dropped.

use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{ErrorEvent, EventTarget, MessageEvent};

use super::places;
use crate::download::words;

/// A running worker.
pub struct Worker {
    worker: web_sys::Worker,
    _listeners: [Listener; 3],
}

impl Worker {
    /// Starts the worker of a script and passes on what it sends; words about it, if the script could not be loaded or the
    /// program fell over.
    pub fn start(script: &str, hear: impl Fn(Result<JsValue, String>) + Clone + 'static) -> Result<Self, String> {
        let script = places::absolute(script);
        let worker = web_sys::Worker::new(&script).map_err(|error| words(&error))?;
        let on_message = {
            let hear = hear.clone();
            Listener::new(&worker, "message", move |event| hear(Ok(event.unchecked_into::<MessageEvent>().data())))
        };
        let on_garbled = {
            let hear = hear.clone();
            Listener::new(&worker, "messageerror", move |_| hear(Err("a message was garbled".into())))
        };
        let on_error = Listener::new(&worker, "error", move |event| {
            // A script that did not load gives a plain event without words.
            let words = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
            let words = if words.is_empty() { format!("could not load {script}") } else { words };
            hear(Err(words));
        });
        Ok(Self { worker, _listeners: [on_message, on_garbled, on_error] })
    }

    /// Sends a message.
    pub fn send(&self, message: &impl Serialize) -> Result<(), String> {
        let message = serde_wasm_bindgen::to_value(message).map_err(|error| error.to_string())?;
        self.worker.post_message(&message).map_err(|error| words(&error))
    }

    /// Sends a message with a buffer beside it, which is moved and not copied.
    pub fn send_with(&self, message: &impl Serialize, buffer: &JsValue) -> Result<(), String> {
        let message = serde_wasm_bindgen::to_value(message).map_err(|error| error.to_string())?;
        let pair = js_sys::Array::of2(&message, buffer);
        let sent = self.worker.post_message_with_transfer(&pair, &js_sys::Array::of1(buffer));
        sent.map_err(|error| words(&error))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// An event listener that is removed when dropped, so that a dead worker cannot call into freed memory.
pub struct Listener {
    target: EventTarget,
    event: &'static str,
    closure: Closure<dyn Fn(web_sys::Event)>,
}

impl Listener {
    /// Calls `react` on every such event of the target.
    pub fn new(target: &EventTarget, event: &'static str, react: impl Fn(web_sys::Event) + 'static) -> Self {
        let closure = Closure::<dyn Fn(web_sys::Event)>::new(react);
        // Adding a listener fails only for a target that is none, which the type rules out.
        let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
        Self { target: target.clone(), event, closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.closure.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.event, callback);
    }
}
