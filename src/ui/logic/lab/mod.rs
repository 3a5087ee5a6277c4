//! The lab, without a browser.

pub mod cohort;
pub mod full_size;
pub mod picture;
pub mod results;
pub mod settings;
pub mod timing;
