//! The files that people take with them: pictures, archives, and the words that say where they come from.
//!
//! A synthetic scan that leaves the page or the command line must still say that it is synthetic when nobody is
//! there to say so: in every PNG, and in the manifest beside it. Knows no file system, no clock, no browser.

pub mod archive;
pub mod bundle;
pub mod film;
pub mod grid;
pub mod log;
pub mod manifest;
pub mod origin;
pub mod png;
