//! Experiments on drawings.

use burn::tensor::{Device, read_sync};

use super::*;
use crate::gan::card::{PERSONS, WeightsCard};
use crate::gan::directions::Directions;
use crate::gan::generator::Generator;
use crate::gan::layers::Init;
use crate::gan::preset::{Network, Preset};
use crate::gan::random::Purpose;
use crate::lab::draw::Question;
use crate::lab::drawn_people;
use crate::lab::folds::Division;
use crate::lab::setup::Learning;

fn setup(maker: FakeSource, division: Division) -> LabSetup {
    let classes = ["tumour", "none"].map(str::to_owned).into();
    let learning = Learning { steps: 4, fakes: 0.5, seed: 3 };
    LabSetup {
        learner: Learner::Classifier,
        maker,
        division,
        size: 16,
        classes,
        patients: 6,
        repetitions: 2,
        each: 4,
        learning,
    }
}

fn experiment(maker: FakeSource, division: Division) -> Result<Experiment, ExperimentError> {
    let people = drawn_people::people(16).into_iter().step_by(3).collect();
    Experiment::new(setup(maker, division), people, drawn_people::others(16), None)
}

fn run(experiment: &mut Experiment, arm: Arm, repetition: usize) -> LabRun {
    read_sync(experiment.run(arm, repetition)).unwrap()
}

#[test]
fn runs_repeat_themselves_in_any_order_and_on_any_worker() {
    for maker in [FakeSource::Others, FakeSource::Same] {
        let (mut one, mut other) =
            (experiment(maker, Division::Halves).unwrap(), experiment(maker, Division::Halves).unwrap());
        let first: Vec<LabRun> = [0, 1].map(|repetition| run(&mut one, Arm::Both, repetition)).into();
        let second: Vec<LabRun> = [1, 0].map(|repetition| run(&mut other, Arm::Both, repetition)).into();
        assert_eq!((&first[0], &first[1]), (&second[1], &second[0]));
        assert_eq!((first[0].values.len(), one.units().len()), (40, 40), "everybody tests once");
    }
}

#[test]
fn fakes_of_the_same_people_and_of_others_differ() {
    let values = |maker| {
        let mut experiment = experiment(maker, Division::Halves).unwrap();
        Arm::ALL.map(|arm| run(&mut experiment, arm, 0).values)
    };
    let (others, same) = (values(FakeSource::Others), values(FakeSource::Same));
    assert_eq!(others[..2], same[..2], "arms without fakes are equal");
    assert_ne!(others[4], same[4]);
}

#[test]
fn a_generator_that_saw_a_test_person_is_refused_by_name() {
    let people: Vec<PersonSlice> = drawn_people::people(16);
    let leak = people.last().cloned().into_iter().collect();
    let error = Experiment::new(setup(FakeSource::Others, drawn_people::division()), people, leak, None)
        .map(|_| ())
        .unwrap_err();
    assert!(
        matches!(&error, ExperimentError::People(LabError::TestPersonInGenerator(name)) if name == "drawing 119"),
        "{error}"
    );
}

/// A generator with random weights, whose card names these persons.
fn generator(persons: &str) -> GeneratorModel {
    let device = Device::flex();
    let preset = Preset::by_name("n16").unwrap();
    let mut stream = Stream::new(Purpose::Weights, 0, 0);
    let mut card = WeightsCard::blank(Network::Generator, preset, ["tumour", "none"].map(str::to_owned).into());
    card.metrics.insert(PERSONS.to_owned(), persons.to_owned());
    let network = Generator::new(preset, 2, &mut Init::Random(&mut stream), &device);
    GeneratorModel::new(network, card, Directions::default(), device)
}

#[test]
fn a_generator_of_few_people_must_have_seen_these_and_nobody_else() {
    let few = |persons: &str, learn: &[&str]| {
        let learn = learn.iter().map(|name| (*name).to_owned()).collect();
        let Division::Apart { test } = drawn_people::division() else { panic!() };
        let setup = setup(FakeSource::SameNetwork, Division::Fixed { learn, test });
        Experiment::new(setup, drawn_people::people(16), Vec::new(), Some(generator(persons)))
    };
    let learn = ["drawing 0", "drawing 1", "drawing 2"];
    let mut experiment = few("drawing 2,drawing 0,drawing 1", &learn).unwrap();
    assert_eq!(experiment.setup.maker.question(), Question::Stretching);
    let fakes = [0, 1].map(|repetition| run(&mut experiment, Arm::Fakes, repetition).values);
    assert_eq!(fakes[0].len(), 60);
    assert!(experiment.folds(0) == experiment.folds(1), "the same people in every repetition");
    for others in ["drawing 0,drawing 1", "drawing 0,drawing 1,drawing 2,drawing 3", "", "Ann"] {
        let error = few(others, &learn).map(|_| ()).unwrap_err();
        assert!(matches!(error, ExperimentError::OtherPersons(3)), "{others}: {error}");
    }
    let error = few("drawing 0,drawing 1,drawing 2,drawing 119", &learn).map(|_| ()).unwrap_err();
    assert!(matches!(error, ExperimentError::People(LabError::TestPersonInGenerator(_))), "{error}");
}

#[test]
fn what_is_missing_is_said() {
    for maker in [FakeSource::Network, FakeSource::SameNetwork] {
        let error = experiment(maker, Division::Halves).map(|_| ()).unwrap_err();
        assert!(matches!(error, ExperimentError::NoGenerator));
    }
    let healthy: Vec<PersonSlice> = drawn_people::people(16).into_iter().filter(|it| it.labelled.class == 1).collect();
    let mut blind = setup(FakeSource::Same, Division::Halves);
    blind.learner = Learner::Segmenter;
    let error = Experiment::new(blind, healthy, Vec::new(), None).map(|_| ()).unwrap_err();
    assert!(matches!(error, ExperimentError::Obstacle(_)), "{error}");
}

#[test]
fn the_smallest_effect_needs_enough_people() {
    let smallest = |people, division| {
        let setup = setup(FakeSource::Same, division);
        let learner = setup.learner;
        let units = Experiment::new(setup, people, Vec::new(), None).unwrap().units().to_vec();
        Outcomes { units, runs: Vec::new() }.smallest_effect(learner, 10)
    };
    let whole = smallest(drawn_people::people(16), drawn_people::division());
    assert!(whole.is_some_and(|effect| (0.05..0.6).contains(&effect)));
    let few = drawn_people::people(16).into_iter().take(20).collect();
    assert_eq!(smallest(few, Division::Halves), None);
}
