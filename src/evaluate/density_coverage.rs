//! Density and coverage (Naeem et al. 2020, arXiv 2002.09797).
//!
//! Each real slice has a ball whose radius is the distance to its k-th nearest real neighbour. Density is the mean number
//! of balls that contain a generated slice, divided by k: 1 for equal distributions, more if generated slices crowd
//! together. Coverage is the share of balls that contain at least one generated slice, 0 to 1. Both are means over real
//! slices, so this module returns one value for each real slice.

use crate::statistics::matrix::{Matrix, dot};

/// Number k of neighbours that defines the radius of a ball.
pub const NEIGHBOURS: usize = 5;

/// Density and coverage of each real slice. Their means are the density and coverage of the set.
#[derive(Debug, Clone, PartialEq)]
pub struct DensityCoverage {
    /// Number of generated slices in its ball, divided by the expected number.
    pub density: Vec<f64>,
    /// 1 if its ball contains a generated slice, else 0.
    pub coverage: Vec<f64>,
}

/// Density and coverage of `generated` around `real`; a row is the features of a slice. Use equal numbers of both, because
/// coverage increases with the number of generated slices.
pub fn density_coverage(real: &Matrix, generated: &Matrix, neighbours: usize) -> DensityCoverage {
    let expected = neighbours as f64 * generated.rows() as f64 / real.rows().max(1) as f64;
    let (own, other) = (squared_distances(real, real), squared_distances(real, generated));
    let mut values = DensityCoverage { density: Vec::new(), coverage: Vec::new() };
    for row in 0..real.rows() {
        let mut near: Vec<f64> =
            (0..real.rows()).filter(|&column| column != row).map(|column| own[(row, column)]).collect();
        near.sort_by(f64::total_cmp);
        let radius = near.get(neighbours.max(1) - 1).or(near.last()).copied().unwrap_or(0.0);
        let inside = (0..generated.rows()).filter(|&column| other[(row, column)] <= radius).count();
        values.density.push(inside as f64 / expected);
        values.coverage.push(f64::from(u8::from(inside > 0)));
    }
    values
}

/// Squared Euclidean distances between the rows of `a` and of `b`: `[rows of a, rows of b]`.
fn squared_distances(a: &Matrix, b: &Matrix) -> Matrix {
    let norms = |rows: &Matrix| rows.each_row().map(|row| dot(row, row)).collect::<Vec<f64>>();
    let (left, right, products) = (norms(a), norms(b), a.dots(b));
    Matrix::from_fn([a.rows(), b.rows()], |row, column| {
        (left[row] + right[column] - 2.0 * products[(row, column)]).max(0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(places: &[f64]) -> Matrix {
        Matrix::new(1, places.to_vec())
    }

    fn mean(values: &[f64]) -> f64 {
        values.iter().sum::<f64>() / values.len() as f64
    }

    /// Four points on a line at distance 1: with one neighbour every radius is 1.
    #[test]
    fn a_toy_set_by_hand() {
        let got = density_coverage(&line(&[0.0, 1.0, 2.0, 3.0]), &line(&[0.5, 0.5, 0.5, 9.0]), 1);
        assert_eq!(got.coverage, [1.0, 1.0, 0.0, 0.0]);
        assert_eq!(got.density, [3.0, 3.0, 0.0, 0.0]);
    }

    #[test]
    fn equal_sets_have_full_coverage_and_distant_sets_none() {
        let set = line(&[0.0, 1.0, 2.5, 4.0, 7.0, 7.5, 9.0, 11.0]);
        assert_eq!(mean(&density_coverage(&set, &set, 5).coverage), 1.0);
        let far = density_coverage(&set, &set.map(|x| x + 100.0), 5);
        assert_eq!((mean(&far.coverage), mean(&far.density)), (0.0, 0.0));
    }

    #[test]
    fn one_repeated_slice_has_density_but_little_coverage() {
        let set = line(&(0..40).map(f64::from).collect::<Vec<_>>());
        let got = density_coverage(&set, &line(&[20.0; 40]), 5);
        assert!(mean(&got.coverage) < 0.2 && mean(&got.density) > 0.9, "{got:?}");
    }
}
