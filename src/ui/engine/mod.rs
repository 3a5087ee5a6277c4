//! The engines that make scans, seen from the page.
//!
//! [`client`] is what other parts of the page use. Behind it, [`engines`] starts the workers, chooses the device and goes
//! on after a failure; `job_queue` decides which [`job`] is next, and `parts` which worker makes which of its scans. Only
//! `client` knows the browser.

#[cfg(feature = "ui")]
pub mod client;
pub mod engines;
pub mod job;
mod job_queue;
mod parts;
mod workers;
