//! Student's t distribution with whole degrees of freedom, by the finite sums of Abramowitz and Stegun (1964), 26.7.3 and
//! 26.7.4.

/// Degrees of freedom above this count as this many.
const MAX_FREEDOM: u32 = 1000;

/// The probability that a t-distributed value lies between `-t` and `t`. `freedom` below 1 counts as 1.
pub fn within(t: f64, freedom: u32) -> f64 {
    let freedom = freedom.clamp(1, MAX_FREEDOM);
    let angle = libm::atan(t.abs() / f64::from(freedom).sqrt());
    let (sine, cosine) = (libm::sin(angle), libm::cos(angle));
    let square = cosine * cosine;
    let odd = freedom % 2 == 1;
    // Powers of the cosine up to `freedom - 2`, each with its factor.
    let mut term = if odd { cosine } else { 1.0 };
    let mut sum = 0.0;
    let mut power = u32::from(odd);
    while power + 2 <= freedom {
        sum += term;
        term *= square * f64::from(power + 1) / f64::from(power + 2);
        power += 2;
    }
    if odd { std::f64::consts::FRAC_2_PI * (angle + sine * sum) } else { sine * sum }
}

/// The `t` for which a t-distributed value lies between `-t` and `t` with this probability, 0 to 1.
pub fn limit(probability: f64, freedom: u32) -> f64 {
    let (mut low, mut high) = (0.0, 1e6);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if within(middle, freedom) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of the usual table: two-sided 95 % and 99 %.
    #[test]
    fn limits_are_those_of_the_table() {
        let table = [(1, 12.706, 63.657), (2, 4.303, 9.925), (3, 3.182, 5.841), (9, 2.262, 3.250), (10, 2.228, 3.169)];
        for (freedom, wide, wider) in table.into_iter().chain([(29, 2.045, 2.756), (120, 1.980, 2.617)]) {
            assert!((limit(0.95, freedom) - wide).abs() < 1e-3, "{freedom}: {}", limit(0.95, freedom));
            assert!((limit(0.99, freedom) - wider).abs() < 1e-3, "{freedom}: {}", limit(0.99, freedom));
        }
    }

    #[test]
    fn within_grows_from_0_to_1() {
        for freedom in [0, 1, 2, 5, 6, 5000] {
            assert_eq!(within(0.0, freedom), 0.0);
            assert!(within(1.0, freedom) < within(2.0, freedom));
            assert!(within(1e9, freedom) > 0.999_999);
        }
    }
}
