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

/// The results, rounded to four decimals.
pub const RESULTS: [FullSizeResult; 10] = [
    result(Question::Sharing, Learner::Classifier, 10, 0.5905, 0.0818, [0.0223, 0.1413], Verdict::Helps),
    result(Question::Sharing, Learner::Classifier, 20, 0.6733, 0.0200, [-0.0242, 0.0641], Verdict::Unclear),
    result(Question::Sharing, Learner::Classifier, 40, 0.6744, 0.0256, [-0.0178, 0.0690], Verdict::Unclear),
    result(Question::Sharing, Learner::Classifier, 108, 0.7183, -0.0029, [-0.0363, 0.0305], Verdict::Unclear),
    result(Question::Stretching, Learner::Classifier, 10, 0.6511, 0.0165, [-0.0331, 0.0660], Verdict::Unclear),
    result(Question::Stretching, Learner::Segmenter, 10, 0.4196, 0.0006, [-0.0410, 0.0422], Verdict::Unclear),
    result(Question::Stretching, Learner::Classifier, 20, 0.6814, 0.0553, [-0.0095, 0.1201], Verdict::Unclear),
    result(Question::Stretching, Learner::Segmenter, 20, 0.5035, -0.0328, [-0.0718, 0.0062], Verdict::Unclear),
    result(Question::Stretching, Learner::Classifier, 40, 0.7824, 0.0135, [-0.0338, 0.0608], Verdict::Unclear),
    result(Question::Stretching, Learner::Segmenter, 40, 0.5388, -0.0034, [-0.0319, 0.0252], Verdict::Unclear),
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
                    assert!((shown - exact).abs() <= 0.000_05, "{row:?}: {exact}");
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
