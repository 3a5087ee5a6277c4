//! Training a pair of networks, for the command line and the browser tab alike. Knows no clock, no file and no browser.
//!
//! `training_loop` takes the steps, `team` shares them among several workers, `cadence` says when something is due, [`measurement`] is what is measured,
//! [`diagnostics`] are the warnings that follow from it, `card` describes the networks that come out. [`tuning`] is what can be changed on the
//! way, and `fine_tuning` is the start from trained networks.

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
