//! The page's side of the worker that opens strangers' files.

mod message;
mod queue;
pub mod words;

use std::rc::Rc;

use crate::slices::decoded::{DecodedFile, Refusal};
use queue::Queue;

/// A file that a visitor chose.
#[derive(Clone)]
pub struct NamedFile {
    /// Its name with the folders it was dropped with: `folder/a.png`.
    pub path: String,
    /// The file.
    pub file: web_sys::File,
}

/// What is heard of files.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// So many files are done.
    Progress {
        /// Done.
        done: usize,
        /// Chosen.
        total: usize,
    },
    /// A picture or a volume.
    Found(DecodedFile),
    /// Nothing came out of a file.
    Refused {
        /// Which.
        path: String,
        /// Why.
        refusal: Refusal,
    },
    /// All files are done.
    Finished,
}

/// Reads files one after the other, and outlives whatever they do to the worker.
#[derive(Clone)]
pub struct Reader(Rc<Queue>);

impl Reader {
    /// A reader that passes on all that it hears. Its worker is started for the first file.
    pub fn new(hear: impl Fn(Heard) + 'static) -> Self {
        Self(Queue::new(Rc::new(hear)))
    }

    /// Reads these files after those that still wait.
    pub fn read(&self, files: Vec<NamedFile>) {
        self.0.add(files);
    }

    /// Forgets all files that still wait, and the one being read.
    pub fn cancel(&self) {
        self.0.cancel();
    }
}
