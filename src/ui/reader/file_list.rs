//! Lists the files that a visitor selected or dropped, including those in folders.

use std::collections::VecDeque;

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry, HtmlInputElement};

use super::NamedFile;
use crate::slices::limits::MAX_FILES;
use crate::slices::system_files::is_system_file;

/// The files selected in a file input. Clears the input, so that the same files can be selected again.
pub fn selected(input: &HtmlInputElement) -> Vec<NamedFile> {
    let files =
        input.files().map(|list| (0..list.length()).filter_map(|at| list.get(at)).collect()).unwrap_or_default();
    input.set_value("");
    let named = |file: File| {
        let relative = Reflect::get(&file, &"webkitRelativePath".into()).ok().and_then(|path| path.as_string());
        let path = relative.filter(|path| !path.is_empty()).unwrap_or_else(|| file.name());
        NamedFile { path, file }
    };
    without_system_files(files, named)
}

fn without_system_files(files: Vec<File>, named: impl Fn(File) -> NamedFile) -> Vec<NamedFile> {
    files.into_iter().map(named).filter(|file| !is_system_file(&file.path)).collect()
}

/// The files and folders of a drop event. Call this within the event handler: afterwards the browser clears the list.
pub fn dropped(data: &DataTransfer) -> Dropped {
    let items = data.items();
    let entries = (0..items.length()).filter_map(|at| items.get(at)?.webkit_get_as_entry().ok().flatten()).collect();
    let files = data.files().map(|list| (0..list.length()).filter_map(|at| list.get(at)).collect()).unwrap_or_default();
    Dropped { entries, files }
}

/// Files and folders of a drop event.
pub struct Dropped {
    entries: VecDeque<FileSystemEntry>,
    files: Vec<File>,
}

impl Dropped {
    /// All files, including those in folders: at most one more than the reader accepts, so that it can report the limit.
    pub async fn files(mut self) -> Vec<NamedFile> {
        if self.entries.is_empty() {
            return without_system_files(self.files, |file| NamedFile { path: file.name(), file });
        }
        let mut found = Vec::new();
        while let Some(entry) = self.entries.pop_front() {
            if found.len() > MAX_FILES {
                break;
            }
            if entry.is_directory() {
                // An unreadable folder counts as empty.
                let children = list_folder(entry.unchecked_ref()).await.unwrap_or_default();
                // In place of the folder, to keep the order of a folder listing.
                children.into_iter().rev().for_each(|entry| self.entries.push_front(entry));
            } else if let Ok(file) = open_file(entry.unchecked_ref()).await {
                let path = entry.full_path();
                let path = path.strip_prefix('/').unwrap_or(&path).to_owned();
                if !is_system_file(&path) {
                    found.push(NamedFile { path, file });
                }
            }
        }
        found
    }
}

async fn open_file(entry: &FileSystemFileEntry) -> Result<File, JsValue> {
    let request = |done: &Function, failed: &Function| entry.file_with_callback_and_callback(done, failed);
    JsFuture::from(Promise::new(&mut |done, failed| request(&done, &failed))).await?.dyn_into()
}

/// The entries of a folder. Browsers return them in batches of about a hundred, and an empty batch at the end.
async fn list_folder(folder: &FileSystemDirectoryEntry) -> Result<Vec<FileSystemEntry>, JsValue> {
    let reader = folder.create_reader();
    let mut all = Vec::new();
    loop {
        let request = &mut |done: Function, failed: Function| {
            if let Err(error) = reader.read_entries_with_callback_and_callback(&done, &failed) {
                let _ = failed.call1(&JsValue::NULL, &error);
            }
        };
        let batch: Array = JsFuture::from(Promise::new(request)).await?.dyn_into()?;
        if batch.length() == 0 || all.len() > MAX_FILES {
            return Ok(all);
        }
        all.extend(batch.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}
