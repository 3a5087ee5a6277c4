//! Features of slices: loads the network and runs it in batches.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor, TensorData, read_sync};

use super::efficientnet_lite::{EfficientNetLite, SIDE};
use crate::slices::raster::Raster;

/// Slices in a batch.
const BATCH: usize = 16;

/// Path of the network that `cargo xtask features` writes: in the target folder of the build that this program is part of.
pub fn default_file() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    let tagged = program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    tagged.unwrap_or(Path::new("target")).join("features/efficientnet-lite0.safetensors")
}

/// Loads the network from `file`, or from [`default_file`].
///
/// # Errors
/// If the file is missing or invalid. The message says what to do.
pub fn open(file: Option<&Path>, device: &Device) -> Result<EfficientNetLite, Box<dyn Error>> {
    let path = file.map_or_else(default_file, Path::to_owned);
    let bytes = fs::read(&path).map_err(|error| {
        format!(
            "cannot read {} ({error}): run `cargo xtask features`, give its path with --features, or leave these \
             measures out with --without-features",
            path.display()
        )
    })?;
    Ok(EfficientNetLite::from_bytes(&bytes, device).map_err(|error| format!("{}: {error}", path.display()))?)
}

/// Features of images of `side * side` bytes, resampled to the size of the network's input: 1280 values for each image.
///
/// # Errors
/// If the device fails.
pub fn extract<T: AsRef<[u8]>>(
    network: &EfficientNetLite,
    images: &[T],
    side: usize,
    device: &Device,
) -> Result<Vec<Vec<f32>>, Box<dyn Error>> {
    let mut features = Vec::with_capacity(images.len());
    for batch in images.chunks(BATCH) {
        let mut values = Vec::with_capacity(batch.len() * SIDE * SIDE);
        for image in batch {
            let raster = Raster::new(side, side, image.as_ref().to_vec())?;
            values.extend(raster.resample(SIDE, SIDE).into_iter().map(|grey| (grey - 127.0) / 128.0));
        }
        let data = TensorData::new(values, [batch.len(), 1, SIDE, SIDE]);
        let out = network.forward(Tensor::from_data(data, device));
        let out = read_sync(out.into_data_async()).map_err(|error| format!("the device failed: {error:?}"))?;
        let flat: Vec<f32> = out.iter::<f32>().collect();
        features.extend(flat.chunks_exact(flat.len() / batch.len()).map(<[f32]>::to_vec));
    }
    Ok(features)
}
