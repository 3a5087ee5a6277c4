//! The networks that a training starts from.

use std::sync::Arc;

use burn::tensor::Device;

use super::disk;
use super::protocol::{JudgeChoice, StartFrom, TrainingEvent, TrainingSlices, Tuning};
use crate::engine::fetch;
use crate::engine::shared::{Failure, LoadStage, Source};
use crate::gan::card::WeightsCard;
use crate::gan::checkpoint::{self, CheckpointError};
use crate::gan::judge::backbone::Backbone;
use crate::gan::preset::{Network, Preset};
use crate::gan::train::{TrainSettings, TrainState};
use crate::slice::{LabelledSlice, MAX_CLASSES, MAX_SLICES};
use crate::training::fine_tuning::{self, Trained};
use crate::worker::port;

/// Steps that a new discriminator takes alone before a trained generator joins. Without them it would spoil the generator.
const HEAD_START: u32 = 30;
/// Weight of a judge's logits in the generator's loss.
const JUDGE_WEIGHT: f64 = 1.0;

/// Why a request failed, and technical details in English.
pub type FailureReport = (Failure, String);

/// The state that a training starts from.
pub struct InitialState {
    pub state: TrainState,
    /// The note in the checkpoint; empty without one.
    pub note: String,
    /// Steps that the discriminator takes alone first.
    pub head_start: u32,
    /// Card of the generator, if it was trained before.
    pub parent: Option<WeightsCard>,
    /// File of the judge's feature network, if the training has a judge.
    pub judge: Option<Arc<Vec<u8>>>,
}

impl InitialState {
    fn new(state: TrainState, head_start: u32, parent: Option<WeightsCard>) -> Self {
        Self { state, note: String::new(), head_start, parent, judge: None }
    }
}

/// Checks the numbers of classes and slices, and the size and class of each slice.
///
/// # Errors
/// [`Failure::BadRequest`] if no training can use the set.
pub fn check(set: &TrainingSlices) -> Result<(), FailureReport> {
    let bad = |why: &str| Err((Failure::BadRequest, why.to_owned()));
    if !(1..=MAX_CLASSES).contains(&set.classes.len()) {
        return bad("the number of classes is not from 1 to 8");
    }
    if set.train.is_empty() || set.train.len() + set.held_out.len() > MAX_SLICES {
        return bad("the number of slices is not from 1 to 512");
    }
    let fits = |slice: &LabelledSlice| slice.slice.has_size(set.size) && slice.class < set.classes.len();
    if !set.train.iter().chain(&set.held_out).all(fits) {
        return bad("a slice has another size or class than the set says");
    }
    Ok(())
}

/// Fetches the weights or the checkpoint, checks them, and makes the state on a device.
///
/// # Errors
/// The failure, with technical details: a file does not arrive, cannot be used, or does not fit the set.
pub async fn initial_state(
    start: StartFrom,
    judge: Option<JudgeChoice>,
    set: &TrainingSlices,
    (tuning, seed): (Tuning, u64),
    device: &Device,
) -> Result<InitialState, FailureReport> {
    let mut initial = match start {
        StartFrom::Checkpoint { bytes } => return from_checkpoint(&bytes, judge, set, device).await,
        StartFrom::Stored => {
            let none = || (Failure::WeightsMissing, "no checkpoint in the browser's storage".to_owned());
            return from_checkpoint(&disk::read().await.ok_or_else(none)?, judge, set, device).await;
        }
        StartFrom::Random { preset } => {
            let preset = Preset::by_name(&preset).filter(|preset| preset.size() == set.size);
            let preset = preset.ok_or((Failure::BadRequest, "no such preset for this size".to_owned()))?;
            let settings = fine_tuning::settings(preset, set.classes.len(), set.train.len(), seed);
            InitialState::new(TrainState::new(settings, device), 0, None)
        }
        StartFrom::Weights { generator, discriminator } => {
            let generator = read(generator, Network::Generator).await?;
            let preset = generator.card.preset;
            if preset.size() != set.size {
                let detail = format!("the weights make {} pixels, the slices have {}", preset.size(), set.size);
                return Err((Failure::WeightsBroken, detail));
            }
            let discriminator = match discriminator {
                None => None,
                Some(source) => Some(read(source, Network::Discriminator).await?),
            };
            if let Some(other) = discriminator.as_ref().filter(|other| other.card.preset != preset) {
                let detail = format!("a discriminator of {} does not fit", other.card.preset.name);
                return Err((Failure::WeightsBroken, detail));
            }
            let data = (set.classes.as_slice(), set.train.len());
            let state = fine_tuning::start(&generator, discriminator.as_ref(), data, seed, device);
            let head_start = if discriminator.is_some() { 0 } else { HEAD_START };
            InitialState::new(state, head_start, Some(generator.card))
        }
    };
    tuning.apply(&mut initial.state);
    if let Some(judge) = judge.filter(|judge| judge.wanted) {
        let (file, backbone) = fetch_judge(judge, device).await?;
        initial.state = initial.state.with_judge(JUDGE_WEIGHT, backbone);
        initial.judge = Some(file);
    }
    Ok(initial)
}

async fn from_checkpoint(
    bytes: &[u8],
    judge: Option<JudgeChoice>,
    set: &TrainingSlices,
    device: &Device,
) -> Result<InitialState, FailureReport> {
    let unusable = |why: String| (Failure::WeightsBroken, why);
    let (decoded, file) = match (checkpoint::decode(bytes, device), judge) {
        (Err(CheckpointError::NeedsJudge), Some(judge)) => {
            let (file, backbone) = fetch_judge(judge, device).await?;
            (checkpoint::decode_with(bytes, Some(&backbone), device), Some(file))
        }
        (decoded, _) => (decoded, None),
    };
    let (state, note) = decoded.map_err(|error| unusable(error.to_string()))?;
    let TrainSettings { preset, classes, .. } = state.settings;
    if preset.size() != set.size || classes != set.classes.len() {
        return Err(unusable(format!("the checkpoint is of {} pixels and {classes} classes", preset.size())));
    }
    Ok(InitialState { note, judge: file, ..InitialState::new(state, 0, None) })
}

/// Fetches the feature network of a judge: the file, and what is in it.
async fn fetch_judge(judge: JudgeChoice, device: &Device) -> Result<(Arc<Vec<u8>>, Backbone), FailureReport> {
    let missing = |detail: String| (Failure::JudgeMissing, detail);
    let file = fetch::file(judge.network, on_progress).await.map_err(|(_, detail)| missing(detail))?;
    let backbone = Backbone::from_bytes(&file, device).map_err(|error| missing(error.to_string()))?;
    Ok((Arc::new(file), backbone))
}

fn on_progress(done: u32, total: u32) {
    port::post(TrainingEvent::Progress { stage: LoadStage::Weights, done, total });
}

/// Fetches a weights file of this network.
async fn read(source: Source, network: Network) -> Result<Trained, FailureReport> {
    let bytes = fetch::file(source, on_progress).await?;
    Trained::read(&bytes, network).map_err(|error| (Failure::WeightsBroken, error.to_string()))
}
