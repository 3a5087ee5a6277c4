//! The workers that compute. [`making`] makes scans, [`training`] trains networks, [`lab`] tests whether fakes help another
//! network, [`measure`] compares sets of slices; each has its own protocol.
//!
//! One program serves all: the name of the worker says which one it is.

pub mod lab;
pub mod making;
pub mod measure;
pub mod shared;
pub mod training;

#[cfg(feature = "web")]
pub mod adapter;
#[cfg(feature = "engine")]
mod device;
#[cfg(any(feature = "engine", test))]
mod fetch;
