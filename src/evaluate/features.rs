//! From slices to features: the file of the network, and slices through it in batches.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor, TensorData, read_sync};

use super::efficientnet_lite::{EfficientNetLite, SIDE};
use crate::slices::raster::Raster;

/// Slices at a time.
const BATCH: usize = 16;

/// Where `cargo xtask features` puts the network: in the folder of the build that this program lies in.
pub fn default_file() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    let tagged = program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    tagged.unwrap_or(Path::new("target")).join("features/efficientnet-lite0.safetensors")
}

/// The network from a file, or from the usual place.
///
/// # Errors
/// If it is not there or not usable; the message says what to do.
pub fn open(file: Option<&Path>, device: &Device) -> Result<EfficientNetLite, Box<dyn Error>> {
    let path = file.map_or_else(default_file, Path::to_owned);
    let bytes = fs::read(&path).map_err(|error| {
        format!(
            "cannot read {} ({error}): run `cargo xtask features`, name the file with --features, or leave these \
             measures out with --without-features",
            path.display()
        )
    })?;
    Ok(EfficientNetLite::from_bytes(&bytes, device).map_err(|error| format!("{}: {error}", path.display()))?)
}

/// Features of each picture of `side * side` bytes, enlarged to what the network was trained on: `[pictures, 1280]`.
///
/// # Errors
/// If the device fails.
pub fn of<T: AsRef<[u8]>>(
    network: &EfficientNetLite,
    pictures: &[T],
    side: usize,
    device: &Device,
) -> Result<Vec<Vec<f32>>, Box<dyn Error>> {
    let mut features = Vec::with_capacity(pictures.len());
    for batch in pictures.chunks(BATCH) {
        let mut values = Vec::with_capacity(batch.len() * SIDE * SIDE);
        for picture in batch {
            let raster = Raster::new(side, side, picture.as_ref().to_vec())?;
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
