//! A channel between two workers. The page makes it and sends each worker one end.

use js_sys::{Array, Function};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{EventTarget, MessageEvent};

use super::browser::Listener;
use super::{Message, Port, wire};

#[wasm_bindgen]
extern "C" {
    // `web_sys` has these only with more of its features, which every other crate would be built with.
    pub(super) type MessageChannel;
    #[wasm_bindgen(constructor)]
    pub(super) fn new() -> MessageChannel;
    #[wasm_bindgen(method, getter)]
    pub(super) fn port1(this: &MessageChannel) -> MessagePort;
    #[wasm_bindgen(method, getter)]
    pub(super) fn port2(this: &MessageChannel) -> MessagePort;

    #[wasm_bindgen(extends = EventTarget)]
    #[derive(Clone)]
    pub(super) type MessagePort;
    #[wasm_bindgen(method, setter, js_name = onmessage)]
    pub(super) fn set_on_message(this: &MessagePort, react: &Function);
    #[wasm_bindgen(method, js_name = postMessage)]
    pub(super) fn post_message(this: &MessagePort, message: &JsValue, transfer: &Array);
    #[wasm_bindgen(method)]
    fn start(this: &MessagePort);
    #[wasm_bindgen(method)]
    pub(super) fn close(this: &MessagePort);
}

/// Both ends of a new channel.
pub fn pair() -> [Port; 2] {
    let channel = MessageChannel::new();
    [channel.port1(), channel.port2()].map(|port| Port(port.into()))
}

/// One end of a channel, at work. It is closed when dropped.
pub struct Channel {
    port: MessagePort,
    _listener: Listener,
}

impl Channel {
    /// Calls `handle` with each message from the other end, also with those that arrived before. For a message that is not
    /// of this protocol it gets an error in English.
    ///
    /// # Errors
    /// A message in English if it is not a port.
    pub fn open<Incoming: Message>(
        port: Port,
        handle: impl Fn(Result<Incoming, String>) + 'static,
    ) -> Result<Self, String> {
        let port: MessagePort = port.0.dyn_into().map_err(|_| "not one end of a channel".to_owned())?;
        let listener = Listener::new(&port, "message", move |event| {
            handle(wire::decode(event.unchecked_into::<MessageEvent>().data()));
        });
        port.start();
        Ok(Self { port, _listener: listener })
    }

    /// Sends a message to the other end. It is lost if nobody is there.
    ///
    /// # Errors
    /// A message in English if it cannot be written.
    pub fn post(&self, message: impl Message) -> Result<(), String> {
        let (value, transferred) = wire::encode(message)?;
        self.port.post_message(&value, &transferred);
        Ok(())
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.port.close();
    }
}
