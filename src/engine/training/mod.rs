//! Training in the tab: a worker that learns from the visitor's slices with the very code of the native trainer.
//!
//! [`session`] listens and keeps the order of things; `run` is one training and its steps; `start` makes its networks,
//! `copies` and `export` are what comes out, `disk` keeps checkpoints, [`course`] says how it goes.

pub mod course;
pub mod protocol;

#[cfg(feature = "gpu")]
mod copies;
#[cfg(feature = "gpu")]
mod disk;
#[cfg(feature = "gpu")]
mod export;
#[cfg(feature = "gpu")]
mod port;
#[cfg(feature = "gpu")]
mod run;
#[cfg(feature = "gpu")]
pub mod session;
#[cfg(feature = "gpu")]
mod start;
