//! Verdicts, which follow from an interval.

use serde::{Deserialize, Serialize};

/// Fewest test persons from which the experiment may say that an arm helps or hurts.
pub const MIN_TEST_PERSONS: usize = 30;
/// Fewest repetitions for such a verdict. With three, and deviations mostly between repetitions, 38 of 500 simulated experiments
/// reported an effect that was not there.
pub const MIN_REPETITIONS: usize = 5;
/// Probability of at least one wrong verdict in a table if no arm differs.
pub const RISK: f64 = 0.05;

/// Whether this many test persons and repetitions are enough to say that an arm helps or hurts.
pub fn can_tell(persons: usize, repetitions: usize) -> bool {
    persons >= MIN_TEST_PERSONS && repetitions >= MIN_REPETITIONS
}

/// What the interval of a difference says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The corrected interval lies above 0.
    Helps,
    /// The corrected interval lies below 0.
    Hurts,
    /// It contains 0.
    Unclear,
}

impl Verdict {
    /// The word in tables and pictures.
    pub fn label(self) -> &'static str {
        match self {
            Self::Helps => "helps",
            Self::Hurts => "hurts",
            Self::Unclear => "unclear",
        }
    }
}
