//! Results of the full-size experiment. A test compares them with the reports in `docs/lab/`.

use crate::lab::draw::Question;
use crate::lab::setup::Learner;
use crate::lab::verdict::Verdict;

/// Fakes and classic augmentation against classic augmentation alone, for one question, learner and number of persons.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FullSizeResult {
    /// The question.
    pub question: Question,
    /// The learner.
    pub learner: Learner,
    /// Number of persons that it learned from.
    pub patients: usize,
    /// Mean measure without fakes, 0 to 1.
    pub baseline: f64,
    /// What fakes add to it.
    pub difference: f64,
    /// 95 % interval of the difference.
    pub interval: [f64; 2],
    /// The verdict that follows from the interval after Holm's correction.
    pub verdict: Verdict,
}

const fn result(
    question: Question,
    learner: Learner,
    patients: usize,
    baseline: f64,
    difference: f64,
    interval: [f64; 2],
    verdict: Verdict,
) -> FullSizeResult {
    FullSizeResult { question, learner, patients, baseline, difference, interval, verdict }
}

/// Persons that can be drawn to learn from, and test persons.
pub const PERSONS: [usize; 2] = [108, 30];

/// Side of the pictures that learners saw.
pub fn side(question: Question) -> usize {
    match question {
        Question::Sharing => 64,
        // That of the scans of the generators.
        Question::Stretching => 32,
    }
}

/// The results, rounded to five decimals.
pub const RESULTS: [FullSizeResult; 14] = [
    result(Question::Sharing, Learner::Classifier, 10, 0.59049, 0.08181, [0.02228, 0.14134], Verdict::Helps),
    result(Question::Sharing, Learner::Classifier, 20, 0.67330, 0.01998, [-0.02416, 0.06413], Verdict::Unclear),
    result(Question::Sharing, Learner::Classifier, 40, 0.67442, 0.02562, [-0.01775, 0.06899], Verdict::Unclear),
    result(Question::Sharing, Learner::Classifier, 108, 0.71831, -0.00291, [-0.03635, 0.03052], Verdict::Unclear),
    result(Question::Sharing, Learner::Segmenter, 10, 0.43537, 0.14577, [0.09117, 0.20036], Verdict::Helps),
    result(Question::Sharing, Learner::Segmenter, 20, 0.52406, 0.07057, [0.02194, 0.11919], Verdict::Helps),
    result(Question::Sharing, Learner::Segmenter, 40, 0.56898, 0.03251, [0.00968, 0.05535], Verdict::Helps),
    result(Question::Sharing, Learner::Segmenter, 108, 0.60436, 0.00496, [-0.01210, 0.02201], Verdict::Unclear),
    result(Question::Stretching, Learner::Classifier, 10, 0.65111, 0.02681, [-0.05477, 0.10838], Verdict::Unclear),
    result(Question::Stretching, Learner::Segmenter, 10, 0.42609, -0.00965, [-0.05914, 0.03985], Verdict::Unclear),
    result(Question::Stretching, Learner::Classifier, 20, 0.68144, 0.01100, [-0.04388, 0.06587], Verdict::Unclear),
    result(Question::Stretching, Learner::Segmenter, 20, 0.49783, -0.01734, [-0.06009, 0.02542], Verdict::Unclear),
    result(Question::Stretching, Learner::Classifier, 40, 0.78235, -0.01728, [-0.05085, 0.01630], Verdict::Unclear),
    result(Question::Stretching, Learner::Segmenter, 40, 0.53736, -0.02526, [-0.06892, 0.01840], Verdict::Unclear),
];

/// Half the width of an axis around 0 that shows all intervals, in steps of 0.05.
pub fn reach(results: &[FullSizeResult]) -> f64 {
    let ends = results.iter().flat_map(|result| result.interval);
    (ends.map(f64::abs).fold(0.01, f64::max) * 20.0).ceil() / 20.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::report::LabReport;
    use crate::ui::logic::lab::results::MAIN;

    #[test]
    fn the_results_are_those_of_the_reports() {
        let reports = [
            include_str!("../../../../docs/lab/t1ce-sharing-type.json"),
            include_str!("../../../../docs/lab/t1ce-sharing-where.json"),
            include_str!("../../../../docs/lab/t1ce-stretching-10.json"),
            include_str!("../../../../docs/lab/t1ce-stretching-20.json"),
            include_str!("../../../../docs/lab/t1ce-stretching-40.json"),
        ];
        let mut shown = RESULTS.iter();
        for report in reports {
            let report: LabReport = serde_json::from_str(report).unwrap();
            let question = report.settings.question;
            assert_eq!((report.settings.persons, report.settings.size), (PERSONS, side(question)));
            for part in report.parts {
                let measure = &part.results[0];
                let baseline = measure.means.iter().find(|(arm, _)| *arm == crate::lab::arm::Arm::BASELINE).unwrap().1;
                let found = measure.comparisons.iter().find(|one| one.arm == MAIN).unwrap();
                let row = shown.next().unwrap();
                assert_eq!((row.question, row.learner, row.patients), (question, part.learner, part.patients));
                assert_eq!(row.verdict, found.verdict);
                let [low, high] = found.interval;
                for (shown, exact) in [row.baseline, row.difference, row.interval[0], row.interval[1]].iter().zip([
                    baseline,
                    found.difference,
                    low,
                    high,
                ]) {
                    assert!((shown - exact).abs() <= 0.000_006, "{row:?}: {exact}");
                }
            }
        }
        assert_eq!(shown.next(), None);
    }

    #[test]
    fn the_axis_shows_every_interval() {
        let reach = reach(&RESULTS);
        assert!(RESULTS.iter().flat_map(|row| row.interval).all(|end| end.abs() <= reach) && reach <= 0.5);
        assert_eq!(super::reach(&[]), 0.05);
    }
}
