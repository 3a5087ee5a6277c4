//! A discriminator loaded from a weights file, which scores scans.

use burn::tensor::{Device, ExecutionError, Tensor, TensorData};

use super::card::WeightsCard;
use super::discriminator::Discriminator;
use super::layers::Init;
use super::logit_reference::LogitReference;
use super::pixels::{from_byte, one_hot};
use super::preset::{CHANNELS, Network};
use super::state_dict;
use super::weights::WeightsFile;
use super::weights_error::WeightsError;
use crate::slice::LabelledSlice;

/// A discriminator with the metadata of its weights file.
#[derive(Debug, Clone)]
pub struct DiscriminatorModel {
    discriminator: Discriminator,
    card: WeightsCard,
    reference: LogitReference,
    device: Device,
}

impl DiscriminatorModel {
    /// Checks a weights file and loads its discriminator onto a device.
    ///
    /// # Errors
    /// If the file is not a valid discriminator, or has no [`LogitReference`].
    pub fn from_bytes(bytes: &[u8], device: &Device) -> Result<Self, WeightsError> {
        let file = WeightsFile::open(bytes)?;
        file.require(Network::Discriminator)?;
        let empty = Discriminator::new(file.card.preset, file.card.classes.len(), &mut Init::Zero, device);
        let wanted: Vec<_> = state_dict::tensors(&empty).into_iter().map(|t| (t.name, t.shape)).collect();
        let values = file.values(&wanted)?;
        let found = || WeightsError::Field { field: "reference", found: String::new() };
        let reference = file.card.reference.clone().ok_or_else(found)?;
        let (discriminator, _) = state_dict::load(empty, &values, device);
        Ok(Self { discriminator, card: file.card, reference, device: device.clone() })
    }

    /// Side of a scan in pixels.
    pub fn size(&self) -> usize {
        self.card.preset.size()
    }

    /// Logits of known scans, to compare with.
    pub fn reference(&self) -> &LogitReference {
        &self.reference
    }

    /// A logit for each scan, which must [have](crate::slice::Slice::has_size) the size: the higher, the more it looks real. A class
    /// beyond the last counts as the last.
    ///
    /// # Errors
    /// If the device fails. A GPU fails when it is lost.
    pub async fn logits(&self, scans: &[LabelledSlice]) -> Result<Vec<f32>, ExecutionError> {
        logits(&self.discriminator, self.card.classes.len(), self.size(), scans, &self.device).await
    }
}

/// Scores scans of `side` pixels: one logit for each.
///
/// # Errors
/// If the device fails.
pub async fn logits(
    discriminator: &Discriminator,
    classes: usize,
    side: usize,
    scans: &[LabelledSlice],
    device: &Device,
) -> Result<Vec<f32>, ExecutionError> {
    let bytes = scans.iter().flat_map(|scan| scan.slice.image.iter().chain(&scan.slice.mask));
    let values: Vec<f32> = bytes.map(|&byte| from_byte(byte)).collect();
    let images = Tensor::from_data(TensorData::new(values, [scans.len(), CHANNELS, side, side]), device);
    let chosen: Vec<usize> = scans.iter().map(|scan| scan.class.min(classes.saturating_sub(1))).collect();
    let logits = discriminator.forward(images, one_hot(&chosen, classes, device));
    Ok(logits.into_data_async().await?.iter::<f32>().collect())
}
