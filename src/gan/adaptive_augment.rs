//! Adaptive discriminator augmentation (ADA, Karras et al. 2020, arXiv 2006.06676).

use serde::{Deserialize, Serialize};

/// Probability of augmentations, adapted to how much the discriminator overfits.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AdaptiveAugment {
    /// Probability of each augmentation.
    pub probability: f64,
}

impl AdaptiveAugment {
    /// Overfitting above which the probability rises.
    const TARGET: f64 = 0.5;
    const UP: f64 = 0.05;
    const DOWN: f64 = 0.02;

    /// The probability at the start of a run: low, but not 0, because small data sets overfit within minutes.
    pub fn new() -> Self {
        Self { probability: 0.1 }
    }

    /// Raises or lowers the probability by one step after an overfitting check. The result is within `limits`: the lowest
    /// probability and the highest.
    pub fn adjust(&mut self, overfitting: f64, limits: (f64, f64)) {
        self.probability += if overfitting > Self::TARGET { Self::UP } else { -Self::DOWN };
        self.keep_within(limits);
    }

    /// Moves the probability to the nearer limit if it is outside of them.
    pub fn keep_within(&mut self, (lowest, highest): (f64, f64)) {
        self.probability = self.probability.max(lowest).min(highest);
    }
}

impl Default for AdaptiveAugment {
    fn default() -> Self {
        Self::new()
    }
}

/// ADA's overfitting heuristic r_v from the discriminator's mean logits of training slices, held-out slices and generated
/// scans: 0 if held-out slices score like training slices, 1 if they score like generated scans. From -1 to 2; 0 if training
/// slices and generated scans score the same.
pub fn overfitting(train: f64, held_out: f64, generated: f64) -> f64 {
    let gap = train - generated;
    if gap.abs() < 1e-6 { 0.0 } else { ((train - held_out) / gap).clamp(-1.0, 2.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overfitting_raises_the_probability_and_its_absence_lowers_it() {
        let mut augment = AdaptiveAugment::new();
        let limits = (0.05, 0.4);
        augment.adjust(overfitting(1.0, 0.1, 0.0), limits);
        assert!(augment.probability > 0.1);
        for _ in 0..100 {
            augment.adjust(0.9, limits);
        }
        assert_eq!(augment.probability, 0.4);
        for _ in 0..100 {
            augment.adjust(overfitting(1.0, 1.0, 0.0), limits);
        }
        assert_eq!(augment.probability, 0.05);
        augment.keep_within((0.2, 0.4));
        assert_eq!(augment.probability, 0.2);
        augment.keep_within((0.0, 0.1));
        assert_eq!(augment.probability, 0.1);
    }
}
