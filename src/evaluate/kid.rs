//! Kernel Inception Distance (KID, Binkowski et al. 2018, arXiv 1801.01401): the unbiased estimate of the squared maximum
//! mean discrepancy with the kernel `(x . y / d + 1)^3`. For equal distributions its expectation is 0, so it may be negative.

use nalgebra::DMatrix;

/// Kernel values between the rows of `a` and of `b`: `[rows of a, rows of b]`.
pub fn kernel(a: &DMatrix<f64>, b: &DMatrix<f64>) -> DMatrix<f64> {
    let dimension = a.ncols().max(1) as f64;
    (a * b.transpose()).map(|product| (product / dimension + 1.0).powi(3))
}

/// The distance, from the kernel values within `a`, within `b` and between both. The weights are how often a bootstrap drew
/// each row; all are 1 for the sample itself. A row is never compared with itself, even if it was drawn several times.
pub fn distance(within_a: &DMatrix<f64>, within_b: &DMatrix<f64>, between: &DMatrix<f64>, [a, b]: [&[f64]; 2]) -> f64 {
    within(within_a, a) + within(within_b, b) - 2.0 * across(between, a, b)
}

fn within(kernel: &DMatrix<f64>, weights: &[f64]) -> f64 {
    let (mut sum, mut total) = (0.0, 0.0);
    for (column, &right) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        for (row, &left) in weights.iter().enumerate().filter(|(row, _)| *row != column) {
            sum += left * right * kernel[(row, column)];
            total += left * right;
        }
    }
    if total > 0.0 { sum / total } else { 0.0 }
}

fn across(kernel: &DMatrix<f64>, a: &[f64], b: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (column, &right) in b.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        sum += right * a.iter().enumerate().map(|(row, &left)| left * kernel[(row, column)]).sum::<f64>();
    }
    sum / (a.iter().sum::<f64>() * b.iter().sum::<f64>()).max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gan::random::{Purpose, Stream};

    fn cloud(seed: u64, mean: f32) -> DMatrix<f64> {
        let values = Stream::new(Purpose::Step, seed, 0).normals(300 * 4);
        DMatrix::from_fn(300, 4, |row, column| f64::from(values[row * 4 + column] + mean))
    }

    fn plain(a: &DMatrix<f64>, b: &DMatrix<f64>) -> f64 {
        let ones = |rows: usize| vec![1.0; rows];
        distance(&kernel(a, a), &kernel(b, b), &kernel(a, b), [&ones(a.nrows()), &ones(b.nrows())])
    }

    /// One dimension, by hand: {0, 1} within is 1, {2, 3} within is 7^3, between is (1 + 1 + 27 + 64) / 4.
    #[test]
    fn two_small_sets_by_hand() {
        let set = |a, b| DMatrix::from_vec(2, 1, vec![a, b]);
        let got = plain(&set(0.0, 1.0), &set(2.0, 3.0));
        assert!((got - (1.0 + 343.0 - 2.0 * 93.0 / 4.0)).abs() < 1e-9, "{got}");
    }

    #[test]
    fn equal_distributions_are_near_0_and_different_ones_are_not() {
        assert!(plain(&cloud(1, 0.0), &cloud(2, 0.0)).abs() < 0.05);
        assert!(plain(&cloud(1, 0.0), &cloud(2, 1.0)) > 0.5);
    }

    #[test]
    fn a_row_drawn_twice_is_not_compared_with_itself() {
        let a = DMatrix::from_vec(3, 1, vec![0.0, 1.0, 5.0]);
        assert_eq!(within(&kernel(&a, &a), &[2.0, 1.0, 0.0]), 1.0);
    }
}
