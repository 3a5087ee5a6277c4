//! One number of an evaluation, in the shape in which a report has it and a card repeats it.

use serde::{Deserialize, Serialize};

/// The measures that are known, in the order in which they are shown.
pub const IDS: [&str; 10] = [
    "fd_relative",
    "fd",
    "kid",
    "density",
    "coverage",
    "two_sample_accuracy",
    "class_agreement",
    "mask_dice",
    "mask_area_ks",
    "copy_share",
];

/// A number and what it is to be compared with. What is not known is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// One of [`IDS`].
    pub id: String,
    /// The number.
    #[serde(default)]
    pub value: Option<f64>,
    /// Within which it lies: lower and upper end.
    #[serde(default)]
    pub interval: Option<[f64; 2]>,
    /// The same between two halves of real scans: what a perfect generator would get.
    #[serde(default)]
    pub real_against_real: Option<f64>,
    /// What it was to be.
    #[serde(default)]
    pub aim: Option<f64>,
    /// Whether it is.
    #[serde(default)]
    pub met: Option<bool>,
}
