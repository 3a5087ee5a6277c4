//! Training a pair of networks, for the command line and the browser tab alike. Knows no clock, no file and no browser.
//!
//! `training_loop` takes the steps, `cadence` says when something is due, [`measurement`] is what is measured,
//! [`diagnostics`] are the warnings that follow from it, `card` describes the networks that come out.

pub mod diagnostics;
pub mod measurement;

#[cfg(feature = "train")]
pub mod cadence;
#[cfg(feature = "train")]
pub mod card;
#[cfg(feature = "train")]
pub mod training_loop;

#[cfg(all(test, feature = "train"))]
mod tests;
