//! The report as text for the terminal.

use std::fmt::Write;

use super::arm::Arm;
use super::report::{LabReport, LearnerReport, MetricResult};
use super::verdict::MIN_REPETITIONS;

/// The text that is printed before the runs: sizes, and the smallest effect that can be detected.
pub fn before(report: &LabReport) -> String {
    let mut text = String::new();
    let settings = &report.settings;
    let _ = writeln!(text, "{}", settings.question.text());
    for note in &report.notes {
        let _ = writeln!(text, "note: {note}");
    }
    for part in &report.parts {
        let _ = write!(text, "{}: ", title(part));
        let _ = match (part.cannot_tell(), part.smallest_effect) {
            (Some(reason), _) => writeln!(text, "{reason}"),
            (None, None) => writeln!(text, "{}", too_few(settings.repetitions)),
            (None, Some(effect)) => {
                let measure = part.learner.measures(settings.classes.len())[0].label();
                let spread = &part.assumed;
                writeln!(
                    text,
                    "with {} test persons and {} repetitions the smallest difference in {measure} that is seen in 4 of 5 \
                     experiments is {effect:.3} (assumed deviations of a difference: {:.2} between persons, {:.2} between \
                     repetitions, {:.2} beyond both)",
                    part.outcomes.persons(),
                    settings.repetitions,
                    spread.persons,
                    spread.repetitions,
                    spread.residual
                )
            }
        };
    }
    text
}

/// The results: a table for each learner, number of persons and measure.
pub fn results(report: &LabReport) -> String {
    let mut text = format!("{}\n", report.settings.question.text());
    for part in &report.parts {
        for result in &part.results {
            let _ = write!(text, "\n{}, {}, {} repetitions", title(part), result.measure.label(), result.repetitions);
            let _ = writeln!(text, ", {} test persons", part.outcomes.persons());
            rows(&mut text, result);
        }
        if let Some(reason) = part.cannot_tell() {
            let _ = writeln!(text, "{reason}");
        }
    }
    let _ = writeln!(
        text,
        "\nDifferences are to \"{}\", with 95 % intervals. The words use wider intervals, because several arms are compared \
         (Holm).",
        Arm::BASELINE.label()
    );
    text
}

fn too_few(repetitions: usize) -> String {
    format!(
        "{repetitions} repetitions cannot tell: at least {MIN_REPETITIONS} are needed, so every word is \"unclear\""
    )
}

fn title(part: &LearnerReport) -> String {
    format!("learner \"{}\", {} train persons", part.learner.label(), part.patients)
}

fn rows(text: &mut String, result: &MetricResult) {
    for (arm, mean) in &result.means {
        let _ = write!(text, "  {:<36} {mean:.3}", arm.label());
        if let Some(one) = result.comparisons.iter().find(|one| one.arm == *arm) {
            let [low, high] = one.interval;
            let _ = write!(text, "  {:+.3} ({low:+.3} to {high:+.3})  {}", one.difference, one.verdict.label());
        }
        text.push('\n');
    }
    let _ = match &result.missing {
        Some(reason) => writeln!(text, "  no interval: {reason}"),
        None if result.repetitions < MIN_REPETITIONS => writeln!(text, "  {}", too_few(result.repetitions)),
        None => Ok(()),
    };
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::{fill, report};
    use super::*;

    #[test]
    fn the_table_has_every_arm_and_its_word() {
        let mut report = report(30, 5);
        let said = before(&report);
        assert!(said.contains("sharing") && said.contains("30 test persons and 5 repetitions"), "{said}");
        fill(&mut report, 5);
        report.evaluate();
        let table = results(&report);
        for arm in Arm::ALL {
            assert_eq!(table.matches(&format!("  {:<36} 0.", arm.label())).count(), 4, "{table}");
        }
        let words: Vec<&str> = report.parts[0].results[0].comparisons.iter().map(|one| one.verdict.label()).collect();
        assert_eq!(words, ["unclear", "hurts", "hurts", "hurts"]);
        assert!(table.contains("  hurts\n") && table.contains("  unclear\n"), "{table}");
    }

    #[test]
    fn few_repetitions_give_intervals_but_no_words() {
        let mut report = report(30, 4);
        assert!(before(&report).contains("4 repetitions cannot tell"));
        fill(&mut report, 4);
        report.evaluate();
        let table = results(&report);
        assert!(table.contains("4 repetitions cannot tell") && !table.contains("  hurts\n"), "{table}");
    }

    #[test]
    fn one_repetition_and_few_persons_say_why_there_is_no_answer() {
        let mut report = report(28, 1);
        assert!(before(&report).contains("28 test persons cannot tell"));
        fill(&mut report, 1);
        report.evaluate();
        let table = results(&report);
        assert!(
            table.contains("no interval: 1 repetitions") && table.contains("28 test persons cannot tell"),
            "{table}"
        );
    }
}
