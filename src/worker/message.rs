//! What travels between a page and a worker.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A request or an event: a header that serde writes, and buffers that are transferred.
pub trait Message: Serialize + DeserializeOwned {
    /// Moves the large parts out of the message before its header is written. The default has none.
    fn take_buffers(&mut self) -> Vec<Buffer> {
        Vec::new()
    }

    /// Puts the buffers back, in the order of [`take_buffers`](Self::take_buffers). Called once for every message that
    /// arrives, also without buffers.
    ///
    /// # Errors
    /// A message in English if the buffers do not fit the header.
    fn put_buffers(&mut self, buffers: Vec<Buffer>) -> Result<(), String> {
        Buffer::none(&buffers)
    }

    /// Moves the ends of channels out of the message. The default has none.
    fn take_ports(&mut self) -> Vec<Port> {
        Vec::new()
    }

    /// Puts them back. Called once for every message that arrives.
    ///
    /// # Errors
    /// A message in English if they do not fit the header.
    fn put_ports(&mut self, ports: Vec<Port>) -> Result<(), String> {
        if ports.is_empty() { Ok(()) } else { Err("this message has no channels".to_owned()) }
    }
}

/// One end of a channel between two workers. In a message it is transferred.
#[derive(Debug, Clone, PartialEq)]
pub struct Port(#[cfg(feature = "web")] pub(super) wasm_bindgen::JsValue);

impl Port {
    /// The only end of a channel in a message.
    ///
    /// # Errors
    /// A message in English if there is none, or more than one.
    pub fn single(ports: Vec<Self>) -> Result<Self, String> {
        let [port] = <[Self; 1]>::try_from(ports).map_err(|other| format!("{} channels instead of 1", other.len()))?;
        Ok(port)
    }
}

/// Bytes of a message. In the browser they stay outside of the program's memory until they are read.
#[derive(Debug, Clone, PartialEq)]
pub struct Buffer(BufferPlace);

#[derive(Debug, PartialEq)]
enum BufferPlace {
    Memory(Vec<u8>),
    #[cfg(feature = "web")]
    Browser(js_sys::ArrayBuffer),
}

impl Buffer {
    /// The bytes, copied into the program's memory if they are not there yet.
    pub fn into_bytes(self) -> Vec<u8> {
        match self.0 {
            BufferPlace::Memory(bytes) => bytes,
            #[cfg(feature = "web")]
            BufferPlace::Browser(buffer) => js_sys::Uint8Array::new(&buffer).to_vec(),
        }
    }

    /// The bytes as numbers.
    ///
    /// # Errors
    /// A message in English if the bytes are not a whole number of them.
    pub fn into_floats(self) -> Result<Vec<f32>, String> {
        let bytes = self.into_bytes();
        match bytes.as_chunks::<4>() {
            (numbers, []) => Ok(numbers.iter().map(|number| f32::from_le_bytes(*number)).collect()),
            _ => Err(format!("{} bytes are not a whole number of floats", bytes.len())),
        }
    }

    /// The buffer to transfer.
    #[cfg(feature = "web")]
    pub(super) fn into_array_buffer(self) -> js_sys::ArrayBuffer {
        match self.0 {
            BufferPlace::Memory(bytes) => js_sys::Uint8Array::from(bytes.as_slice()).buffer(),
            BufferPlace::Browser(buffer) => buffer,
        }
    }

    /// The only buffer of a message.
    ///
    /// # Errors
    /// A message in English if there is none, or more than one.
    pub fn single(buffers: Vec<Self>) -> Result<Self, String> {
        let [buffer] =
            <[Self; 1]>::try_from(buffers).map_err(|other| format!("{} buffers instead of 1", other.len()))?;
        Ok(buffer)
    }

    /// Checks that a message came without buffers.
    ///
    /// # Errors
    /// A message in English if there are some.
    pub fn none(buffers: &[Self]) -> Result<(), String> {
        if buffers.is_empty() { Ok(()) } else { Err(format!("{} buffers instead of none", buffers.len())) }
    }
}

impl Clone for BufferPlace {
    /// A copy of the bytes, so that one can be transferred and the other stays.
    fn clone(&self) -> Self {
        match self {
            Self::Memory(bytes) => Self::Memory(bytes.clone()),
            #[cfg(feature = "web")]
            Self::Browser(buffer) => Self::Browser(buffer.slice(0)),
        }
    }
}

impl Default for Buffer {
    fn default() -> Self {
        Self(BufferPlace::Memory(Vec::new()))
    }
}

impl From<Vec<u8>> for Buffer {
    fn from(bytes: Vec<u8>) -> Self {
        Self(BufferPlace::Memory(bytes))
    }
}

impl From<&[u8]> for Buffer {
    /// Copies the bytes; in the browser straight to where they are transferred from.
    fn from(bytes: &[u8]) -> Self {
        #[cfg(feature = "web")]
        return Self(BufferPlace::Browser(js_sys::Uint8Array::from(bytes).buffer()));
        #[cfg(not(feature = "web"))]
        return Self(BufferPlace::Memory(bytes.to_vec()));
    }
}

impl From<&[f32]> for Buffer {
    fn from(numbers: &[f32]) -> Self {
        let bytes: Vec<[u8; 4]> = numbers.iter().map(|number| number.to_le_bytes()).collect();
        Self::from(bytes.as_flattened())
    }
}

#[cfg(feature = "web")]
impl From<js_sys::ArrayBuffer> for Buffer {
    fn from(buffer: js_sys::ArrayBuffer) -> Self {
        Self(BufferPlace::Browser(buffer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Serialize, serde::Deserialize)]
    struct Plain;
    impl Message for Plain {}

    #[test]
    fn bytes_come_back_as_they_were() {
        assert_eq!(Buffer::from(vec![1, 2]).into_bytes(), [1, 2]);
        assert_eq!(Buffer::from(&[3_u8, 4][..]).into_bytes(), [3, 4]);
    }

    #[test]
    fn numbers_come_back_as_they_were() {
        let numbers = [1.5, -0.0, f32::MIN_POSITIVE, f32::INFINITY];
        let back = Buffer::from(&numbers[..]).into_floats();
        assert_eq!(back.map(|back| back.iter().map(|x| x.to_bits()).collect()), Ok(numbers.map(f32::to_bits).to_vec()));
        assert!(Buffer::from(vec![0; 7]).into_floats().is_err());
    }

    #[test]
    fn a_single_buffer_is_exactly_one() {
        assert!(Buffer::single(Vec::new()).is_err());
        assert!(Buffer::single(vec![Buffer::default(), Buffer::default()]).is_err());
        assert_eq!(Buffer::single(vec![Buffer::from(vec![5])]).map(Buffer::into_bytes), Ok(vec![5]));
    }

    #[test]
    fn a_message_without_buffers_refuses_buffers() {
        assert!(Plain.take_buffers().is_empty());
        assert!(Plain.put_buffers(Vec::new()).is_ok());
        assert!(Plain.put_buffers(vec![Buffer::default()]).is_err());
    }
}
