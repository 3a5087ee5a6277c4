//! The engine that makes scans: it loads a generator, and answers requests for scans, layers and verdicts.

#[cfg(feature = "engine")]
mod loaded;
pub mod protocol;
#[cfg(any(feature = "engine", test))]
mod queue;
#[cfg(feature = "engine")]
pub mod session;
#[cfg(feature = "engine")]
mod warm_up;
