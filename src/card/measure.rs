//! A measure of an evaluation, in the JSON form of reports and model cards.

use serde::{Deserialize, Serialize};

/// The known measures, in display order.
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

/// A value with the numbers to compare it with. Unknown fields are `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// One of [`IDS`].
    pub id: String,
    /// The value for generated slices.
    #[serde(default)]
    pub value: Option<f64>,
    /// 95 % confidence interval: lower and upper end.
    #[serde(default)]
    pub interval: Option<[f64; 2]>,
    /// The value for real slices against real slices, which a perfect generator would reach.
    #[serde(default)]
    pub real_against_real: Option<f64>,
    /// The aim: at least or at most this value, depending on the measure.
    #[serde(default)]
    pub aim: Option<f64>,
    /// Whether the aim is met.
    #[serde(default)]
    pub met: Option<bool>,
}
