//! How large an effect must be for the experiment to see it.

use serde::{Deserialize, Serialize};

use super::arm::Arm;
use super::comparison::{RISK, combined};
use super::outcomes::Outcomes;
use super::student;
use crate::evaluate::statistics::mean;

/// Chance of seeing the smallest effect.
const POWER: f64 = 0.8;
/// Fewest test persons from which the experiment may say that an arm helps or hurts.
pub const FEWEST_PERSONS: usize = 30;

/// Standard deviations of the difference between two arms.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Deviations {
    /// Between persons of a class, averaged over endless repetitions.
    pub persons: f64,
    /// Between repetitions, averaged over endless persons.
    pub repetitions: f64,
    /// Of one person in one repetition, beyond both.
    pub rest: f64,
}

impl Deviations {
    /// The deviations in finished runs, by the method of moments for a two-way table. 0 if there are too few.
    pub fn found(outcomes: &Outcomes, arm: Arm, repetitions: &[usize]) -> Self {
        // [repetition][unit]
        let differences: Vec<Vec<f64>> = repetitions
            .iter()
            .filter_map(|&repetition| {
                let (own, base) = (outcomes.run(arm, repetition)?, outcomes.run(Arm::BASELINE, repetition)?);
                Some(own.values.iter().zip(&base.values).map(|(own, base)| own - base).collect())
            })
            .collect();
        let (count, units) = (differences.len(), outcomes.units.len());
        let classes = outcomes.persons_by_class().len();
        if count < 2 || units <= classes {
            return Self { persons: 0.0, repetitions: 0.0, rest: 0.0 };
        }
        let by_repetition: Vec<f64> = differences.iter().map(|row| mean(row)).collect();
        let by_unit: Vec<f64> =
            (0..units).map(|unit| differences.iter().map(|row| row[unit]).sum::<f64>() / count as f64).collect();
        let whole = mean(&by_unit);
        let centre = |class: usize| {
            let own: Vec<f64> =
                outcomes.units.iter().zip(&by_unit).filter(|(unit, _)| unit.class == class).map(|it| *it.1).collect();
            mean(&own)
        };
        let between: f64 =
            outcomes.units.iter().zip(&by_unit).map(|(unit, value)| (value - centre(unit.class)).powi(2)).sum();
        let persons = count as f64 * between / (units - classes) as f64;
        let over: f64 = by_repetition.iter().map(|value| (value - whole).powi(2)).sum();
        let over = units as f64 * over / (count - 1) as f64;
        let mut left = 0.0;
        for (row, repetition) in differences.iter().zip(&by_repetition) {
            for (value, unit) in row.iter().zip(&by_unit) {
                left += (value - repetition - unit + whole).powi(2);
            }
        }
        let rest = left / ((count - 1) * (units - 1)) as f64;
        let root = |variance: f64| variance.max(0.0).sqrt();
        Self {
            persons: root((persons - rest) / count as f64),
            repetitions: root((over - rest) / units as f64),
            rest: root(rest),
        }
    }
}

/// The smallest difference that is called with a chance of 80 %, if it is the only one of `arms` compared arms, so that
/// Holm's correction is at its strictest. `persons` are the test persons of each class. `None` if a class has fewer than two
/// persons, or there are fewer than two repetitions.
pub fn smallest_effect(persons: &[usize], repetitions: usize, arms: usize, deviations: &Deviations) -> Option<f64> {
    let fewest = *persons.iter().min().filter(|fewest| **fewest > 1)? as f64;
    let count = (repetitions > 1).then_some(repetitions as f64)?;
    let classes = persons.len() as f64;
    // Persons of the mean over classes, as if they were in one class.
    let people = classes * classes / persons.iter().map(|own| 1.0 / *own as f64).sum::<f64>();
    let total = persons.iter().sum::<usize>() as f64 - classes + 1.0;
    let Deviations { persons, repetitions, rest } = *deviations;
    let [own, over, rest] =
        [persons * persons / people, repetitions * repetitions / count, rest * rest / (people * count)];
    // What the bootstraps find: each sees the rest once, and both together see it three times.
    let (error, freedom) =
        combined(own + over + 3.0 * rest, (own + rest) * fewest / (fewest - 1.0), over + rest, total, count);
    let chance = student::limit(2.0 * POWER - 1.0, u32::MAX) * (own + over + rest).sqrt();
    Some(student::limit(1.0 - RISK / arms.max(1) as f64, freedom) * error + chance)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPICAL: Deviations = Deviations { persons: 0.2, repetitions: 0.03, rest: 0.3 };

    #[test]
    fn more_persons_and_repetitions_see_smaller_effects() {
        let effect = |persons: &[usize], repetitions| smallest_effect(persons, repetitions, 4, &TYPICAL);
        assert!(effect(&[10, 10, 10], 10) < effect(&[10, 10, 10], 3));
        assert!(effect(&[40, 40, 40], 10) < effect(&[10, 10, 10], 10));
        assert!(effect(&[28, 1, 1], 10).is_none() && effect(&[10, 10], 1).is_none());
    }

    /// Many persons, so that t is nearly normal: (1.960 + 0.842) standard errors of 0.01.
    #[test]
    fn the_effect_of_a_single_comparison_by_hand() {
        let deviations = Deviations { persons: 0.2, repetitions: 0.0, rest: 0.0 };
        let effect = smallest_effect(&[400], 10, 1, &deviations).unwrap_or_default();
        assert!((effect - 0.02801).abs() < 2e-4, "{effect}");
    }
}
