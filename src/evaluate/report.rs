//! What was measured, as a file and as a table for people.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::{Serialize, Serializer};

use super::statistics::Estimate;
use crate::card::measure;

/// What a good generator reaches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Aim {
    /// This or less.
    AtMost(f64),
    /// This or more.
    AtLeast(f64),
}

impl Aim {
    /// Whether a value reaches it.
    pub fn met(self, value: f64) -> bool {
        match self {
            Aim::AtMost(limit) => value <= limit,
            Aim::AtLeast(limit) => value >= limit,
        }
    }
}

/// One number of generated slices, beside that of real ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// One of [`IDS`](crate::card::measure::IDS).
    pub id: &'static str,
    /// The same for people.
    pub name: &'static str,
    /// Of generated slices, with its 95 % interval.
    pub generated: Estimate,
    /// The same of real slices, where there is such a thing.
    pub real: Option<Estimate>,
    /// Generated slices that it was measured on.
    pub n: usize,
    /// What to reach.
    pub aim: Option<Aim>,
    /// Whether it was reached.
    pub met: Option<bool>,
}

impl Measurement {
    /// A number with nothing to reach.
    pub fn new([id, name]: [&'static str; 2], generated: Estimate, real: Option<Estimate>, n: usize) -> Self {
        Self { id, name, generated, real, n, aim: None, met: None }
    }

    /// With something to reach.
    pub fn aiming(mut self, aim: Aim) -> Self {
        self.met = Some(aim.met(self.generated.value));
        self.aim = Some(aim);
        self
    }
}

/// As a card repeats it.
impl From<&Measurement> for measure::Measure {
    fn from(measure: &Measurement) -> Self {
        let Estimate { value, low, high } = measure.generated;
        Self {
            id: measure.id.to_owned(),
            value: Some(value),
            interval: Some([low, high]),
            real_against_real: measure.real.map(|real| real.value),
            aim: measure.aim.map(|(Aim::AtMost(limit) | Aim::AtLeast(limit))| limit),
            met: measure.met,
        }
    }
}

fn as_card<S: Serializer>(measures: &[Measurement], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(measures.iter().map(measure::Measure::from))
}

/// A measure that could not be taken, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Which.
    pub measure: String,
    /// Why.
    pub because: String,
}

/// All of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct EvaluationReport {
    /// Name and version of this program.
    pub program: String,
    /// Weights file or folder of the generated slices.
    pub source: String,
    /// SHA-256 of the weights.
    pub weights_sha256: Option<String>,
    /// Folder of the real slices.
    pub data: String,
    /// Side of a slice, in pixels.
    pub side: usize,
    /// Seed of all that is random.
    pub seed: u64,
    /// Slices and patients of each kind.
    pub counts: BTreeMap<String, usize>,
    /// The numbers of the table; the file has them as cards do.
    #[serde(serialize_with = "as_card")]
    pub measures: Vec<Measurement>,
    /// What is missing from it.
    pub left_out: Vec<LeftOut>,
    /// More of some measures: quantiles, numbers a class.
    pub details: BTreeMap<String, serde_json::Value>,
    /// Seconds that each part took.
    pub seconds: BTreeMap<String, f64>,
}

impl EvaluationReport {
    /// Notes a measure that could not be taken.
    pub fn leave_out(&mut self, measure: &str, because: &str) {
        self.left_out.push(LeftOut { measure: measure.to_owned(), because: because.to_owned() });
    }

    /// The table for people.
    pub fn table(&self) -> String {
        let mut rows = vec![["", "generated (95 % interval)", "real", "aim", ""].map(str::to_owned)];
        for measure in &self.measures {
            let aim = match measure.aim {
                Some(Aim::AtMost(limit)) => format!("at most {limit}"),
                Some(Aim::AtLeast(limit)) => format!("at least {limit}"),
                None => String::new(),
            };
            let met = match measure.met {
                Some(true) => "met",
                Some(false) => "not met",
                None => "",
            };
            let real = measure.real.map_or_else(String::new, |real| told(&real));
            rows.push([measure.name.to_owned(), told(&measure.generated), real, aim, met.to_owned()]);
        }
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..5).map(width).collect();
        let mut text = String::new();
        for row in &rows {
            let line: String = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}  ")).collect();
            let _ = writeln!(text, "{}", line.trim_end());
        }
        for LeftOut { measure, because } in &self.left_out {
            let _ = writeln!(text, "left out: {measure}, because {because}");
        }
        text
    }
}

fn told(estimate: &Estimate) -> String {
    let Estimate { value, low, high } = estimate;
    format!("{value:.3} ({low:.3} to {high:.3})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_is_met_and_what_is_missing() {
        let estimate = |value| Estimate { value, low: value - 1.0, high: value + 1.0 };
        let mut report = EvaluationReport::default();
        report.measures.push(
            Measurement::new(["fd_relative", "relative FD"], estimate(3.0), Some(estimate(1.0)), 9)
                .aiming(Aim::AtMost(2.0)),
        );
        report
            .measures
            .push(Measurement::new(["coverage", "coverage"], estimate(0.8), None, 9).aiming(Aim::AtLeast(0.7)));
        report.leave_out("class agreement", "no classes");
        let table = report.table();
        let line = |start: &str| table.lines().find(|line| line.starts_with(start)).unwrap_or_default().to_owned();
        assert!(
            line("relative FD").contains("3.000 (2.000 to 4.000)") && line("relative FD").ends_with("not met"),
            "{table}"
        );
        assert!(line("coverage").contains("at least 0.7") && line("coverage").ends_with("  met"), "{table}");
        let file = serde_json::to_value(&report).expect("plain values");
        let first: measure::Measure = serde_json::from_value(file["measures"][0].clone()).expect("as in a card");
        assert_eq!((first.id.as_str(), first.interval, first.aim), ("fd_relative", Some([2.0, 4.0]), Some(2.0)));
        assert_eq!((first.real_against_real, first.met), (Some(1.0), Some(false)));
        assert_eq!(line("left out"), "left out: class agreement, because no classes");
    }
}
