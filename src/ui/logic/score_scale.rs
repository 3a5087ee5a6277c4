//! The position of a discriminator score (a logit) among the scores of reference scans.

use crate::gan::logit_reference::LogitReference;

/// A scale from just below the lowest score to just above the highest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoreScale {
    low: f32,
    high: f32,
}

/// Margin at each end, as a fraction of the range of scores.
const MARGIN: f32 = 0.04;

impl ScoreScale {
    /// A scale that holds all reference scores and this score. None if the reference is unusable, the score is not finite, or
    /// all scores are equal.
    pub fn around(reference: &LogitReference, logit: f32) -> Option<Self> {
        let all = reference.real.iter().chain(&reference.generated).chain([&logit]);
        let low = all.clone().copied().fold(f32::INFINITY, f32::min);
        let high = all.copied().fold(f32::NEG_INFINITY, f32::max);
        (reference.is_sound() && logit.is_finite() && high > low).then(|| {
            let margin = (high - low) * MARGIN;
            Self { low: low - margin, high: high + margin }
        })
    }

    /// Position of a score on the scale, 0 to 1.
    pub fn fraction(self, logit: f32) -> f32 {
        ((logit - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

/// How many of every ten reference scans score below this score, given their deciles.
pub fn tenths_below(deciles: &[f32], logit: f32) -> usize {
    let fractions = deciles.windows(2).map(|pair| match (pair[0], pair[1]) {
        (_, to) if logit >= to => 1.0,
        (from, to) if logit > from => (logit - from) / (to - from),
        _ => 0.0,
    });
    fractions.sum::<f32>().round() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference() -> LogitReference {
        let real = (0..=10).map(|x| x as f32).collect();
        let generated = (0..=10).map(|x| x as f32 - 10.0).collect();
        LogitReference { real, generated }
    }

    #[test]
    fn the_scale_holds_all_scores() {
        let scale = ScoreScale::around(&reference(), 30.0).expect("a sound reference");
        assert!(scale.fraction(-10.0) > 0.0 && scale.fraction(30.0) < 1.0);
        assert!((scale.fraction(10.0) - 0.5).abs() < 1e-6);
        assert_eq!(scale.fraction(100.0), 1.0);
    }

    #[test]
    fn without_a_usable_reference_there_is_no_scale() {
        assert_eq!(ScoreScale::around(&LogitReference { real: vec![0.0], generated: vec![1.0] }, 0.0), None);
        assert_eq!(ScoreScale::around(&reference(), f32::NAN), None);
        let flat = LogitReference { real: vec![1.0; 11], generated: vec![1.0; 11] };
        assert_eq!(ScoreScale::around(&flat, 1.0), None);
    }

    #[test]
    fn tenths_below_a_score_are_counted() {
        let tenths = |logit| tenths_below(&reference().real, logit);
        assert_eq!(
            [tenths(-1.0), tenths(0.0), tenths(3.4), tenths(3.6), tenths(10.0), tenths(99.0)],
            [0, 0, 3, 4, 10, 10]
        );
        assert_eq!(tenths_below(&[2.0; 11], 2.0), 10);
    }
}
