//! The view that trains: slices in, two networks trained on them, weights and pictures out.

pub mod trainer;

#[cfg(feature = "ui")]
mod board;
#[cfg(feature = "ui")]
mod intake;
#[cfg(feature = "ui")]
mod view;

#[cfg(feature = "ui")]
pub use view::{TrainingView, provide};
