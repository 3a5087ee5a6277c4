//! Statistics without tensors, which the lab, `evaluate`, training and reader studies share: quantiles, the bootstrap over groups,
//! the area under the ROC curve, the quantiles of the normal distribution, and the kernel distance of two samples.

pub mod kid;
pub mod matrix;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::splitmix::SplitMix;

/// A value with its 95 % confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The mean; 0 if empty.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The linearly interpolated quantile at `part`, 0 to 1; NaN if empty.
pub fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = part.clamp(0.0, 1.0) * last as f64;
    let (below, above) = (sorted[place as usize], sorted[(place as usize + 1).min(last)]);
    below + (above - below) * place.fract()
}

/// The percentile interval: the middle 95 % of the bootstrap values `draws`.
pub fn percentile_interval(value: f64, draws: &[f64]) -> Estimate {
    Estimate { value, low: quantile(draws, 0.025), high: quantile(draws, 0.975) }
}

/// A source of random whole numbers.
pub trait Draw {
    /// A whole number from 0 to `n - 1`.
    fn below(&mut self, n: usize) -> usize;
}

impl Draw for SplitMix {
    fn below(&mut self, n: usize) -> usize {
        SplitMix::below(self, n)
    }
}

/// A cluster bootstrap. Slices of one patient resemble each other, so patients are drawn instead of slices.
#[derive(Debug)]
pub struct ClusterBootstrap {
    /// Indices of slices, by stratum and group.
    strata: Vec<Vec<Vec<usize>>>,
    slices: usize,
}

impl ClusterBootstrap {
    /// A bootstrap over groups; `groups` is the group of each slice.
    pub fn of<T: Ord>(groups: impl IntoIterator<Item = T>) -> Self {
        Self::within(groups.into_iter().map(|group| (group, ())))
    }

    /// A stratified bootstrap: from each stratum, as many groups are drawn as it has. `groups` is the group of each slice
    /// and the stratum of that group.
    pub fn within<T: Ord, S: Ord>(groups: impl IntoIterator<Item = (T, S)>) -> Self {
        let mut strata = BTreeMap::<S, BTreeMap<T, Vec<usize>>>::new();
        let mut slices = 0;
        for (index, (group, stratum)) in groups.into_iter().enumerate() {
            strata.entry(stratum).or_default().entry(group).or_default().push(index);
            slices += 1;
        }
        Self { strata: strata.into_values().map(|groups| groups.into_values().collect()).collect(), slices }
    }

    /// A bootstrap over independent slices: each is its own group.
    pub fn independent(slices: usize) -> Self {
        Self::of(0..slices)
    }

    /// One bootstrap sample: draws as many groups as there are, with replacement, and returns the indices of their slices.
    pub fn draw(&self, stream: &mut impl Draw) -> Vec<usize> {
        let mut drawn = Vec::with_capacity(self.slices);
        for groups in &self.strata {
            for _ in groups {
                drawn.extend(&groups[stream.below(groups.len())]);
            }
        }
        drawn
    }

    /// One bootstrap sample as weights: how often each slice was drawn.
    pub fn weights(&self, stream: &mut impl Draw) -> Vec<f64> {
        let mut weights = vec![0.0; self.slices];
        for index in self.draw(stream) {
            weights[index] += 1.0;
        }
        weights
    }
}

/// The area under the ROC curve: the probability that one of `positives` has a higher score than one of `negatives`; equal
/// scores count half. Each is a score and its weight. NaN if a side has no weight.
pub fn auc(positives: &[(f64, f64)], negatives: &[(f64, f64)]) -> f64 {
    let (mut above, mut pairs) = (0.0, 0.0);
    for (score, weight) in positives {
        for (other, times) in negatives {
            let share = if score > other {
                1.0
            } else if score < other {
                0.0
            } else {
                0.5
            };
            above += weight * times * share;
            pairs += weight * times;
        }
    }
    above / pairs
}

/// The quantile of the standard normal distribution at `part`, between 0 and 1, to about 1e-9 (Acklam's rational
/// approximation). NaN outside.
pub fn normal_quantile(part: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 6] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
        1.0,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 5] =
        [7.784_695_709_041_462e-3, 3.224_671_290_700_398e-1, 2.445_134_137_142_996, 3.754_408_661_907_416, 1.0];
    let polynomial = |factors: &[f64], at: f64| factors.iter().fold(0.0, |sum, factor| sum * at + factor);
    if !(part > 0.0 && part < 1.0) {
        return f64::NAN;
    }
    let tail = |part: f64| {
        let at = (-2.0 * part.ln()).sqrt();
        polynomial(&C, at) / polynomial(&D, at)
    };
    if part < 0.02425 {
        tail(part)
    } else if part > 1.0 - 0.02425 {
        -tail(1.0 - part)
    } else {
        let (at, square) = (part - 0.5, (part - 0.5).powi(2));
        at * polynomial(&A, square) / polynomial(&B, square)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_interpolated() {
        let values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!([0.0, 0.5, 1.0].map(|part| quantile(&values, part)), [1.0, 2.5, 4.0]);
        assert!(quantile(&[], 0.5).is_nan());
    }

    /// `scipy.stats.norm.ppf([0.001, 0.02, 0.1, 0.5, 0.75, 0.975, 0.999])` of SciPy 1.16.
    #[test]
    fn normal_quantiles_match_scipy() {
        let known = [
            (0.001, -3.090_232_306_167_813),
            (0.02, -2.053_748_910_631_823),
            (0.1, -1.281_551_565_544_600_4),
            (0.5, 0.0),
            (0.75, 0.674_489_750_196_081_7),
            (0.975, 1.959_963_984_540_054),
            (0.999, 3.090_232_306_167_813),
        ];
        for (part, value) in known {
            assert!((normal_quantile(part) - value).abs() < 5e-9, "{part}: {}", normal_quantile(part));
        }
        assert!(normal_quantile(0.0).is_nan() && normal_quantile(1.0).is_nan());
    }

    #[test]
    fn a_stratum_gives_as_many_groups_as_it_has() {
        // Two groups of two slices, and one group alone in its stratum.
        let groups = [("a", 0), ("a", 0), ("b", 0), ("b", 0), ("c", 1)];
        let bootstrap = ClusterBootstrap::within(groups);
        let mut stream = SplitMix::new(1);
        for _ in 0..20 {
            let weights = bootstrap.weights(&mut stream);
            assert_eq!((weights[0] + weights[2], weights[4]), (2.0, 1.0), "{weights:?}");
            assert_eq!((weights[0], weights[2]), (weights[1], weights[3]));
        }
    }
}
