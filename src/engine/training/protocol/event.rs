//! Events of a worker that trains.

use serde::{Deserialize, Serialize};

use super::{Copies, Tuning};
use crate::engine::shared::{DeviceReport, Failure, LoadStage};
use crate::gan::preset::Network;
use crate::slice::Slice;
use crate::training::FollowerId;
use crate::training::diagnostics::Notice;
use crate::training::measurement::{Counts, DistanceCheck, Forecast, OverfitCheck, TrainingMeasurement};
use crate::worker::{Buffer, Message};

/// Scans in a frame of the timeline.
pub const FRAME_SCANS: usize = 16;

/// An event of a worker that trains.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum TrainingEvent {
    /// Loading goes on.
    Progress {
        /// The current step of loading.
        stage: LoadStage,
        /// Bytes so far, for [`LoadStage::Weights`].
        done: u32,
        /// Bytes in all; 0 if the server does not say.
        total: u32,
    },
    /// The warm-up goes on: steps that are timed and thrown away.
    Warming {
        /// Steps taken.
        done: usize,
        /// Steps in all.
        total: usize,
    },
    /// The training can go.
    Prepared {
        /// The device.
        device: DeviceReport,
        /// The speed measured in the warm-up.
        forecast: Forecast,
        /// Progress so far: above 0 if the training goes on from a checkpoint.
        counts: Counts,
        /// The hyperparameters in use.
        tuning: Tuning,
        /// Workers that took the last step of the warm-up together.
        workers: usize,
        /// Whether it has a judge.
        judged: bool,
    },
    /// The training runs, or has paused.
    Running {
        /// Whether it runs.
        running: bool,
        /// Progress so far.
        counts: Counts,
    },
    /// Losses: about once a second, and after a single step.
    Measured {
        /// The measurement.
        measurement: TrainingMeasurement,
        /// Workers that took the last step together.
        workers: usize,
    },
    /// An overfitting check.
    Checked {
        /// The check.
        check: OverfitCheck,
    },
    /// The distance to held-out slices, if the training has a judge and enough of them.
    Distance {
        /// The measurement.
        check: DistanceCheck,
    },
    /// Samples of the current generator. All frames have the same latents.
    Frame {
        /// Real slices shown to the discriminator.
        images: u64,
        /// Seconds of training.
        seconds: f64,
        /// Side of each scan in pixels.
        size: usize,
        /// Number of scans.
        count: usize,
        /// The scans. They travel as a buffer.
        #[serde(skip)]
        scans: Vec<Slice>,
    },
    /// All warnings that apply now, in place of the earlier ones.
    Notices {
        /// The warnings.
        notices: Vec<Notice>,
    },
    /// The training changed its hyperparameters.
    Tuned {
        /// The hyperparameters in use.
        tuning: Tuning,
    },
    /// A checkpoint was made.
    Saved {
        /// Real slices shown to the discriminator.
        images: u64,
        /// Whether it is in the origin private file system.
        on_disk: bool,
        /// The file, if it is not on disk. It travels as a buffer.
        #[serde(skip)]
        bytes: Buffer,
    },
    /// Samples beside the training slices nearest to them.
    Copies {
        /// The comparison.
        copies: Copies,
    },
    /// A weights file.
    Exported {
        /// The network in it.
        network: Network,
        /// The file. It travels as a buffer.
        #[serde(skip)]
        bytes: Buffer,
    },
    /// A follower does not work any more. The training goes on without it.
    FollowerLost {
        /// Its number.
        id: FollowerId,
    },
    /// A request cannot be fulfilled. The training is as before.
    Refused {
        /// Why.
        failure: Failure,
        /// Technical details, English.
        detail: String,
    },
    /// The training cannot go on. Only a new worker helps.
    Failed {
        /// Why.
        failure: Failure,
        /// Technical details, English.
        detail: String,
    },
}

impl Message for TrainingEvent {
    fn take_buffers(&mut self) -> Vec<Buffer> {
        match self {
            Self::Frame { scans, .. } => vec![Slice::concat(&std::mem::take(scans)).into()],
            Self::Saved { on_disk: false, bytes, .. } | Self::Exported { bytes, .. } => vec![std::mem::take(bytes)],
            Self::Copies { copies } => vec![copies.take_pixels()],
            _ => Vec::new(),
        }
    }

    fn put_buffers(&mut self, mut buffers: Vec<Buffer>) -> Result<(), String> {
        match self {
            Self::Frame { size, count, scans, .. } => {
                let bytes = Buffer::single(buffers)?.into_bytes();
                *scans = Slice::split(&bytes, *count, *size).map_err(|error| error.to_string())?;
            }
            Self::Saved { on_disk: false, bytes, .. } | Self::Exported { bytes, .. } => {
                *bytes = Buffer::single(buffers)?;
            }
            Self::Copies { copies } => copies.put_pixels(Buffer::single(buffers)?)?,
            _ if buffers.pop().is_none() => {}
            _ => return Err("this event has no buffers".to_owned()),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CopyPair, CopyVerdict};
    use super::*;

    /// Sends an event as JSON and buffers, and receives it.
    fn sent(mut event: TrainingEvent) -> Result<TrainingEvent, String> {
        let buffers = event.take_buffers();
        let header = serde_json::to_string(&event).map_err(|error| error.to_string())?;
        let mut event: TrainingEvent = serde_json::from_str(&header).map_err(|error| error.to_string())?;
        event.put_buffers(buffers)?;
        Ok(event)
    }

    #[test]
    fn scans_files_and_copies_arrive_as_they_were_sent() {
        let scans = || vec![Slice { size: 2, image: vec![1, 2, 3, 4], mask: vec![0, 0, 0, 9] }; 2];
        let frame = || TrainingEvent::Frame { images: 8, seconds: 1.5, size: 2, count: 2, scans: scans() };
        assert_eq!(sent(frame()), Ok(frame()));
        let exported = || TrainingEvent::Exported { network: Network::Generator, bytes: vec![1, 2, 3].into() };
        assert_eq!(sent(exported()), Ok(exported()));
        let saved = |on_disk, bytes: Vec<u8>| TrainingEvent::Saved { images: 8, on_disk, bytes: bytes.into() };
        assert_eq!(sent(saved(false, vec![7])), Ok(saved(false, vec![7])));
        assert_eq!(sent(saved(true, Vec::new())), Ok(saved(true, Vec::new())));
        let pair = |value| CopyPair {
            sample: vec![value; 4],
            nearest: vec![value + 1; 4],
            distance: 2.5,
            mirrored: true,
            shift: (1, -1),
        };
        let copies = || TrainingEvent::Copies {
            copies: Copies {
                images: 8,
                size: 2,
                pairs: vec![pair(1), pair(5)],
                samples: vec![0.5],
                held_out: vec![],
                flagged: 0.0,
                verdict: CopyVerdict::Unknown,
            },
        };
        assert_eq!(sent(copies()), Ok(copies()));
    }

    #[test]
    fn buffers_that_do_not_fit_are_refused() {
        let mut frame = TrainingEvent::Frame { images: 0, seconds: 0.0, size: 2, count: 2, scans: Vec::new() };
        assert!(frame.put_buffers(vec![vec![0; 15].into()]).is_err());
        assert!(frame.put_buffers(Vec::new()).is_err());
        let mut warming = TrainingEvent::Warming { done: 0, total: 4 };
        assert!(warming.put_buffers(vec![Buffer::default()]).is_err());
    }
}
