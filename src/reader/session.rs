//! Reading on request.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::protocol::{Event, Request, pack};
use crate::slices::decoded::{DecodedFile, Refusal};
use crate::slices::open;

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Reads the files that the page sends for as long as the worker lives.
pub fn start() {
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(|message: MessageEvent| {
        if let Some((request, bytes)) = parse(message.data()) {
            open::open_file(&request.path, &bytes, &mut tell);
        }
        post(&Event::Done);
    });
    let _ = scope().add_event_listener_with_callback("message", on_message.as_ref().unchecked_ref());
    on_message.forget(); // the worker's lifetime is the listener's
    post(&Event::Ready);
}

fn parse(data: JsValue) -> Option<(Request, Vec<u8>)> {
    let pair: Array = data.dyn_into().ok()?;
    let request = serde_wasm_bindgen::from_value(pair.get(0)).ok()?;
    let buffer: ArrayBuffer = pair.get(1).dyn_into().ok()?;
    Some((request, Uint8Array::new(&buffer).to_vec()))
}

fn tell(outcome: Result<DecodedFile, (String, Refusal)>) {
    match outcome {
        Err((path, refusal)) => post(&Event::Refused { path, refusal }),
        Ok(found) => {
            let (width, height, bytes) = pack(&found.slices);
            let path = found.path.clone();
            let Ok(event) = serde_wasm_bindgen::to_value(&Event::Found { found, width, height }) else {
                // Whatever was read, the page must hear of every file.
                return post(&Event::Refused { path, refusal: Refusal::Unreadable });
            };
            let buffer = Uint8Array::from(bytes.as_slice()).buffer();
            let pair = Array::of2(&event, &buffer);
            let _ = scope().post_message_with_transfer(&pair, &Array::of1(&buffer));
        }
    }
}

fn post(event: &Event) {
    // A closed page is the only way to fail, and then nobody listens.
    if let Ok(message) = serde_wasm_bindgen::to_value(event) {
        let _ = scope().post_message(&message);
    }
}
