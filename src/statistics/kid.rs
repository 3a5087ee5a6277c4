//! Kernel Inception Distance (KID, Binkowski et al. 2018, arXiv 1801.01401): the unbiased estimate of the squared maximum
//! mean discrepancy with the kernel `(x . y / d + 1)^3`. For equal distributions its expectation is 0, so it may be negative.

use super::matrix::Matrix;

/// Kernel values between the rows of `a` and of `b`: `[rows of a, rows of b]`.
pub fn kernel(a: &Matrix, b: &Matrix) -> Matrix {
    let dimension = a.columns() as f64;
    a.dots(b).map(|product| (product / dimension + 1.0).powi(3))
}

/// The distance, from the kernel values within `a`, within `b` and between both. The weights are how often a bootstrap drew
/// each row; all are 1 for the sample itself. A row is never compared with itself, even if it was drawn several times.
pub fn distance(within_a: &Matrix, within_b: &Matrix, between: &Matrix, [a, b]: [&[f64]; 2]) -> f64 {
    within(within_a, a) + within(within_b, b) - 2.0 * across(between, a, b)
}

/// The distance of two samples of at least two rows each.
pub fn sample_distance(a: &Matrix, b: &Matrix) -> f64 {
    let ones = |rows: usize| vec![1.0; rows];
    distance(&kernel(a, a), &kernel(b, b), &kernel(a, b), [&ones(a.rows()), &ones(b.rows())])
}

fn within(kernel: &Matrix, weights: &[f64]) -> f64 {
    let (mut sum, mut total) = (0.0, 0.0);
    for (column, &right) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        for (row, &left) in weights.iter().enumerate().filter(|(row, _)| *row != column) {
            sum += left * right * kernel[(row, column)];
            total += left * right;
        }
    }
    if total > 0.0 { sum / total } else { 0.0 }
}

fn across(kernel: &Matrix, a: &[f64], b: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (column, &right) in b.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        sum += right * a.iter().enumerate().map(|(row, &left)| left * kernel[(row, column)]).sum::<f64>();
    }
    sum / (a.iter().sum::<f64>() * b.iter().sum::<f64>()).max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::splitmix::SplitMix;

    /// Rows of four values, each about normal: a sum of twelve uniform numbers, less 6.
    fn cloud(seed: u64, mean: f64) -> Matrix {
        let mut stream = SplitMix::new(seed);
        let mut normal = || (0..12).map(|_| stream.below(1 << 20) as f64 / f64::from(1 << 20)).sum::<f64>() - 6.0;
        Matrix::new(4, (0..1200).map(|_| normal() + mean).collect())
    }

    /// One dimension, by hand: {0, 1} within is 1, {2, 3} within is 7^3, between is (1 + 1 + 27 + 64) / 4.
    #[test]
    fn two_small_sets_by_hand() {
        let set = |a, b| Matrix::new(1, vec![a, b]);
        let got = sample_distance(&set(0.0, 1.0), &set(2.0, 3.0));
        assert!((got - (1.0 + 343.0 - 2.0 * 93.0 / 4.0)).abs() < 1e-9, "{got}");
    }

    #[test]
    fn equal_distributions_are_near_0_and_different_ones_are_not() {
        assert!(sample_distance(&cloud(1, 0.0), &cloud(2, 0.0)).abs() < 0.05);
        assert!(sample_distance(&cloud(1, 0.0), &cloud(2, 1.0)) > 0.5);
    }

    #[test]
    fn a_row_drawn_twice_is_not_compared_with_itself() {
        let a = Matrix::new(1, vec![0.0, 1.0, 5.0]);
        assert_eq!(within(&kernel(&a, &a), &[2.0, 1.0, 0.0]), 1.0);
    }
}
