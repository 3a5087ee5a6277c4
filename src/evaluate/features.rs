//! Features of slices: loads the network and runs it in batches.

#[cfg(feature = "native")]
use std::path::Path;

use burn::tensor::{Device, Tensor, TensorData, read_sync};

use super::efficientnet_lite::{EfficientNetLite, FEATURES, SIDE};
use crate::slices::raster::{Raster, WrongPixelCount};
use crate::statistics::matrix::Matrix;

/// Slices in a batch. The widest feature maps take 19 MB.
const BATCH: usize = 4;

/// The network that the site has.
#[cfg(any(feature = "native", test))]
pub static NETWORK: &[u8] = include_bytes!("../../static/weights/features/efficientnet-lite0.safetensors");

/// Why there are no features.
#[derive(Debug, thiserror::Error)]
pub enum FeaturesError {
    /// A slice has not `side * side` pixels.
    #[error("a slice has another size: {0}")]
    Size(#[from] WrongPixelCount),
    /// The device failed.
    #[error("the device failed: {0}")]
    Device(String),
}

/// Loads the network from `file`, or the one of this program.
///
/// # Errors
/// If the file is missing or invalid. The message says what to do.
#[cfg(feature = "native")]
pub fn open(file: Option<&Path>, device: &Device) -> Result<EfficientNetLite, String> {
    let Some(path) = file else {
        return EfficientNetLite::from_bytes(NETWORK, device).map_err(|error| error.to_string());
    };
    let bytes = std::fs::read(path).map_err(|error| {
        format!("cannot read {} ({error}): leave --features out to use the network of this program", path.display())
    })?;
    EfficientNetLite::from_bytes(&bytes, device).map_err(|error| format!("{}: {error}", path.display()))
}

/// Features of images of `side * side` bytes, resampled to the size of the network's input: 1280 values for each image, one after
/// the other.
///
/// # Errors
/// If an image has another size, or the device fails.
pub fn extract<T: AsRef<[u8]>>(
    network: &EfficientNetLite,
    images: &[T],
    side: usize,
    device: &Device,
) -> Result<Vec<f32>, FeaturesError> {
    let mut features = Vec::with_capacity(images.len() * FEATURES);
    for batch in images.chunks(BATCH) {
        let mut values = Vec::with_capacity(batch.len() * SIDE * SIDE);
        for image in batch {
            let raster = Raster::new(side, side, image.as_ref().to_vec())?;
            values.extend(raster.resample(SIDE, SIDE).into_iter().map(|grey| (grey - 127.0) / 128.0));
        }
        let data = TensorData::new(values, [batch.len(), 1, SIDE, SIDE]);
        let out = network.forward(Tensor::from_data(data, device));
        let out = read_sync(out.into_data_async()).map_err(|error| FeaturesError::Device(format!("{error:?}")))?;
        features.extend(out.iter::<f32>());
    }
    Ok(features)
}

/// Features as the rows of a matrix.
pub fn matrix(features: &[f32]) -> Matrix {
    Matrix::new(FEATURES, features.iter().map(|&value| f64::from(value)).collect())
}
