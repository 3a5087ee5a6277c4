//! How sure a share is: the score interval of Wilson (1927, "Probable Inference, the Law of Succession, and Statistical
//! Inference"), and for the difference of two shares the hybrid of two such intervals (Newcombe 1998, his method 10).
//!
//! Both hold for few answers and near 0 and 1, where the usual "plus or minus" does not.

use super::answers::Share;

/// Two-sided 95 % of a normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// From least to most likely, as parts of 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// The 95 % interval of a share. Nothing asked, nothing known: 0 to 1.
    pub fn of(share: Share) -> Self {
        if share.whole == 0 {
            return Self { low: 0.0, high: 1.0 };
        }
        let n = share.whole as f64;
        let p = share.fraction();
        let square = Z * Z;
        let centre = p + square / (2.0 * n);
        let reach = Z * (p * (1.0 - p) / n + square / (4.0 * n * n)).sqrt();
        let below = 1.0 + square / n;
        Self { low: ((centre - reach) / below).max(0.0), high: ((centre + reach) / below).min(1.0) }
    }

    /// Whether a value lies within.
    pub fn holds(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// What ten more rounds brought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gain {
    /// The second share less the first, -1 to 1.
    pub difference: f64,
    /// Its 95 % interval.
    pub interval: Interval,
}

impl Gain {
    /// From a first share to a second one.
    pub fn of(first: Share, second: Share) -> Self {
        let (before, after) = (Interval::of(first), Interval::of(second));
        let (p1, p2) = (first.fraction(), second.fraction());
        let difference = p2 - p1;
        let low = difference - (p2 - after.low).hypot(before.high - p1);
        let high = difference + (after.high - p2).hypot(p1 - before.low);
        Self { difference, interval: Interval { low: low.max(-1.0), high: high.min(1.0) } }
    }

    /// Whether chance alone is an unlikely reason. After twice ten rounds it hardly ever is.
    pub fn is_beyond_chance(self) -> bool {
        !self.interval.holds(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(part: usize, whole: usize) -> Share {
        Share { part, whole }
    }

    fn near(got: Interval, low: f64, high: f64) {
        assert!((got.low - low).abs() < 5e-5 && (got.high - high).abs() < 5e-5, "{got:?} is not {low} to {high}");
    }

    /// Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
    #[test]
    fn intervals_are_the_published_ones() {
        near(Interval::of(share(81, 263)), 0.2553, 0.3662);
        near(Interval::of(share(15, 148)), 0.0624, 0.1605);
        near(Interval::of(share(0, 20)), 0.0, 0.1611);
        near(Interval::of(share(1, 29)), 0.0061, 0.1718);
    }

    /// Newcombe 1998, "Interval estimation for the difference between independent proportions", table II, method 10.
    #[test]
    fn differences_are_the_published_ones() {
        near(Gain::of(share(48, 80), share(56, 70)).interval, 0.0524, 0.3339);
        near(Gain::of(share(3, 10), share(9, 10)).interval, 0.1705, 0.8090);
        near(Gain::of(share(2, 7), share(6, 7)).interval, 0.0582, 0.8062);
    }

    #[test]
    fn ten_of_ten_is_not_certainty() {
        let all = Interval::of(share(10, 10));
        assert!(all.low > 0.7 && all.low < 0.75 && (all.high - 1.0).abs() < 1e-12);
        let none = Interval::of(share(0, 10));
        assert!(none.low.abs() < 1e-12 && (none.high - (1.0 - all.low)).abs() < 1e-12);
    }

    #[test]
    fn six_of_ten_can_be_guessing_and_so_can_two_more() {
        assert!(Interval::of(share(6, 10)).holds(0.5));
        assert!(!Interval::of(share(20, 20)).holds(0.5));
        assert!(!Gain::of(share(6, 10), share(8, 10)).is_beyond_chance());
        assert!(Gain::of(share(1, 10), share(9, 10)).is_beyond_chance());
    }

    #[test]
    fn nothing_asked_is_nothing_known() {
        assert_eq!(Interval::of(share(0, 0)), Interval { low: 0.0, high: 1.0 });
        assert!(!Gain::of(share(0, 0), share(5, 5)).is_beyond_chance());
    }
}
