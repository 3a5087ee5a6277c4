//! Reading a weights file from disk.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::gan::weights_error::{MAX_FILE, WeightsError};

/// Why a file given as weights cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read.
    #[error("cannot read {path}: is the name right?", path = path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It can be read, but not used.
    #[error("{path} is not usable", path = path.display())]
    Weights {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: WeightsError,
    },
}

impl FileError {
    /// The reason why the file at `path` is not usable.
    pub fn weights(path: &Path) -> impl Fn(WeightsError) -> Self {
        move |source| Self::Weights { path: path.to_owned(), source }
    }
}

/// The bytes of a file, no more than weights may have and one: a file that is too large is not read to its end.
///
/// # Errors
/// If it cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_FILE as u64 + 1).read_to_end(&mut bytes));
    read.map_err(|source| FileError::Read { path: path.to_owned(), source })?;
    Ok(bytes)
}
