//! The command line as people run it: the built program, real files.
#![cfg(feature = "native")]
#![allow(missing_docs)]

mod evaluate;
mod scans;
mod slices;
mod support;
mod train;
mod weights;
