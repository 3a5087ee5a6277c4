//! Division of persons into those to learn from and those to test on.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::draw::order;

/// How persons are divided into those to learn from and those to test on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Division {
    /// Fixed test persons, the same in every repetition. The others can be drawn to learn from.
    Apart {
        /// Names of the test persons.
        test: Vec<String>,
    },
    /// The same persons in every repetition: those of a generator that saw nobody else.
    Fixed {
        /// Names of the persons to learn from.
        learn: Vec<String>,
        /// Names of the test persons.
        test: Vec<String>,
    },
    /// Twofold cross-validation: each repetition divides the persons into halves by chance. One learner learns from persons of
    /// the first half and is tested on the second half, another the other way round. So every person is tested on once in each
    /// repetition, even if there are few.
    Halves,
}

/// The persons of one learner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// It learns from these.
    pub learn: Vec<String>,
    /// It is tested on these, none of whom is in [`learn`](Self::learn).
    pub test: Vec<String>,
}

impl Division {
    /// The folds of a repetition: one, or two for [`Halves`](Self::Halves). `persons` are all persons and the classes that
    /// each has; `patients` is the number of persons to learn from.
    pub fn folds(&self, persons: &BTreeMap<&str, BTreeSet<usize>>, patients: usize, repetition: usize) -> Vec<Fold> {
        match self {
            Self::Apart { test } => {
                let tests: BTreeSet<&str> = test.iter().map(String::as_str).collect();
                let mut learners = persons.clone();
                learners.retain(|person, _| !tests.contains(person));
                let mut learn = order(&learners, Some(repetition));
                learn.truncate(patients);
                vec![Fold { learn, test: test.clone() }]
            }
            Self::Fixed { learn, test } => vec![Fold { learn: learn.clone(), test: test.clone() }],
            Self::Halves => {
                let mut halves = [Vec::new(), Vec::new()];
                let mut seen = BTreeMap::<usize, usize>::new();
                for person in order(persons, Some(repetition)) {
                    let class = persons[person.as_str()].first().copied().unwrap_or_default();
                    let count = seen.entry(class).or_default();
                    // If a class has an odd number of persons, the extra one goes to the first half for even class indices, else to
                    // the second.
                    halves[(*count + class) % 2].push(person);
                    *count += 1;
                }
                let learn = |half: &Vec<String>| half.iter().take(patients).cloned().collect();
                let [first, second] = &halves;
                vec![
                    Fold { learn: learn(first), test: second.clone() },
                    Fold { learn: learn(second), test: first.clone() },
                ]
            }
        }
    }

    /// Learners in a run.
    pub fn learners(&self) -> usize {
        match self {
            Self::Apart { .. } | Self::Fixed { .. } => 1,
            Self::Halves => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Eleven persons of three classes.
    fn persons() -> Vec<(String, BTreeSet<usize>)> {
        (0..11).map(|index| (format!("p{index}"), BTreeSet::from([[0, 0, 1, 2][index % 4]]))).collect()
    }

    fn map(persons: &[(String, BTreeSet<usize>)]) -> BTreeMap<&str, BTreeSet<usize>> {
        persons.iter().map(|(person, own)| (person.as_str(), own.clone())).collect()
    }

    #[test]
    fn halves_test_everybody_once_and_nobody_on_themselves() {
        let persons = persons();
        let persons = map(&persons);
        for repetition in 0..20 {
            let folds = Division::Halves.folds(&persons, 4, repetition);
            let mut tested: Vec<&str> = folds.iter().flat_map(|fold| fold.test.iter().map(String::as_str)).collect();
            tested.sort_unstable();
            assert_eq!(tested, persons.keys().copied().collect::<Vec<_>>());
            for fold in &folds {
                assert!(fold.learn.len() == 4 && fold.learn.iter().all(|person| !fold.test.contains(person)));
                let classes: BTreeSet<usize> =
                    fold.learn.iter().flat_map(|person| persons[person.as_str()].iter().copied()).collect();
                assert_eq!(classes.len(), 3, "all classes are learned: {fold:?}");
            }
        }
        let first = |repetition| Division::Halves.folds(&persons, 4, repetition)[0].learn.clone();
        assert_ne!(first(0), first(1));
        assert_eq!(first(1), first(1));
    }

    #[test]
    fn test_persons_that_stay_apart_are_never_learned_from() {
        let persons = persons();
        let persons = map(&persons);
        let test: Vec<String> = ["p0", "p2", "p3"].map(str::to_owned).into();
        for repetition in 0..20 {
            let folds = Division::Apart { test: test.clone() }.folds(&persons, 5, repetition);
            assert_eq!((folds.len(), folds[0].learn.len(), &folds[0].test), (1, 5, &test));
            assert!(folds[0].learn.iter().all(|person| !test.contains(person)));
        }
    }
}
