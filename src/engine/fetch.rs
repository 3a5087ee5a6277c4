//! Files that an engine needs: weights and checkpoints.

use super::shared::{Failure, Source};

/// The bytes of a file. `on_progress` is called with the bytes so far and the bytes in all, 0 if the server does not say.
///
/// # Errors
/// As [`file_at`].
pub async fn file(source: Source, on_progress: impl Fn(u32, u32)) -> Result<Vec<u8>, (Failure, String)> {
    match source {
        Source::Address { address } => file_at(&address, on_progress).await,
        Source::Bytes { bytes } => Ok(bytes.into_vec()),
    }
}

/// The bytes of the file at an absolute address.
///
/// # Errors
/// [`Failure::WeightsMissing`] if the file does not arrive, [`Failure::WeightsBroken`] if it is too large.
#[cfg(feature = "web")]
pub async fn file_at(address: &str, on_progress: impl Fn(u32, u32)) -> Result<Vec<u8>, (Failure, String)> {
    use crate::download::{DownloadError, download};
    use crate::gan::weights_error::MAX_FILE;

    let on_progress = |done: usize, total: usize| on_progress(done as u32, total as u32);
    download(address, MAX_FILE, on_progress).await.map_err(|error| {
        let failure = match error {
            DownloadError::TooLarge { .. } => Failure::WeightsBroken,
            _ => Failure::WeightsMissing,
        };
        (failure, error.to_string())
    })
}

/// Native tests have no network.
#[cfg(not(feature = "web"))]
async fn file_at(address: &str, _on_progress: impl Fn(u32, u32)) -> Result<Vec<u8>, (Failure, String)> {
    Err((Failure::WeightsMissing, format!("{address}: no network")))
}
