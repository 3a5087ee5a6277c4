//! The result of an evaluation, as a JSON file and as a table for the terminal.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::{Serialize, Serializer};

use crate::card::measure;
use crate::statistics::Estimate;

/// The limit that a good generator reaches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Aim {
    /// At most this value.
    AtMost(f64),
    /// At least this value.
    AtLeast(f64),
}

impl Aim {
    /// Whether a value meets the aim.
    pub fn met(self, value: f64) -> bool {
        match self {
            Aim::AtMost(limit) => value <= limit,
            Aim::AtLeast(limit) => value >= limit,
        }
    }
}

/// A measure of generated slices, and its value for real slices.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportedMeasure {
    /// One of [`IDS`](crate::card::measure::IDS).
    pub id: &'static str,
    /// Its name in the table.
    pub name: &'static str,
    /// Value for generated slices.
    pub generated: Estimate,
    /// Value for real slices against real slices, if defined.
    pub real: Option<Estimate>,
    /// Number of generated slices used.
    pub n: usize,
    /// The aim, if there is one.
    pub aim: Option<Aim>,
    /// Whether the aim is met.
    pub met: Option<bool>,
}

impl ReportedMeasure {
    /// A measurement without an aim.
    pub fn new([id, name]: [&'static str; 2], generated: Estimate, real: Option<Estimate>, n: usize) -> Self {
        Self { id, name, generated, real, n, aim: None, met: None }
    }

    /// The same with an aim.
    pub fn with_aim(mut self, aim: Aim) -> Self {
        self.met = Some(aim.met(self.generated.value));
        self.aim = Some(aim);
        self
    }
}

/// The form that a model card stores.
impl From<&ReportedMeasure> for measure::Measure {
    fn from(measure: &ReportedMeasure) -> Self {
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

fn serialize_as_card<S: Serializer>(measures: &[ReportedMeasure], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(measures.iter().map(measure::Measure::from))
}

/// A measure that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Name of the measure.
    pub measure: String,
    /// The reason, worded to follow "because".
    pub because: String,
}

/// The report of an evaluation.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct EvaluationReport {
    /// Name and version of this program.
    pub program: String,
    /// Path of the weights file, or of the folder with generated slices.
    pub source: String,
    /// SHA-256 of the weights file, hexadecimal.
    pub weights_sha256: Option<String>,
    /// Folder with the real slices.
    pub data: String,
    /// Side of a slice in pixels.
    pub side: usize,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Numbers of slices and patients.
    pub counts: BTreeMap<String, usize>,
    /// The measurements. The JSON file has them in the form of a model card.
    #[serde(serialize_with = "serialize_as_card")]
    pub measures: Vec<ReportedMeasure>,
    /// The measures that were left out.
    pub left_out: Vec<LeftOut>,
    /// Details of some measures: quantiles, values for each class.
    pub details: BTreeMap<String, serde_json::Value>,
    /// Seconds taken by each part.
    pub seconds: BTreeMap<String, f64>,
}

impl EvaluationReport {
    /// Adds a measure to those that were left out.
    pub fn leave_out(&mut self, measure: &str, because: &str) {
        self.left_out.push(LeftOut { measure: measure.to_owned(), because: because.to_owned() });
    }

    /// The table for the terminal.
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
            let real = measure.real.map_or_else(String::new, |real| with_interval(&real));
            rows.push([measure.name.to_owned(), with_interval(&measure.generated), real, aim, met.to_owned()]);
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

fn with_interval(estimate: &Estimate) -> String {
    let Estimate { value, low, high } = estimate;
    format!("{value:.3} ({low:.3} to {high:.3})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_shows_met_aims_and_missing_measures() {
        let estimate = |value| Estimate { value, low: value - 1.0, high: value + 1.0 };
        let mut report = EvaluationReport::default();
        report.measures.push(
            ReportedMeasure::new(["fd_relative", "relative FD"], estimate(3.0), Some(estimate(1.0)), 9)
                .with_aim(Aim::AtMost(2.0)),
        );
        report
            .measures
            .push(ReportedMeasure::new(["coverage", "coverage"], estimate(0.8), None, 9).with_aim(Aim::AtLeast(0.7)));
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
