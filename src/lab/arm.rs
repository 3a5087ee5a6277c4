//! The arms of the experiment: what a learner learns from.

use serde::{Deserialize, Serialize};

/// What a learner learns from. All arms have the same numbers of steps and of pictures seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arm {
    /// Real slices as they are.
    Real,
    /// Real slices, mirrored, shifted and changed in contrast at random.
    RealAugmented,
    /// Real slices, and fakes in a part of each mini-batch.
    RealFakes,
    /// The same with the classic augmentation of every picture.
    Both,
    /// Fakes in the place of all real slices.
    Fakes,
}

impl Arm {
    /// All arms, in the order of tables.
    pub const ALL: [Self; 5] = [Self::Real, Self::RealAugmented, Self::RealFakes, Self::Both, Self::Fakes];
    /// The arm that the others are compared with: what people do without a generator.
    pub const BASELINE: Self = Self::RealAugmented;

    /// Whether pictures are augmented.
    pub fn augmented(self) -> bool {
        matches!(self, Self::RealAugmented | Self::Both)
    }

    /// How many of the `batch` pictures in a mini-batch are fakes, if `share` (0 to 1) of a mixed one are.
    pub fn fakes(self, batch: usize, share: f64) -> usize {
        match self {
            Self::Real | Self::RealAugmented => 0,
            Self::RealFakes | Self::Both => (batch as f64 * share.clamp(0.0, 1.0)).round() as usize,
            Self::Fakes => batch,
        }
    }

    /// The name in tables and pictures.
    pub fn label(self) -> &'static str {
        match self {
            Self::Real => "real only",
            Self::RealAugmented => "real + classic augmentation",
            Self::RealFakes => "real + fakes",
            Self::Both => "real + classic augmentation + fakes",
            Self::Fakes => "fakes only",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_mixed_arms_use_the_share() {
        assert_eq!(Arm::ALL.map(|arm| arm.fakes(32, 0.25)), [0, 0, 8, 8, 32]);
        assert_eq!(Arm::ALL.map(|arm| arm.fakes(32, 7.0)), [0, 0, 32, 32, 32]);
    }
}
