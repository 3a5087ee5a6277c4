//! The differences with their intervals as an SVG picture.

use std::fmt::Write;

use super::arm::Arm;
use super::comparison::{ArmComparison, Verdict};
use super::report::LabReport;
use super::svg::{self, text};

/// Width of the picture, of the names, and of the words at the right.
const WIDTH: f64 = 860.0;
const LEFT: f64 = 260.0;
const RIGHT: f64 = 110.0;
/// Height of a row.
const ROW: f64 = 24.0;

/// The picture: for each learner, number of persons and measure a group of rows, one for each arm but the baseline. The thick
/// line is the 95 % interval, the thin one the interval after Holm's correction, from which the verdict follows.
pub fn differences(report: &LabReport) -> String {
    let groups: Vec<(String, &[ArmComparison])> = report
        .parts
        .iter()
        .flat_map(|part| part.results.iter().map(move |result| (part, result)))
        .filter(|(_, result)| !result.comparisons.is_empty())
        .map(|(part, result)| {
            let title = format!(
                "{}: {}, {} train persons, {} repetitions",
                part.learner.label(),
                result.measure.label(),
                part.patients,
                result.repetitions
            );
            (title, result.comparisons.as_slice())
        })
        .collect();
    let all = groups.iter().flat_map(|(_, comparisons)| comparisons.iter());
    let reach = all.flat_map(|one| one.corrected).map(f64::abs).fold(0.05, f64::max) * 1.05;
    let rows: usize = groups.iter().map(|(_, comparisons)| comparisons.len() + 1).sum();
    let height = 90.0 + ROW * rows as f64;
    let x = |value: f64| LEFT + (value + reach) / (2.0 * reach) * (WIDTH - LEFT - RIGHT);

    let mut svg = svg::begin([WIDTH, height], 13, &format!("Differences to {}", Arm::BASELINE.label()));
    text(&mut svg, [12.0, 22.0], "", &format!("Difference to \"{}\"", Arm::BASELINE.label()));
    text(&mut svg, [12.0, 40.0], "", report.settings.question.text());
    let (top, bottom) = (52.0, height - 30.0);
    for tick in ticks(reach) {
        let (at, colour) = (x(tick), if tick == 0.0 { "#222" } else { "#ddd" });
        let _ = writeln!(svg, "<path d=\"M{at:.1} {top}V{bottom}\" stroke=\"{colour}\"/>");
        text(&mut svg, [at, bottom + 18.0], " text-anchor=\"middle\"", &format!("{tick:+.2}"));
    }
    let mut y = top;
    for (title, comparisons) in &groups {
        y += ROW;
        text(&mut svg, [12.0, y - 7.0], " font-weight=\"bold\"", title);
        for one in *comparisons {
            y += ROW;
            row(&mut svg, one, y - ROW / 2.0, &x);
        }
    }
    svg.push_str(svg::END);
    svg
}

/// One arm. The shape of the mark repeats the verdict: filled if the arm helps or hurts, hollow if it is unclear.
fn row(svg: &mut String, one: &ArmComparison, y: f64, x: &impl Fn(f64) -> f64) {
    text(svg, [24.0, y + 5.0], "", one.arm.label());
    for ([low, high], width) in [(one.corrected, 1), (one.interval, 4)] {
        let (from, to) = (x(low), x(high));
        let _ = writeln!(svg, "<path d=\"M{from:.1} {y:.1}H{to:.1}\" stroke=\"#456\" stroke-width=\"{width}\"/>");
    }
    let fill = if one.verdict == Verdict::Unclear { "#fff" } else { "#124" };
    let at = x(one.difference);
    let _ = writeln!(
        svg,
        "<circle cx=\"{at:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"{fill}\" stroke=\"#124\" stroke-width=\"2\"/>"
    );
    text(svg, [WIDTH - RIGHT + 12.0, y + 5.0], "", one.verdict.label());
}

/// Round numbers between `-reach` and `reach`, 0 among them.
fn ticks(reach: f64) -> Vec<f64> {
    let step = [0.02, 0.05, 0.1, 0.2, 0.5].into_iter().find(|step| reach / step <= 5.0).unwrap_or(1.0);
    let count = (reach / step) as i32;
    (-count..=count).map(|index| f64::from(index) * step).collect()
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::{fill, report};
    use super::*;

    #[test]
    fn every_comparison_has_a_row() {
        let mut report = report(30, 3);
        fill(&mut report, 3);
        report.evaluate();
        let svg = differences(&report);
        // Two numbers of persons, two measures, four arms.
        assert_eq!(svg.matches("<circle").count(), 16);
        assert_eq!(svg.matches(">fakes only<").count(), 4);
        assert_eq!(svg.matches("font-weight").count(), 4);
        assert!(!svg.contains("NaN") && svg.ends_with("</svg>\n"));
    }

    #[test]
    fn ticks_are_round_and_symmetric() {
        assert_eq!(ticks(0.22).len(), 9);
        assert_eq!(ticks(0.22)[4], 0.0);
        assert_eq!(ticks(3.0).len(), 7);
    }
}
