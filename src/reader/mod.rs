//! The worker that reads the visitor's files, and its protocol.
//!
//! It is a program of its own with little memory, and it is ended when a file takes too long. So no file can harm the
//! page.

pub mod protocol;
#[cfg(feature = "reader")]
pub mod session;
