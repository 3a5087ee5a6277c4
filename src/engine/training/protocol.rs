//! The messages of a training in the tab.
//!
//! [`Ask`] rides in [`Request::Train`](crate::engine::protocol::Request::Train) and [`Tell`] in
//! [`Event::Training`](crate::engine::protocol::Event::Training). Where a `Tell` comes with bytes, the message is a
//! JavaScript array `[event, buffer]`, `buffer` being transferred.

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::engine::protocol::{DeviceKind, DeviceReport, Failure, Source};
use crate::gan::example::Example;

/// Scans in a frame of the timeline.
pub const FRAME_SCANS: usize = 16;
/// Most slices to learn from.
pub const MAX_SLICES: usize = 512;
/// Most classes.
pub const MAX_CLASSES: usize = 8;
/// Learning rates that can be asked for.
pub const RATES: std::ops::RangeInclusive<f64> = 1e-5..=1e-3;
/// Probabilities of an augmentation that can be asked for.
pub const AUGMENTS: std::ops::RangeInclusive<f64> = 0.0..=0.8;
/// Slices a step that can be asked for.
pub const BATCHES: std::ops::RangeInclusive<usize> = 2..=32;
/// Weights of R1 and R2 that can be asked for.
pub const GAMMAS: std::ops::RangeInclusive<f64> = 0.01..=20.0;

/// Folder of checkpoints in the origin's private file system.
pub const STORED_FOLDER: &str = "training";
/// The file in it that says what there is: a [`StoredMeta`].
pub const STORED_META: &str = "meta.json";

/// What there is in the origin's private file system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredMeta {
    /// Slices the discriminator had been shown.
    pub images: u64,
    /// Names of the classes.
    pub classes: Vec<String>,
    /// Side of the scans in pixels.
    pub size: usize,
    /// When, in milliseconds since 1970.
    pub at: f64,
}

/// What the page asks of a training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Ask {
    /// Open the device, make or fetch the networks, warm up. Answers: `Progress`, [`Tell::Warming`], [`Tell::Frame`], then
    /// [`Tell::Prepared`]; the training then rests until [`Ask::Go`].
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
    /// Compare samples with the slices learned from. Answer: [`Tell::Copies`].
    Copies,
    /// Weights as a file. Answer: [`Tell::Exported`].
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
    pub train: Vec<Example>,
    /// Never learned from; to watch learning with. May be empty.
    pub held_out: Vec<Example>,
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
    /// A checkpoint that [`Tell::Saved`] brought: goes on as if nothing had happened.
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

/// What a training tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "tell", rename_all = "kebab-case")]
pub enum Tell {
    /// Steps of the warm-up, which count for nothing.
    Warming {
        /// Done.
        done: usize,
        /// In all.
        total: usize,
    },
    /// Ready to go.
    Prepared {
        /// The device.
        device: DeviceReport,
        /// What the warm-up measured.
        forecast: Forecast,
        /// Where the training stands: above 0 for one that goes on.
        counts: Counts,
        /// The knobs as they are taken.
        tuning: Tuning,
    },
    /// The training runs, or rests.
    Running {
        /// Whether it runs.
        running: bool,
        /// Where it stands.
        counts: Counts,
    },
    /// About once a second, and after a single step.
    Point {
        /// The measurement.
        point: Point,
        /// Where the training stands.
        counts: Counts,
    },
    /// Mean logits without augmentation.
    Gauge {
        /// The measurement.
        gauge: Gauge,
    },
    /// The same latents as ever. With bytes: for each scan `size * size` of image and as many of mask.
    Frame {
        /// Slices the discriminator had been shown.
        images: u64,
        /// Seconds of training.
        seconds: f64,
        /// Side of each scan.
        size: usize,
        /// How many.
        count: usize,
    },
    /// What there is to say of the course now: replaces what was said before.
    Notices {
        /// All that holds now.
        notices: Vec<Notice>,
    },
    /// The training turned its knobs itself.
    Tuned {
        /// As they are now.
        tuning: Tuning,
    },
    /// A checkpoint was made. With bytes, the file itself, unless it is on disk.
    Saved {
        /// Slices the discriminator had been shown.
        images: u64,
        /// It is in the origin's private file system.
        on_disk: bool,
    },
    /// Samples beside the nearest slices that were learned from.
    Copies {
        /// The comparison.
        copies: Copies,
    },
    /// A weights file. With bytes: the file.
    Exported {
        /// Which network.
        who: Who,
    },
    /// Something asked for cannot be done; the training is as before.
    Refused {
        /// Why.
        failure: Failure,
        /// Technical words, English.
        detail: String,
    },
}

/// How fast this device trains, measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// Milliseconds of one step of both networks.
    pub step_millis: f64,
    /// Slices a step.
    pub batch: usize,
}

impl Forecast {
    /// Slices that the discriminator is shown in a second.
    pub fn images_per_second(&self) -> f64 {
        if self.step_millis > 0.0 { self.batch as f64 * 1000.0 / self.step_millis } else { 0.0 }
    }
}

/// Where a training stands.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Steps of both networks.
    pub steps: u64,
    /// Slices the discriminator was shown.
    pub images: u64,
    /// Seconds of training, rests left out.
    pub seconds: f64,
    /// Slices a second lately.
    pub rate: f64,
}

/// One measurement of the losses.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Seconds of training.
    pub seconds: f64,
    /// Steps.
    pub steps: u64,
    /// Slices the discriminator was shown.
    pub images: u64,
    /// Loss of the discriminator, without penalties.
    pub discriminator: f32,
    /// Loss of the generator.
    pub generator: f32,
    /// R1 + R2.
    pub penalty: f32,
    /// Mean logit of real slices, augmented as for learning.
    pub real: f32,
    /// Mean logit of generated scans, likewise.
    pub fake: f32,
    /// Probability of an augmentation.
    pub augment: f32,
}

/// Mean logits of three kinds of scans, without augmentation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Gauge {
    /// Seconds of training.
    pub seconds: f64,
    /// Slices the discriminator was shown.
    pub images: u64,
    /// Of slices that are learned from.
    pub train: f32,
    /// Of slices that are not; none if there are none.
    pub held_out: Option<f32>,
    /// Of generated scans.
    pub generated: f32,
}

/// Something to say of the course of a training.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// What.
    pub kind: NoticeKind,
    /// Slices the discriminator had been shown when it was first true.
    pub images: u64,
}

/// What there can be to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// Fewer than 50 slices: only a small part of the networks learns, and copies are likely.
    FewSlices,
    /// Nothing is held out, so that learning by heart cannot be seen.
    NothingHeldOut,
    /// Generated scans hardly differ from each other: mode collapse.
    Collapse,
    /// The discriminator tells all apart with ease, and the generator learns little from it.
    DiscriminatorStrong,
    /// The discriminator knows its slices by heart, or samples come close to them.
    Copying,
    /// Numbers ran away; the training went back to its last good state with half the learning rate.
    Diverged,
}

impl NoticeKind {
    /// All of them, in the order in which they are told.
    pub const ALL: [NoticeKind; 6] = [
        NoticeKind::Diverged,
        NoticeKind::Copying,
        NoticeKind::Collapse,
        NoticeKind::DiscriminatorStrong,
        NoticeKind::FewSlices,
        NoticeKind::NothingHeldOut,
    ];
}

/// Samples beside the nearest slices that were learned from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Copies {
    /// Slices the discriminator had been shown.
    pub images: u64,
    /// Side of all scans.
    pub size: usize,
    /// The closest pairs, closest first, at most 16.
    pub pairs: Vec<Pair>,
    /// Relative distance of each sample to its nearest training slice, ascending: 0 is a copy, 1 is no nearer than the
    /// median of all slices ([`Nearest::relative`](crate::slices::nearest::Nearest::relative)).
    pub samples: Vec<f32>,
    /// The same of each held-out slice; empty if nothing is held out.
    pub held_out: Vec<f32>,
    /// Part of the samples (0 to 1) that is closer to a training slice than nearly all held-out slices (the closest 5 %) are.
    pub flagged: f32,
    /// In a word.
    pub verdict: CopyVerdict,
}

/// A sample and the training slice nearest to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The sample's scan, `size * size` bytes.
    pub sample: ByteBuf,
    /// The slice's, moved (and mirrored) as it fits best.
    pub nearest: ByteBuf,
    /// Root mean square difference after alignment, in grey levels of 255.
    pub distance: f32,
    /// It fits best mirrored.
    pub mirrored: bool,
    /// How far it was moved, in pixels: right and down.
    pub shift: (i8, i8),
}

/// Whether samples are copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CopyVerdict {
    /// Samples lie as far from the training slices as held-out slices do.
    Fine,
    /// Some come closer.
    Some,
    /// Many come closer: the networks copy.
    Copies,
    /// There are too few held-out slices to compare with.
    Unknown,
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

    #[test]
    fn a_forecast_gives_images_a_second() {
        assert_eq!(Forecast { step_millis: 2000.0, batch: 8 }.images_per_second(), 4.0);
        assert_eq!(Forecast { step_millis: 0.0, batch: 8 }.images_per_second(), 0.0);
    }
}
