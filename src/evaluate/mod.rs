//! Measures a generator against real slices of people whom it never saw, with what real slices of other people get beside
//! every number. See `docs/evaluation.md` for what each number means.

pub mod classifier;
pub mod copying;
pub mod distribution;
pub mod efficientnet;
pub mod features;
pub mod fit;
pub mod frechet;
pub mod generated;
pub mod kid;
pub mod learned;
pub mod masks;
pub mod neighbours;
pub mod report;
pub mod statistics;
pub mod tumours;
pub mod unet;
