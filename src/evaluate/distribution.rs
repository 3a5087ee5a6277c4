//! Distances between the distributions of real and generated slices, in features.

use nalgebra::DMatrix;

use super::frechet::{self, Projection};
use super::report::{Aim, Measurement};
use super::statistics::{ClusterBootstrap, centred, mean, subset};
use super::{density_coverage, kid};
use crate::gan::random::{Purpose, Stream};

/// Random subsets that a number is the mean of.
const SUBSETS: usize = 20;
/// Draws of a bootstrap: each takes distances of its own.
const DRAWS: usize = 200;

/// Features, one row a slice: `[slices, 1280]`.
#[derive(Debug)]
pub struct Features {
    /// Of real slices of people whom the generator may have seen.
    pub train: DMatrix<f64>,
    /// Of real slices of people whom it did not.
    pub test: DMatrix<f64>,
    /// Of generated slices.
    pub generated: DMatrix<f64>,
}

/// All of them; `patients` are those of the test slices.
pub fn measures(features: &Features, patients: &[&str], seed: u64) -> Vec<Measurement> {
    let groups = ClusterBootstrap::of(patients);
    let projected = projected(features);
    let mut measures = frechet_distances(&projected, &groups, seed);
    measures.push(kernel_distance(features, &groups, seed));
    measures.extend(balls(&projected, &groups, seed));
    measures
}

/// The same slices on principal components of the train slices.
fn projected(features: &Features) -> Features {
    let projection = Projection::fit(&features.train);
    let [train, test, generated] =
        [&features.train, &features.test, &features.generated].map(|rows| projection.apply(rows));
    Features { train, test, generated }
}

/// Slices on each side of a comparison: no more than there are on the smallest.
fn equal(features: &Features) -> usize {
    features.test.nrows().min(features.generated.nrows()).min(features.train.nrows())
}

/// Test slices against as many generated and against as many train slices.
fn frechet_distances(projected: &Features, groups: &ClusterBootstrap, seed: u64) -> Vec<Measurement> {
    let Features { train, test, generated } = projected;
    let n = equal(projected);
    let mut stream = Stream::new(Purpose::Step, seed, 2);
    let mut pair = |tested: &DMatrix<f64>| {
        let n = n.min(tested.nrows());
        let mut some = |rows: &DMatrix<f64>| rows.select_rows(&subset(rows.nrows(), n, &mut stream));
        let tested = some(tested);
        [frechet::distance(&tested, &some(generated)), frechet::distance(&tested, &some(train))]
    };
    let points: Vec<[f64; 2]> = (0..SUBSETS).map(|_| pair(test)).collect();
    let mut resampling = Stream::new(Purpose::Step, seed, 3);
    let draws: Vec<[f64; 2]> = (0..DRAWS).map(|_| pair(&test.select_rows(&groups.draw(&mut resampling)))).collect();
    let column = |values: &[[f64; 2]], of: fn(&[f64; 2]) -> f64| values.iter().map(of).collect::<Vec<_>>();
    let [own, other]: [fn(&[f64; 2]) -> f64; 2] = [|pair| pair[0], |pair| pair[1]];
    let estimate = |of: fn(&[f64; 2]) -> f64| centred(mean(&column(&points, of)), &column(&draws, of));
    let (generated, real) = (estimate(own), estimate(other));
    let ratio: fn(&[f64; 2]) -> f64 = |pair| pair[0] / pair[1].max(f64::MIN_POSITIVE);
    let relative = centred(generated.value / real.value.max(f64::MIN_POSITIVE), &column(&draws, ratio));
    vec![
        Measurement::new(["fd", "FD (EfficientNet-Lite0)"], generated, Some(real), n),
        Measurement::new(["fd_relative", "relative FD"], relative, None, n).aiming(Aim::AtMost(2.0)),
    ]
}

/// In all features, times 1,000. It has no bias, so all slices are taken.
fn kernel_distance(features: &Features, groups: &ClusterBootstrap, seed: u64) -> Measurement {
    let within_test = kid::kernel(&features.test, &features.test);
    let mut stream = Stream::new(Purpose::Step, seed, 4);
    let drawn: Vec<Vec<f64>> = (0..DRAWS).map(|_| groups.weights(&mut stream)).collect();
    let ones = vec![1.0; features.test.nrows()];
    let mut against = |rows: &DMatrix<f64>| {
        let (within, between) = (kid::kernel(rows, rows), kid::kernel(rows, &features.test));
        let all = vec![1.0; rows.nrows()];
        let value = 1000.0 * kid::distance(&within, &within_test, &between, [&all, &ones]);
        let own = ClusterBootstrap::independent(rows.nrows());
        let draw = |weights: &Vec<f64>| {
            let other = own.weights(&mut stream);
            1000.0 * kid::distance(&within, &within_test, &between, [&other, weights])
        };
        let draws: Vec<f64> = drawn.iter().map(draw).collect();
        centred(value, &draws)
    };
    let (generated, real) = (against(&features.generated), against(&features.train));
    Measurement::new(["kid", "KID x 1000"], generated, Some(real), features.generated.nrows())
}

/// Density and coverage of the balls around test slices, by as many generated and as many train slices.
fn balls(projected: &Features, groups: &ClusterBootstrap, seed: u64) -> Vec<Measurement> {
    let Features { train, test, generated } = projected;
    let n = equal(projected);
    let mut stream = Stream::new(Purpose::Step, seed, 5);
    let mut average = |rows: &DMatrix<f64>| {
        let (mut density, mut coverage) = (vec![0.0; test.nrows()], vec![0.0; test.nrows()]);
        for _ in 0..SUBSETS {
            let some = rows.select_rows(&subset(rows.nrows(), n, &mut stream));
            let found = density_coverage::balls(test, &some, density_coverage::NEIGHBOURS);
            density.iter_mut().zip(found.density).for_each(|(sum, value)| *sum += value / SUBSETS as f64);
            coverage.iter_mut().zip(found.coverage).for_each(|(sum, value)| *sum += value / SUBSETS as f64);
        }
        [groups.mean(&density, seed), groups.mean(&coverage, seed)]
    };
    let ([density, coverage], [real_density, real_coverage]) = (average(generated), average(train));
    vec![
        Measurement::new(["density", "density"], density, Some(real_density), n),
        Measurement::new(["coverage", "coverage"], coverage, Some(real_coverage), n).aiming(Aim::AtLeast(0.7)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cloud(rows: usize, seed: u64, mean: f32, spread: f32) -> DMatrix<f64> {
        let values = Stream::new(Purpose::Step, seed, 9).normals(rows * 6);
        DMatrix::from_fn(rows, 6, |row, column| f64::from(values[row * 6 + column] * spread + mean))
    }

    fn of(generated: DMatrix<f64>) -> Vec<Measurement> {
        let features = Features { train: cloud(200, 1, 0.0, 1.0), test: cloud(80, 2, 0.0, 1.0), generated };
        let patients: Vec<String> = (0..80).map(|index| (index / 4).to_string()).collect();
        measures(&features, &patients.iter().map(String::as_str).collect::<Vec<_>>(), 0)
    }

    #[test]
    fn slices_of_the_same_distribution_reach_every_aim_and_others_none() {
        for (generated, met) in [(cloud(150, 3, 0.0, 1.0), true), (cloud(150, 3, 3.0, 0.1), false)] {
            let measures = of(generated);
            assert_eq!(measures.len(), 5);
            for measure in &measures {
                assert!(measure.met.is_none_or(|reached| reached == met), "{measure:?}");
                let Measurement { generated: found, .. } = measure;
                assert!(found.low <= found.value && found.value <= found.high, "{measure:?}");
            }
        }
    }
}
