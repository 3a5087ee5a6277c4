//! One worker, one engine: it holds a device and a model, and answers requests of the page.

pub mod protocol;
pub mod shared;
pub mod training;

#[cfg(feature = "engine")]
mod device;
#[cfg(feature = "engine")]
mod fetch;
#[cfg(feature = "engine")]
mod port;
#[cfg(feature = "engine")]
pub mod session;
