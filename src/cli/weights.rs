//! Reads weights files from disk.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::gan::weights_error::{MAX_FILE, WeightsError};

/// Why a weights file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file cannot be read.
    #[error("cannot read {path}: is the name right?", path = path.display())]
    Read {
        /// Path of the file.
        path: PathBuf,
        /// Error of the operating system.
        source: io::Error,
    },
    /// The file is not a valid weights file.
    #[error("{path} cannot be used", path = path.display())]
    Weights {
        /// Path of the file.
        path: PathBuf,
        /// Reason.
        source: WeightsError,
    },
}

impl FileError {
    /// Adds the path to a [`WeightsError`].
    pub fn weights(path: &Path) -> impl Fn(WeightsError) -> Self {
        move |source| Self::Weights { path: path.to_owned(), source }
    }
}

/// Reads a file, but at most one byte more than [`MAX_FILE`]: a larger file is refused without reading all of it.
///
/// # Errors
/// If it cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_FILE as u64 + 1).read_to_end(&mut bytes));
    read.map_err(|source| FileError::Read { path: path.to_owned(), source })?;
    Ok(bytes)
}
