//! Distances between the distributions of real and generated slices in feature space.

use super::density_coverage;
use super::frechet::{self, Projection};
use super::report::{Aim, ReportedMeasure};
use super::statistics::{ClusterBootstrap, centred_interval, mean, subset};
use crate::gan::random::{Purpose, Stream};
use crate::statistics::kid;
use crate::statistics::matrix::Matrix;

/// Random subsets over which a number is averaged.
const SUBSETS: usize = 20;
/// Bootstrap samples. There are fewer than elsewhere, because each needs its own distances.
const DRAWS: usize = 200;

/// Features of slices, one row each: `[slices, 1280]`.
#[derive(Debug)]
pub struct Features {
    /// Real slices of patients that the generator may have seen.
    pub train: Matrix,
    /// Real slices of held-out patients.
    pub test: Matrix,
    /// Generated slices.
    pub generated: Matrix,
}

/// All measures of this module. `patients` names the patient of each test slice.
pub fn measures(features: &Features, patients: &[String], seed: u64) -> Vec<ReportedMeasure> {
    let groups = ClusterBootstrap::of(patients);
    let projected = projected(features);
    let mut measures = frechet_distances(&projected, &groups, seed);
    measures.push(kernel_distance(features, &groups, seed));
    measures.extend(density_and_coverage(&projected, &groups, seed));
    measures
}

/// Projects all features onto the principal components of the training slices.
fn projected(features: &Features) -> Features {
    let projection = Projection::fit(&features.train);
    let [train, test, generated] =
        [&features.train, &features.test, &features.generated].map(|rows| projection.apply(rows));
    Features { train, test, generated }
}

/// Number of slices on each side of a comparison: the size of the smallest set.
fn equal(features: &Features) -> usize {
    features.test.rows().min(features.generated.rows()).min(features.train.rows())
}

/// Frechet distance of test slices to the same number of generated slices, and of training slices.
fn frechet_distances(projected: &Features, groups: &ClusterBootstrap, seed: u64) -> Vec<ReportedMeasure> {
    let Features { train, test, generated } = projected;
    let n = equal(projected);
    let mut stream = Stream::new(Purpose::Step, seed, 2);
    let mut pair = |tested: &Matrix| {
        let n = n.min(tested.rows());
        let mut some = |rows: &Matrix| rows.select_rows(&subset(rows.rows(), n, &mut stream));
        let tested = some(tested);
        [frechet::distance(&tested, &some(generated)), frechet::distance(&tested, &some(train))]
    };
    let points: Vec<[f64; 2]> = (0..SUBSETS).map(|_| pair(test)).collect();
    let mut resampling = Stream::new(Purpose::Step, seed, 3);
    let draws: Vec<[f64; 2]> = (0..DRAWS).map(|_| pair(&test.select_rows(&groups.draw(&mut resampling)))).collect();
    let column = |values: &[[f64; 2]], of: fn(&[f64; 2]) -> f64| values.iter().map(of).collect::<Vec<_>>();
    let [own, other]: [fn(&[f64; 2]) -> f64; 2] = [|pair| pair[0], |pair| pair[1]];
    let estimate = |of: fn(&[f64; 2]) -> f64| centred_interval(mean(&column(&points, of)), &column(&draws, of));
    let (generated, real) = (estimate(own), estimate(other));
    let ratio: fn(&[f64; 2]) -> f64 = |pair| pair[0] / pair[1].max(f64::MIN_POSITIVE);
    let relative = centred_interval(generated.value / real.value.max(f64::MIN_POSITIVE), &column(&draws, ratio));
    vec![
        ReportedMeasure::new(["fd", "FD (EfficientNet-Lite0)"], generated, Some(real), n),
        ReportedMeasure::new(["fd_relative", "relative FD"], relative, None, n).with_aim(Aim::AtMost(2.0)),
    ]
}

/// Kernel distance in all features, times 1,000. It is unbiased, so all slices are used.
fn kernel_distance(features: &Features, groups: &ClusterBootstrap, seed: u64) -> ReportedMeasure {
    let within_test = kid::kernel(&features.test, &features.test);
    let mut stream = Stream::new(Purpose::Step, seed, 4);
    let drawn: Vec<Vec<f64>> = (0..DRAWS).map(|_| groups.weights(&mut stream)).collect();
    let ones = vec![1.0; features.test.rows()];
    let mut against = |rows: &Matrix| {
        let (within, between) = (kid::kernel(rows, rows), kid::kernel(rows, &features.test));
        let all = vec![1.0; rows.rows()];
        let value = 1000.0 * kid::distance(&within, &within_test, &between, [&all, &ones]);
        let own = ClusterBootstrap::independent(rows.rows());
        let draw = |weights: &Vec<f64>| {
            let other = own.weights(&mut stream);
            1000.0 * kid::distance(&within, &within_test, &between, [&other, weights])
        };
        let draws: Vec<f64> = drawn.iter().map(draw).collect();
        centred_interval(value, &draws)
    };
    let (generated, real) = (against(&features.generated), against(&features.train));
    ReportedMeasure::new(["kid", "KID x 1000"], generated, Some(real), features.generated.rows())
}

/// Density and coverage of generated slices around test slices, and of training slices.
fn density_and_coverage(projected: &Features, groups: &ClusterBootstrap, seed: u64) -> Vec<ReportedMeasure> {
    let Features { train, test, generated } = projected;
    let n = equal(projected);
    let mut stream = Stream::new(Purpose::Step, seed, 5);
    let mut average = |rows: &Matrix| {
        let (mut density, mut coverage) = (vec![0.0; test.rows()], vec![0.0; test.rows()]);
        for _ in 0..SUBSETS {
            let some = rows.select_rows(&subset(rows.rows(), n, &mut stream));
            let found = density_coverage::density_coverage(test, &some, density_coverage::NEIGHBOURS);
            density.iter_mut().zip(found.density).for_each(|(sum, value)| *sum += value / SUBSETS as f64);
            coverage.iter_mut().zip(found.coverage).for_each(|(sum, value)| *sum += value / SUBSETS as f64);
        }
        [groups.mean(&density, seed), groups.mean(&coverage, seed)]
    };
    let ([density, coverage], [real_density, real_coverage]) = (average(generated), average(train));
    vec![
        ReportedMeasure::new(["density", "density"], density, Some(real_density), n),
        ReportedMeasure::new(["coverage", "coverage"], coverage, Some(real_coverage), n).with_aim(Aim::AtLeast(0.7)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cloud(rows: usize, seed: u64, mean: f32, spread: f32) -> Matrix {
        let values = Stream::new(Purpose::Step, seed, 9).normals(rows * 6);
        Matrix::from_fn([rows, 6], |row, column| f64::from(values[row * 6 + column] * spread + mean))
    }

    fn of(generated: Matrix) -> Vec<ReportedMeasure> {
        let features = Features { train: cloud(200, 1, 0.0, 1.0), test: cloud(80, 2, 0.0, 1.0), generated };
        let patients: Vec<String> = (0..80).map(|index| (index / 4).to_string()).collect();
        measures(&features, &patients, 0)
    }

    #[test]
    fn equal_distributions_meet_every_aim_and_different_ones_none() {
        for (generated, met) in [(cloud(150, 3, 0.0, 1.0), true), (cloud(150, 3, 3.0, 0.1), false)] {
            let measures = of(generated);
            assert_eq!(measures.len(), 5);
            for measure in &measures {
                assert!(measure.met.is_none_or(|reached| reached == met), "{measure:?}");
                let ReportedMeasure { generated: found, .. } = measure;
                assert!(found.low <= found.value && found.value <= found.high, "{measure:?}");
            }
        }
    }
}
