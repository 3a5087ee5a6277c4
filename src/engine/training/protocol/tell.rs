//! What a training tells.

use serde::{Deserialize, Serialize};

use super::{Copies, Counts, Forecast, Gauge, Notice, Point, Tuning, Who};
use crate::engine::shared::{DeviceReport, Failure};

/// Scans in a frame of the timeline.
pub const FRAME_SCANS: usize = 16;

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
