//! From a stranger's file to a normalised slice. Knows bytes and pixels; knows no tensor and no browser.
//!
//! There is one normalisation ([`normalise`]) for what a trainer sees, what an upload goes through and what
//! the game shows as real: if they differed, the difference would be the answer to the game.

pub mod air;
#[cfg(feature = "native")]
pub mod dataset;
pub mod normalise;
#[cfg(feature = "native")]
pub mod nrrd;
pub mod pack;
pub mod raster;
mod resample;
