//! Logarithmic sliders: one step multiplies the value by a constant factor.

use std::ops::RangeInclusive;

use super::numbers::two_significant;

/// Highest position of a logarithmic slider; the lowest is 0.
pub const STEPS: u32 = 40;

/// Position of a value on the slider, 0 to [`STEPS`]. Values outside the range go to its ends.
pub fn position(value: f64, range: &RangeInclusive<f64>) -> u32 {
    let (low, high) = (range.start().ln(), range.end().ln());
    let part = (value.max(*range.start()).min(*range.end()).ln() - low) / (high - low);
    (part * f64::from(STEPS)).round() as u32
}

/// The value at a position, rounded to two significant digits, within the range.
pub fn value(position: u32, range: &RangeInclusive<f64>) -> f64 {
    let (low, high) = (range.start().ln(), range.end().ln());
    let exact = (low + (high - low) * f64::from(position.min(STEPS)) / f64::from(STEPS)).exp();
    two_significant(exact).max(*range.start()).min(*range.end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::training::protocol::{GAMMAS, RATES};

    #[test]
    fn ends_are_reached_exactly() {
        for ends in [RATES, GAMMAS] {
            assert_eq!((value(0, &ends), value(STEPS, &ends)), (*ends.start(), *ends.end()));
            assert_eq!((position(*ends.start(), &ends), position(*ends.end(), &ends)), (0, STEPS));
            assert_eq!(value(99, &ends), *ends.end());
            assert_eq!((position(1e9, &ends), position(-1.0, &ends), position(f64::NAN, &ends)), (STEPS, 0, 0));
        }
    }

    #[test]
    fn positions_round_trip() {
        for ends in [RATES, GAMMAS] {
            for at in 0..=STEPS {
                assert_eq!(position(value(at, &ends), &ends), at);
            }
        }
    }

    #[test]
    fn every_step_multiplies_the_value() {
        let factors = (0..STEPS).map(|at| value(at + 1, &RATES) / value(at, &RATES));
        assert!(factors.into_iter().all(|factor| factor > 1.05 && factor < 1.2));
    }
}
