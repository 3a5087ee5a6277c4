//! The training view: slices go in, two networks are trained on them, weights and pictures come out.

pub mod trainer;

#[cfg(feature = "ui")]
mod board;
#[cfg(feature = "ui")]
mod intake;
#[cfg(feature = "ui")]
pub mod tuning_log;
#[cfg(feature = "ui")]
mod view;

#[cfg(feature = "ui")]
pub use view::{TrainingView, provide};
