//! Confidence intervals by bootstrap, and summaries of samples.

use serde::Serialize;

use crate::gan::random::{Purpose, Stream};

/// Number of bootstrap samples.
pub const DRAWS: usize = 500;

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

/// Size, mean and quantiles of a sample.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Number of values.
    pub n: usize,
    /// Mean.
    pub mean: f64,
    /// Quantiles at 0.05, 0.25, 0.5, 0.75 and 0.95.
    pub quantiles: [f64; 5],
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

/// Size, mean and quantiles of a sample.
pub fn summary(values: &[f64]) -> Summary {
    let quantiles = [0.05, 0.25, 0.5, 0.75, 0.95].map(|part| quantile(values, part));
    Summary { n: values.len(), mean: mean(values), quantiles }
}

/// The two-sample Kolmogorov-Smirnov statistic: the largest difference between the empirical distribution functions. 0 for
/// equal samples, 1 for samples that do not overlap.
pub fn kolmogorov_smirnov(a: &[f64], b: &[f64]) -> f64 {
    let below = |values: &[f64], limit: f64| {
        values.iter().filter(|value| **value <= limit).count() as f64 / values.len().max(1) as f64
    };
    a.iter().chain(b).map(|&limit| (below(a, limit) - below(b, limit)).abs()).fold(0.0, f64::max)
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
        let mut strata = std::collections::BTreeMap::<S, std::collections::BTreeMap<T, Vec<usize>>>::new();
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
    pub fn draw(&self, stream: &mut Stream) -> Vec<usize> {
        let mut drawn = Vec::with_capacity(self.slices);
        for groups in &self.strata {
            for _ in groups {
                drawn.extend(&groups[stream.below(groups.len())]);
            }
        }
        drawn
    }

    /// One bootstrap sample as weights: how often each slice was drawn.
    pub fn weights(&self, stream: &mut Stream) -> Vec<f64> {
        let mut weights = vec![0.0; self.slices];
        for index in self.draw(stream) {
            weights[index] += 1.0;
        }
        weights
    }

    /// The mean of one value for each slice, with its interval.
    pub fn mean(&self, values: &[f64], seed: u64) -> Estimate {
        let mut stream = Stream::new(Purpose::Step, seed, 77);
        let draw = |_| {
            let drawn: Vec<f64> = self.draw(&mut stream).into_iter().map(|index| values[index]).collect();
            mean(&drawn)
        };
        let draws: Vec<f64> = (0..DRAWS).map(draw).collect();
        percentile_interval(mean(values), &draws)
    }
}

/// The percentile interval: the middle 95 % of the bootstrap values `draws`.
pub fn percentile_interval(value: f64, draws: &[f64]) -> Estimate {
    Estimate { value, low: quantile(draws, 0.025), high: quantile(draws, 0.975) }
}

/// The percentile interval shifted so that the median of the draws equals `value`. For distances, which are biased upwards
/// by the repeated slices of a bootstrap sample.
pub fn centred_interval(value: f64, draws: &[f64]) -> Estimate {
    let moved = value - quantile(draws, 0.5);
    Estimate { value, low: quantile(draws, 0.025) + moved, high: quantile(draws, 0.975) + moved }
}

/// Random `count` of the indices below `from`, without replacement, in random order.
pub fn subset(from: usize, count: usize, stream: &mut Stream) -> Vec<usize> {
    let mut all: Vec<usize> = (0..from).collect();
    let count = count.min(from);
    for place in 0..count {
        let other = place + stream.below(from - place);
        all.swap(place, other);
    }
    all.truncate(count);
    all
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

    #[test]
    fn kolmogorov_smirnov_by_hand() {
        let a = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(kolmogorov_smirnov(&a, &a), 0.0);
        assert_eq!(kolmogorov_smirnov(&a, &[5.0, 6.0]), 1.0);
        assert_eq!(kolmogorov_smirnov(&a, &[2.5, 3.5, 4.5, 5.5]), 0.5);
    }

    /// 100 values of standard deviation 1: the interval of the mean is about 4 standard errors of 0.1 wide.
    #[test]
    fn the_interval_of_a_mean_has_the_expected_width() {
        let values: Vec<f64> = Stream::new(Purpose::Step, 3, 3).normals(100).into_iter().map(f64::from).collect();
        let got = ClusterBootstrap::independent(100).mean(&values, 0);
        assert!(got.low < got.value && got.value < got.high);
        assert!((0.3..0.5).contains(&(got.high - got.low)), "{got:?}");
        assert_eq!(got, ClusterBootstrap::independent(100).mean(&values, 0), "the seed determines the interval");
    }

    #[test]
    fn slices_of_few_patients_give_a_wider_interval() {
        let values: Vec<f64> = (0..100).map(|index| f64::from(index / 10 % 2)).collect();
        let width = |estimate: Estimate| estimate.high - estimate.low;
        let people = ClusterBootstrap::of((0..100).map(|index| index / 10)).mean(&values, 0);
        assert!(width(people) > 2.0 * width(ClusterBootstrap::independent(100).mean(&values, 0)));
    }

    #[test]
    fn a_stratum_gives_as_many_groups_as_it_has() {
        // Two groups of two slices, and one group alone in its stratum.
        let groups = [("a", 0), ("a", 0), ("b", 0), ("b", 0), ("c", 1)];
        let bootstrap = ClusterBootstrap::within(groups);
        let mut stream = Stream::new(Purpose::Step, 1, 0);
        for _ in 0..20 {
            let weights = bootstrap.weights(&mut stream);
            assert_eq!((weights[0] + weights[2], weights[4]), (2.0, 1.0), "{weights:?}");
            assert_eq!((weights[0], weights[2]), (weights[1], weights[3]));
        }
    }

    #[test]
    fn a_subset_contains_each_index_once() {
        let mut got = subset(10, 10, &mut Stream::new(Purpose::Step, 0, 0));
        got.sort_unstable();
        assert_eq!(got, (0..10).collect::<Vec<_>>());
        assert_eq!(subset(3, 9, &mut Stream::new(Purpose::Step, 0, 0)).len(), 3);
    }

    #[test]
    fn a_centred_interval_contains_its_value() {
        let got = centred_interval(1.0, &[5.0, 6.0, 7.0]);
        assert!((got.low - 0.05).abs() < 1e-9 && (got.high - 1.95).abs() < 1e-9, "{got:?}");
    }
}
