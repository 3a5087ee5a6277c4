//! Sliders whose steps are factors: the same push doubles a small number and a large one.

use std::ops::RangeInclusive;

use super::numbers::two_significant;

/// Steps from one end of such a slider to the other.
pub const STEPS: u32 = 40;

/// The place of a number on the slider, 0 to [`STEPS`].
pub fn place(value: f64, ends: &RangeInclusive<f64>) -> u32 {
    let (low, high) = (ends.start().ln(), ends.end().ln());
    let part = (value.max(*ends.start()).min(*ends.end()).ln() - low) / (high - low);
    (part * f64::from(STEPS)).round() as u32
}

/// The number at a place, to two digits, within the ends.
pub fn value(place: u32, ends: &RangeInclusive<f64>) -> f64 {
    let (low, high) = (ends.start().ln(), ends.end().ln());
    let exact = (low + (high - low) * f64::from(place.min(STEPS)) / f64::from(STEPS)).exp();
    two_significant(exact).max(*ends.start()).min(*ends.end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::training::protocol::{GAMMAS, RATES};

    #[test]
    fn ends_are_reached_exactly() {
        for ends in [RATES, GAMMAS] {
            assert_eq!((value(0, &ends), value(STEPS, &ends)), (*ends.start(), *ends.end()));
            assert_eq!((place(*ends.start(), &ends), place(*ends.end(), &ends)), (0, STEPS));
            assert_eq!(value(99, &ends), *ends.end());
            assert_eq!((place(1e9, &ends), place(-1.0, &ends), place(f64::NAN, &ends)), (STEPS, 0, 0));
        }
    }

    #[test]
    fn a_place_gives_itself_back() {
        for ends in [RATES, GAMMAS] {
            for at in 0..=STEPS {
                assert_eq!(place(value(at, &ends), &ends), at);
            }
        }
    }

    #[test]
    fn every_step_is_a_factor() {
        let factors = (0..STEPS).map(|at| value(at + 1, &RATES) / value(at, &RATES));
        assert!(factors.into_iter().all(|factor| factor > 1.05 && factor < 1.2));
    }
}
