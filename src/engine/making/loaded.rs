//! A generator on its device, and the networks that were fetched beside it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use burn::tensor::{Device, ExecutionError};
use sha2::{Digest, Sha256};

use super::protocol::ModelInfo;
use crate::engine::shared::{DeviceKind, DeviceReport, Failure};
use crate::engine::{device, fetch};
use crate::gan::discriminator_model::DiscriminatorModel;
use crate::gan::generator_model::GeneratorModel;
use crate::gan::preset::{ScanSpec, Style};
use crate::gan::weights_error::WeightsError;
use crate::slice::Slice;
use crate::worker::port;

/// Batch size on the graphics card. It is constant, because the card compiles its programs for every new shape.
const GPU_BATCH: usize = 4;
/// Batch size on the processor. Small batches show the first scan sooner, and are cancelled sooner.
const CPU_BATCH: usize = 1;
/// Largest difference from the stored answer that passes the self-test, in steps of 1/255.
const TOLERANCE: f32 = 1.0;
/// A self-test batch that takes longer is not repeated, in milliseconds.
const SLOW: f64 = 1000.0;

/// A failure, and technical details in English.
pub type MakingError = (Failure, String);

/// A generator that is ready to make scans.
pub struct Loaded {
    /// The generator.
    pub model: Rc<GeneratorModel>,
    /// How many scans are made at once.
    pub batch: usize,
    device: Device,
    /// Earlier stages of the training, by address.
    stages: RefCell<HashMap<String, Rc<GeneratorModel>>>,
    /// Discriminators, by address.
    discriminators: RefCell<HashMap<String, Rc<DiscriminatorModel>>>,
}

impl Loaded {
    /// A generator from its file, on a device.
    ///
    /// # Errors
    /// [`Failure::WeightsBroken`].
    pub fn new(bytes: &[u8], kind: DeviceKind, device: Device) -> Result<Self, MakingError> {
        let model = GeneratorModel::from_bytes(bytes, &device).map_err(broken)?;
        let batch = match kind {
            DeviceKind::Gpu => GPU_BATCH,
            DeviceKind::Cpu => CPU_BATCH,
        };
        let (stages, discriminators) = Default::default();
        Ok(Self { model: Rc::new(model), batch, device, stages, discriminators })
    }

    /// The generator at an earlier stage of its training.
    ///
    /// # Errors
    /// [`Failure::WeightsMissing`] or [`Failure::WeightsBroken`].
    pub async fn stage(
        &self,
        address: &str,
        on_progress: impl Fn(u32, u32),
    ) -> Result<Rc<GeneratorModel>, MakingError> {
        let known = self.stages.borrow().get(address).cloned();
        if let Some(model) = known {
            return Ok(model);
        }
        let bytes = fetch::file_at(address, on_progress).await?;
        let model = Rc::new(GeneratorModel::from_bytes(&bytes, &self.device).map_err(broken)?);
        self.stages.borrow_mut().insert(address.to_owned(), Rc::clone(&model));
        Ok(model)
    }

    /// A discriminator.
    ///
    /// # Errors
    /// [`Failure::WeightsMissing`] or [`Failure::WeightsBroken`].
    pub async fn discriminator(
        &self,
        address: &str,
        on_progress: impl Fn(u32, u32),
    ) -> Result<Rc<DiscriminatorModel>, MakingError> {
        let known = self.discriminators.borrow().get(address).cloned();
        if let Some(model) = known {
            return Ok(model);
        }
        let bytes = fetch::file_at(address, on_progress).await?;
        let model = Rc::new(DiscriminatorModel::from_bytes(&bytes, &self.device).map_err(broken)?);
        self.discriminators.borrow_mut().insert(address.to_owned(), Rc::clone(&model));
        Ok(model)
    }

    /// Compares a scan with the stored answer, and measures the time of a scan once everything is compiled.
    ///
    /// # Errors
    /// [`Failure::SelfTest`] if the numbers are wrong, [`Failure::DeviceLost`] if the device stops.
    pub async fn self_test(&self, kind: DeviceKind, opened: device::OpenDevice) -> Result<DeviceReport, MakingError> {
        let worst_step = self.model.self_test().await.map_err(lost)?;
        if worst_step > TOLERANCE {
            return Err((Failure::SelfTest, format!("off by {worst_step:.2} steps of 1/255")));
        }
        // A graphics card compiles and tunes in its first batches. The processor does not, and the first scan waits.
        let rounds = match kind {
            DeviceKind::Gpu => 3,
            DeviceKind::Cpu => 1,
        };
        let spec = ScanSpec { seed: 0, class: 0, toward: None };
        let mut best = f64::INFINITY;
        for _ in 0..rounds {
            let start = port::now();
            draw(&self.model, &[spec], &Style::default(), self.batch).await.map_err(lost)?;
            best = best.min(port::now() - start);
            if best > SLOW {
                break;
            }
        }
        let millis_per_scan = best / self.batch as f64;
        let device::OpenDevice { adapter, software, .. } = opened;
        Ok(DeviceReport { kind, adapter, software, millis_per_scan, worst_step })
    }

    /// What the weights file says about the model. `bytes` is the file.
    pub fn info(&self, bytes: &[u8]) -> ModelInfo {
        let card = self.model.card();
        ModelInfo {
            preset: card.preset.name.to_owned(),
            size: self.model.size(),
            classes: card.classes.clone(),
            directions: card.directions.clone(),
            sha256: Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
            kimg: card.kimg,
            dataset: card.dataset.clone(),
            licence: card.licence.clone(),
            attribution: card.attribution.clone(),
            date: card.date.clone(),
        }
    }
}

/// Scans of one batch. A short batch is filled up to `batch`, and the surplus is dropped.
///
/// # Errors
/// If the device fails.
pub async fn draw(
    model: &GeneratorModel,
    part: &[ScanSpec],
    style: &Style,
    batch: usize,
) -> Result<Vec<Slice>, ExecutionError> {
    let mut full = part.to_vec();
    if let Some(&last) = part.last() {
        full.resize(batch, last);
    }
    let mut scans = model.scans(&full, style).await?;
    scans.truncate(part.len());
    Ok(scans)
}

fn broken(error: WeightsError) -> MakingError {
    (Failure::WeightsBroken, error.to_string())
}

/// The device stopped in the middle of its work.
pub fn lost(error: ExecutionError) -> MakingError {
    (Failure::DeviceLost, error.to_string())
}
