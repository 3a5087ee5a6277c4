//! Hyperparameters over a training run.

use serde::{Deserialize, Serialize};

/// Hyperparameters of a run. A pair goes from its first value to its second along half a cosine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// Learning rate at start and end: of the discriminator, and of the generator times `generator_share`.
    pub rate: (f64, f64),
    /// Weight of R1 and R2 (gradient penalty) at start and end.
    pub gamma: (f64, f64),
    /// Adam's beta 2 at start and end.
    pub beta: (f64, f64),
    /// Steps from one computation of R1 and R2 to the next; their weight is multiplied by the same number (lazy
    /// regularisation, Karras et al. 2019, arXiv 1912.04958).
    pub penalty_every: u64,
    /// Ceiling of the probability of augmentations, 0 to 1.
    pub augment: f64,
    /// Lowest probability of augmentations, 0 to 1, unless the ceiling is lower.
    #[serde(default = "default_augment_least")]
    pub augment_least: f64,
    /// Weight of LeCam; 0 switches it off.
    pub lecam: f64,
    /// Shortest half-life of the averaged generator, in images. A short one shows changes sooner.
    #[serde(default = "default_half_life")]
    pub half_life: f64,
    /// The generator's learning rate as a share of [`rate`](Self::rate), above 0 (two time-scale update rule, Heusel et al. 2017,
    /// arXiv 1706.08500).
    #[serde(default = "default_generator_share")]
    pub generator_share: f64,
}

/// The half-life in checkpoints that do not name one.
fn default_half_life() -> f64 {
    500.0
}

/// The lowest probability in checkpoints that do not name one.
fn default_augment_least() -> f64 {
    0.05
}

/// The share in checkpoints that do not name one.
fn default_generator_share() -> f64 {
    1.0
}

impl Schedule {
    /// LeCam is used below this many training slices.
    const LECAM_BELOW: usize = 500;

    /// Defaults for images of `size` x `size` pixels and this many training slices.
    pub fn for_data(size: usize, slices: usize) -> Self {
        let gamma = if size > 64 { 5.0 } else { 1.0 };
        Self {
            rate: (4e-4, 5e-5),
            // Constant: with a falling gamma, networks trained on few slices got worse (docs/training-tried.md).
            gamma: (gamma, gamma),
            beta: (0.9, 0.99),
            penalty_every: 4,
            augment: 0.4,
            augment_least: default_augment_least(),
            lecam: if slices < Self::LECAM_BELOW { 0.1 } else { 0.0 },
            half_life: default_half_life(),
            generator_share: default_generator_share(),
        }
    }

    /// The hyperparameters at `progress`, from 0 (start of the run) to 1 (end).
    pub fn at(&self, progress: f64) -> Hyperparameters {
        Hyperparameters {
            rate: cosine(self.rate, progress),
            gamma: cosine(self.gamma, progress),
            beta: cosine(self.beta, progress),
        }
    }

    /// Lowest and highest probability of augmentations.
    pub fn augment_limits(&self) -> (f64, f64) {
        (self.augment_least.min(self.augment), self.augment)
    }

    /// Halves the learning rate, but not below `lowest`.
    pub fn halve_rate(&mut self, lowest: f64) {
        let halved = |rate: f64| (rate / 2.0).max(lowest.min(rate));
        self.rate = (halved(self.rate.0), halved(self.rate.1));
    }
}

/// Hyperparameters of one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hyperparameters {
    /// Learning rate.
    pub rate: f64,
    /// Weight of R1 and R2.
    pub gamma: f64,
    /// Adam's beta 2.
    pub beta: f64,
}

/// From `start` to `end` along half a cosine.
fn cosine((start, end): (f64, f64), progress: f64) -> f64 {
    let share = 0.5 - 0.5 * (core::f64::consts::PI * progress.clamp(0.0, 1.0)).cos();
    start + (end - start) * share
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
    fn halving_stops_at_the_lowest_rate() {
        let mut schedule = Schedule { rate: (4e-4, 3e-5), ..Schedule::for_data(64, 1000) };
        schedule.halve_rate(2e-5);
        assert_eq!(schedule.rate, (2e-4, 2e-5));
        schedule.rate = (1e-6, 1e-6);
        schedule.halve_rate(2e-5);
        assert_eq!(schedule.rate, (1e-6, 1e-6), "a rate below the lowest is not raised");
    }
}
