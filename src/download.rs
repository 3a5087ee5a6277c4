//! Downloads a file of this site, in the page or in a worker.

use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Response};

#[wasm_bindgen]
extern "C" {
    // The global scopes of pages and workers are different types. Both have this function.
    fn fetch(address: &str) -> Promise;
}

/// Why a file did not arrive.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// There was no answer, or it broke off.
    #[error("{address}: {words}")]
    Unreachable {
        /// The address.
        address: String,
        /// The browser's words.
        words: String,
    },
    /// The server answered with an error.
    #[error("{address}: {status} {words}")]
    Status {
        /// The address.
        address: String,
        /// HTTP status code.
        status: u16,
        /// HTTP status text.
        words: String,
    },
    /// The file is larger than allowed.
    #[error("{address}: more than {most} bytes")]
    TooLarge {
        /// The address.
        address: String,
        /// Largest size in bytes.
        most: usize,
    },
}

/// The bytes at an absolute address, at most `most`. `on_progress` is called with the bytes so far and the bytes in all, 0
/// if the server does not say.
///
/// # Errors
/// [`DownloadError`].
pub async fn download(
    address: &str,
    most: usize,
    on_progress: impl Fn(usize, usize),
) -> Result<Vec<u8>, DownloadError> {
    let unreachable =
        |error: JsValue| DownloadError::Unreachable { address: address.to_owned(), words: error_words(&error) };
    let response: Response = JsFuture::from(fetch(address)).await.map_err(unreachable)?.unchecked_into();
    if !response.ok() {
        let (status, words) = (response.status(), response.status_text());
        return Err(DownloadError::Status { address: address.to_owned(), status, words });
    }
    let length = response.headers().get("content-length").ok().flatten();
    let total: usize = length.and_then(|text| text.parse().ok()).unwrap_or(0);
    let Some(body) = response.body() else { return Err(unreachable("an empty answer".into())) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut bytes = Vec::with_capacity(total.min(most));
    loop {
        let part = JsFuture::from(reader.read()).await.map_err(unreachable)?;
        let get = |name: &str| Reflect::get(&part, &name.into()).unwrap_or(JsValue::UNDEFINED);
        if get("done").is_truthy() {
            return Ok(bytes);
        }
        let chunk: Uint8Array = get("value").unchecked_into();
        // Checked before the copy, so that a server that never stops sending cannot fill the memory.
        if bytes.len() + chunk.length() as usize > most {
            let _ = reader.cancel();
            return Err(DownloadError::TooLarge { address: address.to_owned(), most });
        }
        bytes.extend(chunk.to_vec());
        on_progress(bytes.len(), total);
    }
}

/// The message of a JavaScript error.
pub fn error_words(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    message.or_else(|| error.as_string()).unwrap_or_else(|| format!("{error:?}"))
}
