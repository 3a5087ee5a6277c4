//! Brain MRI slices, real and generated: a GAN that runs and trains in a browser tab, and natively.
//!
//! Dependencies go one way. [`ui`] is the page. It sends requests to its workers over [`worker`]; the
//! engine uses [`gan`]. The programs are in `src/bin`. [`gan`], [`slices`] and [`game`] use no browser interface.
#![deny(clippy::unwrap_used, clippy::expect_used)]
#![warn(missing_docs)]
// burn's nested generic types exceed rustc's default limit.
#![recursion_limit = "256"]

pub mod card;
pub mod date;
#[cfg(feature = "web")]
pub mod download;
pub mod engine;
pub mod evaluate;
pub mod export;
pub mod game;
pub mod gan;
pub mod lab;
pub mod licence;
pub mod mark;
#[cfg(feature = "read")]
pub mod qr_codes;
pub mod reader;
#[cfg(feature = "pack")]
pub mod scans;
pub mod slice;
pub mod slices;
pub mod splitmix;
pub mod statistics;
pub mod study;
pub mod training;
pub mod worker;

#[cfg(feature = "native")]
pub mod cli;
// Native tests cover its logic without a browser.
#[cfg(any(feature = "ui", test))]
pub mod ui;
