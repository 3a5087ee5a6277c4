//! Requests of the page.

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::engine::shared::{DeviceKind, Source};
use crate::gan::preset::Network;
use crate::slice::{LabelledSlice, Slice};
use crate::training::FollowerId;
use crate::training::tuning::Tuning;
use crate::worker::{Buffer, Message, Port, put_pixels, take_pixels};

/// A request of the page to a worker that trains. The answers are [`TrainingEvent`](super::TrainingEvent)s.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum TrainingRequest {
    /// Open the device, make or fetch the networks, warm up. Answers: `Progress`, `Warming`, `Frame`, `Saved`, then
    /// `Prepared`. The training then waits for [`TrainingRequest::Go`].
    Begin(Box<Begin>),
    /// Train until another request arrives. Answer: `Running`.
    Go,
    /// Stop after the current step and make a checkpoint. Answers: `Saved`, `Frame`, then `Running`.
    Pause,
    /// Train one network for one step, then pause. Answers: `Checked`, `Measured`, `Frame`, then `Running`.
    Step {
        /// The network to train.
        network: Network,
    },
    /// Change the hyperparameters from the next step on. No answer.
    Tune {
        /// The new hyperparameters.
        tuning: Tuning,
    },
    /// Compare samples with the training slices. Answer: `Copies`.
    CompareCopies {
        /// Use the current generator instead of the best one kept.
        #[serde(default)]
        last: bool,
    },
    /// Make a weights file. Answer: `Exported`.
    Export {
        /// The network to export.
        network: Network,
        /// Use the current generator instead of the best one kept. The discriminator is always the current one.
        #[serde(default)]
        last: bool,
    },
    /// Let another worker help from now on, if this one trains on the processor. No answer; it takes effect at once.
    AddFollower {
        /// Its number. No other follower has had it.
        id: FollowerId,
        /// This end of the channel to it.
        #[serde(skip)]
        port: Option<Port>,
    },
    /// Go on without a follower. No answer; it takes effect at once.
    RemoveFollower {
        /// Its number.
        id: FollowerId,
    },
}

impl Message for TrainingRequest {
    fn take_buffers(&mut self) -> Vec<Buffer> {
        match self {
            Self::Begin(begin) => vec![take_pixels(begin.set.slices_mut())],
            _ => Vec::new(),
        }
    }

    fn put_buffers(&mut self, mut buffers: Vec<Buffer>) -> Result<(), String> {
        match self {
            Self::Begin(begin) => put_pixels(begin.set.slices_mut(), Buffer::single(buffers)?),
            _ if buffers.pop().is_none() => Ok(()),
            _ => Err("this request has no buffers".to_owned()),
        }
    }

    fn take_ports(&mut self) -> Vec<Port> {
        match self {
            Self::AddFollower { port, .. } => port.take().into_iter().collect(),
            _ => Vec::new(),
        }
    }

    fn put_ports(&mut self, ports: Vec<Port>) -> Result<(), String> {
        match self {
            Self::AddFollower { port, .. } => {
                *port = Some(Port::single(ports)?);
                Ok(())
            }
            _ if ports.is_empty() => Ok(()),
            _ => Err("this request has no channels".to_owned()),
        }
    }
}

/// What a training begins with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Begin {
    /// Where to compute.
    pub device: DeviceKind,
    /// Whether a software adapter is accepted. Otherwise it counts as no adapter, because the processor is faster.
    pub software: bool,
    /// The slices.
    pub set: TrainingSlices,
    /// The weights.
    pub start: StartFrom,
    /// The hyperparameters.
    pub tuning: Tuning,
    /// Seed of everything random.
    pub seed: u64,
    /// Whether checkpoints may be written to the origin private file system.
    pub keep: bool,
    /// The judge. Without one, a checkpoint with a judge cannot be resumed.
    #[serde(default)]
    pub judge: Option<JudgeChoice>,
    /// Followers that the page is about to add. The training waits for them before it measures its speed, but not for long.
    #[serde(default)]
    pub followers: usize,
}

/// The judge of a training: a second discriminator, on the features of a network that was trained on photographs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgeChoice {
    /// Whether a new training gets one. A checkpoint decides for itself.
    pub wanted: bool,
    /// The file of that network. It is fetched if the training has a judge.
    pub network: Source,
}

/// Slices to train on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainingSlices {
    /// Side of each slice in pixels: that of the preset.
    pub size: usize,
    /// Names of the classes.
    pub classes: Vec<String>,
    /// Training slices.
    pub train: Vec<LabelledSlice>,
    /// Held-out slices, for measurements. May be empty.
    pub held_out: Vec<LabelledSlice>,
    /// Where the slices come from, for the card: `slices of the visitor`, or the name of a data set.
    pub source: String,
}

impl TrainingSlices {
    fn slices_mut(&mut self) -> impl Iterator<Item = &mut Slice> {
        self.train.iter_mut().chain(&mut self.held_out).map(|labelled| &mut labelled.slice)
    }
}

/// The weights that a training starts from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "kebab-case")]
pub enum StartFrom {
    /// Random weights.
    Random {
        /// Name of the preset.
        preset: String,
    },
    /// Trained weights. Without a discriminator, a new one gets a head start.
    Weights {
        /// The generator.
        generator: Source,
        /// The discriminator that was trained with it.
        discriminator: Option<Source>,
    },
    /// A checkpoint of [`TrainingEvent::Saved`](super::TrainingEvent::Saved). The training goes on where it was.
    Checkpoint {
        /// The file.
        bytes: ByteBuf,
    },
    /// The checkpoint in the origin private file system.
    Stored,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_travel_in_one_buffer() {
        let slice = |class, value| LabelledSlice { class, slice: Slice::without_tumour(2, vec![value; 4]) };
        let set = TrainingSlices {
            size: 2,
            classes: vec!["a".into()],
            train: vec![slice(0, 1), slice(0, 2)],
            held_out: vec![slice(0, 3)],
            source: String::new(),
        };
        let begin = Begin {
            device: DeviceKind::Cpu,
            software: false,
            set,
            start: StartFrom::Stored,
            tuning: Tuning::FRESH,
            seed: 1,
            keep: false,
            judge: None,
            followers: 0,
        };
        let sent = TrainingRequest::Begin(Box::new(begin));
        let mut request = sent.clone();
        let buffers = request.take_buffers();
        assert_eq!(buffers.len(), 1);
        let header = serde_json::to_string(&request).unwrap_or_default();
        assert!(!header.contains('3'), "no pixel is in the header: {header}");
        assert_eq!(request.put_buffers(buffers), Ok(()));
        assert_eq!(request, sent);
        assert!(request.put_buffers(Vec::new()).is_err(), "without pixels");
        assert!(TrainingRequest::Go.put_buffers(vec![Buffer::default()]).is_err(), "pixels that nobody asked for");
    }
}
