//! An experiment in the tab, with everything its runs need. It makes one run at a time.

use std::collections::{BTreeMap, BTreeSet};

use burn::tensor::ExecutionError;

use super::arm::Arm;
use super::blend::blend;
use super::comparison::{ArmComparison, DRAWS, NoInterval, compare};
use super::fakes::{make, sized};
use super::folds::Fold;
use super::learner::Learner;
use super::outcomes::{LabRun, Outcomes, Unit};
use super::people::{LabError, People, PersonSlice};
use super::setup::{FakeSource, LabSetup};
use crate::evaluate::classifier::Classifier;
use crate::evaluate::unet::UNet;
use crate::gan::generator_model::GeneratorModel;
use crate::gan::random::Stream;
use crate::slice::LabelledSlice;

/// Why an experiment cannot begin or go on. The words are English.
#[derive(Debug, thiserror::Error)]
pub enum ExperimentError {
    /// A test person among those learned from, or missing slices.
    #[error(transparent)]
    People(#[from] LabError),
    /// The learner cannot be used with these slices.
    #[error("the learner cannot be used: {0}")]
    Obstacle(&'static str),
    /// The generator does not know a class.
    #[error("the generator does not know the class {0}")]
    OtherClasses(String),
    /// The generator should have seen the persons to learn from and nobody else.
    #[error("the generator learned from other persons than these {0}, or its card does not name them")]
    OtherPersons(usize),
    /// There is no generator.
    #[error("the fakes are to come from a generator, and there is none")]
    NoGenerator,
    /// The generator failed.
    #[error("the generator failed: {0}")]
    Generator(ExecutionError),
}

/// An experiment that can run.
pub struct Experiment {
    setup: LabSetup,
    slices: Vec<PersonSlice>,
    /// The persons that the fakes of [`FakeSource::Others`] come from.
    others: Vec<PersonSlice>,
    generator: Option<GeneratorModel>,
    units: Vec<Unit>,
    /// The last repetition with fakes, and those of each fold.
    made: Option<(usize, Vec<Vec<LabelledSlice>>)>,
}

impl Experiment {
    /// Checks everything that can be checked before the first run. All slices get the size of the setup.
    ///
    /// # Errors
    /// If a test person is among those that the generator saw, or if something is missing.
    pub fn new(
        setup: LabSetup,
        slices: Vec<PersonSlice>,
        others: Vec<PersonSlice>,
        generator: Option<GeneratorModel>,
    ) -> Result<Self, ExperimentError> {
        let resized = |slices: Vec<PersonSlice>| {
            let resize = |mut it: PersonSlice| {
                it.labelled.slice = sized(it.labelled.slice, setup.size);
                it
            };
            slices.into_iter().map(resize).collect::<Vec<_>>()
        };
        let (slices, others) = (resized(slices), resized(others));
        if matches!(setup.maker, FakeSource::Network | FakeSource::SameNetwork) {
            let known = &generator.as_ref().ok_or(ExperimentError::NoGenerator)?.card().classes;
            if let Some(class) = setup.classes.iter().find(|class| !known.contains(class)) {
                return Err(ExperimentError::OtherClasses(class.clone()));
            }
        }
        let mut experiment = Self { setup, slices, others, generator, units: Vec::new(), made: None };
        let mut units = BTreeSet::new();
        for fold in experiment.folds(0) {
            let people = experiment.people(&fold)?;
            if let Some(reason) = experiment.setup.learner.obstacle(&people) {
                return Err(ExperimentError::Obstacle(reason));
            }
            people.learned(&fold.learn)?;
            people.check_generator(&experiment.generator_persons(&fold))?;
            if experiment.setup.maker == FakeSource::SameNetwork && !experiment.saw_only(&fold.learn) {
                return Err(ExperimentError::OtherPersons(fold.learn.len()));
            }
            units.extend(experiment.setup.learner.units(&people));
        }
        experiment.units = units.into_iter().collect();
        Ok(experiment)
    }

    /// The units that every run has a value for.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// Trains and tests the learners of an arm in a repetition.
    ///
    /// # Errors
    /// If a test person is among those to learn from or those that the generator saw, or if the generator fails.
    pub async fn run(&mut self, arm: Arm, repetition: usize) -> Result<LabRun, ExperimentError> {
        let folds = self.folds(repetition);
        let needs_fakes = arm.fakes(self.setup.learner.batch(), self.setup.learning.fakes) > 0;
        if needs_fakes && self.made.as_ref().is_none_or(|(of, _)| *of != repetition) {
            self.made = Some((repetition, self.make(&folds, repetition).await?));
        }
        let made = self.made.as_ref().filter(|_| needs_fakes).map_or(&[][..], |(_, made)| made);
        let LabSetup { learner, learning, .. } = &self.setup;
        let mut values = BTreeMap::new();
        for (place, fold) in folds.iter().enumerate() {
            let people = self.people(fold)?;
            people.check_generator(&self.generator_persons(fold))?;
            let fakes = made.get(place).map_or(&[][..], Vec::as_slice);
            let run = learner.run(arm, repetition, &fold.learn, &people, fakes, learning)?;
            values.extend(learner.units(&people).into_iter().zip(run.values));
        }
        let value = |unit| values.get(unit).copied().unwrap_or_default();
        // Scores of different learners cannot be compared, so there are none.
        Ok(LabRun { arm, repetition, values: self.units.iter().map(value).collect(), scores: Vec::new() })
    }

    /// Every arm against the baseline, over the repetitions that all arms have finished.
    ///
    /// # Errors
    /// If there are too few repetitions or persons for an interval.
    pub fn compare(&self, runs: Vec<LabRun>) -> Result<Vec<ArmComparison>, NoInterval> {
        let outcomes = Outcomes { units: self.units.clone(), runs };
        let LabSetup { learner, classes, learning, .. } = &self.setup;
        compare(&outcomes, learner.measures(classes.len())[0], &Arm::ALL, DRAWS, learning.seed)
    }

    fn folds(&self, repetition: usize) -> Vec<Fold> {
        let mut persons = BTreeMap::<&str, BTreeSet<usize>>::new();
        for slice in &self.slices {
            persons.entry(&slice.person).or_default().insert(slice.labelled.class);
        }
        self.setup.division.folds(&persons, self.setup.patients, repetition)
    }

    /// Slices of these persons.
    fn of(&self, persons: &[String]) -> impl Iterator<Item = &PersonSlice> {
        let persons: BTreeSet<&str> = persons.iter().map(String::as_str).collect();
        self.slices.iter().filter(move |slice| persons.contains(slice.person.as_str()))
    }

    fn people(&self, fold: &Fold) -> Result<People, LabError> {
        let [learn, test] = [&fold.learn, &fold.test].map(|persons| self.of(persons).cloned().collect());
        People::new(self.setup.size, self.setup.classes.clone(), learn, test)
    }

    /// The persons that the fakes of a fold come from, as far as they are known.
    fn generator_persons(&self, fold: &Fold) -> Vec<String> {
        match self.setup.maker {
            FakeSource::Network | FakeSource::SameNetwork => self.generator_card_persons(),
            FakeSource::Others => self.others.iter().map(|slice| slice.person.clone()).collect(),
            FakeSource::Same => fold.learn.clone(),
        }
    }

    /// The persons that the card of the weights names; none if it does not say.
    fn generator_card_persons(&self) -> Vec<String> {
        self.generator.as_ref().and_then(|model| model.card().persons()).unwrap_or_default()
    }

    /// Whether the generator learned from these persons and from nobody else.
    fn saw_only(&self, learn: &[String]) -> bool {
        self.generator_card_persons().iter().collect::<BTreeSet<_>>() == learn.iter().collect()
    }

    async fn make(&self, folds: &[Fold], repetition: usize) -> Result<Vec<Vec<LabelledSlice>>, ExperimentError> {
        let LabSetup { maker, classes, each, size, learning, .. } = &self.setup;
        let seed = learning.seed.wrapping_mul(1000).wrapping_add(repetition as u64);
        let blended = |slices: Vec<&PersonSlice>, fold: usize| {
            blend(&slices, classes.len(), *each, seed.wrapping_add(1_000_000 * fold as u64))
        };
        Ok(match (maker, &self.generator) {
            (FakeSource::Network | FakeSource::SameNetwork, Some(model)) => {
                let made = make(model, classes, *each, *size, seed).await.map_err(ExperimentError::Generator)?;
                vec![made; folds.len()]
            }
            (FakeSource::Network | FakeSource::SameNetwork, None) => return Err(ExperimentError::NoGenerator),
            (FakeSource::Others, _) => {
                (0..folds.len()).map(|fold| blended(self.others.iter().collect(), fold)).collect()
            }
            (FakeSource::Same, _) => {
                let fold = |(place, fold): (usize, &Fold)| blended(self.of(&fold.learn).collect(), place);
                folds.iter().enumerate().map(fold).collect()
            }
        })
    }
}

/// Trains a learner for some steps on grey pictures of `side` pixels, to time it.
pub fn rehearse(learner: Learner, side: usize, steps: usize) {
    let pixels = learner.batch() * side * side;
    match learner {
        Learner::Classifier => {
            let draw = |_: &mut Stream| (vec![0.0; pixels], vec![0; learner.batch()]);
            drop(Classifier::learn(side, 2, steps, 0, draw));
        }
        Learner::Segmenter => drop(UNet::learn(steps, 0, |_| (vec![0.0; pixels], vec![0.0; pixels]))),
    }
}

#[cfg(test)]
mod tests;
