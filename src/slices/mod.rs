//! Turns the files of visitors into normalised slices. Works on bytes and pixels; uses no tensors and no browser.
//!
//! [`detect`] tells the format of a file by its content. [`open`] passes the file to the reader of that format, which
//! returns a [`decoded::DecodedFile`] or a [`decoded::Refusal`]. Every reader keeps to [`limits`].
//!
//! There is one normalisation, [`normalise`]. The trainer, the upload and the game all use it. If they differed, a player
//! could tell real slices from generated ones by the difference.

// The program `scans` compiles some modules without `read`, and uses only a part of their functions.

pub mod air;
#[cfg(feature = "read")]
mod burned_in;
pub mod class_table;
pub mod collection;
#[cfg(feature = "pack")]
pub mod dataset;
#[cfg_attr(not(feature = "read"), allow(dead_code))]
pub mod decoded;
#[cfg(feature = "read")]
mod detect;
#[cfg(feature = "read")]
pub mod dicom;
pub mod limits;
pub mod nearest;
#[cfg(feature = "read")]
pub mod nifti;
pub mod normalise;
#[cfg(any(feature = "read", feature = "pack"))]
#[cfg_attr(not(feature = "read"), allow(dead_code))]
pub mod nrrd;
#[cfg(feature = "read")]
pub mod open;
#[cfg(any(feature = "read", feature = "pack"))]
mod orientation;
pub mod pack;
pub mod people;
#[cfg(feature = "read")]
pub mod picture;
pub mod raster;
mod resample;
#[cfg(any(feature = "read", feature = "pack"))]
#[cfg_attr(not(feature = "read"), allow(dead_code))]
mod sample_type;
pub mod system_files;
pub mod validation;
#[cfg(any(feature = "read", feature = "pack"))]
#[cfg_attr(not(feature = "read"), allow(dead_code))]
pub mod volume;
#[cfg(any(feature = "read", feature = "pack"))]
#[cfg_attr(not(feature = "read"), allow(dead_code))]
mod window;
#[cfg(feature = "read")]
pub mod zip;

/// Builds test files of every format.
#[cfg(all(test, feature = "read"))]
#[path = "../../tests/hostile/forge.rs"]
mod forge;
