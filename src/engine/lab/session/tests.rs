//! The session without a browser: each request has its answer.

use burn::tensor::read_sync;

use super::*;
use crate::engine::shared::Source;
use crate::lab::arm::Arm;
use crate::lab::folds::Division;
use crate::lab::outcomes::LabRun;
use crate::lab::setup::{FakeSource, LabSetup, Learning};

fn begin(maker: FakeSource, weights: Option<Source>) -> LabRequest {
    let setup = LabSetup {
        learner: Learner::Classifier,
        maker,
        division: Division::Halves,
        size: 16,
        classes: ["tumour", "none"].map(str::to_owned).into(),
        patients: 6,
        repetitions: 2,
        each: 4,
        learning: Learning { steps: 2, fakes: 0.5, seed: 3 },
    };
    LabRequest::Begin(Box::new(BeginLab { setup, people: LabPeople::Drawn, weights }))
}

fn answer(session: &LabSession, request: LabRequest) -> LabEvent {
    read_sync(session.answer(request))
}

#[test]
fn an_experiment_is_prepared_run_and_compared() {
    let session = LabSession::default();
    let LabEvent::Ready { units } = answer(&session, begin(FakeSource::Others, None)) else { panic!() };
    let mut runs: Vec<LabRun> = Vec::new();
    for (repetition, arm) in (0..2).flat_map(|repetition| Arm::ALL.map(|arm| (repetition, arm))) {
        let LabEvent::Ran { run, millis } = answer(&session, LabRequest::Run { arm, repetition }) else { panic!() };
        assert_eq!((run.arm, run.repetition, run.values.len()), (arm, repetition, units.len()));
        assert!(millis > 0.0);
        runs.push(run);
    }
    let LabEvent::Compared { results } = answer(&session, LabRequest::Compare { runs }) else { panic!() };
    assert_eq!(results.len(), Arm::ALL.len() - 1, "each arm against the baseline");
}

#[test]
fn before_an_experiment_and_after_a_refused_one_there_is_nothing_to_run() {
    let session = LabSession::default();
    let run = || LabRequest::Run { arm: Arm::Both, repetition: 0 };
    let nothing = || LabEvent::Failed { detail: "there is no experiment yet".to_owned() };
    assert_eq!(answer(&session, run()), nothing());
    assert_eq!(answer(&session, LabRequest::Compare { runs: Vec::new() }), nothing());
    let broken = Source::Bytes { bytes: vec![1, 2, 3].into() };
    for weights in [None, Some(broken), Some(Source::Address { address: "nowhere".to_owned() })] {
        let refused = answer(&session, begin(FakeSource::Network, weights));
        assert!(
            matches!(&refused, LabEvent::Refused { problem: LabProblem::Weights, detail } if !detail.is_empty()),
            "{refused:?}"
        );
        assert_eq!(answer(&session, run()), nothing());
    }
}

#[test]
fn a_step_is_timed_at_each_size() {
    let LabEvent::Measured { millis } =
        answer(&LabSession::default(), LabRequest::Measure { learner: Learner::Classifier })
    else {
        panic!()
    };
    assert_eq!(millis.len(), SIDES.len());
}
