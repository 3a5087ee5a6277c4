//! The networks that a training starts from.

use burn::tensor::Device;

use super::disk;
use super::protocol::{MAX_SLICES, StartFrom, TrainingEvent, TrainingSlices, Tuning};
use crate::engine::fetch;
use crate::engine::shared::{Failure, LoadStage, Source};
use crate::gan::card::WeightsCard;
use crate::gan::checkpoint;
use crate::gan::preset::{Network, Preset};
use crate::gan::schedule::Schedule;
use crate::gan::state_dict::NamedValues;
use crate::gan::train::{TrainSettings, TrainState};
use crate::gan::trainable::Trainable;
use crate::gan::transfer;
use crate::gan::weights::WeightsFile;
use crate::gan::weights_error::WeightsError;
use crate::slice::{LabelledSlice, MAX_CLASSES};
use crate::worker::port;

/// Half-life of the averaged generator at the start, in images: short, so that a visitor sees changes within minutes.
const HALF_LIFE: f64 = 150.0;
/// Steps that a new discriminator takes alone before a trained generator joins. Without them it would spoil the generator.
const HEAD_START: u32 = 30;

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
}

/// An error if no training can use the set.
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
pub async fn initial_state(
    start: StartFrom,
    set: &TrainingSlices,
    tuning: Tuning,
    seed: u64,
    device: &Device,
) -> Result<InitialState, FailureReport> {
    let settings = |preset: Preset, trainable, beta| TrainSettings {
        preset,
        classes: set.classes.len(),
        batch: tuning.batch,
        seed,
        schedule: Schedule { beta, half_life: HALF_LIFE, ..Schedule::for_data(preset.size(), set.train.len()) },
        trainable,
    };
    match start {
        StartFrom::Random { preset } => {
            let preset = Preset::by_name(&preset).filter(|preset| preset.size() == set.size);
            let preset = preset.ok_or((Failure::BadRequest, "no such preset for this size".to_owned()))?;
            let state = TrainState::new(settings(preset, Trainable::All, (0.9, 0.99)), device);
            Ok(InitialState { state, note: String::new(), head_start: 0, parent: None })
        }
        StartFrom::Weights { generator, discriminator } => {
            let (card, generator) = read(generator, Network::Generator).await?;
            if card.preset.size() != set.size {
                let detail = format!("the weights make {} pixels, the slices have {}", card.preset.size(), set.size);
                return Err((Failure::WeightsBroken, detail));
            }
            let generator = transfer::reclass(generator, &card.classes, &set.classes);
            let discriminator = match discriminator {
                None => None,
                Some(source) => {
                    let (judge, values) = read(source, Network::Discriminator).await?;
                    if judge.preset != card.preset {
                        let detail = format!("a discriminator of {} does not fit", judge.preset.name);
                        return Err((Failure::WeightsBroken, detail));
                    }
                    Some(transfer::reclass(values, &judge.classes, &set.classes))
                }
            };
            let trainable = Trainable::for_slices(set.train.len());
            let random = TrainState::new(settings(card.preset, trainable, (0.99, 0.99)), device);
            let head_start = if discriminator.is_some() { 0 } else { HEAD_START };
            let state = random.start_from(&generator, discriminator.as_deref());
            Ok(InitialState { state, note: String::new(), head_start, parent: Some(card) })
        }
        StartFrom::Checkpoint { bytes } => from_checkpoint(&bytes, set, device),
        StartFrom::Stored => {
            let none = || (Failure::WeightsMissing, "no checkpoint in the browser's storage".to_owned());
            from_checkpoint(&disk::read().await.ok_or_else(none)?, set, device)
        }
    }
}

fn from_checkpoint(bytes: &[u8], set: &TrainingSlices, device: &Device) -> Result<InitialState, FailureReport> {
    let unusable = |why: String| (Failure::WeightsBroken, why);
    let (state, note) = checkpoint::decode(bytes, device).map_err(|error| unusable(error.to_string()))?;
    let TrainSettings { preset, classes, .. } = state.settings;
    if preset.size() != set.size || classes != set.classes.len() {
        return Err(unusable(format!("the checkpoint is of {} pixels and {classes} classes", preset.size())));
    }
    Ok(InitialState { state, note, head_start: 0, parent: None })
}

/// Fetches a weights file of this network.
async fn read(source: Source, network: Network) -> Result<(WeightsCard, Vec<NamedValues>), FailureReport> {
    let on_progress = |done, total| port::post(TrainingEvent::Progress { stage: LoadStage::Weights, done, total });
    let bytes = fetch::file(source, on_progress).await?;
    let broken = |error: WeightsError| (Failure::WeightsBroken, error.to_string());
    let file = WeightsFile::open(&bytes).map_err(broken)?;
    file.require(network).map_err(broken)?;
    let values = transfer::values(&file).map_err(broken)?;
    Ok((file.card, values))
}
