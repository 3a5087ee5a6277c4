//! One worker of the site: started, spoken to, heard, and ended when this is dropped.

use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, MessageEvent};

use crate::download::error_words;
use crate::engine::training::protocol::WORKER_NAME;
use crate::worker::browser::{Listener, named_worker};

/// A running worker.
pub struct Worker {
    worker: web_sys::Worker,
    _listeners: [Listener; 3],
}

impl Worker {
    /// Starts the worker of a script and passes on what it sends; words about it, if the script could not be loaded or the
    /// program fell over.
    pub fn start(script: &str, hear: impl Fn(Result<JsValue, String>) + Clone + 'static) -> Result<Self, String> {
        let script = script.to_owned();
        let worker = named_worker(&script, WORKER_NAME).map_err(|error| error_words(&error))?;
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
        self.worker.post_message(&message).map_err(|error| error_words(&error))
    }

    /// Sends a message with a buffer beside it, which is moved and not copied.
    pub fn send_with(&self, message: &impl Serialize, buffer: &JsValue) -> Result<(), String> {
        let message = serde_wasm_bindgen::to_value(message).map_err(|error| error.to_string())?;
        let pair = js_sys::Array::of2(&message, buffer);
        let sent = self.worker.post_message_with_transfer(&pair, &js_sys::Array::of1(buffer));
        sent.map_err(|error| error_words(&error))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}
