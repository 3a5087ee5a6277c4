//! The supervisor with fake workers.

use super::*;
use crate::engine::lab::protocol::{ArmResult, LabPeople};
use crate::lab::folds::Division;
use crate::lab::outcomes::LabRun;
use crate::lab::setup::{FakeSource, LabSetup, Learner, Learning};
use crate::lab::verdict::Verdict;
use crate::worker::fake::FakeHost;

type Fake = Rc<FakeHost<LabRequest, LabEvent>>;

struct Page {
    host: Fake,
    lab: LabSupervisor,
    shown: Rc<RefCell<LabState>>,
}

fn begin(repetitions: usize) -> BeginLab {
    let learning = Learning { steps: 0, fakes: 0.5, seed: 1 };
    let setup = LabSetup {
        learner: Learner::Classifier,
        maker: FakeSource::Same,
        division: Division::Halves,
        size: 64,
        classes: vec!["a".to_owned(), "b".to_owned()],
        patients: 4,
        repetitions,
        each: 2,
        learning,
    };
    BeginLab { setup, people: LabPeople::Drawn, weights: None }
}

impl Page {
    fn new() -> Self {
        let host: Fake = FakeHost::new();
        let shown = Rc::new(RefCell::new(LabState::default()));
        let seen = Rc::clone(&shown);
        let lab = LabSupervisor::new(&host.as_host(), "lab.js", move |state| drop(seen.replace(state)));
        Self { host, lab, shown }
    }

    /// An experiment whose first two workers are ready.
    fn started(repetitions: usize, workers: usize) -> Self {
        let page = Self::new();
        page.lab.start(begin(repetitions), workers, None);
        (0..workers).for_each(|worker| page.ready(worker));
        page
    }

    fn ready(&self, start: usize) {
        let worker = self.host.worker(start);
        assert!(matches!(&worker.posted()[..], [LabRequest::Begin(_)]));
        worker.emit(LabEvent::Ready { units: Vec::new() });
    }

    fn state(&self) -> LabState {
        self.shown.borrow().clone()
    }

    /// The run that this start of a worker was asked for.
    fn asked(&self, start: usize) -> (usize, Arm) {
        match &self.host.worker(start).posted()[..] {
            [LabRequest::Run { arm, repetition }] => (*repetition, *arm),
            other => panic!("{other:?}"),
        }
    }

    fn finish(&self, start: usize, (repetition, arm): (usize, Arm)) {
        let run = LabRun { arm, repetition, values: vec![0.5], scores: Vec::new() };
        self.host.worker(start).emit(LabEvent::Ran { run, millis: 1000.0 });
    }
}

#[test]
fn the_first_worker_measures_and_the_others_begin_with_what_was_chosen() {
    let page = Page::new();
    page.lab.start(begin(4), 2, Some(Box::new(|millis| (if millis[1] > 50.0 { 32 } else { 64 }, 70))));
    assert_eq!((page.host.started(), page.state().phase), (1, LabPhase::Measuring));
    let first = page.host.worker(0);
    assert_eq!((first.program.script, first.program.name), ("lab.js", "lab"));
    assert_eq!(first.posted(), [LabRequest::Measure { learner: Learner::Classifier }]);
    first.emit(LabEvent::Measured { millis: [20.0, 80.0] });
    assert_eq!(page.state().phase, LabPhase::Preparing);
    page.ready(0);
    assert_eq!((page.host.started(), page.state().phase), (2, LabPhase::Running));
    let [LabRequest::Begin(begin)] = &page.host.worker(1).posted()[..] else { panic!() };
    assert_eq!((begin.setup.size, begin.setup.learning.steps), (32, 70));
    assert_eq!(page.state().setup.map(|setup| setup.size), Some(32));
    assert_eq!(page.asked(0), (0, Arm::Real));
}

#[test]
fn every_worker_has_a_repetition_of_its_own_and_the_last_one_is_shared() {
    let page = Page::started(3, 2);
    let mut all = Vec::new();
    // The first worker makes its whole repetition and the third one while the other stands still.
    let slow = page.asked(1);
    assert_eq!(slow, (1, Arm::Real));
    for _ in 0..5 {
        let run = page.asked(0);
        all.push(run);
        page.finish(0, run);
    }
    assert_eq!(all, Arm::ALL.map(|arm| (0, arm)));
    for expected in Arm::ALL {
        let run = page.asked(0);
        assert_eq!(run, (2, expected));
        page.finish(0, run);
    }
    // Two repetitions are whole: they are compared before the next run.
    let first = page.host.worker(0);
    let [LabRequest::Compare { runs }] = &first.posted()[..] else { panic!() };
    assert_eq!((runs.len(), page.state().whole()), (10, 2));
    let result = ArmResult {
        arm: Arm::Both,
        difference: 0.1,
        interval: [0.0, 0.2],
        corrected: [-0.1, 0.3],
        verdict: Verdict::Unclear,
    };
    first.emit(LabEvent::Compared { results: vec![result] });
    assert_eq!(page.state().results, [result]);
    // It helps the other with its repetition.
    let helped = page.asked(0);
    assert_eq!(helped, (1, Arm::RealAugmented));
    page.finish(1, slow);
    page.finish(0, helped);
    for (worker, arm) in [(1, Arm::RealFakes), (0, Arm::Both)] {
        let run = page.asked(worker);
        assert_eq!(run, (1, arm));
        page.finish(worker, run);
    }
    let last = page.asked(1);
    assert_eq!(last, (1, Arm::Fakes));
    assert!(first.posted().is_empty(), "nothing is left for it");
    page.finish(1, last);
    assert!(matches!(&page.host.worker(1).posted()[..], [LabRequest::Compare { .. }]));
    assert_eq!(page.state().phase, LabPhase::Running);
    page.host.worker(1).emit(LabEvent::Compared { results: vec![result] });
    assert_eq!((page.state().phase, page.state().runs.len()), (LabPhase::Finished, 15));
    assert!(first.is_terminated() && page.host.worker(1).is_terminated());
}

#[test]
fn a_lost_worker_costs_what_it_was_doing_and_nothing_else() {
    let page = Page::started(2, 2);
    let (first, second) = (page.asked(0), page.asked(1));
    page.finish(1, second);
    let lost = page.asked(1);
    page.host.worker(1).fail("out of memory");
    assert_eq!((page.host.started(), page.state().losses), (3, 1));
    page.ready(2);
    assert_eq!(page.asked(2), lost, "the same run again");
    page.finish(0, first);
    assert_eq!((page.state().runs.len(), page.state().phase), (2, LabPhase::Running));
    // A silent one is lost as well.
    page.host.advance(PATIENCE);
    assert!(page.state().losses >= 2);
}

#[test]
fn when_all_workers_are_lost_the_experiment_fails_and_can_resume() {
    let page = Page::started(2, 1);
    let run = page.asked(0);
    page.finish(0, run);
    for _ in 0..=crate::worker::MAX_LOSSES {
        page.host.last().fail("out of memory");
    }
    assert_eq!(page.state().phase, LabPhase::Failed { problem: None, detail: "out of memory".to_owned() });
    let before = page.host.started();
    page.lab.resume();
    assert_eq!((page.host.started(), page.state().phase), (before + 1, LabPhase::Preparing));
    page.ready(before);
    assert_eq!((page.state().runs.len(), page.asked(before)), (1, (0, Arm::RealAugmented)));
}

#[test]
fn a_refusal_is_final() {
    let page = Page::new();
    page.lab.start(begin(2), 2, None);
    let detail = "person Ann is a test person".to_owned();
    page.host.worker(0).emit(LabEvent::Refused { problem: LabProblem::Leak, detail: detail.clone() });
    assert_eq!(page.state().phase, LabPhase::Failed { problem: Some(LabProblem::Leak), detail });
    assert!(page.host.worker(0).is_terminated());
    page.lab.resume();
    assert_eq!(page.host.started(), 1);
}

#[test]
fn stop_ends_the_workers_and_resume_starts_where_it_was() {
    let page = Page::started(2, 2);
    let run = page.asked(0);
    page.finish(0, run);
    page.lab.stop();
    assert_eq!((page.state().phase, page.state().workers), (LabPhase::Stopped, 0));
    assert!(page.host.worker(0).is_terminated() && page.host.worker(1).is_terminated());
    page.lab.resume();
    page.ready(2);
    page.ready(3);
    assert_eq!((page.asked(2), page.asked(3)), ((0, Arm::RealAugmented), (1, Arm::Real)));
    assert_eq!(page.state().runs.len(), 1);
}

#[test]
fn in_the_background_no_run_begins() {
    let page = Page::started(2, 1);
    let run = page.asked(0);
    page.lab.set_hidden(true);
    page.finish(0, run);
    assert_eq!(page.state().phase, LabPhase::Hidden);
    assert!(page.host.worker(0).posted().is_empty());
    page.lab.set_hidden(false);
    assert_eq!((page.state().phase, page.asked(0)), (LabPhase::Running, (0, Arm::RealAugmented)));
}
