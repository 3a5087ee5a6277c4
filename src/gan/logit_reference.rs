//! Logits of known scans, to compare a discriminator's logit with.
//!
//! The relativistic loss depends only on differences of logits, so their common level drifts during training and 0 has no
//! meaning. A logit is therefore compared with those of held-out real slices and of generated scans.

use serde::{Deserialize, Serialize};

/// Number of quantiles of each group: minimum, nine deciles, maximum.
pub const DECILES: usize = 11;

/// Quantiles of the logits of two groups of known scans, ascending.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogitReference {
    /// Held-out real slices, 11 quantiles.
    pub real: Vec<f32>,
    /// Generated scans, 11 quantiles.
    pub generated: Vec<f32>,
}

impl LogitReference {
    /// Quantiles of the logits of both groups. `None` if a group is empty or a logit is not finite.
    pub fn of(real: &[f32], generated: &[f32]) -> Option<Self> {
        Some(Self { real: deciles(real)?, generated: deciles(generated)? })
    }

    /// Whether both groups have 11 finite, ascending values.
    pub fn is_sound(&self) -> bool {
        [&self.real, &self.generated]
            .iter()
            .all(|group| group.len() == DECILES && group.iter().all(|x| x.is_finite()) && group.is_sorted())
    }

    /// The logit halfway between the two medians. The discriminator considers scans above it more real than generated.
    pub fn threshold(&self) -> f32 {
        let median = |group: &[f32]| group.get(DECILES / 2).copied().unwrap_or_default();
        median(&self.real).midpoint(median(&self.generated))
    }
}

/// Linearly interpolated quantiles 0, 0.1, ... 1. `None` if empty or not finite.
fn deciles(values: &[f32]) -> Option<Vec<f32>> {
    let mut sorted = values.to_vec();
    if sorted.is_empty() || sorted.iter().any(|x| !x.is_finite()) {
        return None;
    }
    sorted.sort_by(f32::total_cmp);
    let last = (sorted.len() - 1) as f32;
    Some(
        (0..DECILES)
            .map(|k| {
                let place = last * k as f32 / (DECILES - 1) as f32;
                let (below, part) = (place.floor() as usize, place.fract());
                let above = (below + 1).min(sorted.len() - 1);
                sorted[below] + (sorted[above] - sorted[below]) * part
            })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_is_halfway_between_the_medians() {
        let real: Vec<f32> = (0..=20).map(|x| x as f32).collect();
        let generated: Vec<f32> = real.iter().map(|x| x - 30.0).collect();
        let reference = LogitReference::of(&real, &generated).expect("finite values");
        assert_eq!(reference.real, [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0, 20.0]);
        assert_eq!(reference.threshold(), -5.0);
        assert!(reference.is_sound());
    }

    #[test]
    fn quantiles_are_interpolated() {
        let reference = LogitReference::of(&[1.0, 0.0], &[7.0]).expect("finite values");
        assert!((reference.real[5] - 0.5).abs() < 1e-6);
        assert_eq!(reference.generated, [7.0; DECILES]);
    }

    #[test]
    fn empty_groups_and_nan_give_no_reference() {
        assert_eq!(LogitReference::of(&[], &[1.0]), None);
        assert_eq!(LogitReference::of(&[f32::NAN], &[1.0]), None);
        let short = LogitReference { real: vec![0.0], generated: vec![0.0; DECILES] };
        assert!(!short.is_sound());
    }
}
