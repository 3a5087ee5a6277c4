//! Training a pair of networks, for the command line and the browser tab alike. Knows no clock, no file and no browser.
//!
//! `training_loop` takes the steps, `team` shares them among several workers, `cadence` says when something is due,
//! [`measurement`] has the measured values, [`diagnostics`] the warnings that follow from them, and `card` the description of
//! the trained networks. [`tuning`] has the hyperparameters that can change during a run, and `fine_tuning` the start from
//! trained networks.

pub mod diagnostics;
pub mod measurement;
pub mod tuning;

#[cfg(feature = "train")]
pub mod cadence;
#[cfg(feature = "train")]
pub mod card;
#[cfg(feature = "train")]
pub mod fine_tuning;
#[cfg(feature = "train")]
pub mod team;
#[cfg(feature = "train")]
pub mod training_loop;

/// Number of a follower, a worker that helps another one to train. A follower that replaces another has a new number.
pub type FollowerId = u32;

/// Fewest slices of a mini-batch that a worker gets. Sending fewer would cost more than computing them.
pub const MIN_ROWS: usize = 2;

#[cfg(all(test, feature = "train"))]
mod tests;
