//! From a stranger's file to a normalised slice. Knows bytes and pixels; knows no tensor and no browser.
//!
//! There is one normalisation ([`normalise`]) for what a trainer sees, what an upload goes through and what
//! the game shows as real: if they differed, the difference would be the answer to the game.

pub mod air;
#[cfg(feature = "read")]
mod burnt;
#[cfg(feature = "native")]
pub mod dataset;
#[cfg(feature = "read")]
pub mod dicom;
#[cfg(feature = "read")]
mod identity;
pub mod limits;
pub mod nearest;
#[cfg(feature = "read")]
pub mod nifti;
pub mod normalise;
#[cfg(feature = "read")]
pub mod nrrd;
pub mod open;
pub mod pack;
#[cfg(feature = "read")]
pub mod picture;
pub mod raster;
mod resample;
pub mod set;
#[cfg(feature = "read")]
mod shown;
#[cfg(feature = "read")]
pub mod sniff;
#[cfg(feature = "read")]
pub mod zip;
