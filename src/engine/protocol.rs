//! The messages between the page and an engine worker.
//!
//! Both ends are Rust and speak through `serde-wasm-bindgen`. Pixels do not ride inside: an [`Event::Scans`]
//! is followed, in the same `postMessage`, by one transferred buffer (see [`Event::Scans`]).

use serde::{Deserialize, Serialize};

use super::shared::{DeviceKind, DeviceReport, Failure, LoadStage, Source};
use crate::engine::training::protocol::{Ask, Tell};
use crate::gan::feature_maps::FeatureMaps;
use crate::gan::logit_reference::LogitReference;
use crate::gan::preset::{ScanSpec, Style};
use crate::slice::LabelledSlice;

/// Most scans in one request.
pub const MAX_SCANS: usize = 64;

/// What the page asks of an engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Request {
    /// Fetch these weights, check them, open the device and test it. Answer: [`Event::Progress`] and then
    /// [`Event::Ready`] or [`Event::Failed`].
    Load {
        /// The safetensors file.
        weights: Source,
        /// Device to use. An engine built without WebGPU fails on [`DeviceKind::Gpu`].
        device: DeviceKind,
    },
    /// Make scans. A new job replaces the one that runs: the old one stops between two batches and
    /// sends nothing more. Answer: [`Event::Scans`] one or more times, then [`Event::Done`].
    Generate {
        /// Number of this job, chosen by the page, repeated in the answers.
        job: u32,
        /// What to make; at most [`MAX_SCANS`].
        scans: Vec<ScanSpec>,
        /// Truncation and directions, for all of them.
        style: Style,
        /// Address of the weights of an earlier stage of the training, absolute; none for those that were loaded. Fetched
        /// at its first use and kept.
        stage: Option<String>,
    },
    /// Show what the layers hold on the way to a scan. Answer: [`Event::Layers`], then [`Event::Done`].
    Layers {
        /// Number of this job.
        job: u32,
        /// The scan.
        scan: ScanSpec,
        /// How its latent is bent.
        style: Style,
    },
    /// Let the discriminator judge scans. Answer: [`Event::Verdicts`], then [`Event::Done`].
    Judge {
        /// Number of this job.
        job: u32,
        /// Address of the discriminator's weights, absolute. Fetched at its first use and kept.
        weights: String,
        /// What to judge; at most [`MAX_SCANS`], of the size of the discriminator.
        scans: Vec<LabelledSlice>,
    },
    /// Stop the running job, if any. No answer.
    Cancel,
    /// About a training. A worker that trains does nothing else.
    Train(Ask),
}

/// What an engine tells the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
#[allow(clippy::large_enum_variant, reason = "messages are rare, and each is made, sent and dropped")]
pub enum Event {
    /// Loading goes on.
    Progress {
        /// What is being done.
        stage: LoadStage,
        /// Bytes so far, for [`LoadStage::Weights`].
        done: u32,
        /// Bytes in all, 0 if the server did not say.
        total: u32,
    },
    /// Ready to generate.
    Ready {
        /// The device in use and how it did in its test.
        device: DeviceReport,
        /// What the weights say of themselves.
        model: ModelInfo,
    },
    /// Some scans of a job. The message is a JavaScript array `[event, buffer]`: `buffer` is a transferred
    /// `ArrayBuffer` with, for each scan in order, `size * size` bytes of image and then as many of mask
    /// (0 = black, 255 = white; row by row from the top left).
    Scans {
        /// The job that asked.
        job: u32,
        /// Index of the first of these in the request.
        first: usize,
        /// How many.
        count: usize,
        /// Side of each in pixels.
        size: usize,
    },
    /// The layers of one scan, from 4 x 4 pixels up.
    Layers {
        /// The job that asked.
        job: u32,
        /// Some feature maps of each.
        layers: Vec<FeatureMaps>,
    },
    /// The discriminator's logits, in the order of the scans.
    Verdicts {
        /// The job that asked.
        job: u32,
        /// The logits and how to read them.
        verdicts: Verdicts,
    },
    /// A job cannot be done; the engine is as before.
    Refused {
        /// The job.
        job: u32,
        /// Why.
        failure: Failure,
        /// Technical words for diagnostics, English.
        detail: String,
    },
    /// A job is done.
    Done {
        /// The job.
        job: u32,
        /// Wall time in milliseconds.
        millis: f64,
    },
    /// About a training.
    Training(Tell),
    /// The engine cannot go on; only a new [`Request::Load`], or a new worker, helps.
    Failed {
        /// Why.
        failure: Failure,
        /// Technical words for diagnostics, English.
        detail: String,
    },
}

/// What a discriminator says of some scans.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdicts {
    /// A logit a scan: the higher, the more it looks real.
    pub logits: Vec<f32>,
    /// The logits of scans that are known, to compare with.
    pub reference: LogitReference,
}

/// What the page shows of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// Preset name.
    pub preset: String,
    /// Side in pixels.
    pub size: usize,
    /// Class names as in the data: `glioma`, `meningioma`, `pituitary`, ...
    pub classes: Vec<String>,
    /// Names of the directions in order, as keys of the translations (`head-size`, ...).
    pub directions: Vec<String>,
    /// SHA-256 of the weights file, hexadecimal.
    pub sha256: String,
    /// Thousands of images the discriminator was shown in training.
    pub kimg: f32,
    /// Name of the data set.
    pub dataset: String,
    /// Licence of the weights.
    pub licence: String,
    /// Whom to name.
    pub attribution: String,
    /// Day the weights were written, ISO 8601.
    pub date: String,
}
