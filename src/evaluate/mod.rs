//! Measures a generator against real slices of people whom it never saw, with what real slices of other people get beside
//! every number. See `docs/evaluation.md` for what each number means.

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
