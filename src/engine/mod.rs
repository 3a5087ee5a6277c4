//! The workers that compute. [`making`] makes scans, [`training`] trains networks; each has its own protocol.
//!
//! One program serves both: the name of the worker says which one it is.

pub mod making;
pub mod shared;
pub mod training;

#[cfg(feature = "web")]
pub mod adapter;
#[cfg(feature = "engine")]
mod device;
#[cfg(feature = "engine")]
mod fetch;
