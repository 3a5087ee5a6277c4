//! The classifier two-sample test (Lopez-Paz and Oquab 2017, arXiv 1610.06545): can a classifier tell two sets of slices
//! apart?

use super::classifier::Classifier;
use super::small_network;
use super::statistics::{ClusterBootstrap, Estimate};
use crate::gan::random::{Purpose, Stream};

/// Folds of the cross-validation.
pub const FOLDS: usize = 5;
/// Epochs of training in each fold.
const EPOCHS: usize = 6;
/// Fewest and most training steps in each fold.
const FOLD_STEPS: (usize, usize) = (20, 250);

/// One of the two samples.
#[derive(Debug, Clone, Copy)]
pub struct SliceSample<'a> {
    /// Images of 64 x 64 bytes.
    pub images: &'a [Vec<u8>],
    /// The patient of each image. Empty for generated images.
    pub patients: &'a [String],
}

impl SliceSample<'_> {
    /// The group of each image: its patient, or the image itself.
    fn groups(&self, which: &str) -> Vec<String> {
        let own = |index: usize| {
            self.patients.get(index).map_or_else(|| format!("picture {index}"), |name| format!("patient {name}"))
        };
        (0..self.images.len()).map(|index| format!("{which} {}", own(index))).collect()
    }
}

/// Whether a classifier separates two samples, in five-fold cross-validation by patient.
#[derive(Debug)]
pub struct TwoSample<'a> {
    images: Vec<&'a Vec<u8>>,
    labels: Vec<usize>,
    groups: Vec<String>,
    /// The fold of each image.
    folds: Vec<usize>,
    sizes: [usize; 2],
    seed: u64,
}

impl<'a> TwoSample<'a> {
    /// The question whether samples `a` and `b` can be told apart.
    pub fn new(a: SliceSample<'a>, b: SliceSample<'a>, seed: u64) -> Self {
        let mut images: Vec<&Vec<u8>> = Vec::new();
        let (mut labels, mut groups) = (Vec::new(), Vec::new());
        for (label, side) in [a, b].into_iter().enumerate() {
            images.extend(side.images);
            labels.extend(std::iter::repeat_n(label, side.images.len()));
            groups.extend(side.groups(["a", "b"][label]));
        }
        let folds = folds(&groups, seed);
        Self { images, labels, groups, folds, sizes: [a.images.len(), b.images.len()], seed }
    }

    /// Images inside or outside of a fold.
    pub(super) fn pick(&self, fold: usize, inside: bool) -> Vec<usize> {
        (0..self.images.len()).filter(|&index| (self.folds[index] == fold) == inside).collect()
    }

    /// Training steps of a fold.
    pub fn steps(&self, fold: usize) -> usize {
        let train = self.pick(fold, false).len();
        (EPOCHS * train / small_network::BATCH).clamp(FOLD_STEPS.0, FOLD_STEPS.1)
    }

    /// For each image of a fold: its index, and 1 if a classifier that learned from the other folds was right, else 0.
    pub fn fold(&self, fold: usize) -> Vec<(usize, f64)> {
        let (train, test) = (self.pick(fold, false), self.pick(fold, true));
        if test.is_empty() {
            return Vec::new();
        }
        let of = |chosen: &[usize]| chosen.iter().map(|&index| self.images[index]).collect::<Vec<_>>();
        let wanted: Vec<usize> = train.iter().map(|&index| self.labels[index]).collect();
        let seed = self.seed.wrapping_add(fold as u64);
        let network = Classifier::train(&of(&train), &wanted, 2, self.steps(fold), seed);
        let found = network.classes(&of(&test));
        let right = |class: usize, index: usize| f64::from(u8::from(class == self.labels[index]));
        test.iter().zip(found).map(|(&index, class)| (index, right(class, index))).collect()
    }

    /// The accuracy, given the results of all [folds](Self::fold). 0.5 means that the samples cannot be told apart, 1 that they
    /// always can. Both samples have equal weight.
    pub fn accuracy(&self, results: impl IntoIterator<Item = (usize, f64)>) -> Estimate {
        let mut correct = vec![0.0; self.images.len()];
        for (index, value) in results {
            correct[index] = value;
        }
        // Equal weight for both samples, whatever their sizes.
        let shares = self.sizes.map(|size| self.images.len() as f64 / (2.0 * size.max(1) as f64));
        let weighed: Vec<f64> =
            correct.iter().zip(&self.labels).map(|(correct, &label)| correct * shares[label]).collect();
        let Estimate { value, low, high } = ClusterBootstrap::of(&self.groups).mean(&weighed, self.seed);
        Estimate { value, low, high: high.min(1.0) }
    }
}

/// The fold of each image. Groups are shuffled and dealt to the folds in turn.
fn folds(groups: &[String], seed: u64) -> Vec<usize> {
    let mut names: Vec<&String> = groups.iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    let mut stream = Stream::new(Purpose::Step, seed, 6);
    for place in (1..names.len()).rev() {
        names.swap(place, stream.below(place + 1));
    }
    // One sample after the other, so that every fold gets groups of both.
    names.sort_by_key(|name| name.starts_with('b'));
    let dealt: std::collections::HashMap<&String, usize> =
        names.into_iter().enumerate().map(|(place, name)| (name, place % FOLDS)).collect();
    groups.iter().map(|group| dealt[group]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patient_is_in_one_fold_and_every_fold_has_both_samples() {
        let groups: Vec<String> = (0..60).map(|index| format!("{} {}", ["a", "b"][index / 30], index / 3)).collect();
        let folds = folds(&groups, 1);
        for index in 0..59 {
            assert!(groups[index] != groups[index + 1] || folds[index] == folds[index + 1]);
        }
        for fold in 0..FOLDS {
            for kind in [0..30, 30..60] {
                assert!(kind.clone().any(|index| folds[index] == fold), "fold {fold} of {kind:?}");
            }
        }
    }
}
