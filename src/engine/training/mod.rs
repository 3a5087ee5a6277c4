//! Training in the tab: a worker that trains on the visitor's slices with the loop of the command line ([`crate::training`]).
//!
//! `session` answers requests, `run` drives the training loop and reports to the page, `start` makes the networks, `copies`
//! and `export` are results, `disk` stores checkpoints. On the processor other workers help: `follower` is their
//! session, and `followers` is the way to them.

pub mod protocol;

#[cfg(any(feature = "gpu", test))]
mod copies;
#[cfg(feature = "gpu")]
mod disk;
#[cfg(all(test, not(feature = "gpu")))]
#[path = "fake_disk.rs"]
mod disk;
#[cfg(any(feature = "gpu", test))]
mod export;
#[cfg(feature = "gpu")]
pub mod follower;
#[cfg(feature = "gpu")]
mod followers;
#[cfg(any(feature = "gpu", test))]
mod run;
#[cfg(feature = "gpu")]
pub mod session;
#[cfg(any(feature = "gpu", test))]
mod start;
#[cfg(test)]
#[cfg(feature = "native")]
mod visitor_sets;
