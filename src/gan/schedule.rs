//! How the knobs move while training goes on.

use serde::{Deserialize, Serialize};

/// Knobs of a training run; `end` values are reached along a cosine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// Learning rate of both networks, first and last.
    pub rate: (f64, f64),
    /// Weight of R1 and R2, first and last.
    pub gamma: (f64, f64),
    /// Adam's beta 2, first and last.
    pub beta: (f64, f64),
    /// R1 and R2 are computed every this many steps, that many times as strong (lazy regularisation,
    /// Karras et al. 2019, arXiv 1912.04958).
    pub penalty_every: u64,
    /// Highest probability of an augmentation.
    pub augment: f64,
    /// LeCam's weight; 0 switches it off.
    pub lecam: f64,
    /// Shortest half-life of the averaged generator, in images. The shorter, the sooner a change is seen.
    #[serde(default = "half_life")]
    pub half_life: f64,
}

/// What runs were averaged over before it was a knob.
fn half_life() -> f64 {
    500.0
}

impl Schedule {
    /// Below this many training slices LeCam helps.
    pub const FEW_SLICES: usize = 500;

    /// The recipe for images of `size` pixels and this many training slices.
    pub fn for_data(size: usize, slices: usize) -> Self {
        let gamma = if size > 64 { 5.0 } else { 1.0 };
        Self {
            rate: (4e-4, 5e-5),
            // Held: once it had fallen, networks of few slices got worse (docs/training.md).
            gamma: (gamma, gamma),
            beta: (0.9, 0.99),
            penalty_every: 4,
            augment: 0.4,
            lecam: if slices < Self::FEW_SLICES { 0.1 } else { 0.0 },
            half_life: half_life(),
        }
    }

    /// The knobs at `progress`, 0 at the start to 1 at the end.
    pub fn at(&self, progress: f64) -> Knobs {
        Knobs {
            rate: cosine(self.rate, progress),
            gamma: cosine(self.gamma, progress),
            beta: cosine(self.beta, progress),
        }
    }
}

/// The knobs of one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Knobs {
    /// Learning rate.
    pub rate: f64,
    /// Weight of R1 and R2.
    pub gamma: f64,
    /// Adam's beta 2.
    pub beta: f64,
}

fn cosine((start, end): (f64, f64), progress: f64) -> f64 {
    let share = 0.5 - 0.5 * (core::f64::consts::PI * progress.clamp(0.0, 1.0)).cos();
    start + (end - start) * share
}

/// How strongly images are augmented: more when the discriminator starts to know its training slices by
/// heart (the idea of adaptive augmentation, Karras et al. 2020, arXiv 2006.06676).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Strength {
    /// Probability of each augmentation.
    pub probability: f64,
}

impl Strength {
    /// Images between two adjustments.
    pub const EVERY: u64 = 4_000;
    /// Above this the discriminator overfits.
    const TARGET: f64 = 0.5;
    const UP: f64 = 0.05;
    const DOWN: f64 = 0.02;

    /// Where a run starts: little, but never without, for small data sets overfit within minutes.
    pub fn new() -> Self {
        Self { probability: 0.1 }
    }

    /// Overfitting from 0 (held-out slices score as training ones) to 1 (they score as generated ones),
    /// from the three mean logits.
    pub fn overfit(train: f64, held_out: f64, fake: f64) -> f64 {
        let gap = train - fake;
        if gap.abs() < 1e-6 { 0.0 } else { ((train - held_out) / gap).clamp(-1.0, 2.0) }
    }

    /// Adjust to a new measurement of [`overfit`](Self::overfit).
    pub fn adjust(&mut self, overfit: f64, ceiling: f64) {
        let step = if overfit > Self::TARGET { Self::UP } else { -Self::DOWN };
        self.probability = (self.probability + step).clamp(0.05f64.min(ceiling), ceiling);
    }
}

impl Default for Strength {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_starts_and_ends_where_it_says() {
        let schedule = Schedule::for_data(64, 1000);
        assert_eq!(schedule.at(0.0).rate, 4e-4);
        assert!((schedule.at(1.0).rate - 5e-5).abs() < 1e-12);
        assert!((schedule.at(2.0).rate - 5e-5).abs() < 1e-12);
        assert_eq!(schedule.at(1.0).gamma, 1.0);
        assert_eq!(schedule.lecam, 0.0);
        assert!(Schedule::for_data(64, 100).lecam > 0.0);
    }

    #[test]
    fn overfitting_raises_the_strength_and_its_absence_lowers_it() {
        let mut strength = Strength::new();
        strength.adjust(Strength::overfit(1.0, 0.1, 0.0), 0.4);
        assert!(strength.probability > 0.1);
        for _ in 0..100 {
            strength.adjust(0.9, 0.4);
        }
        assert_eq!(strength.probability, 0.4);
        for _ in 0..100 {
            strength.adjust(Strength::overfit(1.0, 1.0, 0.0), 0.4);
        }
        assert_eq!(strength.probability, 0.05);
    }
}
