//! Tests of the command line: they run the built program on real files.
#![cfg(feature = "native")]
#![allow(missing_docs)]

mod evaluate;
mod lab;
mod scans;
mod slices;
mod support;
mod train;
mod weights;
