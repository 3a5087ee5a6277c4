//! From what a training starts with to its networks.

use burn::tensor::Device;

use super::super::fetch;
use super::super::shared::{Failure, LoadStage, Source};
use super::disk;
use super::port;
use super::protocol::Event;
use super::protocol::{Base, MAX_SLICES, Set, Tuning};
use crate::gan::card::WeightsCard;
use crate::gan::checkpoint;
use crate::gan::extent::Extent;
use crate::gan::preset::Network;
use crate::gan::preset::Preset;
use crate::gan::schedule::Schedule;
use crate::gan::state_dict::NamedValues;
use crate::gan::train::{Settings, Trainer};
use crate::gan::transfer;
use crate::gan::weights::WeightsFile;
use crate::gan::weights_error::WeightsError;
use crate::slice::MAX_CLASSES;

type Failed = (Failure, String);

/// Half-life of the average at the start, in images: a visitor wants to see a change within minutes.
const HALF_LIFE: f64 = 150.0;
/// Steps of a fresh discriminator before it may teach a trained generator, which it would spoil.
const HEAD_START: u32 = 30;

/// All that is needed to make the networks, as often as need be: the warm-up spoils a pair.
#[derive(Debug, Clone)]
pub enum Recipe {
    /// Random weights.
    Fresh(Preset),
    /// Trained ones.
    Trained {
        /// What the generator's file says of itself.
        card: Box<WeightsCard>,
        generator: Vec<NamedValues>,
        discriminator: Option<Vec<NamedValues>>,
    },
    /// A training that goes on.
    Checkpoint(Vec<u8>),
}

/// The networks and what was noted of them.
pub struct Start {
    pub trainer: Trainer,
    /// The note in a checkpoint, else empty.
    pub note: String,
    /// Steps that the discriminator takes alone first.
    pub head_start: u32,
}

/// Refuse a set that no training can use.
pub fn check(set: &Set) -> Result<(), Failed> {
    let bad = |why: &str| Err((Failure::BadRequest, why.to_owned()));
    if !(1..=MAX_CLASSES).contains(&set.classes.len()) {
        return bad("the number of classes is not from 1 to 8");
    }
    if set.train.is_empty() || set.train.len() + set.held_out.len() > MAX_SLICES {
        return bad("the number of slices is not from 1 to 512");
    }
    let fits = |slice: &crate::slice::LabelledSlice| slice.slice.has_size(set.size) && slice.class < set.classes.len();
    if !set.train.iter().chain(&set.held_out).all(fits) {
        return bad("a slice has another size or class than the set says");
    }
    Ok(())
}

impl Recipe {
    /// Fetch and check what a training starts from.
    pub async fn of(base: Base, set: &Set) -> Result<Self, Failed> {
        match base {
            Base::Nothing { preset } => {
                let preset = Preset::by_name(&preset).filter(|preset| preset.size() == set.size);
                preset.map(Self::Fresh).ok_or((Failure::BadRequest, "no such preset for this size".to_owned()))
            }
            Base::Trained { generator, discriminator } => {
                let (card, generator) = read(generator, Network::Generator).await?;
                if card.preset.size() != set.size {
                    let detail =
                        format!("the weights make {} pixels, the slices have {}", card.preset.size(), set.size);
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
                Ok(Self::Trained { card: Box::new(card), generator, discriminator })
            }
            Base::Checkpoint { bytes } => Ok(Self::Checkpoint(bytes.into_vec())),
            Base::Stored => disk::read()
                .await
                .map(Self::Checkpoint)
                .ok_or((Failure::WeightsMissing, "no checkpoint in the browser's storage".to_owned())),
        }
    }

    /// The networks, on a device.
    pub fn make(&self, set: &Set, tuning: Tuning, seed: u64, device: &Device) -> Result<Start, Failed> {
        let settings = |preset: Preset, extent, beta| Settings {
            preset,
            classes: set.classes.len(),
            batch: tuning.batch,
            seed,
            schedule: Schedule { beta, half_life: HALF_LIFE, ..Schedule::for_data(preset.size(), set.train.len()) },
            extent,
        };
        let start = |trainer, head_start| Start { trainer, note: String::new(), head_start };
        match self {
            Self::Fresh(preset) => Ok(start(Trainer::new(settings(*preset, Extent::All, (0.9, 0.99)), device), 0)),
            Self::Trained { card, generator, discriminator } => {
                let extent = Extent::for_slices(set.train.len());
                let fresh = Trainer::new(settings(card.preset, extent, (0.99, 0.99)), device);
                let head_start = if discriminator.is_some() { 0 } else { HEAD_START };
                Ok(start(fresh.start_from(generator, discriminator.as_deref()), head_start))
            }
            Self::Checkpoint(bytes) => {
                let unusable = |why: String| (Failure::WeightsBroken, why);
                let (trainer, note) = checkpoint::decode(bytes, device).map_err(|error| unusable(error.to_string()))?;
                let Settings { preset, classes, .. } = trainer.settings;
                if preset.size() != set.size || classes != set.classes.len() {
                    let detail = format!("the checkpoint is of {} pixels and {classes} classes", preset.size());
                    return Err(unusable(detail));
                }
                Ok(Start { trainer, note, head_start: 0 })
            }
        }
    }

    /// What the networks were before, for the card of what comes out.
    pub fn card(&self) -> Option<&WeightsCard> {
        match self {
            Self::Trained { card, .. } => Some(card),
            _ => None,
        }
    }
}

async fn read(source: Source, network: Network) -> Result<(WeightsCard, Vec<NamedValues>), Failed> {
    let on_progress = |done, total| port::post(&Event::Progress { stage: LoadStage::Weights, done, total });
    let bytes = fetch::file(source, on_progress).await?;
    let broken = |error: WeightsError| (Failure::WeightsBroken, error.to_string());
    let file = WeightsFile::open(&bytes).map_err(broken)?;
    file.require(network).map_err(broken)?;
    let values = transfer::values(&file).map_err(broken)?;
    Ok((file.card, values))
}
