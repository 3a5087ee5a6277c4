//! The view at `#/meten`: sets of pictures are compared in the tab, with the numbers of `hersenscan evaluate`.
//!
//! `sets` turns the visitor's files into slices, [`supervisor`] deals the tasks of [`crate::evaluate::task`] out to workers and keeps
//! the [`state`], `view` asks for the folders, `report` shows what was measured.

pub mod state;
pub mod supervisor;

#[cfg(feature = "ui")]
mod client;
#[cfg(feature = "ui")]
mod report;
#[cfg(feature = "ui")]
mod sets;
#[cfg(feature = "ui")]
mod view;

#[cfg(feature = "ui")]
pub use client::Measurement;
#[cfg(feature = "ui")]
pub use view::{MeasureLink, MeasureView};
