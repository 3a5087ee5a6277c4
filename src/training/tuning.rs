//! The hyperparameters that can be changed while a training runs.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

#[cfg(feature = "train")]
use crate::gan::train::TrainState;

/// Learning rates that the page can set.
pub const RATES: RangeInclusive<f64> = 1e-5..=1e-3;
/// Ceilings of the probability of augmentations that the page can set.
pub const AUGMENTS: RangeInclusive<f64> = 0.0..=0.8;
/// Mini-batch sizes that the page can set.
pub const BATCHES: RangeInclusive<usize> = 2..=32;
/// Weights of R1 and R2 that the page can set.
pub const GAMMAS: RangeInclusive<f64> = 0.01..=20.0;

/// Hyperparameters that can be changed while a training runs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tuning {
    /// Learning rate of both networks, within [`RATES`].
    pub rate: f64,
    /// Ceiling of the probability of augmentations, within [`AUGMENTS`].
    pub augment: f64,
    /// Mini-batch size, within [`BATCHES`].
    pub batch: usize,
    /// Weight of R1 and R2, within [`GAMMAS`].
    pub gamma: f64,
}

impl Tuning {
    /// Defaults for trained networks: small steps.
    pub const TRAINED: Self = Self { rate: 1e-4, augment: 0.6, batch: 8, gamma: 0.5 };
    /// Defaults for random weights.
    pub const FRESH: Self = Self { rate: 5e-4, augment: 0.4, batch: 8, gamma: 1.0 };

    /// The hyperparameters, each moved into its range. NaN becomes the lower end.
    pub fn clamped(self) -> Self {
        let within = |value: f64, range: RangeInclusive<f64>| value.max(*range.start()).min(*range.end());
        Self {
            rate: within(self.rate, RATES),
            augment: within(self.augment, AUGMENTS),
            batch: self.batch.clamp(*BATCHES.start(), *BATCHES.end()),
            gamma: within(self.gamma, GAMMAS),
        }
    }

    /// Sets them in a run. They stay as they are until they are set again: nobody knows how long the visitor trains.
    #[cfg(feature = "train")]
    pub fn apply(self, state: &mut TrainState) {
        let settings = &mut state.settings;
        settings.batch = self.batch;
        settings.schedule.rate = (self.rate, self.rate);
        settings.schedule.gamma = (self.gamma, self.gamma);
        settings.schedule.augment = self.augment;
        state.adaptive_augment.keep_within(settings.schedule.augment_limits());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hyperparameters_stay_within_their_ranges() {
        let wild = Tuning { rate: 7.0, augment: -1.0, batch: 0, gamma: f64::NAN }.clamped();
        assert_eq!(wild, Tuning { rate: 1e-3, augment: 0.0, batch: 2, gamma: 0.01 });
        let sane = Tuning { rate: 2e-4, augment: 0.4, batch: 8, gamma: 1.0 };
        assert_eq!(sane.clamped(), sane);
    }
}
