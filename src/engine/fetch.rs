//! Fetching weights, with progress and a limit.

use super::port;
use super::protocol::{Event, Failure, Source, Stage};
use crate::download::{DownloadError, download};
use crate::gan::weights::MAX_FILE;

/// The bytes of a file.
///
/// # Errors
/// As [`weights`].
pub async fn source(source: Source) -> Result<Vec<u8>, (Failure, String)> {
    match source {
        Source::Address { address } => weights(&address).await,
        Source::Bytes { bytes } => Ok(bytes.into_vec()),
    }
}

/// The bytes at `address`.
///
/// # Errors
/// [`Failure::WeightsMissing`] if they do not come, [`Failure::WeightsBroken`] if there are too many.
pub async fn weights(address: &str) -> Result<Vec<u8>, (Failure, String)> {
    let told = |done: usize, total: usize| {
        port::post(&Event::Progress { stage: Stage::Weights, done: done as u32, total: total as u32 });
    };
    download(address, MAX_FILE, told).await.map_err(|error| {
        let failure = match error {
            DownloadError::TooLarge { .. } => Failure::WeightsBroken,
            _ => Failure::WeightsMissing,
        };
        (failure, error.to_string())
    })
}
