//! Brain MRI slices, real and generated: a GAN that trains natively and runs in a browser tab.
//!
//! Arrows go one way: [`ui`] talks to an engine through [`engine::protocol`]; the engine drives [`gan`];
//! programs in `src/bin` wire them. [`gan`] and [`slices`] know no browser.
#![deny(clippy::unwrap_used, clippy::expect_used)]
#![warn(missing_docs)]
// Deep generic types of the tensor library meet rustc's default limit.
#![recursion_limit = "256"]

pub mod card;
pub mod date;
#[cfg(feature = "web")]
pub mod download;
pub mod engine;
pub mod export;
pub mod game;
pub mod gan;
pub mod reader;
pub mod slice;
pub mod slices;
pub mod worker;

#[cfg(feature = "native")]
pub mod cli;
#[cfg(feature = "native")]
pub mod evaluate;
// Its logic is tested without a browser.
#[cfg(any(feature = "ui", test))]
pub mod ui;
