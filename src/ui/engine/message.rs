//! Reads what a worker sends: an event, or an event with the pixels of some scans.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::engine::protocol::Event;
use crate::slice::Slice;

/// An event and the pixels that came with it, none for most events.
pub type Message = (Event, Vec<Slice>);

/// Reads the data of one `message` event.
pub fn read(data: JsValue) -> Result<Message, String> {
    let (event, buffer) = match data.dyn_into::<Array>() {
        Ok(pair) => (pair.get(0), pair.get(1).dyn_into::<ArrayBuffer>().ok()),
        Err(event) => (event, None),
    };
    let event: Event = serde_wasm_bindgen::from_value(event).map_err(|error| error.to_string())?;
    let pixels = match &event {
        Event::Scans { count, size, .. } => {
            let buffer = buffer.ok_or("scans came without pixels")?;
            Slice::split(&Uint8Array::new(&buffer).to_vec(), *count, *size).map_err(|error| error.to_string())?
        }
        _ => Vec::new(),
    };
    Ok((event, pixels))
}
