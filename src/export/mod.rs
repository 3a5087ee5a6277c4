//! The files that people take with them: pictures, archives, and the words that say where they come from.
//!
//! A synthetic scan that leaves the page or the command line must still say that it is synthetic when nobody is
//! there to say so: in every PNG, and in the manifest beside it. Knows no file system, no clock, no browser.

pub mod apng;
pub mod archive;
pub mod bundle;
pub mod contact_sheet;
pub mod manifest;
pub mod png;
pub mod provenance;
pub mod training_csv;
