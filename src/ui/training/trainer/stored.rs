//! The checkpoint of an earlier visit, in the origin private file system.

use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions, FileSystemRemoveOptions,
};

use super::{StoredRun, Trainer};
use crate::engine::training::protocol::{STORED_FOLDER, STORED_META};

/// Largest description of a checkpoint, in bytes.
const MAX_META: f64 = 65_536.0;

impl Trainer {
    /// Looks for it, and sets [`stored`](Self::stored).
    pub(super) fn look_for_stored(self) {
        leptos::task::spawn_local(async move {
            let found = meta().await.ok().flatten();
            self.stored.try_set(found);
        });
    }

    /// Deletes it.
    pub fn forget_stored(self) {
        self.stored.set(None);
        leptos::task::spawn_local(async move {
            if forget().await.is_err() {
                // It is still there, so show it again.
                self.look_for_stored();
            }
        });
    }
}

async fn root() -> Result<FileSystemDirectoryHandle, JsValue> {
    // There is no storage on a page that is not served securely.
    let storage = js_sys::Reflect::get(&window().navigator(), &"storage".into())?;
    if !storage.is_object() {
        return Err(JsValue::UNDEFINED);
    }
    Ok(JsFuture::from(window().navigator().storage().get_directory()).await?.unchecked_into())
}

async fn meta() -> Result<Option<StoredRun>, JsValue> {
    let options = FileSystemGetDirectoryOptions::new();
    let folder: FileSystemDirectoryHandle =
        JsFuture::from(root().await?.get_directory_handle_with_options(STORED_FOLDER, &options))
            .await?
            .unchecked_into();
    let file: FileSystemFileHandle = JsFuture::from(folder.get_file_handle(STORED_META)).await?.unchecked_into();
    let file: web_sys::File = JsFuture::from(file.get_file()).await?.unchecked_into();
    if file.size() > MAX_META {
        return Ok(None);
    }
    let bytes = Uint8Array::new(&JsFuture::from(file.array_buffer()).await?).to_vec();
    Ok(serde_json::from_slice(&bytes).ok())
}

async fn forget() -> Result<(), JsValue> {
    let options = FileSystemRemoveOptions::new();
    options.set_recursive(true);
    JsFuture::from(root().await?.remove_entry_with_options(STORED_FOLDER, &options)).await.map(|_| ())
}
