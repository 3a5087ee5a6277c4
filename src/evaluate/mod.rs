//! Measures a generator against real slices of held-out patients. Every number comes with the same number for real slices
//! of other patients. `docs/evaluation.md` explains each measure.
//!
//! [`comparison`] needs images only, and works in the browser, too: its [tasks](task) are shared by threads or workers. The small
//! networks and the statistics also serve [`crate::lab`].

pub mod report;
pub mod task;

#[cfg(feature = "train")]
pub mod classifier;
#[cfg(feature = "train")]
pub mod comparison;
#[cfg(feature = "train")]
pub mod copying;
#[cfg(feature = "train")]
pub mod density_coverage;
#[cfg(feature = "train")]
pub mod distribution;
#[cfg(feature = "train")]
pub mod efficientnet_lite;
#[cfg(feature = "train")]
pub mod eigen;
#[cfg(feature = "train")]
pub mod features;
#[cfg(feature = "train")]
pub mod frechet;
#[cfg(feature = "train")]
pub mod masks;
#[cfg(feature = "train")]
pub mod small_network;
#[cfg(feature = "train")]
pub mod statistics;
#[cfg(feature = "train")]
pub mod two_sample;
#[cfg(feature = "train")]
pub mod unet;

#[cfg(feature = "native")]
pub mod generated;
#[cfg(feature = "native")]
pub mod tumours;
