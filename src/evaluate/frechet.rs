//! Frechet distance between two clouds of features (Heusel et al. 2017, arXiv 1706.08500), after a projection.
//!
//! A covariance of 1,280 dimensions cannot be estimated from about 160 real test slices. Features
//! are projected onto the first [`DIMENSIONS`] principal components of the real training slices. Both distances of a ratio
//! use the same number of slices, so that both have the same bias.

use super::eigen;
use crate::statistics::matrix::{Matrix, dot};

/// Largest number of principal components.
pub const DIMENSIONS: usize = 64;

/// Largest number of slices that the components are computed from. The time grows with its third power.
const ROWS: usize = 800;

/// A projection onto principal components.
#[derive(Debug, Clone)]
pub struct Projection {
    mean: Vec<f64>,
    /// `[components, features]`, orthonormal rows in order of decreasing variance.
    axes: Matrix,
}

impl Projection {
    /// Computes the components of `rows`, `[slices, features]`. Uses at most [`ROWS`] evenly spaced slices.
    pub fn fit(rows: &Matrix) -> Self {
        let every = rows.rows().div_ceil(ROWS).max(1);
        let picked: Vec<usize> = (0..rows.rows()).step_by(every).collect();
        let rows = rows.select_rows(&picked);
        let mean = rows.means();
        let rows = rows.centred(&mean);
        // With fewer slices than features, the Gram matrix of the slices is smaller than the covariance matrix. Its
        // eigenvectors, multiplied by the features, are the axes.
        let eigen = eigen::symmetric(&rows.dots(&rows));
        let strongest = eigen.values.last().copied().unwrap_or(0.0);
        let mut order: Vec<usize> = (0..eigen.values.len()).rev().collect();
        order.retain(|&index| eigen.values[index] > strongest * 1e-9);
        order.truncate(DIMENSIONS);
        let axes = eigen.vectors.select_rows(&order).dots(&rows.transposed());
        let normalised = axes.each_row().flat_map(|axis| {
            let length = dot(axis, axis).sqrt();
            axis.iter().map(move |value| value / length)
        });
        Self { mean, axes: Matrix::new(axes.columns(), normalised.collect()) }
    }

    /// Projects `[slices, features]` to `[slices, components]`.
    pub fn apply(&self, rows: &Matrix) -> Matrix {
        rows.centred(&self.mean).dots(&self.axes)
    }
}

/// Mean and sample covariance of the rows.
fn moments(rows: &Matrix) -> (Vec<f64>, Matrix) {
    let mean = rows.means();
    let centred = rows.centred(&mean).transposed();
    let count = (rows.rows().max(2) - 1) as f64;
    let covariance = centred.dots(&centred).map(|sum| sum / count);
    (mean, covariance)
}

/// Frechet distance between Gaussians fitted to the rows of `a` and of `b`: 0 for equal sets, no upper limit, in squared
/// units of the features.
pub fn distance(a: &Matrix, b: &Matrix) -> f64 {
    let ((mean_a, a), (mean_b, b)) = (moments(a), moments(b));
    between(&mean_a, &a, &mean_b, &b)
}

/// Frechet distance between two Gaussians: `|m1 - m2|^2 + tr(A + B - 2 (A^1/2 B A^1/2)^1/2)`.
fn between(mean_a: &[f64], a: &Matrix, mean_b: &[f64], b: &Matrix) -> f64 {
    let root = root(a);
    // Symmetric, unlike A B, and the trace of its root is the same.
    let product = root.dots(b).dots(&root);
    let product = Matrix::from_fn([product.rows(), product.rows()], |row, column| {
        (product[(row, column)] + product[(column, row)]) * 0.5
    });
    let shared: f64 = eigen::symmetric(&product).values.iter().map(|value| value.max(0.0).sqrt()).sum();
    let apart: f64 = mean_a.iter().zip(mean_b).map(|(a, b)| (a - b).powi(2)).sum();
    (apart + a.trace() + b.trace() - 2.0 * shared).max(0.0)
}

/// The symmetric square root. Eigenvalues that rounding made negative count as 0.
fn root(a: &Matrix) -> Matrix {
    let eigen = eigen::symmetric(a);
    let columns = eigen.vectors.transposed();
    let scaled = Matrix::from_fn([columns.rows(), columns.rows()], |row, column| {
        columns[(row, column)] * eigen.values[column].max(0.0).sqrt()
    });
    scaled.dots(&columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: means differ by (3, 4), variances are (4, 9) and (1, 16): 25 + (2 - 1)^2 + (3 - 4)^2.
    #[test]
    fn two_known_gaussians() {
        let diagonal = |a, b| Matrix::new(2, vec![a, 0.0, 0.0, b]);
        let got = between(&[0.0, 0.0], &diagonal(4.0, 9.0), &[3.0, 4.0], &diagonal(1.0, 16.0));
        assert!((got - 27.0).abs() < 1e-9, "{got}");
        // Rotated by 45 degrees: variances (5, 1) against (1, 5).
        let turned = |sign: f64| Matrix::new(2, vec![3.0, sign * 2.0, sign * 2.0, 3.0]);
        let got = between(&[0.0, 0.0], &turned(1.0), &[0.0, 0.0], &turned(-1.0));
        assert!((got - (12.0 - 4.0 * 5.0_f64.sqrt())).abs() < 1e-9, "{got}");
    }

    #[test]
    fn the_distance_to_a_shifted_set_is_the_squared_shift() {
        let cloud = Matrix::from_fn([50, 3], |row, column| ((row * 7 + column * 11) % 13) as f64);
        assert!(distance(&cloud, &cloud) < 1e-9);
        let moved = cloud.map(|x| x + 2.0);
        assert!((distance(&cloud, &moved) - 12.0).abs() < 1e-9);
    }

    #[test]
    fn components_are_in_order_of_variance() {
        let value = |row: usize, column: usize| [0.1, 5.0, 1.0][column] * ((row * (column + 3)) % 17) as f64;
        let rows = Matrix::from_fn([40, 3], value);
        let projected = Projection::fit(&rows).apply(&rows);
        let columns = projected.transposed();
        let spread = |column: usize| dot(columns.row(column), columns.row(column));
        assert_eq!(projected.columns(), 3);
        assert!(spread(0) > spread(1) && spread(1) > spread(2));
        assert!(projected.means().iter().all(|mean| mean.abs() < 1e-9));
    }
}
