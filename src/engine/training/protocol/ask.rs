//! What the page asks of a training.

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::engine::shared::{DeviceKind, Source};
use crate::slice::LabelledSlice;

/// Most slices to learn from.
pub const MAX_SLICES: usize = 512;
/// Learning rates that can be asked for.
pub const RATES: std::ops::RangeInclusive<f64> = 1e-5..=1e-3;
/// Probabilities of an augmentation that can be asked for.
pub const AUGMENTS: std::ops::RangeInclusive<f64> = 0.0..=0.8;
/// Slices a step that can be asked for.
pub const BATCHES: std::ops::RangeInclusive<usize> = 2..=32;
/// Weights of R1 and R2 that can be asked for.
pub const GAMMAS: std::ops::RangeInclusive<f64> = 0.01..=20.0;

/// What the page asks of a training. The answers are those of [`Tell`](super::Tell).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Ask {
    /// Open the device, make or fetch the networks, warm up. Answers: `Progress`, `Tell::Warming`, `Tell::Frame`, then
    /// `Tell::Prepared`; the training then rests until [`Ask::Go`].
    Begin(Box<Begin>),
    /// Train on and on.
    Go,
    /// Stop between two steps, and make a checkpoint.
    Pause,
    /// One step of one network alone, then rest.
    Step {
        /// Which.
        who: Who,
    },
    /// Change the knobs from the next step on.
    Tune {
        /// The knobs.
        tuning: Tuning,
    },
    /// Compare samples with the slices learned from. Answer: `Tell::Copies`.
    Copies,
    /// Weights as a file. Answer: `Tell::Exported`.
    Export {
        /// Which network.
        who: Who,
    },
}

/// All that a training starts from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Begin {
    /// Where to compute.
    pub device: DeviceKind,
    /// Whether a software adapter will do. Elsewhere it counts as none, since the processor is faster.
    pub software: bool,
    /// The slices.
    pub set: Set,
    /// The weights.
    pub base: Base,
    /// The knobs.
    pub tuning: Tuning,
    /// Seed of weights and choices.
    pub seed: u64,
    /// Whether checkpoints may be written to the origin's private file system.
    pub keep: bool,
}

/// Slices to learn from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Set {
    /// Side of each in pixels: that of the preset.
    pub size: usize,
    /// Names of the classes.
    pub classes: Vec<String>,
    /// To learn from.
    pub train: Vec<LabelledSlice>,
    /// Never learned from; to watch learning with. May be empty.
    pub held_out: Vec<LabelledSlice>,
    /// Where they come from, for the card: `own slices`, `drawings`, or the name of a data set.
    pub source: String,
}

/// Weights to start from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "base", rename_all = "kebab-case")]
pub enum Base {
    /// Random ones, of this preset.
    Nothing {
        /// Its name.
        preset: String,
    },
    /// A trained pair of networks. Without a discriminator a fresh one is taken, and learns first.
    Trained {
        /// The generator.
        generator: Source,
        /// The discriminator that was trained against it.
        discriminator: Option<Source>,
    },
    /// A checkpoint that `Tell::Saved` brought: goes on as if nothing had happened.
    Checkpoint {
        /// The file.
        bytes: ByteBuf,
    },
    /// The checkpoint in the origin's private file system.
    Stored,
}

/// One of the two networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// Makes scans.
    Generator,
    /// Judges them.
    Discriminator,
}

/// The knobs that can be turned while a training runs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tuning {
    /// Learning rate of both networks, within [`RATES`].
    pub rate: f64,
    /// Highest probability of an augmentation, within [`AUGMENTS`].
    pub augment: f64,
    /// Slices a step, within [`BATCHES`].
    pub batch: usize,
    /// Weight of R1 and R2, within [`GAMMAS`].
    pub gamma: f64,
}

impl Tuning {
    /// For networks that are trained already: small steps.
    pub const TRAINED: Self = Self { rate: 2e-4, augment: 0.4, batch: 8, gamma: 0.5 };
    /// For networks from nothing.
    pub const FRESH: Self = Self { rate: 5e-4, augment: 0.4, batch: 8, gamma: 1.0 };

    /// These knobs, within their ends. What is not a number becomes the lower end.
    pub fn clamped(self) -> Self {
        let within = |value: f64, ends: std::ops::RangeInclusive<f64>| value.max(*ends.start()).min(*ends.end());
        Self {
            rate: within(self.rate, RATES),
            augment: within(self.augment, AUGMENTS),
            batch: self.batch.clamp(*BATCHES.start(), *BATCHES.end()),
            gamma: within(self.gamma, GAMMAS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knobs_stay_within_their_ends() {
        let wild = Tuning { rate: 7.0, augment: -1.0, batch: 0, gamma: f64::NAN }.clamped();
        assert_eq!(wild, Tuning { rate: 1e-3, augment: 0.0, batch: 2, gamma: 0.01 });
        let sane = Tuning { rate: 2e-4, augment: 0.4, batch: 8, gamma: 1.0 };
        assert_eq!(sane.clamped(), sane);
    }
}
