//! Checkpoints in the origin private file system, if the visitor allowed it.
//!
//! Two files are written in turn, so that one of them is complete whenever the tab is closed. `meta.json` names the newer one
//! and is written last. Slices are never written.
//!
//! Only one training writes there. Its worker keeps a third file open, which no other worker can open meanwhile. The browser
//! closes it when the worker ends, however it ends. The training of another tab keeps its checkpoints in memory.

use std::cell::RefCell;

use js_sys::{Object, Reflect, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions, FileSystemGetFileOptions,
    FileSystemReadWriteOptions, FileSystemSyncAccessHandle, WorkerGlobalScope,
};

use super::protocol::{STORED_FOLDER, STORED_META, StoredRun};

/// Largest checkpoint that is read, in bytes.
const MAX_FILE: f64 = 256e6;

/// Name of the file that the worker which writes keeps open.
const OWNER: &str = "owner";

thread_local! {
    /// That file, once this worker has opened it.
    static OWNED: RefCell<Option<FileSystemSyncAccessHandle>> = const { RefCell::new(None) };
}

/// Content of `meta.json`: which of the two files was written last, and its description.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Slots {
    slot: u8,
    #[serde(flatten)]
    meta: Option<StoredRun>,
}

/// Writes a checkpoint. False if the storage is full, the browser refuses, or the training of another tab writes there.
pub async fn write(bytes: &[u8], meta: StoredRun) -> bool {
    try_write(bytes, meta).await.is_ok()
}

async fn try_write(bytes: &[u8], meta: StoredRun) -> Result<(), JsValue> {
    let folder = folder(true).await?;
    own(&folder).await?;
    let before: Slots = match read_file(&folder, STORED_META).await {
        Ok(text) => serde_json::from_slice(&text).unwrap_or_default(),
        Err(_) => Slots::default(),
    };
    let slots = Slots { slot: 1 - before.slot.min(1), meta: Some(meta) };
    write_file(&folder, &name(slots.slot), bytes).await?;
    let text = serde_json::to_vec(&slots).map_err(|error| JsValue::from_str(&error.to_string()))?;
    write_file(&folder, STORED_META, &text).await
}

/// Makes this worker the only one that writes.
///
/// # Errors If another worker writes already.
async fn own(folder: &FileSystemDirectoryHandle) -> Result<(), JsValue> {
    if OWNED.with_borrow(Option::is_none) {
        let handle = open(folder, OWNER, true).await?;
        OWNED.set(Some(handle));
    }
    Ok(())
}

/// The newest checkpoint, if there is one.
pub async fn read() -> Option<Vec<u8>> {
    let folder = folder(false).await.ok()?;
    let slots: Slots = serde_json::from_slice(&read_file(&folder, STORED_META).await.ok()?).ok()?;
    read_file(&folder, &name(slots.slot)).await.ok()
}

fn name(slot: u8) -> String {
    format!("checkpoint-{}.safetensors", slot.min(1))
}

async fn folder(create: bool) -> Result<FileSystemDirectoryHandle, JsValue> {
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    let root: FileSystemDirectoryHandle =
        JsFuture::from(scope.navigator().storage().get_directory()).await?.unchecked_into();
    let options = FileSystemGetDirectoryOptions::new();
    options.set_create(create);
    let promise = root.get_directory_handle_with_options(STORED_FOLDER, &options);
    Ok(JsFuture::from(promise).await?.unchecked_into())
}

async fn open(
    folder: &FileSystemDirectoryHandle,
    name: &str,
    create: bool,
) -> Result<FileSystemSyncAccessHandle, JsValue> {
    let options = FileSystemGetFileOptions::new();
    options.set_create(create);
    let file: FileSystemFileHandle =
        JsFuture::from(folder.get_file_handle_with_options(name, &options)).await?.unchecked_into();
    // Some browsers lack this method.
    if Reflect::get(&file, &"createSyncAccessHandle".into())?.is_undefined() {
        return Err(JsValue::from_str("no synchronous files here"));
    }
    Ok(JsFuture::from(file.create_sync_access_handle()).await?.unchecked_into())
}

async fn write_file(folder: &FileSystemDirectoryHandle, name: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let file = open(folder, name, true).await?;
    let done = write_all(&file, bytes);
    file.close();
    done
}

fn write_all(file: &FileSystemSyncAccessHandle, bytes: &[u8]) -> Result<(), JsValue> {
    file.truncate_with_f64(0.0)?;
    let at = FileSystemReadWriteOptions::new();
    at.set_at(0.0);
    // A copy outside of WebAssembly memory, because some browsers refuse a view of it.
    let copy: Object = Uint8Array::from(bytes).into();
    let written = file.write_with_buffer_source_and_options(&copy, &at)?;
    if written < bytes.len() as f64 {
        return Err(JsValue::from_str("the storage is full"));
    }
    file.flush()
}

async fn read_file(folder: &FileSystemDirectoryHandle, name: &str) -> Result<Vec<u8>, JsValue> {
    let file = open(folder, name, false).await?;
    let read = read_all(&file);
    file.close();
    read
}

fn read_all(file: &FileSystemSyncAccessHandle) -> Result<Vec<u8>, JsValue> {
    let size = file.get_size()?;
    if size > MAX_FILE {
        return Err(JsValue::from_str("too large for a checkpoint"));
    }
    let array = Uint8Array::new_with_length(size as u32);
    let at = FileSystemReadWriteOptions::new();
    at.set_at(0.0);
    file.read_with_buffer_source_and_options(array.unchecked_ref(), &at)?;
    Ok(array.to_vec())
}
