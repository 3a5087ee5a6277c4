//! Messages as JavaScript values.

use js_sys::{Array, ArrayBuffer};
use wasm_bindgen::{JsCast, JsValue};

use super::{Buffer, Message};

/// The value to post, and its buffers, which are transferred.
pub fn encode(mut message: impl Message) -> Result<(JsValue, Array), String> {
    let buffers: Array = message.take_buffers().into_iter().map(Buffer::into_array_buffer).collect();
    let header = serde_wasm_bindgen::to_value(&message).map_err(|error| error.to_string())?;
    let value = if buffers.length() == 0 { header } else { Array::of1(&header).concat(&buffers).into() };
    Ok((value, buffers))
}

/// The message that was posted as this value.
pub fn decode<M: Message>(value: JsValue) -> Result<M, String> {
    let (header, buffers) = match value.dyn_into::<Array>() {
        Err(header) => (header, Vec::new()),
        Ok(parts) => {
            let buffers = parts.iter().skip(1).map(|part| part.dyn_into::<ArrayBuffer>().map(Buffer::from));
            let buffers = buffers.collect::<Result<_, _>>().map_err(|_| "a part is no buffer".to_owned())?;
            (parts.get(0), buffers)
        }
    };
    let mut message: M = serde_wasm_bindgen::from_value(header).map_err(|error| error.to_string())?;
    message.put_buffers(buffers)?;
    Ok(message)
}
