//! Everything that a training run needs to go on, as one safetensors file of 32-bit floats.
//!
//! Tensors: `generator.*`, `discriminator.*`, `average.*`, their second moments as `generator_adam.*` and
//! `discriminator_adam.*`, and LeCam's `anchors`. The counters are JSON in the metadata. Encoding and
//! decoding lose nothing: on the CPU a resumed run repeats the uninterrupted one bit for bit.

use std::collections::HashMap;

use burn::module::Module;
use burn::tensor::{Device, ExecutionError, Tensor, TensorData};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::adam::Adam;
use super::extent::Extent;
use super::generator::GRAIN;
use super::loss::Anchors;
use super::preset::Preset;
use super::schedule::{Schedule, Strength};
use super::state_dict::{self, NamedTensor, NamedValues};
use super::train::{Settings, Trainer};

/// Value of the `format` field.
const FORMAT: &str = "hersenscan-checkpoint-1";

/// Why a checkpoint cannot be used or made.
#[derive(Debug, Error)]
pub enum CheckpointError {
    /// Not safetensors.
    #[error("the checkpoint is not readable as safetensors ({0}); delete it to start over")]
    Damaged(String),
    /// Of another program or version.
    #[error("this is not a checkpoint of this version of hersenscan ({0})")]
    NotOurs(String),
    /// A parameter has no value.
    #[error("the checkpoint lacks `{0}`")]
    Missing(String),
    /// The device failed.
    #[error("the device failed while the state was read: {0}")]
    Device(String),
}

impl From<ExecutionError> for CheckpointError {
    fn from(error: ExecutionError) -> Self {
        Self::Device(format!("{error:?}"))
    }
}

/// The counters of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Counters {
    format: String,
    preset: String,
    classes: usize,
    batch: usize,
    seed: u64,
    schedule: Schedule,
    #[serde(default)]
    extent: Extent,
    strength: Strength,
    steps: u64,
    images: u64,
    generator_adam: (u64, f64),
    discriminator_adam: (u64, f64),
}

/// A trainer as bytes; `note` is kept beside it for the caller (time used, say).
///
/// # Errors
/// If the device fails.
pub async fn encode(trainer: &Trainer, note: &str) -> Result<Vec<u8>, CheckpointError> {
    let mut tensors = Vec::new();
    let mut add = |prefix: &str, part: Vec<NamedTensor>| {
        tensors.extend(part.into_iter().map(|t| NamedTensor { name: format!("{prefix}.{}", t.name), ..t }));
    };
    // valid() copies keep their ids, and their tensors are off the tape.
    let (generator, discriminator) = (trainer.generator.valid(), trainer.discriminator.valid());
    add("generator_adam", trainer.generator_adam.tensors(&generator));
    add("discriminator_adam", trainer.discriminator_adam.tensors(&discriminator));
    add("generator", state_dict::tensors(&generator));
    add("discriminator", state_dict::tensors(&discriminator));
    add("average", state_dict::tensors(&trainer.average));
    let mut values = state_dict::read(tensors).await?;
    if let Some(anchors) = &trainer.anchors {
        let both = Tensor::cat(vec![anchors.real.clone(), anchors.fake.clone()], 0);
        let values_of = both.into_data_async().await?.iter::<f32>().collect();
        values.push(NamedValues { name: "anchors".into(), shape: vec![2], values: values_of });
    }

    let settings = &trainer.settings;
    let counters = Counters {
        format: FORMAT.into(),
        preset: settings.preset.name.into(),
        classes: settings.classes,
        batch: settings.batch,
        seed: settings.seed,
        schedule: settings.schedule.clone(),
        extent: settings.extent,
        strength: trainer.strength,
        steps: trainer.steps,
        images: trainer.images,
        generator_adam: trainer.generator_adam.counters(),
        discriminator_adam: trainer.discriminator_adam.counters(),
    };
    let damaged = |error: &dyn std::fmt::Display| CheckpointError::Damaged(error.to_string());
    let counters = serde_json::to_string(&counters).map_err(|e| damaged(&e))?;
    let metadata: HashMap<String, String> =
        [("counters".to_owned(), counters), ("note".to_owned(), note.to_owned())].into();
    let bytes: Vec<Vec<u8>> = values.iter().map(|v| v.values.iter().flat_map(|x| x.to_le_bytes()).collect()).collect();
    let views = values
        .iter()
        .zip(&bytes)
        .map(|(v, bytes)| {
            let view = TensorView::new(Dtype::F32, v.shape.clone(), bytes);
            Ok((v.name.as_str(), view.map_err(|e| damaged(&e))?))
        })
        .collect::<Result<Vec<_>, CheckpointError>>()?;
    safetensors::serialize(views, Some(metadata)).map_err(|e| damaged(&e))
}

/// A trainer and its note from bytes.
///
/// # Errors
/// If the bytes are not a checkpoint of this version.
pub fn decode(bytes: &[u8], device: &Device) -> Result<(Trainer, String), CheckpointError> {
    let damaged = |error: safetensors::SafeTensorError| CheckpointError::Damaged(error.to_string());
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
    let field = |name: &str| metadata.metadata().as_ref().and_then(|map| map.get(name)).cloned();
    let not_ours = |why: &str| CheckpointError::NotOurs(why.to_owned());
    let counters: Counters = field("counters")
        .and_then(|text| serde_json::from_str(&text).ok())
        .ok_or_else(|| not_ours("its counters are missing"))?;
    let preset = Preset::by_name(&counters.preset).ok_or_else(|| not_ours("its preset is unknown"))?;
    if counters.format != FORMAT {
        return Err(not_ours(&counters.format));
    }

    let file = SafeTensors::deserialize(bytes).map_err(damaged)?;
    let part = |prefix: &str| -> Vec<NamedValues> {
        file.iter()
            .filter_map(|(name, view)| {
                let name = name.strip_prefix(prefix)?.strip_prefix('.')?.to_owned();
                let values = view.data().as_chunks::<4>().0.iter().map(|&b| f32::from_le_bytes(b)).collect();
                Some(NamedValues { name, shape: view.shape().to_vec(), values })
            })
            .collect()
    };
    fn fill<M: Module>(module: M, prefix: &str, values: &[NamedValues], device: &Device) -> Result<M, CheckpointError> {
        let (module, missing) = state_dict::load(module, values, device);
        // Trainings from before the grain take none of it yet.
        match missing.into_iter().find(|name| !name.ends_with(GRAIN)) {
            Some(name) => Err(CheckpointError::Missing(format!("{prefix}.{name}"))),
            None => Ok(module),
        }
    }

    let settings = Settings {
        preset,
        classes: counters.classes,
        batch: counters.batch,
        seed: counters.seed,
        schedule: counters.schedule,
        extent: counters.extent,
    };
    let mut trainer = Trainer::new(settings, device);
    let tape = device.clone().autodiff();
    trainer.generator = fill(trainer.generator, "generator", &part("generator"), &tape)?;
    trainer.discriminator = fill(trainer.discriminator, "discriminator", &part("discriminator"), &tape)?;
    trainer.average = fill(trainer.average, "average", &part("average"), device)?;
    trainer.generator_adam =
        Adam::restore(&trainer.generator.valid(), &part("generator_adam"), counters.generator_adam);
    trainer.discriminator_adam =
        Adam::restore(&trainer.discriminator.valid(), &part("discriminator_adam"), counters.discriminator_adam);
    if let Ok(view) = file.tensor("anchors") {
        let one = |i: usize| {
            let bytes = view.data().as_chunks::<4>().0.get(i).copied().unwrap_or_default();
            Tensor::from_data(TensorData::new(vec![f32::from_le_bytes(bytes)], [1]), device)
        };
        trainer.anchors = Some(Anchors { real: one(0), fake: one(1) });
    }
    trainer.strength = counters.strength;
    trainer.steps = counters.steps;
    trainer.images = counters.images;
    Ok((trainer, field("note").unwrap_or_default()))
}
