//! Files out of a file field or out of what was dropped, folders and all.

use std::collections::VecDeque;

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry, HtmlInputElement};

use crate::slices::limits::MAX_FILES;
use crate::ui::reader::NamedFile;

/// Files that systems leave in folders and that nobody means.
const LITTER: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// The files of a field, of which the same can be chosen again.
pub fn chosen(input: &HtmlInputElement) -> Vec<NamedFile> {
    let files =
        input.files().map(|list| (0..list.length()).filter_map(|at| list.get(at)).collect()).unwrap_or_default();
    input.set_value("");
    let named = |file: File| {
        let within = Reflect::get(&file, &"webkitRelativePath".into()).ok().and_then(|path| path.as_string());
        let path = within.filter(|path| !path.is_empty()).unwrap_or_else(|| file.name());
        NamedFile { path, file }
    };
    wanted(files, named)
}

fn wanted(files: Vec<File>, named: impl Fn(File) -> NamedFile) -> Vec<NamedFile> {
    files.into_iter().map(named).filter(|file| !is_litter(&file.path)).collect()
}

/// What was dropped. Must be asked while the drop is going on; the answer can be waited for after it.
pub fn dropped(data: &DataTransfer) -> Dropped {
    let items = data.items();
    let entries = (0..items.length()).filter_map(|at| items.get(at)?.webkit_get_as_entry().ok().flatten()).collect();
    let files = data.files().map(|list| (0..list.length()).filter_map(|at| list.get(at)).collect()).unwrap_or_default();
    Dropped { entries, files }
}

/// Files and folders that were dropped.
pub struct Dropped {
    entries: VecDeque<FileSystemEntry>,
    files: Vec<File>,
}

impl Dropped {
    /// All files, those in folders as well. One more than may be read at once at most: the reader says so of the last.
    pub async fn files(mut self) -> Vec<NamedFile> {
        if self.entries.is_empty() {
            return wanted(self.files, |file| NamedFile { path: file.name(), file });
        }
        let mut found = Vec::new();
        while let Some(entry) = self.entries.pop_front() {
            if found.len() > MAX_FILES {
                break;
            }
            if entry.is_directory() {
                // A folder that cannot be read has no files.
                let within = listed(entry.unchecked_ref()).await.unwrap_or_default();
                // Where the folder was: the order of a person who looks from above.
                within.into_iter().rev().for_each(|entry| self.entries.push_front(entry));
            } else if let Ok(file) = opened(entry.unchecked_ref()).await {
                let path = entry.full_path();
                let path = path.strip_prefix('/').unwrap_or(&path).to_owned();
                if !is_litter(&path) {
                    found.push(NamedFile { path, file });
                }
            }
        }
        found
    }
}

fn is_litter(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    LITTER.contains(&name) || name.starts_with("._")
}

async fn opened(entry: &FileSystemFileEntry) -> Result<File, JsValue> {
    let ask = |done: &Function, failed: &Function| entry.file_with_callback_and_callback(done, failed);
    JsFuture::from(Promise::new(&mut |done, failed| ask(&done, &failed))).await?.dyn_into()
}

/// What is in a folder. Browsers answer with about a hundred at a time, and with none at the end.
async fn listed(folder: &FileSystemDirectoryEntry) -> Result<Vec<FileSystemEntry>, JsValue> {
    let reader = folder.create_reader();
    let mut all = Vec::new();
    loop {
        let ask = &mut |done: Function, failed: Function| {
            if let Err(error) = reader.read_entries_with_callback_and_callback(&done, &failed) {
                let _ = failed.call1(&JsValue::NULL, &error);
            }
        };
        let some: Array = JsFuture::from(Promise::new(ask)).await?.dyn_into()?;
        if some.length() == 0 || all.len() > MAX_FILES {
            return Ok(all);
        }
        all.extend(some.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}
