//! Conclusions and drawings of finished runs.

use std::collections::BTreeSet;

use crate::engine::lab::protocol::ArmResult;
use crate::lab::arm::Arm;
use crate::lab::outcomes::{LabRun, Unit};
use crate::lab::setup::{LabSetup, Learner};
use crate::lab::verdict::{MIN_REPETITIONS, MIN_TEST_PERSONS, Verdict};

/// All values of all runs as CSV: one row for each person, repetition and arm. `settings` are columns with the same value in
/// every row: name and value.
pub fn csv(units: &[Unit], runs: &[LabRun], classes: &[String], settings: &[(&str, String)]) -> String {
    let mut sorted: Vec<_> = runs.iter().collect();
    sorted.sort_by_key(|run| (run.repetition, run.arm));
    let names: String = settings.iter().map(|(name, _)| format!(",{name}")).collect();
    let same: String = settings.iter().map(|(_, value)| format!(",{value}")).collect();
    let mut text = format!("repetition,arm,person,class,value{names}\r\n");
    for run in sorted {
        for (unit, value) in units.iter().zip(&run.values) {
            let class = classes.get(unit.class).map_or("", String::as_str);
            let row = [run.arm.label(), &unit.person, class].map(quoted).join(",");
            text.push_str(&format!("{},{row},{value}{same}\r\n", run.repetition + 1));
        }
    }
    text
}

/// A field that may hold a comma. One that a spreadsheet would take for a formula gets an apostrophe before it.
fn quoted(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// The arm whose difference to the baseline is due to the fakes alone.
pub const MAIN: Arm = Arm::Both;

/// The conclusion of an experiment about the fakes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Conclusion {
    /// There are fewer than [`MIN_REPETITIONS`] whole repetitions.
    TooEarly,
    /// Too few test persons for a verdict; holds their number.
    CannotTell(usize),
    /// The verdict, and the interval that it follows from.
    Word(Verdict, [f64; 2]),
}

/// What follows from the results of [`MAIN`] over this many whole repetitions.
pub fn conclusion(units: &[Unit], results: &[ArmResult], repetitions: usize) -> Conclusion {
    let persons: BTreeSet<&str> = units.iter().map(|unit| unit.person.as_str()).collect();
    match results.iter().find(|result| result.arm == MAIN) {
        None => Conclusion::TooEarly,
        Some(_) if repetitions < MIN_REPETITIONS => Conclusion::TooEarly,
        Some(_) if persons.len() < MIN_TEST_PERSONS => Conclusion::CannotTell(persons.len()),
        Some(result) => Conclusion::Word(result.verdict, result.corrected),
    }
}

/// The measure of a learner that guesses, 0 to 1. None if guesses have no fixed measure.
pub fn guess(setup: &LabSetup) -> Option<f64> {
    (setup.learner == Learner::Classifier).then(|| 1.0 / setup.classes.len().max(1) as f64)
}

/// The measure of a run, 0 to 1.
pub fn measured(setup: &LabSetup, units: &[Unit], run: &LabRun) -> f64 {
    let measure = setup.learner.measures(setup.classes.len())[0];
    measure.of(units, run, &vec![1.0; units.len()])
}

/// The ends of an axis that shows all these values, in whole tenths from 0 to 1.
pub fn axis(values: impl IntoIterator<Item = f64>) -> [f64; 2] {
    let (low, high) = values
        .into_iter()
        .filter(|value| value.is_finite())
        .fold((1.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    if low > high {
        return [0.0, 1.0];
    }
    let tenth = |value: f64| (value / 10.0).clamp(0.0, 1.0);
    let [low, high] = [tenth((low * 10.0 - 0.2).floor()), tenth((high * 10.0 + 0.2).ceil())];
    if high - low < 0.15 { [(high - 0.2).max(0.0), high.max(0.2)] } else { [low, high] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_follows_from_the_corrected_interval_of_fakes_beside_augmentation() {
        let unit = |index: usize| Unit { person: format!("p{index}"), class: 0 };
        let result =
            |arm, verdict| ArmResult { arm, difference: 0.1, interval: [0.05, 0.15], corrected: [0.02, 0.18], verdict };
        let results = [result(Arm::RealFakes, Verdict::Hurts), result(MAIN, Verdict::Helps)];
        let units: Vec<Unit> = (0..30).map(unit).collect();
        assert_eq!(conclusion(&units, &results, 5), Conclusion::Word(Verdict::Helps, [0.02, 0.18]));
        assert_eq!(conclusion(&units[..29], &results, 5), Conclusion::CannotTell(29));
        assert_eq!(conclusion(&units, &results, 4), Conclusion::TooEarly);
        assert_eq!(conclusion(&units, &[], 5), Conclusion::TooEarly);
    }

    #[test]
    fn an_axis_has_whole_tenths_around_all_values() {
        let close = |found: [f64; 2], wanted: [f64; 2]| {
            assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?} instead of {wanted:?}");
        };
        close(axis([0.55, 0.83]), [0.5, 0.9]);
        close(axis([0.0, 1.0, f64::NAN]), [0.0, 1.0]);
        close(axis([1.0]), [0.8, 1.0]);
        close(axis([0.0]), [0.0, 0.2]);
        close(axis([]), [0.0, 1.0]);
    }

    #[test]
    fn every_value_has_a_row() {
        let units: Vec<Unit> = ["Ann", "=Bea"].map(|person| Unit { person: person.to_owned(), class: 1 }).into();
        let run = |repetition, arm| LabRun { arm, repetition, values: vec![0.5, 1.0], scores: Vec::new() };
        let classes = ["a".to_owned(), "b, \"c\"".to_owned()];
        let text = csv(&units, &[run(1, Arm::Real), run(0, Arm::Both)], &classes, &[("seed", "7".to_owned())]);
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(rows.len(), 5);
        assert_eq!(rows[0], "repetition,arm,person,class,value,seed");
        assert_eq!(rows[1], "1,\"real + classic augmentation + fakes\",\"Ann\",\"b, \"\"c\"\"\",0.5,7");
        assert_eq!(rows[4], "2,\"real only\",\"'=Bea\",\"b, \"\"c\"\"\",1,7");
    }
}
