//! Saving bytes as a file.

use std::time::Duration;

use leptos::{logging, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Time for the browser to read the bytes before their memory is freed.
const HANDOVER: Duration = Duration::from_secs(60);

/// Has the browser save bytes as a file of this MIME type and name. Errors are logged.
pub fn save(bytes: &[u8], kind: &str, name: &str) {
    if let Err(error) = hand_out(bytes, kind, name) {
        logging::error!("the browser took no file: {error:?}");
    }
}

/// Parts of a large file. The browser may keep them outside its memory.
#[derive(Default)]
pub struct FileParts(js_sys::Array);

impl FileParts {
    /// Adds bytes at the end.
    ///
    /// # Errors
    /// If the browser has no room for them.
    pub fn push(&self, bytes: &[u8]) -> Result<(), JsValue> {
        let part = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
        let part = Blob::new_with_u8_array_sequence(&part)?;
        self.0.push(&part);
        Ok(())
    }

    /// Has the browser save the parts as one file of this MIME type and name.
    ///
    /// # Errors
    /// If the browser refuses.
    pub fn save(self, kind: &str, name: &str) -> Result<(), JsValue> {
        let options = BlobPropertyBag::new();
        options.set_type(kind);
        download(&Blob::new_with_blob_sequence_and_options(&self.0, &options)?, name)
    }
}

fn hand_out(bytes: &[u8], kind: &str, name: &str) -> Result<(), JsValue> {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    download(&Blob::new_with_u8_array_sequence_and_options(&parts, &options)?, name)
}

fn download(blob: &Blob, name: &str) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    set_timeout(move || drop(Url::revoke_object_url(&url)), HANDOVER);
    Ok(())
}
