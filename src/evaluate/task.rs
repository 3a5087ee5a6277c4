//! A comparison of slices as tasks, which threads or workers share. No tensors: the page knows these types, too.

use serde::{Deserialize, Serialize};

use crate::slices::nearest::Nearest;
use crate::slices::validation::is_drawn;
use crate::splitmix::SplitMix;

/// Fewest slices of each kind that can be compared.
pub const MIN_COMPARED: usize = 16;
/// Fewest persons on each set of real slices. Intervals and folds are drawn by person.
pub const MIN_PERSONS: usize = 2;

/// A set of slices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SliceSet {
    /// Real slices that the generator may have seen.
    Train,
    /// Real slices of other persons.
    Test,
    /// Generated slices.
    Generated,
}

impl SliceSet {
    /// All sets.
    pub const ALL: [Self; 3] = [Self::Train, Self::Test, Self::Generated];
}

/// A question to the two-sample classifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TwoSampleQuestion {
    /// Real or generated?
    Generated,
    /// One set of persons or the other?
    Real,
}

/// A part of a comparison. Ranges are indices of slices; the end is not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MeasureTask {
    /// The features of some slices.
    Features(SliceSet, [usize; 2]),
    /// The nearest train slice of some slices.
    Nearest(SliceSet, [usize; 2]),
    /// A fold of the two-sample classifier.
    Fold(TwoSampleQuestion, usize),
}

impl MeasureTask {
    /// Kinds of tasks.
    pub const KINDS: usize = 3;

    /// Index of the kind. Tasks of a kind take a time in proportion to their [amount](PlannedTask::amount).
    pub fn kind(self) -> usize {
        match self {
            Self::Features(..) => 0,
            Self::Nearest(..) => 1,
            Self::Fold(..) => 2,
        }
    }
}

/// A task and how much of its kind it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PlannedTask {
    /// The task.
    pub task: MeasureTask,
    /// Slices, pairs of slices, or training steps.
    pub amount: f64,
}

/// What a task found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskResult {
    /// The features of each slice, one after the other.
    Features(#[serde(skip)] Vec<f32>),
    /// The nearest train slice of each slice.
    Nearest(Vec<Nearest>),
    /// For slices of the fold: the index among all slices of the question, and whether the classifier was right (1) or not (0).
    Fold(Vec<(usize, f64)>),
}

/// Why slices cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum TooFewSlices {
    /// Too few slices.
    #[error("there are {found} {} slices: at least {needed} are needed", .set.name())]
    Slices {
        /// Of this set. [`SliceSet::Test`] for all real slices.
        set: SliceSet,
        /// So many.
        found: usize,
        /// So many are needed.
        needed: usize,
    },
    /// Too few persons on the real slices.
    #[error("the {} slices are of {found} patient(s): at least {needed} are needed", .set.name())]
    Persons {
        /// Of this set.
        set: SliceSet,
        /// So many.
        found: usize,
        /// So many are needed.
        needed: usize,
    },
    /// Nearly all real slices are of one person, so they cannot be divided into halves.
    #[error("nearly all test slices are of one patient: at least {MIN_COMPARED} of others are needed")]
    Uneven,
}

impl SliceSet {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Test => "test",
            Self::Generated => "generated",
        }
    }
}

/// Checks a number of slices.
///
/// # Errors
/// If there are fewer than [`MIN_COMPARED`].
pub fn enough(set: SliceSet, found: usize) -> Result<(), TooFewSlices> {
    if found < MIN_COMPARED { Err(TooFewSlices::Slices { set, found, needed: MIN_COMPARED }) } else { Ok(()) }
}

/// Indices of slices with those of validation persons last, as in a data folder of the command line. Random subsets of train slices
/// depend on their order. `persons` names the person of each slice.
pub fn validation_last(persons: &[String]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..persons.len()).collect();
    order.sort_by_cached_key(|&index| is_drawn(&persons[index]));
    order
}

/// The real slices in two parts of different persons: indices of slices, about as many in each. `persons` names the person of each
/// slice. Without train slices, the first half replaces them, [validation persons last](validation_last). The second half keeps its
/// order.
pub fn halves(persons: &[String], seed: u64) -> [Vec<usize>; 2] {
    let mut names: Vec<&String> = persons.iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    let mut stream = SplitMix::new(seed);
    for place in (1..names.len()).rev() {
        names.swap(place, stream.below(place + 1));
    }
    let mut side = std::collections::BTreeMap::new();
    let mut counts = [0, 0];
    for name in names {
        let smaller = usize::from(counts[1] < counts[0]);
        counts[smaller] += persons.iter().filter(|person| *person == name).count();
        side.insert(name, smaller);
    }
    let in_half = |index: usize, half: usize| side.get(&persons[index]) == Some(&half);
    let train = validation_last(persons).into_iter().filter(|&index| in_half(index, 0));
    [train.collect(), (0..persons.len()).filter(|&index| in_half(index, 1)).collect()]
}

/// Checks that there are enough slices for a comparison. Without train slices, [half](halves) of the real persons replaces them.
/// Takes the person of each real and of each train slice, and the number of generated slices.
///
/// # Errors
/// What there are too few of.
pub fn check(real: &[String], train: Option<&[String]>, generated: usize) -> Result<(), TooFewSlices> {
    let persons = |set, names: &[String], parts: usize| {
        let found = names.iter().collect::<std::collections::BTreeSet<_>>().len();
        let needed = parts * MIN_PERSONS;
        if found < needed { Err(TooFewSlices::Persons { set, found, needed }) } else { Ok(()) }
    };
    enough(SliceSet::Generated, generated)?;
    match train {
        Some(train) => {
            enough(SliceSet::Test, real.len())?;
            enough(SliceSet::Train, train.len())?;
            persons(SliceSet::Test, real, 1)?;
            persons(SliceSet::Train, train, 1)
        }
        None => {
            let needed = 2 * MIN_COMPARED;
            if real.len() < needed {
                return Err(TooFewSlices::Slices { set: SliceSet::Test, found: real.len(), needed });
            }
            persons(SliceSet::Test, real, 2)?;
            let smallest = halves(real, 0).iter().map(Vec::len).min().unwrap_or_default();
            if smallest < MIN_COMPARED { Err(TooFewSlices::Uneven) } else { Ok(()) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(counts: &[usize]) -> Vec<String> {
        counts.iter().enumerate().flat_map(|(person, &count)| vec![format!("p{person}"); count]).collect()
    }

    #[test]
    fn no_person_is_in_both_halves_and_they_are_about_equal() {
        let persons = people(&[5, 1, 9, 4, 4, 7, 2, 8]);
        for seed in 0..20 {
            let [first, second] = halves(&persons, seed);
            assert_eq!(first.len() + second.len(), 40);
            assert!(first.iter().all(|a| second.iter().all(|b| persons[*a] != persons[*b])));
            assert!(first.len().abs_diff(second.len()) <= 9, "{first:?} {second:?}");
            assert!(second.is_sorted());
            assert!(first.is_sorted_by_key(|&index| (is_drawn(&persons[index]), index)));
        }
        assert_ne!(halves(&persons, 1), halves(&persons, 2));
    }

    #[test]
    fn validation_persons_come_last() {
        let persons = people(&[2; 40]);
        let order = validation_last(&persons);
        let drawn = order.iter().filter(|&&index| is_drawn(&persons[index])).count();
        assert!(drawn > 0 && order[80 - drawn..].iter().all(|&index| is_drawn(&persons[index])));
        assert!(order[..80 - drawn].is_sorted() && order[80 - drawn..].is_sorted());
    }

    #[test]
    fn what_is_too_little_is_named() {
        let few = |set, found, needed| Err(TooFewSlices::Slices { set, found, needed });
        let some = people(&[8, 8, 8, 8]);
        assert_eq!(check(&some, None, 16), Ok(()));
        assert_eq!(check(&some, None, 15), few(SliceSet::Generated, 15, 16));
        assert_eq!(check(&some[..31], None, 16), few(SliceSet::Test, 31, 32));
        assert_eq!(check(&some[..15], Some(&some), 16), few(SliceSet::Test, 15, 16));
        assert_eq!(check(&some, Some(&some[..9]), 16), few(SliceSet::Train, 9, 16));
        let persons = |set, found, needed| Err(TooFewSlices::Persons { set, found, needed });
        assert_eq!(check(&people(&[40]), Some(&some), 16), persons(SliceSet::Test, 1, 2));
        assert_eq!(check(&some, Some(&people(&[40])), 16), persons(SliceSet::Train, 1, 2));
        assert_eq!(check(&people(&[20, 20]), None, 16), persons(SliceSet::Test, 2, 4));
        assert_eq!(check(&people(&[60, 1, 1, 1]), None, 16), Err(TooFewSlices::Uneven));
        assert_eq!(
            TooFewSlices::Slices { set: SliceSet::Generated, found: 1, needed: 16 }.to_string(),
            "there are 1 generated slices: at least 16 are needed"
        );
    }
}
