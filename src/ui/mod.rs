//! What a person sees.
//!
//! `page` is the frame around every view; `story`, `game`, `studio`, `training` and `about` are the views; `engine` looks after
//! the workers that compute them, [`logic`] is all that can be decided without a browser. Nothing here knows tensors: pixels
//! come in, pixels are drawn.

pub mod logic;

#[cfg(feature = "ui")]
pub mod about;
#[cfg(feature = "ui")]
pub mod chosen;
pub mod engine;
#[cfg(feature = "ui")]
pub mod failure;
#[cfg(feature = "ui")]
pub mod game;
#[cfg(feature = "ui")]
pub mod model_choice;
#[cfg(feature = "ui")]
pub mod offline;
#[cfg(feature = "ui")]
pub mod page;
#[cfg(feature = "ui")]
pub mod pixels_canvas;
#[cfg(feature = "ui")]
pub mod places;
pub mod reader;
#[cfg(feature = "ui")]
pub mod route;
#[cfg(feature = "ui")]
pub mod save;
#[cfg(feature = "ui")]
pub mod scans;
#[cfg(feature = "ui")]
pub mod start;
#[cfg(feature = "ui")]
pub mod story;
#[cfg(feature = "ui")]
pub mod studio;
#[cfg(feature = "ui")]
pub mod training;
#[cfg(feature = "ui")]
pub mod update;
#[cfg(feature = "ui")]
pub mod view;
#[cfg(feature = "ui")]
pub mod words;
#[cfg(feature = "ui")]
pub mod worker;
