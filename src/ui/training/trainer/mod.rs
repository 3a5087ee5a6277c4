//! The training on the page. It lives as long as the page and goes on while another view is open.
//!
//! `client` is what the views use: signals, and requests in `requests`. [`supervisor`] looks after the worker, [`followers`]
//! after those that help it, `events` turns its events into signals, `plan` describes the next training, and `stored` finds the
//! checkpoint of an earlier visit.

pub mod followers;
mod phase;
pub mod supervisor;

#[cfg(feature = "ui")]
mod client;
#[cfg(feature = "ui")]
mod events;
#[cfg(feature = "ui")]
mod plan;
#[cfg(feature = "ui")]
mod requests;
#[cfg(feature = "ui")]
mod stored;

#[cfg(feature = "ui")]
pub use client::{Frame, OwnModel, SavedCheckpoint, Trainer};
pub use phase::{Pause, TrainingPhase};
#[cfg(feature = "ui")]
pub use plan::{Plan, StartChoice, TrainingData};

pub use crate::engine::shared::{DeviceKind, DeviceReport, LoadStage};
pub use crate::engine::training::protocol::{
    AUGMENTS, BATCHES, Copies, CopyPair, CopyVerdict, GAMMAS, RATES, StoredRun, Tuning,
};
pub use crate::gan::preset::Network;
pub use crate::slice::Slice;
pub use crate::slices::collection::{SliceSource, selection::TrainingSet};
pub use crate::training::diagnostics::{Notice, NoticeKind};
pub use crate::training::measurement::{Counts, DistanceCheck, Forecast, OverfitCheck, TrainingMeasurement};
