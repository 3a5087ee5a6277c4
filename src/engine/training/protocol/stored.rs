//! What is kept in the origin's private file system.

use serde::{Deserialize, Serialize};

/// Folder of checkpoints in the origin's private file system.
pub const STORED_FOLDER: &str = "training";
/// The file in it that says what there is: a [`StoredMeta`].
pub const STORED_META: &str = "meta.json";

/// What there is in the origin's private file system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredMeta {
    /// Slices the discriminator had been shown.
    pub images: u64,
    /// Names of the classes.
    pub classes: Vec<String>,
    /// Side of the scans in pixels.
    pub size: usize,
    /// When, in milliseconds since 1970.
    pub at: f64,
}
