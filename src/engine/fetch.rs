//! Fetching weights, with progress and a limit.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Response, WorkerGlobalScope};

use super::port;
use super::protocol::{Event, Failure, Source, Stage};
use crate::gan::weights::MAX_FILE;

/// The bytes of a file.
///
/// # Errors
/// As [`weights`].
pub async fn source(source: Source) -> Result<Vec<u8>, (Failure, String)> {
    match source {
        Source::Address { address } => weights(&address).await,
        Source::Bytes { bytes } => Ok(bytes.into_vec()),
    }
}

/// The bytes at `address`.
///
/// # Errors
/// [`Failure::WeightsMissing`] if they do not come, [`Failure::WeightsBroken`] if there are too many.
pub async fn weights(address: &str) -> Result<Vec<u8>, (Failure, String)> {
    let missing =
        |what: &str, error: &JsValue| (Failure::WeightsMissing, format!("{what} {address}: {}", words(error)));
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    let response =
        JsFuture::from(scope.fetch_with_str(address)).await.map_err(|error| missing("no answer from", &error))?;
    let response: Response = response.unchecked_into();
    if !response.ok() {
        let status = format!("{} {}", response.status(), response.status_text());
        return Err((Failure::WeightsMissing, format!("{address}: {status}")));
    }
    let length = response.headers().get("content-length").ok().flatten();
    let total: usize = length.and_then(|text| text.parse().ok()).unwrap_or(0);
    let Some(body) = response.body() else {
        return Err((Failure::WeightsMissing, format!("{address}: an empty answer")));
    };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut bytes = Vec::with_capacity(total.min(MAX_FILE));
    loop {
        let part = JsFuture::from(reader.read()).await.map_err(|error| missing("broke off", &error))?;
        let get = |name: &str| Reflect::get(&part, &name.into()).unwrap_or(JsValue::UNDEFINED);
        if get("done").is_truthy() {
            return Ok(bytes);
        }
        let chunk: Uint8Array = get("value").unchecked_into();
        // Before the copy: a server that never stops sending must not fill the memory.
        if bytes.len() + chunk.length() as usize > MAX_FILE {
            let _ = reader.cancel();
            return Err((Failure::WeightsBroken, format!("{address}: more than {MAX_FILE} bytes")));
        }
        bytes.extend(chunk.to_vec());
        let (done, total) = (bytes.len() as u32, total as u32);
        port::post(&Event::Progress { stage: Stage::Weights, done, total });
    }
}

/// A JavaScript error in words.
pub fn words(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(|| format!("{error:?}"), |error| String::from(error.message()))
}
