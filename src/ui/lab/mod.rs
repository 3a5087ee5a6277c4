//! The view at `#/lab`: do fakes help another network to learn? The visitor runs the experiment of [`crate::lab`] in the tab.
//!
//! `client` is the experiment as signals; [`supervisor`] deals its runs out to workers and keeps its [`state`]. `people` brings
//! the slices, `form` asks for the settings, `about` tells them, `rows` and `outcome` show what was found, `full_size` what the
//! project found with all patients, `export` lets the visitor take it along.

pub mod state;
pub mod supervisor;

#[cfg(feature = "ui")]
mod about;
#[cfg(feature = "ui")]
mod client;
#[cfg(feature = "ui")]
mod export;
#[cfg(feature = "ui")]
pub mod form;
#[cfg(feature = "ui")]
mod full_size;
#[cfg(feature = "ui")]
mod limits;
#[cfg(feature = "ui")]
pub mod outcome;
#[cfg(feature = "ui")]
pub mod people;
#[cfg(feature = "ui")]
pub mod rows;
#[cfg(feature = "ui")]
mod view;

#[cfg(feature = "ui")]
pub use client::Lab;
#[cfg(feature = "ui")]
pub use view::LabView;
