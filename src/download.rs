//! A file of this site, in the page or in a worker: as it comes in, and no more of it than may be.

use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Response};

#[wasm_bindgen]
extern "C" {
    // Page and worker have their own types for their global scope, and this in common.
    fn fetch(address: &str) -> Promise;
}

/// Why a file did not come.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// No answer, or one that broke off.
    #[error("{address}: {words}")]
    Unreachable {
        /// What was asked for.
        address: String,
        /// What the browser says.
        words: String,
    },
    /// The server has something else to say.
    #[error("{address}: {status} {words}")]
    Status {
        /// What was asked for.
        address: String,
        /// HTTP's number.
        status: u16,
        /// And its words.
        words: String,
    },
    /// More than may be.
    #[error("{address}: more than {most} bytes")]
    TooLarge {
        /// What was asked for.
        address: String,
        /// How much may be.
        most: usize,
    },
}

/// The bytes at an absolute `address`, at most `most` of them. `told` hears how many there are and how many there will be, 0
/// if the server does not say.
///
/// # Errors
/// [`DownloadError`].
pub async fn download(address: &str, most: usize, told: impl Fn(usize, usize)) -> Result<Vec<u8>, DownloadError> {
    let unreachable = |error: JsValue| DownloadError::Unreachable { address: address.to_owned(), words: words(&error) };
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
        // Before the copy: a server that never stops sending must not fill the memory.
        if bytes.len() + chunk.length() as usize > most {
            let _ = reader.cancel();
            return Err(DownloadError::TooLarge { address: address.to_owned(), most });
        }
        bytes.extend(chunk.to_vec());
        told(bytes.len(), total);
    }
}

/// A JavaScript error in words.
pub fn words(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    message.or_else(|| error.as_string()).unwrap_or_else(|| format!("{error:?}"))
}
