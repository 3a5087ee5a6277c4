//! The protocol between the page and a worker that trains.
//!
//! The page sends [`TrainingRequest`]s, the worker answers with [`TrainingEvent`]s. On the processor other workers, the
//! followers, may help: the page sends them [`FollowerRequest`]s, and the training worker sends them `LeaderMessage`s. Pixels
//! and files travel as transferred buffers beside the message, see [`crate::worker`].

mod copies;
mod event;
mod follower;
mod request;
#[cfg(feature = "train")]
mod team;

pub use copies::{Copies, CopyPair, CopyVerdict};
pub use event::{FRAME_SCANS, TrainingEvent};
pub use follower::{FollowerEvent, FollowerRequest};
pub use request::{Begin, JudgeChoice, StartFrom, TrainingRequest, TrainingSlices};

#[cfg(feature = "train")]
pub use team::{FollowerMessage, LeaderMessage, TeamJudge, TeamSetup};

pub use crate::training::tuning::{AUGMENTS, BATCHES, GAMMAS, RATES, Tuning};

use serde::{Deserialize, Serialize};

/// Name of the workers that train ([`Program::name`](crate::worker::Program::name)).
pub const WORKER_NAME: &str = "training";

/// Name of the workers that are followers.
pub const FOLLOWER_NAME: &str = "follower";

/// Folder of checkpoints in the origin private file system.
pub const STORED_FOLDER: &str = "training";
/// File in this folder that describes the newest checkpoint: JSON of a [`StoredRun`].
pub const STORED_META: &str = "meta.json";

/// Description of the checkpoint in the origin private file system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredRun {
    /// Real slices shown to the discriminator.
    pub images: u64,
    /// Names of the classes.
    pub classes: Vec<String>,
    /// Side of the scans in pixels.
    pub size: usize,
    /// Whether it has a judge, whose network must be fetched.
    #[serde(default)]
    pub judged: bool,
    /// Time of writing, in milliseconds since 1970.
    pub at: f64,
}
