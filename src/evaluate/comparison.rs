//! The comparison of real and generated slices, divided into independent tasks. The command line runs them on threads, the tab
//! in workers; both get the same numbers.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use burn::tensor::Device;

use super::copying;
use super::distribution::{self, Features};
use super::efficientnet_lite::EfficientNetLite;
use super::features::{self, FeaturesError};
use super::report::ReportedMeasure;
use super::small_network::resize;
use super::task::{MeasureTask, PlannedTask, SliceSet, TaskResult, TwoSampleQuestion, halves};
use super::two_sample::{FOLDS, SliceSample, TwoSample};
use crate::slices::nearest::{Nearest, NearestIndex};
use crate::slices::raster::Raster;

/// Slices whose features are one task.
const FEATURES_EACH: usize = 16;
/// Slices whose nearest neighbours are one task.
const NEAREST_EACH: usize = 64;

/// Real slices.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RealSlices {
    /// `side * side` bytes each.
    pub images: Vec<Vec<u8>>,
    /// The person on each.
    pub persons: Vec<String>,
}

impl RealSlices {
    fn select(&self, indices: &[usize]) -> Self {
        Self {
            images: indices.iter().map(|&index| self.images[index].clone()).collect(),
            persons: indices.iter().map(|&index| self.persons[index].clone()).collect(),
        }
    }
}

/// The slices of a comparison.
#[derive(Debug)]
pub struct SetComparison {
    side: usize,
    seed: u64,
    /// Slices that the generator may have seen, or the half of the real slices that replaces them.
    train: RealSlices,
    test: RealSlices,
    generated: Vec<Vec<u8>>,
    /// Whether the generator may have learned from the train slices.
    learned: bool,
    /// Train, test and generated slices at 64 x 64.
    small: [Vec<Vec<u8>>; 3],
    train_index: OnceLock<NearestIndex>,
}

/// The result of a comparison.
#[derive(Debug)]
pub struct ComparisonResult {
    /// The measures.
    pub measures: Vec<ReportedMeasure>,
    /// Details of some measures, by name.
    pub details: BTreeMap<String, serde_json::Value>,
    /// The closest pairs; none if it is not known what the generator learned from.
    pub pairs: Option<Raster>,
}

impl SetComparison {
    /// A comparison of slices of `side * side` bytes. Without `train`, one half of the persons on the real slices takes its place.
    pub fn new(side: usize, train: Option<RealSlices>, real: RealSlices, generated: Vec<Vec<u8>>, seed: u64) -> Self {
        let learned = train.is_some();
        let (train, test) = match train {
            Some(train) => (train, real),
            None => {
                let [first, second] = halves(&real.persons, seed);
                (real.select(&first), real.select(&second))
            }
        };
        let small = [&train.images, &test.images, &generated]
            .map(|images| images.iter().map(|image| resize(image, side)).collect::<Vec<_>>());
        Self { side, seed, train, test, generated, learned, small, train_index: OnceLock::new() }
    }

    /// The images of a set, `side * side` bytes each.
    pub fn images(&self, set: SliceSet) -> &[Vec<u8>] {
        match set {
            SliceSet::Train => &self.train.images,
            SliceSet::Test => &self.test.images,
            SliceSet::Generated => &self.generated,
        }
    }

    /// The images of a set at 64 x 64.
    pub fn small(&self, set: SliceSet) -> &[Vec<u8>] {
        &self.small[set as usize]
    }

    /// The person on each slice of a set. Empty for generated slices.
    pub fn persons(&self, set: SliceSet) -> &[String] {
        match set {
            SliceSet::Train => &self.train.persons,
            SliceSet::Test => &self.test.persons,
            SliceSet::Generated => &[],
        }
    }

    /// All tasks. First one of each kind, to estimate the time early; then the longest.
    pub fn tasks(&self) -> Vec<PlannedTask> {
        let count = |set| self.images(set).len();
        let parts = |set: SliceSet, each: usize| {
            (0..count(set)).step_by(each).map(move |from| [from, (from + each).min(count(set))])
        };
        let features = SliceSet::ALL.into_iter().flat_map(|set| {
            parts(set, FEATURES_EACH).map(move |range| PlannedTask {
                task: MeasureTask::Features(set, range),
                amount: (range[1] - range[0]) as f64,
            })
        });
        let searched = if self.learned { &[SliceSet::Generated, SliceSet::Test][..] } else { &[] };
        let nearest = searched.iter().flat_map(|&set| {
            parts(set, NEAREST_EACH).map(move |range| PlannedTask {
                task: MeasureTask::Nearest(set, range),
                amount: (range[1] - range[0]) as f64,
            })
        });
        let folds = [TwoSampleQuestion::Generated, TwoSampleQuestion::Real].into_iter().flat_map(|question| {
            let asked =
                self.question_about(question, |samples| (0..FOLDS).map(|fold| samples.steps(fold)).collect::<Vec<_>>());
            let planned = |(fold, steps): (usize, usize)| PlannedTask {
                task: MeasureTask::Fold(question, fold),
                amount: steps as f64,
            };
            asked.into_iter().enumerate().map(planned).collect::<Vec<_>>()
        });
        let (mut features, mut nearest) = (features.collect::<Vec<_>>(), nearest.collect::<Vec<_>>());
        let mut first: Vec<PlannedTask> = features.pop().into_iter().chain(nearest.pop()).collect();
        first.extend(folds);
        first.extend(features);
        first.extend(nearest);
        first
    }

    /// The features of some slices of a set, 1280 values each.
    ///
    /// # Errors
    /// If a slice has another size, or the device fails.
    pub fn features(
        &self,
        set: SliceSet,
        [from, to]: [usize; 2],
        network: &EfficientNetLite,
        device: &Device,
    ) -> Result<Vec<f32>, FeaturesError> {
        features::extract(network, &self.images(set)[from..to], self.side, device)
    }

    /// The nearest train slice of some slices of a set.
    pub fn nearest(&self, set: SliceSet, [from, to]: [usize; 2]) -> Vec<Nearest> {
        copying::nearest(self.train_index(), &self.images(set)[from..to])
    }

    /// The results of a fold of the two-sample classifier.
    pub fn fold(&self, question: TwoSampleQuestion, fold: usize) -> Vec<(usize, f64)> {
        self.question_about(question, |samples| samples.fold(fold))
    }

    /// Does a task.
    ///
    /// # Errors
    /// As [`features`](Self::features).
    pub fn run(
        &self,
        task: MeasureTask,
        network: &EfficientNetLite,
        device: &Device,
    ) -> Result<TaskResult, FeaturesError> {
        Ok(match task {
            MeasureTask::Features(set, range) => TaskResult::Features(self.features(set, range, network, device)?),
            MeasureTask::Nearest(set, range) => TaskResult::Nearest(self.nearest(set, range)),
            MeasureTask::Fold(question, fold) => TaskResult::Fold(self.fold(question, fold)),
        })
    }

    /// The measures, given what all [tasks](Self::tasks) found, in any order.
    pub fn measures(&self, mut found: Vec<(MeasureTask, TaskResult)>) -> ComparisonResult {
        found.sort_by_key(|(task, _)| match *task {
            MeasureTask::Features(_, [from, _]) | MeasureTask::Nearest(_, [from, _]) => from,
            MeasureTask::Fold(_, fold) => fold,
        });
        let (mut features, mut nearest): ([Vec<f32>; 3], [Vec<Nearest>; 3]) = Default::default();
        let mut folds: [Vec<(usize, f64)>; 2] = Default::default();
        for (task, found) in found {
            match (task, found) {
                (MeasureTask::Features(set, _), TaskResult::Features(values)) => features[set as usize].extend(values),
                (MeasureTask::Nearest(set, _), TaskResult::Nearest(values)) => nearest[set as usize].extend(values),
                (MeasureTask::Fold(question, _), TaskResult::Fold(values)) => folds[question as usize].extend(values),
                _ => {}
            }
        }
        let mut measures = self.distribution(&features);
        let mut details = BTreeMap::new();
        let [_, test, generated] = &nearest;
        let pairs = self.learned.then(|| {
            let (measure, detail) = self.copying(generated, test);
            measures.push(measure);
            details.insert("nearest train slice".to_owned(), detail);
            self.closest_pairs(generated)
        });
        measures.push(self.two_sample(folds));
        ComparisonResult { measures, details, pairs }
    }

    /// Distances, density and coverage. `features` are those of train, test and generated slices.
    pub fn distribution(&self, features: &[Vec<f32>; 3]) -> Vec<ReportedMeasure> {
        let [train, test, generated] = features.each_ref().map(|values| features::matrix(values));
        distribution::measures(&Features { train, test, generated }, &self.test.persons, self.seed)
    }

    /// The share of copies, and details. `generated` and `test` are all nearest train slices.
    pub fn copying(&self, generated: &[Nearest], test: &[Nearest]) -> (ReportedMeasure, serde_json::Value) {
        copying::measure(generated, test, &self.test.persons, self.seed)
    }

    /// The closest pairs of a generated and a train slice.
    pub fn closest_pairs(&self, generated: &[Nearest]) -> Raster {
        copying::closest_pairs(self.train_index(), &self.generated, generated, self.side)
    }

    /// Accuracy of the two-sample classifier: generated against real slices, and one set of persons against the other. `folds` are
    /// the results of all folds of both questions.
    pub fn two_sample(&self, folds: [Vec<(usize, f64)>; 2]) -> ReportedMeasure {
        let [generated, real] = folds;
        let generated = self.question_about(TwoSampleQuestion::Generated, |samples| samples.accuracy(generated));
        let real = self.question_about(TwoSampleQuestion::Real, |samples| samples.accuracy(real));
        let name = "two-sample classifier accuracy (0.5: cannot tell)";
        ReportedMeasure::new(["two_sample_accuracy", name], generated, Some(real), self.judged())
    }

    /// Generated slices of the two-sample classifier: at most as many as there are real ones.
    fn judged(&self) -> usize {
        self.generated.len().min(self.train.images.len() + self.test.images.len())
    }

    fn train_index(&self) -> &NearestIndex {
        self.train_index.get_or_init(|| NearestIndex::new(self.side, self.train.images.iter().map(Vec::as_slice)))
    }

    /// Calls `ask` with the samples of a question to the two-sample classifier.
    fn question_about<T>(&self, question: TwoSampleQuestion, ask: impl FnOnce(&TwoSample<'_>) -> T) -> T {
        let [train, test] = [SliceSet::Train, SliceSet::Test]
            .map(|set| SliceSample { images: self.small(set), patients: self.persons(set) });
        match question {
            TwoSampleQuestion::Real => ask(&TwoSample::new(train, test, self.seed)),
            TwoSampleQuestion::Generated => {
                let images = [train.images, test.images].concat();
                let patients = [train.patients, test.patients].concat();
                let generated =
                    SliceSample { images: &self.small(SliceSet::Generated)[..self.judged()], patients: &[] };
                ask(&TwoSample::new(SliceSample { images: &images, patients: &patients }, generated, self.seed))
            }
        }
    }
}

#[cfg(test)]
#[path = "comparison_tests.rs"]
mod tests;
