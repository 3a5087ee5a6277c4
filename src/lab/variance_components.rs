//! Variance components of the difference between two arms.

use serde::{Deserialize, Serialize};

use super::arm::Arm;
use super::outcomes::Outcomes;
use crate::statistics::mean;

/// Standard deviations of the difference between two arms.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Deviations {
    /// Between persons of a class, averaged over infinitely many repetitions.
    pub persons: f64,
    /// Between repetitions, averaged over infinitely many persons.
    pub repetitions: f64,
    /// The residual: of one person in one repetition, beyond both.
    #[serde(rename = "rest")]
    pub residual: f64,
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
            return Self { persons: 0.0, repetitions: 0.0, residual: 0.0 };
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
        let residual = left / ((count - 1) * (units - 1)) as f64;
        let root = |variance: f64| variance.max(0.0).sqrt();
        Self {
            persons: root((persons - residual) / count as f64),
            repetitions: root((over - residual) / units as f64),
            residual: root(residual),
        }
    }
}
