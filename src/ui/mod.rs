//! The page.
//!
//! `page` is the frame around every view; `story`, `game`, `studio`, `training`, `lab` and `about` are the views; `engine`
//! manages the workers. [`speed`] measures the device; [`logic`] is everything that needs no browser. Nothing here uses tensors.

pub mod logic;

#[cfg(feature = "ui")]
pub mod about;
#[cfg(feature = "ui")]
pub mod active_model;
#[cfg(feature = "ui")]
pub mod canvas;
pub mod engine;
#[cfg(feature = "ui")]
pub mod failure;
#[cfg(feature = "ui")]
pub mod game;
pub mod lab;
#[cfg(feature = "ui")]
pub mod leave_one_free;
#[cfg(feature = "ui")]
pub mod markup;
#[cfg(feature = "ui")]
pub mod model_choice;
#[cfg(feature = "ui")]
pub mod names;
#[cfg(feature = "ui")]
pub mod offline;
#[cfg(feature = "ui")]
pub mod page;
#[cfg(feature = "ui")]
pub mod random;
pub mod reader;
#[cfg(feature = "ui")]
pub mod real_scans;
#[cfg(feature = "ui")]
pub mod route;
#[cfg(feature = "ui")]
pub mod save;
pub mod speed;
#[cfg(feature = "ui")]
pub mod start;
#[cfg(feature = "ui")]
pub mod story;
#[cfg(feature = "ui")]
pub mod studio;
#[cfg(feature = "ui")]
pub mod timer;
pub mod training;
#[cfg(feature = "ui")]
pub mod update;
#[cfg(feature = "ui")]
pub mod urls;
#[cfg(feature = "ui")]
pub mod view;
#[cfg(feature = "ui")]
pub mod words;
