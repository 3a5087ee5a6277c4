//! Eigenvalues and eigenvectors of symmetric matrices: Householder's reduction to tridiagonal form, then the QL method with
//! implicit shifts (Bowdler, Martin, Reinsch and Wilkinson 1968, Numerische Mathematik 11, procedures tred2 and tql2; as in the
//! public-domain library JAMA). The unit tests compare it with nalgebra.

use crate::statistics::matrix::Matrix;

/// Most steps of the QL method for one eigenvalue. A few are enough.
const MAX_STEPS: usize = 60;

/// The eigenvalues and eigenvectors of a symmetric matrix.
#[derive(Debug, Clone)]
pub struct Eigen {
    /// The eigenvalues, from small to large.
    pub values: Vec<f64>,
    /// The eigenvector of each, as a row: orthonormal.
    pub vectors: Matrix,
}

/// Decomposes a symmetric matrix; the part above the diagonal is not read.
pub fn symmetric(matrix: &Matrix) -> Eigen {
    let n = matrix.rows();
    // The work is done on columns, which lie together here: `v[j][k]` is row k of column j.
    let mut v: Vec<Vec<f64>> =
        (0..n).map(|column| (0..n).map(|row| matrix[(row.max(column), row.min(column))]).collect()).collect();
    let (mut d, mut e) = (vec![0.0; n], vec![0.0; n]);
    if n > 0 {
        tridiagonal(&mut v, &mut d, &mut e);
        implicit_ql(&mut v, &mut d, &mut e);
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| d[a].total_cmp(&d[b]));
    let vectors = Matrix::new(n, order.iter().flat_map(|&index| v[index].iter().copied()).collect());
    Eigen { values: order.iter().map(|&index| d[index]).collect(), vectors }
}

/// Householder's reduction. `d` becomes the diagonal, `e` the values beside it from index 1, and `v` the product of the reflections.
fn tridiagonal(v: &mut [Vec<f64>], d: &mut [f64], e: &mut [f64]) {
    let n = d.len();
    for (j, d) in d.iter_mut().enumerate() {
        *d = v[j][n - 1];
    }
    for i in (1..n).rev() {
        let scale: f64 = d[..i].iter().map(|value| value.abs()).sum();
        let mut h = 0.0;
        if scale == 0.0 {
            e[i] = d[i - 1];
            for j in 0..i {
                d[j] = v[j][i - 1];
                v[j][i] = 0.0;
                v[i][j] = 0.0;
            }
        } else {
            for value in &mut d[..i] {
                *value /= scale;
                h += *value * *value;
            }
            let f = d[i - 1];
            let g = if f > 0.0 { -h.sqrt() } else { h.sqrt() };
            e[i] = scale * g;
            h -= f * g;
            d[i - 1] = f - g;
            e[..i].fill(0.0);
            for j in 0..i {
                let f = d[j];
                v[i][j] = f;
                let column = &v[j];
                let mut g = e[j] + column[j] * f;
                for k in j + 1..i {
                    g += column[k] * d[k];
                    e[k] += column[k] * f;
                }
                e[j] = g;
            }
            let mut f = 0.0;
            for j in 0..i {
                e[j] /= h;
                f += e[j] * d[j];
            }
            let half = f / (h + h);
            for j in 0..i {
                e[j] -= half * d[j];
            }
            for j in 0..i {
                let (f, g) = (d[j], e[j]);
                for k in j..i {
                    v[j][k] -= f * e[k] + g * d[k];
                }
                d[j] = v[j][i - 1];
                v[j][i] = 0.0;
            }
        }
        d[i] = h;
    }
    for i in 0..n - 1 {
        v[i][n - 1] = v[i][i];
        v[i][i] = 1.0;
        let h = d[i + 1];
        if h != 0.0 {
            for k in 0..=i {
                d[k] = v[i + 1][k] / h;
            }
            let (before, after) = v.split_at_mut(i + 1);
            let reflection = &after[0];
            for column in before {
                let g: f64 = (0..=i).map(|k| reflection[k] * column[k]).sum();
                for k in 0..=i {
                    column[k] -= g * d[k];
                }
            }
        }
        v[i + 1][..=i].fill(0.0);
    }
    for (column, d) in v.iter_mut().zip(d) {
        *d = column[n - 1];
        column[n - 1] = 0.0;
    }
    v[n - 1][n - 1] = 1.0;
    e[0] = 0.0;
}

/// The QL method. `d` becomes the eigenvalues, and the columns of `v` their vectors.
fn implicit_ql(v: &mut [Vec<f64>], d: &mut [f64], e: &mut [f64]) {
    let n = d.len();
    e.rotate_left(1);
    e[n - 1] = 0.0;
    let (mut shift, mut largest) = (0.0, 0.0_f64);
    for l in 0..n {
        largest = largest.max(d[l].abs() + e[l].abs());
        let mut m = l;
        while m < n - 1 && e[m].abs() > f64::EPSILON * largest {
            m += 1;
        }
        for _ in 0..MAX_STEPS {
            if m == l || e[l].abs() <= f64::EPSILON * largest {
                break;
            }
            let g = d[l];
            let mut p = (d[l + 1] - g) / (2.0 * e[l]);
            let mut r = if p < 0.0 { -p.hypot(1.0) } else { p.hypot(1.0) };
            d[l] = e[l] / (p + r);
            d[l + 1] = e[l] * (p + r);
            let next = d[l + 1];
            let h = g - d[l];
            for value in &mut d[l + 2..] {
                *value -= h;
            }
            shift += h;
            p = d[m];
            let (mut c, mut c2, mut c3) = (1.0, 1.0, 1.0);
            let (mut s, mut s2) = (0.0, 0.0);
            let beside = e[l + 1];
            for i in (l..m).rev() {
                (c3, c2, s2) = (c2, c, s);
                let g = c * e[i];
                let h = c * p;
                r = p.hypot(e[i]);
                e[i + 1] = s * r;
                s = e[i] / r;
                c = p / r;
                p = c * d[i] - s * g;
                d[i + 1] = h + s * (c * g + s * d[i]);
                let (left, right) = v.split_at_mut(i + 1);
                for (left, right) in left[i].iter_mut().zip(&mut right[0]) {
                    let h = *right;
                    *right = s * *left + c * h;
                    *left = c * *left - s * h;
                }
            }
            p = -s * s2 * c3 * beside * e[l] / next;
            e[l] = s * p;
            d[l] = c * p;
        }
        d[l] += shift;
        e[l] = 0.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gan::random::{Purpose, Stream};

    /// A product of random rows: symmetric, with eigenvalues of very different sizes. Rank `rank`.
    fn gram(n: usize, rank: usize) -> Matrix {
        let values = Stream::new(Purpose::Step, n as u64, 1).normals(n * rank);
        let rows =
            Matrix::from_fn([n, rank], |row, column| f64::from(values[row * rank + column]) / (1 + column) as f64);
        rows.dots(&rows)
    }

    #[test]
    fn values_equal_those_of_nalgebra_and_vectors_give_the_matrix() {
        for (n, rank) in [(1, 1), (2, 2), (5, 5), (40, 60), (30, 7)] {
            let matrix = gram(n, rank);
            let Eigen { values, vectors } = symmetric(&matrix);
            let mut known: Vec<f64> = nalgebra::DMatrix::from_fn(n, n, |row, column| matrix[(row, column)])
                .symmetric_eigenvalues()
                .iter()
                .copied()
                .collect();
            known.sort_by(f64::total_cmp);
            let largest = known[n - 1];
            for (value, known) in values.iter().zip(&known) {
                assert!((value - known).abs() < 1e-12 * largest, "{n}, {rank}: {value} is not {known}");
            }
            let scaled = Matrix::from_fn([n, n], |row, column| values[row] * vectors[(row, column)]);
            let again = vectors.transposed().dots(&scaled.transposed());
            let products = vectors.dots(&vectors);
            for row in 0..n {
                for column in 0..n {
                    assert!((again[(row, column)] - matrix[(row, column)]).abs() < 1e-11 * largest, "{n}, {rank}");
                    let expected = f64::from(u8::from(row == column));
                    assert!((products[(row, column)] - expected).abs() < 1e-12, "{n}, {rank}: not orthonormal");
                }
            }
        }
    }

    #[test]
    fn diagonal_and_empty_matrices() {
        let diagonal = Matrix::from_fn([3, 3], |row, column| if row == column { [5.0, -1.0, 2.0][row] } else { 0.0 });
        assert_eq!(symmetric(&diagonal).values, [-1.0, 2.0, 5.0]);
        assert!(symmetric(&Matrix::new(1, Vec::new())).values.is_empty());
        assert_eq!(symmetric(&Matrix::from_fn([2, 2], |_, _| 0.0)).values, [0.0, 0.0]);
    }
}
