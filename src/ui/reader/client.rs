//! Files of the browser, for the queue.

use std::rc::Rc;

use js_sys::ArrayBuffer;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::queue::{FileReaderEvent, FileReaderQueue, OnBytes, QueuedFile};
use crate::reader::protocol::ReadTask;
use crate::slices::decoded::Refusal;
use crate::worker::{Buffer, browser};

/// A file that the visitor chose.
#[derive(Clone)]
pub struct NamedFile {
    /// Its name, with the folders that it was dropped with: `folder/a.png`.
    pub path: String,
    /// The file.
    pub file: web_sys::File,
}

impl NamedFile {
    fn queued(self) -> QueuedFile {
        let Self { path, file } = self;
        let size = file.size();
        let load = move |on_bytes: OnBytes| {
            spawn_local(async move {
                let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| Refusal::Unreadable);
                on_bytes(buffer.map(|buffer| Buffer::from(buffer.unchecked_into::<ArrayBuffer>())));
            });
        };
        QueuedFile { path, size, load: Box::new(load) }
    }
}

/// Reads files one after the other.
#[derive(Clone)]
pub struct FileReaderClient(Rc<FileReaderQueue>);

impl FileReaderClient {
    /// A reader of slices that calls `on_event` with each event. Its worker starts with the first file.
    pub fn new(on_event: impl Fn(FileReaderEvent) + 'static) -> Self {
        Self(FileReaderQueue::new(browser::host(), ReadTask::Slices, on_event))
    }

    /// A reader of QR codes in photographs.
    pub fn of_codes(on_event: impl Fn(FileReaderEvent) + 'static) -> Self {
        Self(FileReaderQueue::new(browser::host(), ReadTask::Photo, on_event))
    }

    /// Reads these files after those that wait.
    pub fn read(&self, files: Vec<NamedFile>) {
        self.0.add(files.into_iter().map(NamedFile::queued).collect());
    }

    /// Drops the file that is being read, and all that wait.
    pub fn cancel(&self) {
        self.0.cancel();
    }
}
