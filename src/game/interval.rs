//! Confidence intervals: Wilson's score interval for a proportion (Wilson 1927, "Probable Inference, the Law of
//! Succession, and Statistical Inference") and Newcombe's hybrid score interval for a difference of two proportions
//! (Newcombe 1998, method 10).
//!
//! Both are valid for few answers and near 0 and 1, unlike the normal approximation.

use super::answers::Proportion;

/// 97.5 % quantile of the standard normal distribution, for two-sided 95 % intervals.
const Z: f64 = 1.959_963_984_540_054;

/// A 95 % confidence interval, as fractions of 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConfidenceInterval {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

impl ConfidenceInterval {
    /// Wilson's interval of a proportion; 0 to 1 if `whole` is 0.
    pub fn wilson(proportion: Proportion) -> Self {
        if proportion.whole == 0 {
            return Self { low: 0.0, high: 1.0 };
        }
        let n = proportion.whole as f64;
        let p = proportion.fraction();
        let square = Z * Z;
        let centre = p + square / (2.0 * n);
        let reach = Z * (p * (1.0 - p) / n + square / (4.0 * n * n)).sqrt();
        let below = 1.0 + square / n;
        Self { low: ((centre - reach) / below).max(0.0), high: ((centre + reach) / below).min(1.0) }
    }

    /// Whether a value lies within the interval, bounds included.
    pub fn holds(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// Difference of two proportions, such as the scores before and after the clues.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProportionDifference {
    /// The second proportion minus the first, -1 to 1.
    pub difference: f64,
    /// Its 95 % confidence interval.
    pub interval: ConfidenceInterval,
}

impl ProportionDifference {
    /// The difference and Newcombe's interval.
    pub fn newcombe(first: Proportion, second: Proportion) -> Self {
        let (before, after) = (ConfidenceInterval::wilson(first), ConfidenceInterval::wilson(second));
        let (p1, p2) = (first.fraction(), second.fraction());
        let difference = p2 - p1;
        let low = difference - (p2 - after.low).hypot(before.high - p1);
        let high = difference + (after.high - p2).hypot(p1 - before.low);
        Self { difference, interval: ConfidenceInterval { low: low.max(-1.0), high: high.min(1.0) } }
    }

    /// Whether the interval excludes 0. With two times ten rounds it rarely does.
    pub fn is_beyond_chance(self) -> bool {
        !self.interval.holds(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proportion(part: usize, whole: usize) -> Proportion {
        Proportion { part, whole }
    }

    fn near(got: ConfidenceInterval, low: f64, high: f64) {
        assert!((got.low - low).abs() < 5e-5 && (got.high - high).abs() < 5e-5, "{got:?} is not {low} to {high}");
    }

    /// Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
    #[test]
    fn wilson_intervals_match_the_published_table() {
        near(ConfidenceInterval::wilson(proportion(81, 263)), 0.2553, 0.3662);
        near(ConfidenceInterval::wilson(proportion(15, 148)), 0.0624, 0.1605);
        near(ConfidenceInterval::wilson(proportion(0, 20)), 0.0, 0.1611);
        near(ConfidenceInterval::wilson(proportion(1, 29)), 0.0061, 0.1718);
    }

    /// Newcombe 1998, "Interval estimation for the difference between independent proportions", table II, method 10.
    #[test]
    fn differences_match_the_published_table() {
        near(ProportionDifference::newcombe(proportion(48, 80), proportion(56, 70)).interval, 0.0524, 0.3339);
        near(ProportionDifference::newcombe(proportion(3, 10), proportion(9, 10)).interval, 0.1705, 0.8090);
        near(ProportionDifference::newcombe(proportion(2, 7), proportion(6, 7)).interval, 0.0582, 0.8062);
    }

    #[test]
    fn ten_of_ten_is_not_certainty() {
        let all = ConfidenceInterval::wilson(proportion(10, 10));
        assert!(all.low > 0.7 && all.low < 0.75 && (all.high - 1.0).abs() < 1e-12);
        let none = ConfidenceInterval::wilson(proportion(0, 10));
        assert!(none.low.abs() < 1e-12 && (none.high - (1.0 - all.low)).abs() < 1e-12);
    }

    #[test]
    fn six_of_ten_can_be_chance_and_so_can_two_more() {
        assert!(ConfidenceInterval::wilson(proportion(6, 10)).holds(0.5));
        assert!(!ConfidenceInterval::wilson(proportion(20, 20)).holds(0.5));
        assert!(!ProportionDifference::newcombe(proportion(6, 10), proportion(8, 10)).is_beyond_chance());
        assert!(ProportionDifference::newcombe(proportion(1, 10), proportion(9, 10)).is_beyond_chance());
    }

    #[test]
    fn without_answers_the_interval_is_everything() {
        assert_eq!(ConfidenceInterval::wilson(proportion(0, 0)), ConfidenceInterval { low: 0.0, high: 1.0 });
        assert!(!ProportionDifference::newcombe(proportion(0, 0), proportion(5, 5)).is_beyond_chance());
    }
}
