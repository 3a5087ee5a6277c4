//! Does a reader that also learns from generated scans do better on people that nothing has seen?
//!
//! A *reader* is a small network: a classifier that names the type, or a U-Net that marks the tumour. An *arm* is a way to
//! teach it ([`arm`]). A *repetition* is one draw of train persons, first weights and order, the same in all arms. Everything
//! is measured on the same test persons, and persons are the unit of every number.
//!
//! This folder uses no browser, no clock and no files.

pub mod arm;
pub mod batch;
pub mod comparison;
pub mod draw;
pub mod fakes;
pub mod outcomes;
pub mod people;
pub mod picture;
pub mod power;
pub mod reader;
pub mod report;
#[cfg(test)]
mod simulations;
pub mod spread;
pub mod student;
pub mod table;
