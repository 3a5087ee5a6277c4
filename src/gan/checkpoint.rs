//! Checkpoints: the complete state of a training run as one safetensors file of 32-bit floats.
//!
//! Tensors: `generator.*`, `discriminator.*`, `average.*`, the optimisers' second moments `generator_adam.*` and
//! `discriminator_adam.*`, LeCam's `anchors`, `best.*` if distances are measured, and `judge.*` and `judge_adam.*` if the run has a judge. Its frozen feature network
//! comes from a file of its own. The counters are JSON in the metadata. The format is lossless: on the CPU a
//! resumed run repeats the uninterrupted one bit for bit.

use std::collections::HashMap;

use burn::module::Module;
use burn::tensor::{Device, ExecutionError, Tensor, TensorData};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::adam::Adam;
use super::adaptive_augment::AdaptiveAugment;
use super::generator::GRAIN;
use super::judge::backbone::Backbone;
use super::loss::Anchors;
use super::preset::Preset;
use super::schedule::Schedule;
use super::state_dict::{self, NamedTensor, NamedValues};
use super::train::{Best, TrainSettings, TrainState};
use super::trainable::Trainable;

/// Value of the `format` field.
const FORMAT: &str = "hersenscan-checkpoint-1";

/// Why a checkpoint cannot be read or written.
#[derive(Debug, Error)]
pub enum CheckpointError {
    /// The bytes are not a safetensors file.
    #[error("the checkpoint is not readable as safetensors ({0}); delete it to start over")]
    Damaged(String),
    /// A safetensors file of another program or version.
    #[error("this is not a checkpoint of this version of hersenscan ({0})")]
    NotOurs(String),
    /// A parameter is missing.
    #[error("the checkpoint lacks `{0}`")]
    Missing(String),
    /// The run has a judge, and its frozen network was not given.
    #[error("this run has a judge: give the file of its feature network with --judge")]
    NeedsJudge,
    /// The device failed.
    #[error("the device failed while the state was read: {0}")]
    Device(String),
}

impl From<ExecutionError> for CheckpointError {
    fn from(error: ExecutionError) -> Self {
        Self::Device(format!("{error:?}"))
    }
}

/// The part of the state that is not a tensor. The field names are part of the file format.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Counters {
    format: String,
    preset: String,
    classes: usize,
    batch: usize,
    seed: u64,
    schedule: Schedule,
    #[serde(default, rename = "extent")]
    trainable: Trainable,
    #[serde(rename = "strength")]
    adaptive_augment: AdaptiveAugment,
    steps: u64,
    images: u64,
    generator_adam: (u64, f64),
    discriminator_adam: (u64, f64),
    /// Weight of the judge; none without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    projected: Option<f64>,
    /// Distance, steps and images of the best average; none if distances are not measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    best: Option<(f64, u64, u64)>,
}

/// The state as a file. `note` is any text of the caller, such as the time used so far.
///
/// # Errors
/// If the device fails.
pub async fn encode(state: &TrainState, note: &str) -> Result<Vec<u8>, CheckpointError> {
    let mut tensors = Vec::new();
    let mut add = |prefix: &str, part: Vec<NamedTensor>| {
        tensors.extend(part.into_iter().map(|t| NamedTensor { name: format!("{prefix}.{}", t.name), ..t }));
    };
    // Copies made by valid() keep the parameters' ids, and their tensors are off the tape.
    let (generator, discriminator) = (state.generator.valid(), state.discriminator.valid());
    add("generator_adam", state.generator_adam.tensors(&generator));
    add("discriminator_adam", state.discriminator_adam.tensors(&discriminator));
    add("generator", state_dict::tensors(&generator));
    add("discriminator", state_dict::tensors(&discriminator));
    add("average", state_dict::tensors(&state.average));
    if let Some(best) = &state.best {
        add("best", state_dict::tensors(&best.average));
    }
    if let Some(judge) = &state.judge {
        let parameters = judge.parameters.valid();
        add("judge_adam", state.discriminator_adam.tensors(&parameters));
        add("judge", state_dict::tensors(&parameters));
    }
    let mut values = state_dict::read(tensors).await?;
    if let Some(anchors) = &state.anchors {
        let both = Tensor::cat(vec![anchors.real.clone(), anchors.fake.clone()], 0);
        let values_of = both.into_data_async().await?.iter::<f32>().collect();
        values.push(NamedValues { name: "anchors".into(), shape: vec![2], values: values_of });
    }

    let settings = &state.settings;
    let counters = Counters {
        format: FORMAT.into(),
        preset: settings.preset.name.into(),
        classes: settings.classes,
        batch: settings.batch,
        seed: settings.seed,
        schedule: settings.schedule.clone(),
        trainable: settings.trainable,
        adaptive_augment: state.adaptive_augment,
        steps: state.steps,
        images: state.images,
        generator_adam: state.generator_adam.counters(),
        discriminator_adam: state.discriminator_adam.counters(),
        projected: state.judge.as_ref().map(|judge| judge.weight),
        best: state.best.as_ref().map(|best| (best.distance, best.steps, best.images)),
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

/// The state and the note from a file.
///
/// # Errors
/// If the bytes are not a checkpoint of this version, or of a run with a judge.
pub fn decode(bytes: &[u8], device: &Device) -> Result<(TrainState, String), CheckpointError> {
    decode_with(bytes, None, device)
}

/// [`decode`] for runs with a judge, whose frozen network is `backbone`. It is not used if the run has none.
///
/// # Errors
/// As [`decode`], and [`CheckpointError::NeedsJudge`].
pub fn decode_with(
    bytes: &[u8],
    backbone: Option<&Backbone>,
    device: &Device,
) -> Result<(TrainState, String), CheckpointError> {
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
        // Checkpoints of earlier versions have no grain.
        match missing.into_iter().find(|name| !name.ends_with(GRAIN)) {
            Some(name) => Err(CheckpointError::Missing(format!("{prefix}.{name}"))),
            None => Ok(module),
        }
    }

    let settings = TrainSettings {
        preset,
        classes: counters.classes,
        batch: counters.batch,
        seed: counters.seed,
        schedule: counters.schedule,
        trainable: counters.trainable,
    };
    let mut state = TrainState::new(settings, device);
    let tape = device.clone().autodiff();
    state.generator = fill(state.generator, "generator", &part("generator"), &tape)?;
    state.discriminator = fill(state.discriminator, "discriminator", &part("discriminator"), &tape)?;
    state.average = fill(state.average, "average", &part("average"), device)?;
    if let Some((distance, steps, images)) = counters.best {
        let average = fill(state.average.clone(), "best", &part("best"), device)?;
        state.best = Some(Best { average, distance, steps, images });
    }
    state.generator_adam = Adam::restore(&state.generator.valid(), &part("generator_adam"), counters.generator_adam);
    state.discriminator_adam =
        Adam::restore(&state.discriminator.valid(), &part("discriminator_adam"), counters.discriminator_adam);
    if let Some(weight) = counters.projected {
        state = state.with_judge(weight, backbone.cloned().ok_or(CheckpointError::NeedsJudge)?);
    }
    if let Some(judge) = &mut state.judge {
        judge.parameters = fill(judge.parameters.clone(), "judge", &part("judge"), &tape)?;
        state.discriminator_adam = state.discriminator_adam.include(&judge.parameters.valid(), &part("judge_adam"));
    }
    if let Ok(view) = file.tensor("anchors") {
        let one = |i: usize| {
            let bytes = view.data().as_chunks::<4>().0.get(i).copied().unwrap_or_default();
            Tensor::from_data(TensorData::new(vec![f32::from_le_bytes(bytes)], [1]), device)
        };
        state.anchors = Some(Anchors { real: one(0), fake: one(1) });
    }
    state.adaptive_augment = counters.adaptive_augment;
    state.steps = counters.steps;
    state.images = counters.images;
    Ok((state, field("note").unwrap_or_default()))
}
