//! Confidence intervals by bootstrap, and summaries of samples.

use serde::Serialize;

use crate::gan::random::{Purpose, Stream};
use crate::statistics::Draw;
pub use crate::statistics::{ClusterBootstrap, Estimate, mean, percentile_interval, quantile};

/// Number of bootstrap samples.
pub const DRAWS: usize = 500;

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

impl Draw for Stream {
    fn below(&mut self, n: usize) -> usize {
        Stream::below(self, n)
    }
}

impl ClusterBootstrap {
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

/// The percentile interval shifted so that the median of the draws equals `value`. For distances, which are biased upwards
/// by the repeated slices of a bootstrap sample.
pub fn centred_interval(value: f64, draws: &[f64]) -> Estimate {
    let moved = value - quantile(draws, 0.5);
    Estimate { value, low: quantile(draws, 0.025) + moved, high: quantile(draws, 0.975) + moved }
}

/// `count` random indices below `from`, without replacement, in random order.
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
