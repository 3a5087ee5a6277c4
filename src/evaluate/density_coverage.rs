//! Density and coverage (Naeem et al. 2020, arXiv 2002.09797): do generated slices lie where real ones do, and do they lie
//! near all of them?
//!
//! Each real slice has a ball that reaches to its k-th nearest other real slice. Density counts in how many balls a
//! generated slice lies, as part of k: 1 where both are alike, more where generated ones crowd. Coverage is the part of
//! balls with a generated slice in them: 0 to 1. Both are means over real slices, so they are given a slice.

use nalgebra::DMatrix;

/// Neighbours that a ball reaches to.
pub const NEIGHBOURS: usize = 5;

/// What each real slice adds: both are to be averaged.
#[derive(Debug, Clone, PartialEq)]
pub struct DensityCoverage {
    /// Generated slices within its ball, as part of what is expected there.
    pub density: Vec<f64>,
    /// 1 if there is one at all, else 0.
    pub coverage: Vec<f64>,
}

/// The balls around the rows of `real`, and the rows of `generated` within them. Use as many of both: coverage grows with
/// the number of generated slices.
pub fn balls(real: &DMatrix<f64>, generated: &DMatrix<f64>, neighbours: usize) -> DensityCoverage {
    let expected = neighbours as f64 * generated.nrows() as f64 / real.nrows().max(1) as f64;
    let (own, other) = (squares(real, real), squares(real, generated));
    let mut balls = DensityCoverage { density: Vec::new(), coverage: Vec::new() };
    for row in 0..real.nrows() {
        let mut near: Vec<f64> =
            (0..real.nrows()).filter(|&column| column != row).map(|column| own[(row, column)]).collect();
        near.sort_by(f64::total_cmp);
        let radius = near.get(neighbours.max(1) - 1).or(near.last()).copied().unwrap_or(0.0);
        let inside = (0..generated.nrows()).filter(|&column| other[(row, column)] <= radius).count();
        balls.density.push(inside as f64 / expected);
        balls.coverage.push(f64::from(u8::from(inside > 0)));
    }
    balls
}

/// Squared distances between all rows of `a` and of `b`.
fn squares(a: &DMatrix<f64>, b: &DMatrix<f64>) -> DMatrix<f64> {
    let norms = |rows: &DMatrix<f64>| rows.row_iter().map(|row| row.norm_squared()).collect::<Vec<f64>>();
    let (left, right, mut products) = (norms(a), norms(b), a * b.transpose());
    for (column, right) in right.iter().enumerate() {
        for (row, left) in left.iter().enumerate() {
            let product = products[(row, column)];
            products[(row, column)] = (left + right - 2.0 * product).max(0.0);
        }
    }
    products
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(places: &[f64]) -> DMatrix<f64> {
        DMatrix::from_column_slice(places.len(), 1, places)
    }

    fn mean(values: &[f64]) -> f64 {
        values.iter().sum::<f64>() / values.len() as f64
    }

    /// Four on a line, 1 apart: with one neighbour each ball reaches 1 to both sides.
    #[test]
    fn a_toy_set_by_hand() {
        let got = balls(&line(&[0.0, 1.0, 2.0, 3.0]), &line(&[0.5, 0.5, 0.5, 9.0]), 1);
        assert_eq!(got.coverage, [1.0, 1.0, 0.0, 0.0]);
        assert_eq!(got.density, [3.0, 3.0, 0.0, 0.0]);
    }

    #[test]
    fn the_same_set_covers_all_and_one_far_away_nothing() {
        let set = line(&[0.0, 1.0, 2.5, 4.0, 7.0, 7.5, 9.0, 11.0]);
        assert_eq!(mean(&balls(&set, &set, 5).coverage), 1.0);
        let far = balls(&set, &set.map(|x| x + 100.0), 5);
        assert_eq!((mean(&far.coverage), mean(&far.density)), (0.0, 0.0));
    }

    #[test]
    fn one_slice_again_and_again_is_dense_but_covers_little() {
        let set = line(&(0..40).map(f64::from).collect::<Vec<_>>());
        let got = balls(&set, &line(&[20.0; 40]), 5);
        assert!(mean(&got.coverage) < 0.2 && mean(&got.density) > 0.9, "{got:?}");
    }
}
