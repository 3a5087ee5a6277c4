//! Measures a generator against real slices of held-out patients. Every number comes with the same number for real slices
//! of other patients. `docs/evaluation.md` explains each measure.
//!
//! The small networks and the statistics also work in the browser, for [`crate::lab`].

pub mod classifier;
pub mod masks;
pub mod small_network;
pub mod statistics;
pub mod unet;

#[cfg(feature = "native")]
pub mod copying;
#[cfg(feature = "native")]
pub mod density_coverage;
#[cfg(feature = "native")]
pub mod distribution;
#[cfg(feature = "native")]
pub mod efficientnet_lite;
#[cfg(feature = "native")]
pub mod features;
#[cfg(feature = "native")]
pub mod frechet;
#[cfg(feature = "native")]
pub mod generated;
#[cfg(feature = "native")]
pub mod kid;
#[cfg(feature = "native")]
pub mod report;
#[cfg(feature = "native")]
pub mod tumours;
#[cfg(feature = "native")]
pub mod two_sample;
