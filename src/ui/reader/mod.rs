//! The page's side of the worker that reads the visitor's files.
//!
//! [`FileReaderClient`] reads files one after the other, and survives whatever a file does to the worker. `queue` decides
//! what happens next, without a browser.

#[cfg(feature = "ui")]
pub mod file_list;
#[cfg(feature = "ui")]
pub mod file_set;
#[cfg(feature = "ui")]
pub mod folder_field;
pub mod queue;
#[cfg(feature = "ui")]
pub mod words;

#[cfg(feature = "ui")]
mod client;
#[cfg(feature = "ui")]
pub use client::{FileReaderClient, NamedFile};
pub use queue::FileReaderEvent;
