//! The supervisor with fake workers.

use super::*;
use crate::engine::measure::protocol::{MeasureResult, MeasuredSet};
use crate::engine::shared::Source;
use crate::evaluate::task::{SliceSet, TwoSampleQuestion};
use crate::worker::fake::FakeHost;

struct Page {
    host: Rc<FakeHost<MeasureRequest, MeasureEvent>>,
    supervisor: MeasureSupervisor,
    shown: Rc<RefCell<MeasureState>>,
}

fn tasks() -> Vec<PlannedTask> {
    let fold = PlannedTask { task: MeasureTask::Fold(TwoSampleQuestion::Real, 0), amount: 20.0 };
    let features = |from| PlannedTask { task: MeasureTask::Features(SliceSet::Test, [from, from + 16]), amount: 16.0 };
    vec![features(0), fold, features(16), features(32)]
}

impl Page {
    /// A measurement whose first `workers` workers are ready.
    fn started(workers: usize) -> Self {
        let host = FakeHost::new();
        let shown = Rc::new(RefCell::new(MeasureState::default()));
        let seen = Rc::clone(&shown);
        let supervisor = MeasureSupervisor::new(&host.as_host(), "engine.js", move |state| drop(seen.replace(state)));
        let (network, set) = (Source::Address { address: "x".to_owned() }, MeasuredSet::default);
        let begin = BeginMeasure { side: 8, seed: 0, network, real: set(), generated: set(), learned: None };
        supervisor.start(begin, workers);
        let page = Self { host, supervisor, shown };
        (0..workers).for_each(|worker| page.ready(worker));
        page
    }

    fn ready(&self, start: usize) {
        let worker = self.host.worker(start);
        assert!(matches!(&worker.posted()[..], [MeasureRequest::Begin(_)]), "start {start}");
        worker.emit(MeasureEvent::Ready { tasks: tasks() });
    }

    fn asked(&self, start: usize) -> MeasureTask {
        match &self.host.worker(start).posted()[..] {
            [MeasureRequest::Run { task }] => *task,
            other => panic!("{other:?}"),
        }
    }

    /// A worker finishes the task that it was asked for.
    fn finish(&self, start: usize, task: MeasureTask) {
        let found = match task {
            MeasureTask::Fold(..) => TaskResult::Fold(vec![(0, 1.0)]),
            _ => TaskResult::Features(vec![1.0]),
        };
        self.host.worker(start).emit(MeasureEvent::Done { task, found, millis: 1600.0 });
    }

    fn state(&self) -> MeasureState {
        self.shown.borrow().clone()
    }
}

#[test]
fn workers_share_the_tasks_and_the_last_one_finishes() {
    let page = Page::started(2);
    let planned: Vec<MeasureTask> = tasks().iter().map(|planned| planned.task).collect();
    let (first, second) = (page.asked(0), page.asked(1));
    assert_eq!([first, second], planned[..2]);
    page.finish(0, first);
    assert_eq!((page.state().done, page.state().all, page.state().seconds_left), (1, 4, None), "no fold was timed yet");
    let third = page.asked(0);
    page.finish(1, second);
    // Two more of 16 slices on two workers.
    assert_eq!(page.state().seconds_left, Some(1.6));
    let fourth = page.asked(1);
    assert_eq!([third, fourth], planned[2..]);
    page.finish(0, third);
    assert!(page.host.worker(0).posted().is_empty(), "the other is not done");
    page.finish(1, fourth);
    assert_eq!(page.state().phase, MeasurePhase::Finishing);
    let [MeasureRequest::Finish { found, seconds }] = &page.host.worker(1).posted()[..] else { panic!() };
    assert_eq!((found.len(), *seconds), (4, 6.4));
    page.host.worker(1).emit(MeasureEvent::Measured(Box::default()));
    assert_eq!(
        (page.state().phase, page.state().result),
        (MeasurePhase::Finished, Some(Arc::new(MeasureResult::default())))
    );
    assert!(page.host.worker(0).is_terminated() && page.host.worker(1).is_terminated());
}

#[test]
fn a_stopped_measurement_goes_on_with_what_was_found() {
    let page = Page::started(2);
    page.finish(0, page.asked(0));
    page.supervisor.stop();
    assert_eq!((page.state().phase, page.state().done, page.state().workers), (MeasurePhase::Stopped, 1, 0));
    page.supervisor.resume();
    assert_eq!(page.state().phase, MeasurePhase::Preparing);
    page.ready(2);
    assert_eq!(page.asked(2), MeasureTask::Fold(TwoSampleQuestion::Real, 0));
}

#[test]
fn the_task_of_a_lost_worker_is_done_again_and_too_many_losses_end_it() {
    let page = Page::started(1);
    page.finish(0, page.asked(0));
    for start in 0..3 {
        page.host.worker(start).fail("out of memory");
        page.ready(start + 1);
        assert_eq!(page.asked(start + 1), MeasureTask::Fold(TwoSampleQuestion::Real, 0));
    }
    page.host.worker(3).fail("out of memory");
    let MeasurePhase::Failed { problem, detail } = page.state().phase else { panic!() };
    assert!(problem == MeasureProblem::Lost && detail.contains("out of memory"));
    page.supervisor.resume();
    page.ready(4);
    assert_eq!((page.state().phase, page.state().done), (MeasurePhase::Running, 1));
}

#[test]
fn a_missing_network_may_be_tried_again_and_other_failures_may_not() {
    for (network, may) in [(true, true), (false, false)] {
        let page = Page::started(1);
        page.host.worker(0).emit(MeasureEvent::Failed { network, detail: "404".to_owned() });
        assert_eq!(page.state().phase.may_resume(), may);
        page.supervisor.resume();
        assert_eq!(page.state().phase == MeasurePhase::Preparing, may);
    }
}
