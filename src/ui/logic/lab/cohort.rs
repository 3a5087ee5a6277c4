//! The people of an experiment: whether they are enough, and how many can be learned from.

use std::collections::{BTreeMap, BTreeSet};

use crate::lab::drawn_people;
use crate::lab::power::smallest_effect_of;
use crate::lab::setup::Learner;

/// Numbers of patients that are offered.
const PATIENTS: [usize; 4] = [6, 10, 20, 40];

/// The people of a source: how many there are, with which classes and tumours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cohort {
    /// Class names.
    pub classes: Vec<String>,
    /// Number of people with each class.
    pub by_class: Vec<usize>,
    /// Number of people.
    pub persons: usize,
    /// People whose tumour is marked.
    pub marked: usize,
    /// Number of slices.
    pub slices: usize,
    /// Most people to learn from.
    pub learners: usize,
    /// The only numbers of people to learn from that are possible. Empty if any number up to `learners` is.
    pub only: &'static [usize],
    /// People that are tested on.
    pub testers: usize,
}

/// Why an experiment cannot be done with these people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CohortProblem {
    /// There is only one class, but the learner must tell classes apart.
    OneClass,
    /// A class has too few people: its name, how many it has, and how many it needs.
    TooFew(String, usize, usize),
    /// Too few people have masks.
    NoMasks(usize),
}

/// Fewest people of a class: each half needs two.
const MIN_PER_CLASS: usize = 4;

/// Whether the classes are a tumour and none.
pub fn tumour_or_none(classes: &[String]) -> bool {
    classes.len() == 2 && ["tumour", "none"].iter().all(|name| classes.iter().any(|class| class == name))
}

impl Cohort {
    /// The people of slices, each with its person, its class, and whether a tumour is marked in it.
    pub fn of(slices: impl IntoIterator<Item = (String, usize, bool)>, classes: Vec<String>) -> Self {
        let mut persons = BTreeMap::<String, (BTreeSet<usize>, bool)>::new();
        let mut count = 0;
        for (person, class, marked) in slices {
            let person = persons.entry(person).or_default();
            person.0.insert(class);
            person.1 |= marked;
            count += 1;
        }
        let with = |class: usize| persons.values().filter(|(own, _)| own.contains(&class)).count();
        let by_class = (0..classes.len()).map(with).collect();
        let marked = persons.values().filter(|(_, marked)| *marked).count();
        // With random halves every person is tested on, and a learner can learn from at most the people of the smaller half.
        let learners = persons.len().saturating_sub(classes.len()) / 2;
        let (persons, testers) = (persons.len(), persons.len());
        Self { classes, by_class, persons, marked, slices: count, learners, only: &[], testers }
    }

    /// These people as test persons only. One of the numbers in `only`, ascending, of other people can be learned from.
    pub fn tested_on(self, only: &'static [usize]) -> Self {
        Self { learners: only.last().copied().unwrap_or_default(), only, ..self }
    }

    /// The drawn people.
    pub fn drawn() -> Self {
        let all = drawn_people::LEARNERS + drawn_people::TESTERS;
        Self {
            classes: crate::slices::collection::drawings::CLASSES.map(str::to_owned).into(),
            by_class: vec![all / 2, all / 2],
            persons: all,
            marked: all / 2,
            slices: all,
            learners: drawn_people::LEARNERS,
            only: &[],
            testers: drawn_people::TESTERS,
        }
    }

    /// Why a learner cannot learn from these people; `None` if it can.
    pub fn problem(&self, learner: Learner) -> Option<CohortProblem> {
        match learner {
            Learner::Classifier if self.classes.len() < 2 => Some(CohortProblem::OneClass),
            Learner::Segmenter if self.marked < 2 * MIN_PER_CLASS => Some(CohortProblem::NoMasks(self.marked)),
            _ => {
                let few = self.by_class.iter().position(|count| *count < MIN_PER_CLASS);
                few.map(|class| CohortProblem::TooFew(self.classes[class].clone(), self.by_class[class], MIN_PER_CLASS))
            }
        }
    }

    /// People that a learner is tested on.
    pub fn testers(&self, learner: Learner) -> usize {
        match learner {
            Learner::Classifier => self.testers,
            // Half of the drawn ones have a tumour.
            Learner::Segmenter => self.marked * self.testers / self.persons.max(1),
        }
    }

    /// The smallest difference that an experiment with these people detects with 80 % power. None with too few of them.
    pub fn smallest_effect(&self, learner: Learner, repetitions: usize) -> Option<f64> {
        let testers = self.testers(learner);
        let by_class = match learner {
            Learner::Classifier => {
                self.by_class.iter().map(|count| count * self.testers / self.persons.max(1)).collect()
            }
            Learner::Segmenter => vec![testers],
        };
        smallest_effect_of(learner, testers, &by_class, repetitions)
    }

    /// The numbers of patients that can be learned from.
    pub fn patients(&self) -> Vec<usize> {
        if !self.only.is_empty() {
            return self.only.to_vec();
        }
        let mut offered: Vec<usize> = PATIENTS.into_iter().filter(|count| *count < self.learners).collect();
        offered.push(self.learners);
        offered
    }

    /// The number of patients: `wish`, limited to what is possible. Without a wish, the second smallest number offered.
    pub fn chosen(&self, wish: Option<usize>) -> usize {
        if let (Some(wish), Some(first)) = (wish, self.only.first()) {
            return self.only.iter().copied().rfind(|count| *count <= wish).unwrap_or(*first);
        }
        let fewest = self.classes.len().max(2);
        let offered = self.patients();
        let default = || offered.get(1).or(offered.first()).copied().unwrap_or(fewest);
        wish.unwrap_or_else(default).clamp(fewest.min(self.learners), self.learners.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cohort(by_class: &[usize], marked: bool) -> Cohort {
        // Two slices each.
        let people = |(class, count): (usize, &usize)| {
            (0..2 * *count).map(move |index| (format!("{class} {}", index / 2), class, marked)).collect::<Vec<_>>()
        };
        let slices = by_class.iter().enumerate().flat_map(people);
        Cohort::of(slices, (0..by_class.len()).map(|class| format!("c{class}")).collect())
    }

    #[test]
    fn too_few_people_are_named() {
        assert_eq!(cohort(&[9], true).problem(Learner::Classifier), Some(CohortProblem::OneClass));
        assert_eq!(
            cohort(&[9, 3], true).problem(Learner::Classifier),
            Some(CohortProblem::TooFew("c1".to_owned(), 3, 4))
        );
        assert_eq!(cohort(&[2], true).problem(Learner::Segmenter), Some(CohortProblem::NoMasks(2)));
        assert_eq!(cohort(&[9, 9], false).problem(Learner::Segmenter), Some(CohortProblem::NoMasks(0)));
        for learner in [Learner::Classifier, Learner::Segmenter] {
            assert_eq!(cohort(&[9, 9], true).problem(learner), None);
            assert_eq!(Cohort::drawn().problem(learner), None);
        }
        assert_eq!(
            (Cohort::drawn().testers(Learner::Classifier), Cohort::drawn().testers(Learner::Segmenter)),
            (60, 30)
        );
    }

    #[test]
    fn patients_are_offered_as_far_as_they_go() {
        let site = cohort(&[12, 11, 12], true);
        assert_eq!((site.persons, site.slices, site.patients()), (35, 70, vec![6, 10, 16]));
        assert_eq!((site.chosen(None), site.chosen(Some(12)), site.chosen(Some(400))), (10, 12, 16));
        assert_eq!(Cohort::drawn().patients(), [6, 10, 20, 40, 60]);
        let fixed = site.tested_on(&[10, 20, 40]);
        assert_eq!((fixed.patients(), fixed.testers), (vec![10, 20, 40], 35));
        assert_eq!([None, Some(3), Some(20), Some(39), Some(500)].map(|wish| fixed.chosen(wish)), [20, 10, 20, 20, 40]);
        assert_eq!(cohort(&[4, 4], true).patients(), [3]);
    }

    /// The form says before a run what the run says.
    #[test]
    fn the_smallest_effect_is_that_of_the_experiment() {
        use crate::lab::experiment::Experiment;
        use crate::lab::outcomes::Outcomes;
        use crate::lab::setup::{FakeSource, LabSetup, Learning};
        let drawn = Cohort::drawn();
        for learner in [Learner::Classifier, Learner::Segmenter] {
            let setup = LabSetup {
                learner,
                maker: FakeSource::Same,
                division: drawn_people::division(),
                size: 16,
                classes: drawn.classes.clone(),
                patients: 10,
                repetitions: 10,
                each: 1,
                learning: Learning { steps: 1, fakes: 0.5, seed: 1 },
            };
            let experiment = Experiment::new(setup, drawn_people::people(16), Vec::new(), None).unwrap();
            let outcomes = Outcomes { units: experiment.units().to_vec(), runs: Vec::new() };
            let found = drawn.smallest_effect(learner, 10);
            assert!(found.is_some() && found == outcomes.smallest_effect(learner, 10), "{learner:?}: {found:?}");
        }
        assert_eq!(drawn.smallest_effect(Learner::Classifier, 1), None);
        assert_eq!(cohort(&[14, 15], true).smallest_effect(Learner::Classifier, 10), None);
        assert!(tumour_or_none(&drawn.classes) && !tumour_or_none(&cohort(&[4, 4], true).classes));
    }

    /// Every number that is offered can be divided, the smallest too.
    #[test]
    fn what_is_offered_fits_into_both_halves() {
        use crate::lab::folds::Division;
        for by_class in [&[4, 4][..], &[5, 4], &[4, 5, 7], &[12, 11, 12], &[30, 4]] {
            let cohort = cohort(by_class, true);
            let names: Vec<(String, usize)> = by_class
                .iter()
                .enumerate()
                .flat_map(|(class, count)| (0..*count).map(move |index| (format!("{class} {index}"), class)))
                .collect();
            let persons = names.iter().map(|(name, class)| (name.as_str(), BTreeSet::from([*class]))).collect();
            for patients in cohort.patients() {
                for repetition in 0..10 {
                    for fold in Division::Halves.folds(&persons, patients, repetition) {
                        assert_eq!(fold.learn.len(), patients, "{by_class:?}");
                        let classes: BTreeSet<&str> = fold.learn.iter().map(|name| &name[..1]).collect();
                        assert_eq!(classes.len(), by_class.len(), "{by_class:?}: {fold:?}");
                    }
                }
            }
        }
    }
}
