//! What the learners found: one number for each person, repetition and arm.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::arm::Arm;
use crate::statistics;

/// The slices of one class of one test person. Every run has one value for each unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unit {
    /// The person.
    pub person: String,
    /// The class; 0 if the learner has none.
    pub class: usize,
}

/// What one trained learner found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabRun {
    /// What it learned from.
    pub arm: Arm,
    /// The repetition, from 0.
    pub repetition: usize,
    /// For each unit: the share of its slices whose class was found, or the Dice coefficient. 0 to 1.
    pub values: Vec<f64>,
    /// For each unit: the mean log odds of the second of two classes. Empty for other learners.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<f64>,
}

/// The runs of one learner with one number of train persons.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Outcomes {
    /// The units, in the order of the values of every run.
    pub units: Vec<Unit>,
    /// The runs, in any order.
    pub runs: Vec<LabRun>,
}

/// How the values of a run become one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Metric {
    /// Balanced accuracy: the mean over classes of the mean over persons. 0 to 1; guessing has 1 divided by the number of classes.
    BalancedAccuracy,
    /// The area under the ROC curve of two classes. 0 to 1; guessing has 0.5.
    Auc,
    /// The mean Dice coefficient over persons. 0 to 1.
    Dice,
}

impl Metric {
    /// The name in tables and pictures.
    pub fn label(self) -> &'static str {
        match self {
            Self::BalancedAccuracy => "balanced accuracy",
            Self::Auc => "AUC",
            Self::Dice => "Dice",
        }
    }

    /// The measure of a run if unit `i` counts `weights[i]` times. Both numbers of units must be equal. NaN if a class
    /// has no weight.
    pub fn of(self, units: &[Unit], run: &LabRun, weights: &[f64]) -> f64 {
        match self {
            Self::BalancedAccuracy | Self::Dice => {
                coefficients(units, weights).iter().zip(&run.values).map(|(factor, value)| factor * value).sum()
            }
            Self::Auc => auc(units, &run.scores, weights),
        }
    }
}

/// The factor of each unit in the mean over classes of the weighted means over units.
pub(super) fn coefficients(units: &[Unit], weights: &[f64]) -> Vec<f64> {
    let mut totals = BTreeMap::<usize, f64>::new();
    for (unit, weight) in units.iter().zip(weights) {
        *totals.entry(unit.class).or_default() += weight;
    }
    let classes = totals.len() as f64;
    units.iter().zip(weights).map(|(unit, weight)| weight / (totals[&unit.class] * classes)).collect()
}

/// The probability that a unit of class 1 has a higher score than one of class 0; equal scores count half.
fn auc(units: &[Unit], scores: &[f64], weights: &[f64]) -> f64 {
    let of = |class: usize| -> Vec<(f64, f64)> {
        let all = units.iter().zip(scores).zip(weights);
        all.filter(|((unit, _), weight)| unit.class == class && **weight > 0.0)
            .map(|((_, score), weight)| (*score, *weight))
            .collect()
    };
    statistics::auc(&of(1), &of(0))
}

impl Outcomes {
    /// Repetitions that all of these arms have finished, in order.
    pub fn repetitions(&self, arms: &[Arm]) -> Vec<usize> {
        let mut finished = BTreeMap::<usize, BTreeSet<Arm>>::new();
        for run in &self.runs {
            finished.entry(run.repetition).or_default().insert(run.arm);
        }
        finished.retain(|_, done| arms.iter().all(|arm| done.contains(arm)));
        finished.into_keys().collect()
    }

    /// The run of an arm in a repetition.
    pub fn run(&self, arm: Arm, repetition: usize) -> Option<&LabRun> {
        self.runs.iter().find(|run| run.arm == arm && run.repetition == repetition)
    }

    /// The number of different persons.
    pub fn persons(&self) -> usize {
        self.units.iter().map(|unit| &unit.person).collect::<BTreeSet<_>>().len()
    }

    /// The number of persons of each class that occurs.
    pub fn persons_by_class(&self) -> Vec<usize> {
        let mut counts = BTreeMap::<usize, usize>::new();
        for unit in &self.units {
            *counts.entry(unit.class).or_default() += 1;
        }
        counts.into_values().collect()
    }

    /// For each unit the classes that its person has. Bootstraps draw persons within these groups, so that no class gets
    /// lost.
    #[cfg_attr(not(feature = "train"), allow(dead_code))]
    pub(super) fn strata(&self) -> Vec<Vec<usize>> {
        let mut classes = BTreeMap::<&str, BTreeSet<usize>>::new();
        for unit in &self.units {
            classes.entry(&unit.person).or_default().insert(unit.class);
        }
        self.units.iter().map(|unit| classes[unit.person.as_str()].iter().copied().collect()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(values: &[f64], scores: &[f64]) -> LabRun {
        LabRun { arm: Arm::Real, repetition: 0, values: values.to_vec(), scores: scores.to_vec() }
    }

    fn units(classes: &[usize]) -> Vec<Unit> {
        classes.iter().enumerate().map(|(index, &class)| Unit { person: format!("p{index}"), class }).collect()
    }

    #[test]
    fn balanced_accuracy_gives_classes_equal_weight() {
        let units = units(&[0, 0, 0, 1]);
        let found = run(&[1.0, 1.0, 0.4, 0.2], &[]);
        let measure = |weights: &[f64]| Metric::BalancedAccuracy.of(&units, &found, weights);
        assert!((measure(&[1.0; 4]) - 0.5).abs() < 1e-12);
        assert!((measure(&[0.0, 0.0, 3.0, 1.0]) - 0.3).abs() < 1e-12);
    }

    #[test]
    fn auc_by_hand() {
        let units = units(&[0, 0, 1, 1]);
        let measure = |scores: &[f64], weights: &[f64]| Metric::Auc.of(&units, &run(&[], scores), weights);
        assert_eq!(measure(&[0.0, 2.0, 1.0, 3.0], &[1.0; 4]), 0.75);
        assert_eq!(measure(&[1.0, 1.0, 1.0, 1.0], &[1.0; 4]), 0.5);
        assert_eq!(measure(&[0.0, 2.0, 1.0, 3.0], &[1.0, 1.0, 2.0, 0.0]), 0.5);
    }

    #[test]
    fn a_repetition_counts_when_all_arms_are_done() {
        let mut outcomes = Outcomes { units: units(&[0]), runs: Vec::new() };
        for (arm, repetition) in [(Arm::Real, 1), (Arm::Real, 0), (Arm::Both, 1)] {
            outcomes.runs.push(LabRun { arm, repetition, values: vec![1.0], scores: Vec::new() });
        }
        assert_eq!(outcomes.repetitions(&[Arm::Real]), [0, 1]);
        assert_eq!(outcomes.repetitions(&[Arm::Real, Arm::Both]), [1]);
        assert!(outcomes.run(Arm::Both, 0).is_none());
    }
}
