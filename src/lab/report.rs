//! The report of an experiment: its settings, every run, and the results.
//!
//! The same value is the state of an unfinished experiment: runs are added to it, and an experiment that goes on starts from it.

use serde::{Deserialize, Serialize};

use super::arm::Arm;
use super::comparison::{ArmComparison, DRAWS, compare};
use super::draw::Question;
use super::learner::{Learner, Learning, rounded};
use super::outcomes::{LabRun, Metric, Outcomes};
use super::people::People;
use super::variance_components::Deviations;
use super::verdict::MIN_TEST_PERSONS;
use crate::evaluate::statistics::mean;

/// Where the fakes come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FakeOrigin {
    /// File or folder.
    pub name: String,
    /// SHA-256 of the weights file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights_sha256: Option<String>,
    /// The persons that the generator learned from, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persons: Option<Vec<String>>,
    /// Fakes of each class in a repetition; the number of all fakes if they come from a folder.
    pub count: usize,
}

/// Everything that decides the runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// What is asked.
    pub question: Question,
    /// The data folder.
    pub data: String,
    /// Side of a slice in pixels.
    pub size: usize,
    /// Class names.
    pub classes: Vec<String>,
    /// Train persons that can be drawn, and test persons.
    pub persons: [usize; 2],
    /// The fakes.
    pub fakes: FakeOrigin,
    /// Number of repetitions.
    pub repetitions: usize,
    /// Steps, share of fakes and seed.
    pub learning: Learning,
}

/// One learner with one number of train persons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LearnerReport {
    /// The learner. In the JSON the field has an older name.
    #[serde(rename = "reader")]
    pub learner: Learner,
    /// Number of train persons.
    pub patients: usize,
    /// Pictures in a mini-batch.
    pub batch: usize,
    /// The deviations that the smallest effect was computed with before the first run.
    pub assumed: Deviations,
    /// The smallest difference of the main measure that this experiment detects with 80 % power. None with too few persons or
    /// repetitions.
    pub smallest_effect: Option<f64>,
    /// Units and runs.
    #[serde(flatten)]
    pub outcomes: Outcomes,
    /// The results, computed from the runs.
    #[serde(default)]
    pub results: Vec<MetricResult>,
}

/// A measure over the repetitions that all arms have finished.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricResult {
    /// The measure.
    pub measure: Metric,
    /// Finished repetitions.
    pub repetitions: usize,
    /// The mean over the repetitions, for each arm.
    pub means: Vec<(Arm, f64)>,
    /// Each arm against the baseline. Empty if there is no interval; `missing` says why.
    pub comparisons: Vec<ArmComparison>,
    /// Why there is no interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
}

/// The report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabReport {
    /// Program and version.
    pub program: String,
    /// Everything that decides the runs.
    pub settings: Settings,
    /// Remarks for readers of the report.
    pub notes: Vec<String>,
    /// Learners and numbers of train persons.
    pub parts: Vec<LearnerReport>,
}

/// A run that is still to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabJob {
    /// Index into the report's parts.
    pub part: usize,
    /// The learner.
    pub learner: Learner,
    /// Number of train persons.
    pub patients: usize,
    /// What it learns from.
    pub arm: Arm,
    /// The repetition.
    pub repetition: usize,
}

impl LearnerReport {
    /// A part without runs.
    pub fn new(learner: Learner, patients: usize, repetitions: usize, people: &People) -> Self {
        let outcomes = Outcomes { units: learner.units(people), runs: Vec::new() };
        let assumed = learner.assumed();
        let smallest_effect = outcomes.smallest_effect(learner, repetitions).map(rounded);
        let batch = learner.batch();
        Self { learner, patients, batch, assumed, smallest_effect, outcomes, results: Vec::new() }
    }

    /// Why this part cannot give a verdict, whatever it finds; `None` if it can.
    pub fn cannot_tell(&self) -> Option<String> {
        let persons = self.outcomes.persons();
        (persons < MIN_TEST_PERSONS).then(|| {
            format!(
                "{persons} test persons cannot tell: at least {MIN_TEST_PERSONS} are needed, so every word is \"unclear\""
            )
        })
    }

    fn evaluate(&mut self, classes: usize, seed: u64) {
        let repetitions = self.outcomes.repetitions(&Arm::ALL);
        let ones = vec![1.0; self.outcomes.units.len()];
        let result = |&measure: &Metric| {
            let average = |arm: Arm| {
                let runs = repetitions.iter().filter_map(|&repetition| self.outcomes.run(arm, repetition));
                mean(&runs.map(|run| measure.of(&self.outcomes.units, run, &ones)).collect::<Vec<f64>>())
            };
            let means =
                if repetitions.is_empty() { Vec::new() } else { Arm::ALL.map(|arm| (arm, average(arm))).into() };
            let (comparisons, missing) = match compare(&self.outcomes, measure, &Arm::ALL, DRAWS, seed) {
                Ok(comparisons) => (comparisons, None),
                Err(reason) => (Vec::new(), Some(reason.to_string())),
            };
            MetricResult { measure, repetitions: repetitions.len(), means, comparisons, missing }
        };
        // An AUC needs test persons of both classes.
        let both = self.outcomes.persons_by_class().len() == 2;
        let measures = self.learner.measures(classes).iter().filter(|measure| both || **measure != Metric::Auc);
        self.results = measures.map(result).collect();
    }
}

impl LabReport {
    /// An experiment without runs: every learner with every number of train persons. Larger numbers than there are persons
    /// mean all of them.
    pub fn new(
        program: String,
        settings: Settings,
        notes: Vec<String>,
        learners: &[Learner],
        patients: &[usize],
        people: &People,
    ) -> Self {
        let mut numbers: Vec<usize> = patients.iter().map(|count| (*count).min(settings.persons[0])).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let part = |learner: Learner| {
            let repetitions = settings.repetitions;
            numbers.iter().map(move |&count| LearnerReport::new(learner, count, repetitions, people))
        };
        let mut learners = learners.to_vec();
        learners.sort_unstable();
        learners.dedup();
        let parts = learners.into_iter().flat_map(part).collect();
        Self { program, settings, notes, parts }
    }

    /// The runs that are left, a repetition of everything before the next, so that an experiment that is stopped early has
    /// whole repetitions.
    pub fn jobs(&self) -> Vec<LabJob> {
        let mut jobs = Vec::new();
        for repetition in 0..self.settings.repetitions {
            for (place, part) in self.parts.iter().enumerate() {
                for arm in Arm::ALL {
                    if part.outcomes.run(arm, repetition).is_none() {
                        let (learner, patients) = (part.learner, part.patients);
                        jobs.push(LabJob { part: place, learner, patients, arm, repetition });
                    }
                }
            }
        }
        jobs
    }

    /// Adds a finished run and keeps the runs in order.
    pub fn add(&mut self, part: usize, run: LabRun) {
        if let Some(part) = self.parts.get_mut(part) {
            part.outcomes.runs.push(run);
            part.outcomes.runs.sort_by_key(|run| (run.repetition, run.arm));
        }
    }

    /// Computes all results from the runs.
    pub fn evaluate(&mut self) {
        let (classes, seed) = (self.settings.classes.len(), self.settings.learning.seed);
        self.parts.iter_mut().for_each(|part| part.evaluate(classes, seed));
    }

    /// Takes the runs of an earlier report of the same experiment.
    ///
    /// # Errors
    /// If settings or test persons differ; the message says what to do.
    pub fn resume(&mut self, earlier: Self) -> Result<(), String> {
        let mut other = earlier.settings;
        // JSON may change the last bit.
        other.learning.fakes = rounded(other.learning.fakes);
        // More repetitions are the same experiment.
        if other.repetitions > self.settings.repetitions {
            return Err(format!("the report has {} repetitions: ask for at least as many", other.repetitions));
        }
        other.repetitions = self.settings.repetitions;
        if other != self.settings {
            return Err(
                "the report is of an experiment with other settings: use the same, or choose another file".into()
            );
        }
        for part in earlier.parts {
            let same = |own: &&mut LearnerReport| (own.learner, own.patients) == (part.learner, part.patients);
            let Some(own) = self.parts.iter_mut().find(same) else {
                let (learner, patients) = (part.learner.label(), part.patients);
                return Err(format!(
                    "the report has the learner \"{learner}\" with {patients} persons: ask for it too"
                ));
            };
            if own.outcomes.units != part.outcomes.units {
                return Err("the report has other test persons: choose another file".into());
            }
            let count = own.outcomes.units.len();
            for mut run in part.outcomes.runs {
                let whole = run.repetition < self.settings.repetitions
                    && run.values.len() == count
                    && (run.scores.is_empty() || run.scores.len() == count);
                if !whole {
                    return Err(
                        "the report is damaged: a run has too few values or belongs nowhere; choose another file"
                            .into(),
                    );
                }
                if own.outcomes.run(run.arm, run.repetition).is_none() {
                    run.values.iter_mut().chain(&mut run.scores).for_each(|value| *value = rounded(*value));
                    own.outcomes.runs.push(run);
                }
            }
            own.outcomes.runs.sort_by_key(|run| (run.repetition, run.arm));
        }
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::lab::people::PersonSlice;
    use crate::slice::{LabelledSlice, Slice};

    /// An experiment with `test` test persons of two classes, and no run.
    pub fn report(test: usize, repetitions: usize) -> LabReport {
        let slice = |name: &str, index: usize| PersonSlice {
            person: format!("{name}{index}"),
            labelled: LabelledSlice { class: index % 2, slice: Slice::without_tumour(16, vec![0; 256]) },
        };
        let classes = vec!["glioma".to_owned(), "pituitary".to_owned()];
        let (train, test): (Vec<_>, Vec<_>) = (
            (0..20).map(|index| slice("train", index)).collect(),
            (0..test).map(|index| slice("test", index)).collect(),
        );
        let people = People::new(16, classes.clone(), train, test).unwrap();
        let fakes = FakeOrigin { name: "fakes".to_owned(), weights_sha256: None, persons: None, count: 9 };
        let learning = Learning { steps: 5, fakes: 0.3, seed: 0 };
        let persons = [20, people.test_persons()];
        let data = "data".to_owned();
        let settings =
            Settings { question: Question::Sharing, data, size: 16, classes, persons, fakes, repetitions, learning };
        LabReport::new("test".to_owned(), settings, Vec::new(), &[Learner::Classifier], &[10, 40, usize::MAX], &people)
    }

    /// Fills in values: in every arm, fakes make the results worse.
    pub fn fill(report: &mut LabReport, until: usize) {
        for job in report.jobs().into_iter().filter(|job| job.repetition < until) {
            let count = report.parts[job.part].outcomes.units.len();
            let loss = if job.arm.fakes(2, 0.5) > 0 { 0.3 } else { 0.0 };
            let value = |index: usize| {
                rounded(0.8 - loss + ((index * 7 + job.repetition * 3) % 5) as f64 / 31.0 * (1.0 + loss))
            };
            let values: Vec<f64> = (0..count).map(value).collect();
            let scores =
                values.iter().enumerate().map(|(index, value)| if index % 3 > 0 { *value } else { 0.6 }).collect();
            report.add(job.part, LabRun { arm: job.arm, repetition: job.repetition, values, scores });
        }
    }

    #[test]
    fn large_numbers_mean_all_persons_and_few_test_persons_cannot_tell() {
        let report = report(30, 5);
        assert_eq!(report.parts.iter().map(|part| part.patients).collect::<Vec<_>>(), [10, 20]);
        assert_eq!(report.jobs().len(), 2 * 5 * 5);
        assert!(report.parts[0].cannot_tell().is_none() && report.parts[0].smallest_effect.is_some());
        assert!(super::tests::report(30, 4).parts[0].smallest_effect.is_none());
        let few = super::tests::report(28, 5);
        assert!(few.parts[0].cannot_tell().is_some() && few.parts[0].smallest_effect.is_none());
    }

    #[test]
    fn a_resumed_experiment_gives_the_same_report() {
        let mut whole = report(30, 4);
        fill(&mut whole, 4);
        whole.evaluate();
        let mut half = report(30, 4);
        fill(&mut half, 2);
        half.evaluate();
        assert_eq!(half.parts[0].results[0].repetitions, 2);
        let read: LabReport = serde_json::from_str(&serde_json::to_string(&half).unwrap()).unwrap();
        let mut again = report(30, 4);
        again.resume(read).unwrap();
        assert_eq!(again.jobs().len(), 2 * 2 * 5);
        fill(&mut again, 4);
        again.evaluate();
        assert_eq!(again, whole);
        let measures: Vec<Metric> = whole.parts[0].results.iter().map(|result| result.measure).collect();
        assert_eq!(measures, [Metric::BalancedAccuracy, Metric::Auc]);
    }

    #[test]
    fn another_experiment_is_refused() {
        let mut other = report(30, 4);
        other.settings.learning.steps = 6;
        assert!(report(30, 4).resume(other).unwrap_err().contains("other settings"));
        assert!(report(30, 3).resume(report(30, 4)).unwrap_err().contains("at least as many"));
        let mut fewer = report(30, 4);
        fewer.parts.pop();
        assert!(fewer.resume(report(30, 4)).unwrap_err().contains("20 persons"));
        let mut damaged = report(30, 4);
        fill(&mut damaged, 1);
        damaged.parts[0].outcomes.runs[0].values.pop();
        assert!(report(30, 4).resume(damaged).unwrap_err().contains("damaged"));
    }
}
