//! Measures a generator against real slices of held-out patients. Every number comes with the same number for real slices
//! of other patients. `docs/evaluation.md` explains each measure.

pub mod classifier;
pub mod copying;
pub mod density_coverage;
pub mod distribution;
pub mod efficientnet_lite;
pub mod features;
pub mod frechet;
pub mod generated;
pub mod kid;
pub mod masks;
pub mod report;
pub mod small_network;
pub mod statistics;
pub mod tumours;
pub mod two_sample;
pub mod unet;
