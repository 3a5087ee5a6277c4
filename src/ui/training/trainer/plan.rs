//! The plan of the next training, and the first request to its worker.

use std::sync::Arc;

use serde_bytes::ByteBuf;

use super::Tuning;
use crate::engine::shared::{self, DeviceKind};
use crate::engine::training::protocol::{Begin, JudgeChoice, StartFrom, TrainingSlices};
use crate::slices::collection::SliceSource;
use crate::slices::collection::selection::{Selection, TrainingSet};
use crate::ui::logic::models::{Modality, ModelFiles};
use crate::ui::logic::training_size::{SMALL, USUAL};
use crate::ui::urls;

/// Seed of everything random in a training: the same slices and hyperparameters give the same networks.
const SEED: u64 = 1;

/// The slices that the visitor has chosen.
#[derive(Clone)]
pub struct TrainingData {
    /// Makes the slices with this side in pixels: 16, 32 or 64.
    pub make: Arc<dyn Fn(usize) -> TrainingSet + Send + Sync>,
    /// Number of slices.
    pub slices: usize,
    /// Names of the classes.
    pub classes: Vec<String>,
    /// Whether any slice has a mask.
    pub masks: bool,
    /// Where the slices come from.
    pub source: SliceSource,
    /// The choice itself, with the person of each slice.
    pub selection: Arc<Selection>,
}

/// The visitor's choice of weights to start from. With the size and the modality it gives a [`StartFrom`].
#[derive(Debug, Clone, PartialEq, Default)]
pub enum StartChoice {
    /// The pair of networks of this site, if there is one of this size.
    #[default]
    Shipped,
    /// Random weights.
    Random,
    /// Files of the visitor.
    Files {
        /// The generator.
        generator: Arc<Vec<u8>>,
        /// Its discriminator, if the visitor has it.
        discriminator: Option<Arc<Vec<u8>>>,
        /// File name, to show.
        name: String,
    },
}

/// The plan of the next training.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Where to compute. None: on the graphics card if there is one, else on the processor.
    pub device: Option<DeviceKind>,
    /// Weights to start from.
    pub start: StartChoice,
    /// Modality of this site's real scans, and of its networks if nothing else decides.
    pub modality: Modality,
    /// Modality whose networks the slices [resemble](crate::ui::logic::likeness), if any.
    pub nearest: Option<Modality>,
    /// The networks of this site that the visitor chose. None: those that the slices resemble.
    pub networks: Option<Modality>,
    /// Side of the scans in pixels that this site's networks get on this device: 32 or 64.
    pub usual_size: usize,
    /// Side of the scans in pixels that the visitor or their file chose: 16, 32 or 64.
    pub chosen_size: Option<usize>,
    /// Whether a judge trains the generator too. None: the page decides.
    pub judge: Option<bool>,
    /// Whether the browser asks sites to use little data.
    pub saves_data: bool,
    /// Whether checkpoints may be written to the browser's storage.
    pub keep: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            device: None,
            start: StartChoice::Shipped,
            modality: Modality::default(),
            nearest: None,
            networks: None,
            usual_size: USUAL,
            chosen_size: None,
            judge: None,
            saves_data: false,
            keep: false,
        }
    }
}

impl Plan {
    /// Side of the scans in pixels: 16, 32 or 64. Random weights learn large scans slowly.
    pub fn size(&self) -> usize {
        self.chosen_size.unwrap_or(if self.start == StartChoice::Random { SMALL } else { self.usual_size })
    }

    /// The networks of this site to start from. Not every modality has networks of every size.
    pub fn shipped(&self) -> Modality {
        let exists = |modality: &Modality| modality.model().trainee(self.size()).is_some();
        let wishes = [self.networks, self.nearest, Some(self.modality)];
        wishes.into_iter().flatten().find(exists).unwrap_or_default()
    }

    /// Whether a judge trains the generator too. Without it the networks of 64 pixels soon forget what they know
    /// (docs/training.md).
    pub fn judged(&self) -> bool {
        let pays = self.start == StartChoice::Shipped && self.size().min(self.usual_size) >= USUAL;
        self.judge.unwrap_or(pays && !self.saves_data)
    }

    /// Hyperparameters that fit the start.
    pub fn default_tuning(&self) -> Tuning {
        match self.start == StartChoice::Random || self.size() < SMALL {
            true => Tuning::FRESH,
            false => Tuning::TRAINED,
        }
    }

    /// The weights to start from.
    pub fn start_from(&self) -> StartFrom {
        let random = |preset: &str| StartFrom::Random { preset: preset.to_owned() };
        let file = |bytes: &[u8]| shared::Source::Bytes { bytes: ByteBuf::from(bytes) };
        match (&self.start, self.size()) {
            (StartChoice::Files { generator, discriminator, .. }, _) => StartFrom::Weights {
                generator: file(generator),
                discriminator: discriminator.as_ref().map(|bytes| file(bytes)),
            },
            // This site has no networks this small.
            (_, ..=16) => random("n16"),
            (StartChoice::Random, size) => random(fresh_preset(size)),
            (StartChoice::Shipped, size) => {
                self.shipped().model().trainee(size).map_or_else(|| random(fresh_preset(size)), shipped)
            }
        }
    }

    /// What a worker begins with.
    pub fn begin(
        &self,
        data: &TrainingData,
        start: StartFrom,
        device: DeviceKind,
        tuning: Tuning,
        followers: usize,
    ) -> Begin {
        let set = training_slices((data.make)(self.size()));
        let (software, keep) = (self.device.is_some(), self.keep);
        let network = shared::Source::Address { address: urls::absolute(urls::JUDGE) };
        let judge = Some(JudgeChoice { wanted: self.judged(), network });
        Begin { device, software, set, start, tuning, seed: SEED, keep, judge, followers }
    }
}

/// Preset for random weights.
fn fresh_preset(size: usize) -> &'static str {
    if size >= 64 { "s64" } else { "t32" }
}

fn shipped(files: &ModelFiles) -> StartFrom {
    let at = |address: &str| shared::Source::Address { address: urls::absolute(address) };
    StartFrom::Weights { generator: at(files.weights), discriminator: Some(at(files.discriminator)) }
}

fn training_slices(set: TrainingSet) -> TrainingSlices {
    let TrainingSet { size, classes, train, held_out, source, .. } = set;
    let source = match source {
        SliceSource::Own => "slices of the visitor",
        SliceSource::Real => "the site's real scans",
        SliceSource::Drawings => "drawings of heads, made by a program",
        SliceSource::Shapes => "drawings of figures, made by a program",
    };
    TrainingSlices { size, classes, train, held_out, source: source.to_owned() }
}
