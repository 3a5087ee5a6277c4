//! The standard error of a difference, and how large an effect must be for the experiment to detect it.

use super::arm::Arm;
use super::outcomes::Outcomes;
use super::setup::Learner;
use super::student;
use super::variance_components::Deviations;
use super::verdict::{RISK, can_tell};

/// Chance of detecting the smallest effect.
const POWER: f64 = 0.8;

/// The smallest difference of a learner's main measure that an experiment detects with 80 % power, from the deviations that are
/// assumed before it runs. `persons` is the number of test persons, and `by_class` that of each class: a person may have several.
/// `None` with too few persons or repetitions.
pub fn smallest_effect_of(learner: Learner, persons: usize, by_class: &[usize], repetitions: usize) -> Option<f64> {
    let effect = || smallest_effect(by_class, repetitions, Arm::ALL.len() - 1, &learner.assumed());
    can_tell(persons, repetitions).then(effect).flatten()
}

impl Outcomes {
    /// The [smallest effect](smallest_effect_of) of an experiment with these units.
    pub fn smallest_effect(&self, learner: Learner, repetitions: usize) -> Option<f64> {
        smallest_effect_of(learner, self.persons(), &self.persons_by_class(), repetitions)
    }
}

/// The smallest difference that is detected with 80 % power when only one of `arms` arms differs, where Holm's correction is
/// strictest. `persons` holds the number of test persons of each class. `None` if a class has fewer than two persons, or if
/// there are fewer than two repetitions.
pub fn smallest_effect(persons: &[usize], repetitions: usize, arms: usize, deviations: &Deviations) -> Option<f64> {
    let fewest = *persons.iter().min().filter(|fewest| **fewest > 1)? as f64;
    let count = (repetitions > 1).then_some(repetitions as f64)?;
    let classes = persons.len() as f64;
    // Effective number of persons behind the mean over classes.
    let people = classes * classes / persons.iter().map(|own| 1.0 / *own as f64).sum::<f64>();
    let total = persons.iter().sum::<usize>() as f64 - classes + 1.0;
    let Deviations { persons, repetitions, residual } = *deviations;
    let [own, over, residual] =
        [persons * persons / people, repetitions * repetitions / count, residual * residual / (people * count)];
    // Expected variances: the residual counts once in each one-way bootstrap and three times in the two-way one.
    let (error, freedom) = combined(
        own + over + 3.0 * residual,
        (own + residual) * fewest / (fewest - 1.0),
        over + residual,
        total,
        count,
    );
    let chance = student::limit(2.0 * POWER - 1.0, u32::MAX) * (own + over + residual).sqrt();
    Some(student::limit(1.0 - RISK / arms.max(1) as f64, freedom) * error + chance)
}

/// Standard error and degrees of freedom from bootstrap variances of a difference: with both drawn, with persons drawn
/// (already scaled), and with repetitions drawn.
pub(super) fn combined(both: f64, persons: f64, repetitions: f64, people: f64, count: f64) -> (f64, u32) {
    let repetitions = repetitions * count / (count - 1.0);
    let total = (persons + repetitions).max(both);
    let split = persons.powi(2) / (people - 1.0) + repetitions.powi(2) / (count - 1.0);
    let freedom = if split > 0.0 { (persons + repetitions).powi(2) / split } else { 1.0 };
    (total.sqrt(), (freedom as u32).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPICAL: Deviations = Deviations { persons: 0.2, repetitions: 0.03, residual: 0.3 };

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
        let deviations = Deviations { persons: 0.2, repetitions: 0.0, residual: 0.0 };
        let effect = smallest_effect(&[400], 10, 1, &deviations).unwrap_or_default();
        assert!((effect - 0.02801).abs() < 2e-4, "{effect}");
    }
}
