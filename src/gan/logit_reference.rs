//! What a discriminator's logits mean.
//!
//! A relativistic loss sees only differences, so logits drift together while a network learns and 0 means nothing. A
//! logit is read beside those of scans that are known: slices of people whom the networks never saw, and generated ones.

use serde::{Deserialize, Serialize};

/// Values kept of each group: the smallest, the nine deciles, and the largest.
pub const DECILES: usize = 11;

/// Logits of scans that are known, as 11 ascending quantiles from smallest to largest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogitReference {
    /// Of real slices that were held out.
    pub real: Vec<f32>,
    /// Of generated ones.
    pub generated: Vec<f32>,
}

impl LogitReference {
    /// From the logits of two groups. None if a group is empty or a logit is not a number.
    pub fn of(real: &[f32], generated: &[f32]) -> Option<Self> {
        Some(Self { real: deciles(real)?, generated: deciles(generated)? })
    }

    /// Whether this can be read: as many values as there must be, finite and ascending.
    pub fn is_sound(&self) -> bool {
        [&self.real, &self.generated]
            .iter()
            .all(|group| group.len() == DECILES && group.iter().all(|x| x.is_finite()) && group.is_sorted())
    }

    /// The logit halfway between the two medians. Above it a scan looks more like the real ones.
    pub fn border(&self) -> f32 {
        let median = |group: &[f32]| group.get(DECILES / 2).copied().unwrap_or_default();
        median(&self.real).midpoint(median(&self.generated))
    }
}

/// Quantiles 0, 0.1, ... 1, linear between neighbours.
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
    fn the_border_is_halfway_between_the_medians() {
        let real: Vec<f32> = (0..=20).map(|x| x as f32).collect();
        let generated: Vec<f32> = real.iter().map(|x| x - 30.0).collect();
        let reference = LogitReference::of(&real, &generated).expect("finite values");
        assert_eq!(reference.real, [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0, 20.0]);
        assert_eq!(reference.border(), -5.0);
        assert!(reference.is_sound());
    }

    #[test]
    fn between_two_values_the_quantile_is_between_them() {
        let reference = LogitReference::of(&[1.0, 0.0], &[7.0]).expect("finite values");
        assert!((reference.real[5] - 0.5).abs() < 1e-6);
        assert_eq!(reference.generated, [7.0; DECILES]);
    }

    #[test]
    fn nothing_and_no_numbers_give_no_reference() {
        assert_eq!(LogitReference::of(&[], &[1.0]), None);
        assert_eq!(LogitReference::of(&[f32::NAN], &[1.0]), None);
        let short = LogitReference { real: vec![0.0], generated: vec![0.0; DECILES] };
        assert!(!short.is_sound());
    }
}
