//! The learners: networks that are trained on the slices of an arm and tested on the test persons.

use std::collections::BTreeMap;

use super::arm::Arm;
use super::batch::BatchSource;
use super::outcomes::{LabRun, Unit};
use super::people::{LabError, People, PersonSlice, has_tumour};
pub use super::setup::{Learner, Learning};
use crate::evaluate::classifier::{Classifier, highest};
use crate::evaluate::masks::dice;
use crate::evaluate::small_network;
use crate::evaluate::unet::{self, UNet};
use crate::slice::LabelledSlice;

impl Learner {
    /// Pictures in a mini-batch.
    pub fn batch(self) -> usize {
        match self {
            Self::Classifier => small_network::BATCH,
            Self::Segmenter => unet::BATCH,
        }
    }

    /// Why this learner cannot be used with these people; `None` if it can.
    pub fn obstacle(self, people: &People) -> Option<&'static str> {
        match self {
            Self::Classifier if people.classes().len() < 2 => Some("the data has one class only"),
            Self::Segmenter if !people.has_masks() => Some("the data has no masks that mark a tumour"),
            _ => None,
        }
    }

    /// The units that this learner is measured on. For [`Learner::Segmenter`] these are the test persons with a tumour.
    pub fn units(self, people: &People) -> Vec<Unit> {
        self.grouped(people).into_keys().collect()
    }

    /// The test slices of each unit.
    fn grouped(self, people: &People) -> BTreeMap<Unit, Vec<&PersonSlice>> {
        let mut units = BTreeMap::<Unit, Vec<&PersonSlice>>::new();
        for slice in people.test() {
            let class = if self == Self::Classifier { slice.labelled.class } else { 0 };
            units.entry(Unit { person: slice.person.clone(), class }).or_default().push(slice);
        }
        if self == Self::Segmenter {
            units.retain(|_, slices| slices.iter().any(|slice| has_tumour(&slice.labelled.slice)));
        }
        units
    }

    /// Trains a learner on the slices of `persons` as an arm says, and tests it. The same arguments give the same run.
    ///
    /// # Errors
    /// If one of `persons` is a test person, or the arm lacks slices. The message names the person or the class.
    pub fn run(
        self,
        arm: Arm,
        repetition: usize,
        persons: &[String],
        people: &People,
        fakes: &[LabelledSlice],
        learning: &Learning,
    ) -> Result<LabRun, LabError> {
        let real = people.learned(persons)?;
        let source = BatchSource::new(arm, learning.fakes, self.batch(), &real, fakes, people.classes())?;
        // The same initial weights and order in all arms.
        let seed = learning.seed.wrapping_mul(1_000_003).wrapping_add(repetition as u64);
        let (mut values, mut scores) = (Vec::new(), Vec::new());
        match self {
            Self::Classifier => {
                let classes = people.classes().len();
                let network = Classifier::learn(people.size(), classes, learning.steps, seed, |stream| {
                    let batch = source.draw(stream);
                    (batch.images, batch.classes)
                });
                for (unit, slices) in self.grouped(people) {
                    let logits = network.logits(&images(&slices));
                    let right = logits.iter().filter(|row| highest(row) == unit.class).count();
                    values.push(rounded(right as f64 / slices.len() as f64));
                    if let [first, second] = sums(&logits)[..] {
                        scores.push(rounded((second - first) / slices.len() as f64));
                    }
                }
            }
            Self::Segmenter => {
                let network = UNet::learn(learning.steps, seed, |stream| {
                    let batch = source.draw(stream);
                    (batch.images, batch.masks)
                });
                for slices in self.grouped(people).into_values() {
                    // All slices of a person as one volume, so that a tumour found in an empty slice counts.
                    let found = network.masks(&images(&slices)).concat();
                    let wanted: Vec<u8> =
                        slices.iter().flat_map(|slice| slice.labelled.slice.mask.iter().copied()).collect();
                    values.push(rounded(dice(&found, &wanted)));
                }
            }
        }
        Ok(LabRun { arm, repetition, values, scores })
    }
}

fn images<'a>(slices: &[&'a PersonSlice]) -> Vec<&'a [u8]> {
    slices.iter().map(|slice| slice.labelled.slice.image.as_slice()).collect()
}

/// The sum of each class's logits.
fn sums(logits: &[Vec<f32>]) -> Vec<f64> {
    let classes = logits.first().map_or(0, Vec::len);
    (0..classes).map(|class| logits.iter().map(|row| f64::from(row[class])).sum()).collect()
}

/// Six decimals, so that a report that was written and read again gives the same statistics.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slice::Slice;

    /// Persons with two slices: a bright square at the left (class 0) or right (class 1), also in the mask.
    fn slices(first: usize, count: usize) -> Vec<PersonSlice> {
        let slice = |index: usize| {
            let (person, class) = (first + index / 2, index / 2 % 2);
            let (x, y) = ([4, 20][class] + index * 7 % 5, 6 + (index * 5 + first) % 12);
            let inside = |i: usize| (i % 32).wrapping_sub(x) < 8 && (i / 32).wrapping_sub(y) < 8;
            let draw = |bright: u8, dark: u8| (0..1024).map(|i| if inside(i) { bright } else { dark }).collect();
            let slice = Slice { size: 32, image: draw(220, 30), mask: draw(255, 0) };
            PersonSlice { person: format!("p{person}"), labelled: LabelledSlice { class, slice } }
        };
        (0..2 * count).map(slice).collect()
    }

    #[test]
    fn both_learners_learn_and_repeat_themselves() {
        let names = vec!["left".to_owned(), "right".to_owned()];
        let people = People::new(32, names, slices(0, 8), slices(8, 6)).unwrap();
        let fakes: Vec<LabelledSlice> = slices(50, 8).into_iter().map(|slice| slice.labelled).collect();
        let persons: Vec<String> = people.train_persons().into_keys().map(str::to_owned).collect();
        let learning = Learning { steps: 40, fakes: 0.5, seed: 1 };
        for (learner, enough) in [(Learner::Classifier, 0.9), (Learner::Segmenter, 0.7)] {
            assert_eq!(learner.obstacle(&people), None);
            let run = |arm| learner.run(arm, 0, &persons, &people, &fakes, &learning).unwrap();
            let both = run(Arm::RealFakes);
            assert_eq!(both, run(Arm::RealFakes));
            let measure = learner.measures(2)[0].of(&learner.units(&people), &both, &[1.0; 6]);
            assert!(measure > enough, "{learner:?}: {measure}");
            assert_eq!(both.scores.is_empty(), learner == Learner::Segmenter);
            assert_ne!(both.values.len(), 0);
        }
        let error =
            Learner::Classifier.run(Arm::Real, 0, &["p0".to_owned(), "p9".to_owned()], &people, &fakes, &learning);
        assert_eq!(error, Err(LabError::TestPersonInTrain("p9".to_owned())));
    }

    #[test]
    fn one_class_or_empty_masks_are_obstacles() {
        let mut train = slices(0, 2);
        let test = slices(4, 2);
        train.iter_mut().for_each(|slice| slice.labelled.slice.mask.fill(0));
        let people = People::new(32, vec!["all".to_owned()], train, test).unwrap();
        assert!(Learner::Classifier.obstacle(&people).is_some() && Learner::Segmenter.obstacle(&people).is_some());
    }
}
