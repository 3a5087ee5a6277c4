//! Does a network do better if it also learns from generated scans? It is tested on people that it has not seen. As far as is
//! known, the generator has not seen them either.
//!
//! A *learner* is a small network: a classifier that names the type, or a U-Net that marks the tumour. An *arm* is what it
//! learns from ([`arm`]). A *repetition* is one draw of train persons, initial weights and order, the same in all arms.
//! Everything is measured on the same test persons, and persons are the unit of every number.
//!
//! This folder uses no browser, no clock and no files.

pub mod arm;
pub mod draw;
pub mod drawn_people;
#[cfg(feature = "pack")]
pub mod first_persons;
pub mod folds;
pub mod outcomes;
#[cfg(any(feature = "train", feature = "ui"))]
pub mod power;
pub mod setup;
#[cfg(any(feature = "train", feature = "ui"))]
pub mod student;
pub mod svg;
pub mod variance_components;
pub mod verdict;

#[cfg(feature = "train")]
pub mod batch;
#[cfg(feature = "train")]
pub mod blend;
#[cfg(feature = "train")]
pub mod comparison;
#[cfg(feature = "train")]
pub mod experiment;
#[cfg(feature = "train")]
pub mod fakes;
#[cfg(feature = "train")]
pub mod learner;
#[cfg(feature = "train")]
pub mod people;
#[cfg(feature = "train")]
pub mod picture;
#[cfg(feature = "train")]
pub mod report;
#[cfg(all(test, feature = "train"))]
mod simulations;
#[cfg(feature = "train")]
pub mod table;
