//! Files for download: images, archives, and their provenance.
//!
//! Every exported scan is marked as synthetic, for people and for machines, in the PNG itself and in the files next to it. This
//! module uses no file system, no clock and no browser interface.

pub mod apng;
pub mod archive;
pub mod bundle;
pub mod contact_sheet;
pub mod croissant;
pub mod manifest;
pub mod masks;
pub mod png;
pub mod provenance;
pub mod reproduction;
pub mod ro_crate;
pub mod samples_csv;
mod shared_buffer;
pub mod training_csv;

#[cfg(all(test, feature = "read"))]
mod tests;
