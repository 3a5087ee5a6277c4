//! Messages as JavaScript values.

use js_sys::{Array, ArrayBuffer};
use wasm_bindgen::{JsCast, JsValue};

use super::{Buffer, Message, Port};

/// The value to post, and its buffers and ports, which are transferred.
///
/// # Errors
/// A message in English if serde cannot write the header.
pub fn encode(mut message: impl Message) -> Result<(JsValue, Array), String> {
    let buffers = message.take_buffers().into_iter().map(|buffer| JsValue::from(buffer.into_array_buffer()));
    let buffers: Array = buffers.chain(message.take_ports().into_iter().map(|port| port.0)).collect();
    let header = serde_wasm_bindgen::to_value(&message).map_err(|error| error.to_string())?;
    let value = if buffers.length() == 0 { header } else { Array::of1(&header).concat(&buffers).into() };
    Ok((value, buffers))
}

/// The message that was posted as this value.
///
/// # Errors
/// A message in English if the value is not a message of this protocol.
pub fn decode<M: Message>(value: JsValue) -> Result<M, String> {
    let (mut buffers, mut ports) = (Vec::new(), Vec::new());
    let header = match value.dyn_into::<Array>() {
        Err(header) => header,
        Ok(parts) => {
            for part in parts.iter().skip(1) {
                match part.dyn_into::<ArrayBuffer>() {
                    Ok(buffer) => buffers.push(Buffer::from(buffer)),
                    Err(other) => ports.push(Port(other)),
                }
            }
            parts.get(0)
        }
    };
    let mut message: M = serde_wasm_bindgen::from_value(header).map_err(|error| error.to_string())?;
    message.put_buffers(buffers)?;
    message.put_ports(ports)?;
    Ok(message)
}
