//! One engine worker: started, spoken to, heard, and ended when this is dropped.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{ErrorEvent, EventTarget, MessageEvent, Worker};

use super::message::{self, Message};
use crate::engine::protocol::{DeviceKind, Request};
use crate::ui::places;

/// What is heard from a worker.
pub enum Heard {
    /// A message.
    Message(Message),
    /// The script could not be loaded, the program fell over, or sent something that is no message.
    Broken(String),
}

/// A running worker.
pub struct Link {
    worker: Worker,
    _listeners: [Listener; 3],
}

impl Link {
    /// Starts the worker for a device and passes on all that it says.
    pub fn start(device: DeviceKind, hear: impl Fn(Heard) + Clone + 'static) -> Result<Self, String> {
        let script = places::absolute(places::engine_script(device));
        let worker = Worker::new(&script).map_err(|error| words(&error))?;
        let on_message = {
            let hear = hear.clone();
            Listener::new(&worker, "message", move |event| {
                let data = event.unchecked_into::<MessageEvent>().data();
                hear(message::read(data).map_or_else(Heard::Broken, Heard::Message));
            })
        };
        let on_garbled = {
            let hear = hear.clone();
            Listener::new(&worker, "messageerror", move |_| hear(Heard::Broken("a message was garbled".into())))
        };
        let on_error = Listener::new(&worker, "error", move |event| {
            // A script that did not load gives a plain event without words.
            let words = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
            let words = if words.is_empty() { format!("could not load {script}") } else { words };
            hear(Heard::Broken(words));
        });
        Ok(Self { worker, _listeners: [on_message, on_garbled, on_error] })
    }

    /// Sends a request.
    pub fn send(&self, request: &Request) -> Result<(), String> {
        let request = serde_wasm_bindgen::to_value(request).map_err(|error| error.to_string())?;
        self.worker.post_message(&request).map_err(|error| words(&error))
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// What JavaScript says of an error.
fn words(error: &JsValue) -> String {
    let message = js_sys::Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    message.unwrap_or_else(|| format!("{error:?}"))
}

/// An event listener that is removed when dropped, so that a dead worker cannot call into freed memory.
struct Listener {
    target: EventTarget,
    event: &'static str,
    closure: Closure<dyn Fn(web_sys::Event)>,
}

impl Listener {
    fn new(target: &EventTarget, event: &'static str, react: impl Fn(web_sys::Event) + 'static) -> Self {
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
