//! The lab in the tab: a worker that trains and tests the learners of one experiment, a run at a time.

pub mod protocol;

#[cfg(any(feature = "gpu", test))]
pub mod session;
