//! Agreement between readers.

/// Fleiss' kappa (Fleiss 1971, "Measuring nominal scale agreement among many raters"). For each case, how many readers chose
/// each category; all cases have equally many readers, at least two. 1 is full agreement, 0 is the agreement expected by
/// chance. NaN if there is no case, or only one category was ever chosen.
pub fn fleiss(counts: &[Vec<f64>], weights: &[f64]) -> f64 {
    let categories = counts.first().map_or(0, Vec::len);
    let total: f64 = weights.iter().sum();
    let readers: f64 = counts.first().map_or(0.0, |first| first.iter().sum());
    let mut shares = vec![0.0; categories];
    let mut agreement = 0.0;
    for (case, weight) in counts.iter().zip(weights) {
        let pairs: f64 = case.iter().map(|count| count * (count - 1.0)).sum();
        agreement += weight * pairs / (readers * (readers - 1.0) * total);
        shares.iter_mut().zip(case).for_each(|(share, count)| *share += weight * count / (readers * total));
    }
    let chance: f64 = shares.iter().map(|share| share * share).sum();
    // Rounding must not turn "only one category" into a number.
    if counts.is_empty() || 1.0 - chance < 1e-12 { f64::NAN } else { (agreement - chance) / (1.0 - chance) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of `https://en.wikipedia.org/wiki/Fleiss%27_kappa`: 10 cases, 14 raters, 5 categories, 0.210 there, and
    /// 0.20993070442195522 by `statsmodels.stats.inter_rater.fleiss_kappa` (statsmodels 0.15.0).
    #[test]
    fn kappa_matches_a_published_table() {
        let table = [
            [0, 0, 0, 0, 14],
            [0, 2, 6, 4, 2],
            [0, 0, 3, 5, 6],
            [0, 3, 9, 2, 0],
            [2, 2, 8, 1, 1],
            [7, 7, 0, 0, 0],
            [3, 2, 6, 3, 0],
            [2, 5, 3, 2, 2],
            [6, 5, 2, 1, 0],
            [0, 2, 2, 3, 7],
        ];
        let counts: Vec<Vec<f64>> =
            table.iter().map(|row| row.iter().map(|&count| f64::from(count)).collect()).collect();
        let kappa = fleiss(&counts, &[1.0; 10]);
        assert!((kappa - 0.209_930_704_421_955_22).abs() < 1e-12, "{kappa}");
    }

    #[test]
    fn one_category_has_no_kappa() {
        assert!(fleiss(&[vec![2.0, 0.0], vec![2.0, 0.0]], &[1.0; 2]).is_nan());
        assert!(fleiss(&[], &[]).is_nan());
        assert!((fleiss(&[vec![2.0, 0.0], vec![0.0, 2.0]], &[1.0; 2]) - 1.0).abs() < 1e-12);
    }
}
