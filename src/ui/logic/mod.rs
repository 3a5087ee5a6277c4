//! What the page decides, without a browser: so that `cargo test` reaches all of it.

pub mod address;
pub mod choice;
pub mod fill;
pub mod picture;
pub mod pixels;
pub mod settings;
pub mod trouble;
