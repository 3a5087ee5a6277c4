//! Frechet distance between two clouds of features (Heusel et al. 2017, arXiv 1706.08500), after a projection.
//!
//! A covariance of 1,280 dimensions cannot be estimated from about 160 real test slices. Features
//! are projected onto the first [`DIMENSIONS`] principal components of the real training slices. Both distances of a ratio
//! use the same number of slices, so that both have the same bias.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// Largest number of principal components.
pub const DIMENSIONS: usize = 64;

/// Largest number of slices that the components are computed from. The time grows with its third power.
const ROWS: usize = 800;

/// A projection onto principal components.
#[derive(Debug, Clone)]
pub struct Projection {
    mean: DVector<f64>,
    /// `[features, components]`, orthonormal columns in order of decreasing variance.
    axes: DMatrix<f64>,
}

/// Feature vectors as the rows of a matrix.
pub fn matrix(rows: &[Vec<f32>]) -> DMatrix<f64> {
    let columns = rows.first().map_or(0, Vec::len);
    DMatrix::from_fn(rows.len(), columns, |row, column| f64::from(rows[row][column]))
}

impl Projection {
    /// Computes the components of `rows`, `[slices, features]`. Uses at most [`ROWS`] evenly spaced slices.
    pub fn fit(rows: &DMatrix<f64>) -> Self {
        let every = rows.nrows().div_ceil(ROWS).max(1);
        let picked: Vec<usize> = (0..rows.nrows()).step_by(every).collect();
        let mut rows = rows.select_rows(&picked);
        let mean = rows.row_mean();
        for mut row in rows.row_iter_mut() {
            row -= &mean;
        }
        // With fewer slices than features, the Gram matrix of the slices is smaller than the covariance matrix. Its
        // eigenvectors, multiplied by the features, are the axes.
        let eigen = SymmetricEigen::new(&rows * rows.transpose());
        let mut order: Vec<usize> = (0..eigen.eigenvalues.len()).collect();
        order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
        let strongest = order.first().map_or(0.0, |&first| eigen.eigenvalues[first]);
        order.retain(|&index| eigen.eigenvalues[index] > strongest * 1e-9);
        order.truncate(DIMENSIONS);
        let mut axes = rows.tr_mul(&eigen.eigenvectors.select_columns(&order));
        for mut axis in axes.column_iter_mut() {
            axis.normalize_mut();
        }
        Self { mean: mean.transpose(), axes }
    }

    /// Projects `[slices, features]` to `[slices, components]`.
    pub fn apply(&self, rows: &DMatrix<f64>) -> DMatrix<f64> {
        let mut centred = rows.clone();
        for mut row in centred.row_iter_mut() {
            row -= self.mean.transpose();
        }
        centred * &self.axes
    }
}

/// Mean and sample covariance of the rows.
fn moments(rows: &DMatrix<f64>) -> (DVector<f64>, DMatrix<f64>) {
    let mean = rows.row_mean();
    let mut centred = rows.clone();
    for mut row in centred.row_iter_mut() {
        row -= &mean;
    }
    let count = (rows.nrows().max(2) - 1) as f64;
    (mean.transpose(), centred.tr_mul(&centred) / count)
}

/// Frechet distance between Gaussians fitted to the rows of `a` and of `b`: 0 for equal sets, no upper limit, in squared
/// units of the features.
pub fn distance(a: &DMatrix<f64>, b: &DMatrix<f64>) -> f64 {
    let ((mean_a, a), (mean_b, b)) = (moments(a), moments(b));
    between(&mean_a, &a, &mean_b, &b)
}

/// Frechet distance between two Gaussians: `|m1 - m2|^2 + tr(A + B - 2 (A^1/2 B A^1/2)^1/2)`.
fn between(mean_a: &DVector<f64>, a: &DMatrix<f64>, mean_b: &DVector<f64>, b: &DMatrix<f64>) -> f64 {
    let root = root(a);
    // Symmetric, unlike A B, and the trace of its root is the same.
    let product = &root * b * &root;
    let product = (&product + product.transpose()) * 0.5;
    let shared: f64 = product.symmetric_eigenvalues().iter().map(|value| value.max(0.0).sqrt()).sum();
    ((mean_a - mean_b).norm_squared() + a.trace() + b.trace() - 2.0 * shared).max(0.0)
}

/// The symmetric square root. Eigenvalues that rounding made negative count as 0.
fn root(a: &DMatrix<f64>) -> DMatrix<f64> {
    let eigen = SymmetricEigen::new(a.clone());
    let values = eigen.eigenvalues.map(|value| value.max(0.0).sqrt());
    &eigen.eigenvectors * DMatrix::from_diagonal(&values) * eigen.eigenvectors.transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: means differ by (3, 4), variances are (4, 9) and (1, 16): 25 + (2 - 1)^2 + (3 - 4)^2.
    #[test]
    fn two_known_gaussians() {
        let diagonal = |a, b| DMatrix::from_diagonal(&DVector::from_vec(vec![a, b]));
        let mean = |a, b| DVector::from_vec(vec![a, b]);
        let got = between(&mean(0.0, 0.0), &diagonal(4.0, 9.0), &mean(3.0, 4.0), &diagonal(1.0, 16.0));
        assert!((got - 27.0).abs() < 1e-9, "{got}");
        // Rotated by 45 degrees: variances (5, 1) against (1, 5).
        let turned = |sign: f64| DMatrix::from_row_slice(2, 2, &[3.0, sign * 2.0, sign * 2.0, 3.0]);
        let got = between(&mean(0.0, 0.0), &turned(1.0), &mean(0.0, 0.0), &turned(-1.0));
        assert!((got - (12.0 - 4.0 * 5.0_f64.sqrt())).abs() < 1e-9, "{got}");
    }

    #[test]
    fn the_distance_to_a_shifted_set_is_the_squared_shift() {
        let cloud = DMatrix::from_fn(50, 3, |row, column| ((row * 7 + column * 11) % 13) as f64);
        assert!(distance(&cloud, &cloud) < 1e-9);
        let moved = cloud.map(|x| x + 2.0);
        assert!((distance(&cloud, &moved) - 12.0).abs() < 1e-9);
    }

    #[test]
    fn components_are_in_order_of_variance() {
        let rows = DMatrix::from_fn(40, 3, |row, column| [0.1, 5.0, 1.0][column] * ((row * (column + 3)) % 17) as f64);
        let projected = Projection::fit(&rows).apply(&rows);
        let spread = |column: usize| projected.column(column).norm();
        assert_eq!(projected.ncols(), 3);
        assert!(spread(0) > spread(1) && spread(1) > spread(2));
        assert!(projected.row_mean().norm() < 1e-9);
    }
}
