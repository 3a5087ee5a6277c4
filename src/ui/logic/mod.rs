//! What the page decides, without a browser: so that `cargo test` reaches all of it.

pub mod address;
pub mod chart;
pub mod choice;
pub mod diagnostics;
pub mod expectation;
pub mod fill;
pub mod growth;
pub mod knob;
pub mod models;
pub mod picture;
pub mod ruler;
pub mod settings;
pub mod size_choice;
pub mod thin;
pub mod thousands;
pub mod timeline;
pub mod trouble;
pub mod weights_head;
