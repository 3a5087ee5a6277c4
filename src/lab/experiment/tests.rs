//! Experiments on drawings.

use burn::tensor::read_sync;

use super::*;
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

#[test]
fn what_is_missing_is_said() {
    let error = experiment(FakeSource::Network, Division::Halves).map(|_| ()).unwrap_err();
    assert!(matches!(error, ExperimentError::NoGenerator));
    let healthy: Vec<PersonSlice> = drawn_people::people(16).into_iter().filter(|it| it.labelled.class == 1).collect();
    let mut blind = setup(FakeSource::Same, Division::Halves);
    blind.learner = Learner::Segmenter;
    let error = Experiment::new(blind, healthy, Vec::new(), None).map(|_| ()).unwrap_err();
    assert!(matches!(error, ExperimentError::Obstacle(_)), "{error}");
}

#[test]
fn the_smallest_effect_needs_enough_people() {
    let whole =
        Experiment::new(setup(FakeSource::Same, drawn_people::division()), drawn_people::people(16), Vec::new(), None)
            .unwrap();
    assert!(whole.smallest_effect().is_some_and(|effect| (0.05..0.6).contains(&effect)));
    let few = drawn_people::people(16).into_iter().take(20).collect();
    let few = Experiment::new(setup(FakeSource::Same, Division::Halves), few, Vec::new(), None).unwrap();
    assert_eq!(few.smallest_effect(), None);
}
