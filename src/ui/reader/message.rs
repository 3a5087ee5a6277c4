//! What the reader says, with the pixels that came beside it.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::reader::protocol::{Event, unpack};

/// Reads the data of one `message` event; a picture or volume comes out with its slices.
pub(super) fn read(data: JsValue) -> Result<Event, String> {
    let (event, buffer) = match data.dyn_into::<Array>() {
        Ok(pair) => (pair.get(0), pair.get(1).dyn_into::<ArrayBuffer>().ok()),
        Err(event) => (event, None),
    };
    let mut event = serde_wasm_bindgen::from_value(event).map_err(|error| error.to_string())?;
    if let Event::Found { found, width, height } = &mut event {
        let buffer = buffer.ok_or_else(|| "slices came without pixels".to_owned())?;
        let bytes = Uint8Array::new(&buffer).to_vec();
        found.slices = unpack(*width, *height, &bytes);
        if found.slices.is_empty() {
            return Err("the pixels do not fit the slices".to_owned());
        }
    }
    Ok(event)
}
