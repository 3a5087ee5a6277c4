//! What the page decides, without a browser: so that `cargo test` reaches all of it.

pub mod address;
pub mod choice;
pub mod diagnostics;
pub mod fill;
pub mod growth;
pub mod picture;
pub mod pixels;
pub mod ruler;
pub mod settings;
pub mod thousands;
pub mod trouble;
