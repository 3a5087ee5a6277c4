//! The worker that opens strangers' files, and the messages it speaks.
//!
//! It is a program of its own, with little memory, that is ended when a file takes too long: whatever a file does, the
//! page lives on.

pub mod protocol;
#[cfg(feature = "reader")]
pub mod session;
