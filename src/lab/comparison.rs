//! Each arm against the baseline: the difference, its interval, and the verdict that follows from it.
//!
//! The standard error of a difference is that of a bootstrap which draws persons and repetitions independently of each other
//! (Owen 2007, "The pigeonhole bootstrap", doi 10.1214/07-AOAS122; it overestimates the error a little). With few persons or
//! repetitions, bootstrap intervals are too narrow. So the variance components of persons and repetitions are scaled by
//! n / (n - 1), and the interval uses Student's t with Satterthwaite's degrees of freedom. Several arms are tested at once, so
//! verdicts use Holm's step-down correction.

use serde::{Deserialize, Serialize};

use super::arm::Arm;
use super::outcomes::{Metric, Outcomes, coefficients};
use super::power::combined;
use super::student;
use super::variance_components::Deviations;
pub use super::verdict::Verdict;
use super::verdict::{RISK, can_tell};
use crate::evaluate::statistics::{ClusterBootstrap, mean};
use crate::gan::random::{Purpose, Stream};

/// Bootstrap samples of a report.
pub const DRAWS: usize = 1000;

impl Verdict {
    fn of([low, high]: [f64; 2]) -> Self {
        if low > 0.0 {
            Self::Helps
        } else if high < 0.0 {
            Self::Hurts
        } else {
            Self::Unclear
        }
    }
}

/// An arm against the baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArmComparison {
    /// The arm.
    pub arm: Arm,
    /// Mean over the repetitions of its measure minus that of the baseline.
    pub difference: f64,
    /// 95 % interval of the difference.
    pub interval: [f64; 2],
    /// The interval at the level of Holm's correction, at least as wide.
    pub corrected: [f64; 2],
    /// Standard error of the difference.
    pub error: f64,
    /// Degrees of freedom of the error.
    pub freedom: u32,
    /// p-value of this arm alone.
    pub p: f64,
    /// p-value after Holm's correction.
    pub p_holm: f64,
    /// Standard deviations of the difference: between persons, between repetitions, and residual.
    pub deviations: Deviations,
    /// The verdict that follows from [`corrected`](Self::corrected).
    pub verdict: Verdict,
}

/// Why there is no interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoInterval {
    /// Fewer than two repetitions.
    #[error("{0} repetitions are finished in all arms: an interval needs at least 2")]
    Repetitions(usize),
    /// A class with fewer than two test persons.
    #[error("a class has {0} test persons: an interval needs at least 2")]
    Persons(usize),
}

/// Compares `arms` with the baseline over the repetitions that all of them have finished. `draws` is the number of bootstrap
/// samples. With too few test persons or repetitions ([`can_tell`]) every verdict is [`Verdict::Unclear`], whatever the intervals.
///
/// # Errors
/// If there are too few repetitions or persons for an interval.
pub fn compare(
    outcomes: &Outcomes,
    measure: Metric,
    arms: &[Arm],
    draws: usize,
    seed: u64,
) -> Result<Vec<ArmComparison>, NoInterval> {
    let arms: Vec<Arm> = arms.iter().copied().filter(|arm| *arm != Arm::BASELINE).collect();
    let needed: Vec<Arm> = arms.iter().copied().chain([Arm::BASELINE]).collect();
    let repetitions = outcomes.repetitions(&needed);
    let fewest = outcomes.persons_by_class().into_iter().min().unwrap_or(0);
    if repetitions.len() < 2 {
        return Err(NoInterval::Repetitions(repetitions.len()));
    }
    if fewest < 2 {
        return Err(NoInterval::Persons(fewest));
    }
    let table = Table::new(outcomes, measure, &needed, &repetitions);
    let samples = Samples::draw(outcomes, &table, arms.len(), draws, seed);
    let size = SampleSize {
        fewest: fewest as f64,
        persons: (outcomes.persons() - outcomes.persons_by_class().len() + 1).max(2) as f64,
        repetitions: repetitions.len() as f64,
    };
    let differences = table.differences(&vec![1.0; outcomes.units.len()]);
    let mut found: Vec<ArmComparison> = arms
        .iter()
        .enumerate()
        .map(|(place, &arm)| {
            let difference = mean(&differences[place]);
            let (error, freedom) = size.error(&samples, place);
            let p = if difference == 0.0 { 1.0 } else { 1.0 - student::within(difference / error, freedom) };
            let interval = interval(difference, error, freedom, RISK);
            let deviations = Deviations::found(outcomes, arm, &repetitions);
            let (corrected, verdict) = (interval, Verdict::Unclear);
            ArmComparison { arm, difference, interval, corrected, error, freedom, p, p_holm: p, deviations, verdict }
        })
        .collect();
    holm(&mut found);
    if !can_tell(outcomes.persons(), repetitions.len()) {
        found.iter_mut().for_each(|one| one.verdict = Verdict::Unclear);
    }
    Ok(found)
}

/// Holm's step-down correction (Holm 1979): sets corrected p-values and intervals, and the words.
fn holm(comparisons: &mut [ArmComparison]) {
    let mut order: Vec<usize> = (0..comparisons.len()).collect();
    order.sort_by(|&a, &b| comparisons[a].p.total_cmp(&comparisons[b].p));
    let (mut highest, mut left, mut stopped) = (0.0_f64, comparisons.len(), false);
    for (place, &index) in order.iter().enumerate() {
        let one = &mut comparisons[index];
        highest = highest.max((one.p * (order.len() - place) as f64).min(1.0));
        one.p_holm = highest;
        // All arms after the first unclear one keep its level.
        if !stopped {
            left = order.len() - place;
        }
        one.corrected = interval(one.difference, one.error, one.freedom, RISK / left as f64);
        one.verdict = if stopped { Verdict::Unclear } else { Verdict::of(one.corrected) };
        stopped |= one.verdict == Verdict::Unclear;
    }
}

fn interval(difference: f64, error: f64, freedom: u32, risk: f64) -> [f64; 2] {
    let reach = student::limit(1.0 - risk, freedom) * error;
    [difference - reach, difference + reach]
}

/// The values of all runs, by arm and then repetition. The last arm is the baseline.
struct Table<'a> {
    outcomes: &'a Outcomes,
    measure: Metric,
    runs: Vec<Vec<&'a super::outcomes::LabRun>>,
}

impl<'a> Table<'a> {
    fn new(outcomes: &'a Outcomes, measure: Metric, arms: &[Arm], repetitions: &[usize]) -> Self {
        let own = |arm: &Arm| repetitions.iter().filter_map(|&repetition| outcomes.run(*arm, repetition)).collect();
        Self { outcomes, measure, runs: arms.iter().map(own).collect() }
    }

    /// For each arm but the baseline and each repetition: the difference to the baseline, with weights of the units.
    fn differences(&self, weights: &[f64]) -> Vec<Vec<f64>> {
        let factors = coefficients(&self.outcomes.units, weights);
        let value = |run: &&super::outcomes::LabRun| match self.measure {
            Metric::Auc => self.measure.of(&self.outcomes.units, run, weights),
            _ => {
                // The same as `Metric::of`, with factors that all runs share.
                let mut sum = 0.0;
                for (factor, value) in factors.iter().zip(&run.values) {
                    sum += factor * value;
                }
                sum
            }
        };
        let mut values: Vec<Vec<f64>> = self.runs.iter().map(|runs| runs.iter().map(value).collect()).collect();
        let baseline = values.pop().unwrap_or_default();
        for arm in &mut values {
            arm.iter_mut().zip(&baseline).for_each(|(value, base)| *value -= base);
        }
        values
    }
}

/// Bootstrap values of the differences, by arm.
struct Samples {
    /// Persons and repetitions drawn.
    both: Vec<Vec<f64>>,
    /// Only persons drawn.
    persons: Vec<Vec<f64>>,
    /// Only repetitions drawn.
    repetitions: Vec<Vec<f64>>,
}

impl Samples {
    fn draw(outcomes: &Outcomes, table: &Table, arms: usize, draws: usize, seed: u64) -> Self {
        let persons = ClusterBootstrap::within(outcomes.units.iter().map(|unit| &unit.person).zip(outcomes.strata()));
        let count = table.runs.first().map_or(0, Vec::len);
        let repetitions = ClusterBootstrap::independent(count);
        let whole = table.differences(&vec![1.0; outcomes.units.len()]);
        let mut stream = Stream::new(Purpose::Step, seed, 80);
        let empty = vec![Vec::with_capacity(draws); arms];
        let mut samples = Self { both: empty.clone(), persons: empty.clone(), repetitions: empty };
        for _ in 0..draws {
            let drawn = table.differences(&persons.weights(&mut stream));
            let times = repetitions.weights(&mut stream);
            let weighed = |values: &[f64]| {
                values.iter().zip(&times).map(|(value, times)| value * times).sum::<f64>() / count as f64
            };
            for arm in 0..arms {
                samples.both[arm].push(weighed(&drawn[arm]));
                samples.persons[arm].push(mean(&drawn[arm]));
                samples.repetitions[arm].push(weighed(&whole[arm]));
            }
        }
        samples
    }
}

/// The numbers that the error depends on.
struct SampleSize {
    /// Persons of the smallest class.
    fewest: f64,
    /// Persons minus one for each class after the first.
    persons: f64,
    repetitions: f64,
}

impl SampleSize {
    /// Standard error and degrees of freedom of an arm's difference.
    fn error(&self, samples: &Samples, arm: usize) -> (f64, u32) {
        let [both, persons, repetitions] =
            [&samples.both, &samples.persons, &samples.repetitions].map(|values| variance(&values[arm]));
        combined(both, persons * self.fewest / (self.fewest - 1.0), repetitions, self.persons, self.repetitions)
    }
}

fn variance(values: &[f64]) -> f64 {
    let centre = mean(values);
    values.iter().map(|value| (value - centre).powi(2)).sum::<f64>() / (values.len().max(2) - 1) as f64
}
