//! Reader studies: people decide whether pictures are real or generated. Pure functions without clock and browser.
//!
//! A seed and [`settings`] choose the cases and their order ([`plan`]). [`file`] takes a study to another computer without
//! telling which picture is which. Each reader hands in a [`sheet`], as a code. [`join`] reads the codes of all readers,
//! [`measures`] evaluates the answers, and [`report`] writes the table of answers and the paragraph for a paper.

pub mod file;
pub mod join;
pub mod kappa;
pub mod measures;
pub mod plan;
pub mod report;
pub mod settings;
pub mod sheet;
