//! The supervisor with a fake worker at the other end of its link.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use super::*;
use crate::engine::shared::{DeviceReport, Failure, Source};
use crate::engine::training::protocol::{JudgeChoice, TrainingSlices};
use crate::training::measurement::{Counts, Forecast};
use crate::worker::fake::{FakeHost, FakeWorker};

/// A page with a supervisor and a fake browser.
struct Page {
    host: Rc<FakeHost<TrainingRequest, TrainingEvent>>,
    followers: Rc<FakeHost<FollowerRequest, FollowerEvent>>,
    supervisor: TrainingSupervisor,
    phases: Rc<RefCell<Vec<TrainingPhase>>>,
    /// Names of the events that reached the page.
    events: Rc<RefCell<Vec<String>>>,
}

fn begin(device: DeviceKind) -> Begin {
    let set = TrainingSlices {
        size: 16,
        classes: vec!["a".into()],
        train: Vec::new(),
        held_out: Vec::new(),
        source: String::new(),
    };
    let start = StartFrom::Random { preset: "n16".into() };
    Begin {
        device,
        software: false,
        set,
        start,
        tuning: Tuning::FRESH,
        seed: 1,
        keep: false,
        judge: None,
        followers: 0,
    }
}

impl Page {
    fn new() -> Self {
        let (host, followers) = (FakeHost::new(), FakeHost::new());
        let (phases, events) = (Rc::<RefCell<Vec<TrainingPhase>>>::default(), Rc::<RefCell<Vec<String>>>::default());
        let on_update = {
            let (phases, events) = (Rc::clone(&phases), Rc::clone(&events));
            move |update| match update {
                SupervisorUpdate::Phase(phase) => phases.borrow_mut().push(phase),
                SupervisorUpdate::Event(event) => {
                    let words = format!("{event:?}");
                    events.borrow_mut().push(words.split(' ').next().unwrap_or_default().to_owned());
                }
            }
        };
        let supervisor = TrainingSupervisor::new(host.as_host(), followers.as_host(), "trainer.js", on_update);
        Self { host, followers, supervisor, phases, events }
    }

    /// A page whose worker has its networks.
    fn prepared(device: DeviceKind, automatic: bool) -> Self {
        let page = Self::new();
        let token = page.supervisor.reset(TrainingPhase::Loading(LoadStage::Device));
        page.supervisor.begin(token, begin(device), automatic);
        page.prepare();
        page
    }

    /// A page whose training runs and has made a checkpoint.
    fn running() -> Self {
        let page = Self::prepared(DeviceKind::Cpu, false);
        page.supervisor.go();
        page.answer(running(true));
        page.answer(saved(80, vec![8, 0]));
        page.requests();
        page
    }

    fn worker(&self) -> Rc<FakeWorker<TrainingRequest, TrainingEvent>> {
        self.host.last()
    }

    fn answer(&self, event: TrainingEvent) {
        self.worker().emit(event);
    }

    /// The newest worker becomes ready.
    fn prepare(&self) {
        let device = DeviceReport {
            kind: DeviceKind::Cpu,
            adapter: String::new(),
            software: false,
            millis_per_scan: 1.0,
            worst_step: 0.0,
        };
        let forecast = Forecast { step_millis: 10.0, batch: 8 };
        let (counts, tuning) = (Counts::default(), Tuning::FRESH);
        self.answer(TrainingEvent::Prepared { device, forecast, counts, tuning, workers: 3, judged: false });
    }

    /// Requests that the newest worker received since the last call.
    fn requests(&self) -> Vec<TrainingRequest> {
        self.worker().posted()
    }

    fn phase(&self) -> TrainingPhase {
        self.phases.borrow().last().cloned().unwrap_or(TrainingPhase::Idle)
    }

    /// The start in the only request of the newest worker.
    fn start(&self) -> (StartFrom, DeviceKind) {
        match &self.requests()[..] {
            [TrainingRequest::Begin(begin)] => (begin.start.clone(), begin.device),
            other => panic!("{other:?}"),
        }
    }
}

fn failed(trouble: Trouble, detail: &str) -> TrainingPhase {
    TrainingPhase::Failed(TroubleReport { trouble, detail: detail.to_owned() })
}

fn running(running: bool) -> TrainingEvent {
    TrainingEvent::Running { running, counts: Counts::default() }
}

fn saved(images: u64, bytes: Vec<u8>) -> TrainingEvent {
    TrainingEvent::Saved { images, on_disk: false, bytes: bytes.into() }
}

fn checkpoint(bytes: &[u8]) -> StartFrom {
    StartFrom::Checkpoint { bytes: ByteBuf::from(bytes) }
}

fn random() -> StartFrom {
    StartFrom::Random { preset: "n16".into() }
}

#[test]
fn a_training_loads_warms_up_waits_and_runs_when_asked() {
    let page = Page::new();
    let token = page.supervisor.reset(TrainingPhase::Loading(LoadStage::Device));
    page.supervisor.begin(token, begin(DeviceKind::Cpu), true);
    let program = page.worker().program;
    assert_eq!((program.script, program.name, program.patience), ("trainer.js", "training", PATIENCE_CPU));
    assert_eq!(page.start(), (random(), DeviceKind::Cpu));
    page.answer(TrainingEvent::Progress { stage: LoadStage::Weights, done: 1, total: 2 });
    page.answer(TrainingEvent::Warming { done: 1, total: 2 });
    page.prepare();
    page.supervisor.go();
    assert_eq!(page.requests(), [TrainingRequest::Go]);
    page.answer(running(true));
    let expected = [
        TrainingPhase::Loading(LoadStage::Device),
        TrainingPhase::Loading(LoadStage::Weights),
        TrainingPhase::Warming { done: 1, total: 2 },
        TrainingPhase::Paused(Pause::Asked),
        TrainingPhase::Running,
    ];
    assert_eq!(*page.phases.borrow(), expected);
    assert_eq!(*page.events.borrow(), ["Prepared", "Running"]);
    page.supervisor.pause();
    assert_eq!((page.requests(), page.phase()), (vec![TrainingRequest::Pause], TrainingPhase::Paused(Pause::Asked)));
}

#[test]
fn a_training_that_is_reset_in_the_meantime_does_not_begin() {
    let page = Page::new();
    let token = page.supervisor.reset(TrainingPhase::Loading(LoadStage::Device));
    page.supervisor.stop();
    page.supervisor.begin(token, begin(DeviceKind::Cpu), true);
    assert_eq!((page.host.started(), page.phase()), (0, TrainingPhase::Stopped));
}

#[test]
fn a_lost_worker_is_replaced_and_the_new_one_runs_on_from_the_checkpoint() {
    let page = Page::running();
    page.worker().fail("out of memory");
    assert_eq!(page.phase(), TrainingPhase::Recovering(Trouble::Crashed));
    assert_eq!((page.host.started(), page.host.worker(0).is_terminated()), (2, true));
    assert_eq!(page.start(), (checkpoint(&[8, 0]), DeviceKind::Cpu));
    // The visitor sees that it recovers, not that it loads.
    page.answer(TrainingEvent::Warming { done: 1, total: 2 });
    assert_eq!(page.phase(), TrainingPhase::Recovering(Trouble::Crashed));
    page.prepare();
    assert_eq!(page.requests(), [TrainingRequest::Go]);
}

#[test]
fn without_a_checkpoint_a_new_worker_begins_as_the_first_did_with_the_hyperparameters_of_now() {
    let page = Page::prepared(DeviceKind::Cpu, false);
    page.requests();
    let tuning = Tuning { rate: 1e-4, ..Tuning::FRESH };
    page.supervisor.tune(tuning);
    assert_eq!(page.requests(), [TrainingRequest::Tune { tuning }]);
    page.worker().fail("out of memory");
    match &page.requests()[..] {
        [TrainingRequest::Begin(begin)] => assert_eq!((&begin.start, begin.tuning), (&random(), tuning)),
        other => panic!("{other:?}"),
    }
    page.prepare();
    assert_eq!(page.requests(), [], "nobody asked it to run");
}

#[test]
fn a_checkpoint_on_disk_is_read_from_there() {
    let page = Page::running();
    page.answer(TrainingEvent::Saved { images: 160, on_disk: true, bytes: Default::default() });
    page.worker().fail("out of memory");
    assert_eq!(page.start().0, StartFrom::Stored);
}

#[test]
fn a_worker_that_fails_again_without_a_checkpoint_is_given_up_and_can_be_resumed() {
    let page = Page::running();
    for _ in 0..MAX_RESTARTS {
        page.worker().fail("out of memory");
        assert_eq!(page.phase(), TrainingPhase::Recovering(Trouble::Crashed));
        page.prepare();
    }
    page.worker().fail("out of memory");
    assert_eq!(page.phase(), failed(Trouble::Crashed, "out of memory"));
    assert_eq!(page.host.started(), 3);
    assert!(page.supervisor.resume(None));
    assert_eq!(page.start(), (checkpoint(&[8, 0]), DeviceKind::Cpu));
    page.prepare();
    assert_eq!(page.requests(), [TrainingRequest::Go], "it ran before");
}

#[test]
fn a_checkpoint_in_between_allows_more_restarts() {
    let page = Page::running();
    for round in 0..3 * MAX_RESTARTS {
        page.worker().fail("out of memory");
        assert_eq!(page.phase(), TrainingPhase::Recovering(Trouble::Crashed), "{round}");
        page.prepare();
        page.answer(saved(80, vec![8, round as u8]));
    }
    page.requests();
    page.worker().fail("out of memory");
    assert_eq!(page.start().0, checkpoint(&[8, 5]), "the newest one");
}

#[test]
fn messages_of_an_earlier_worker_are_ignored() {
    let page = Page::running();
    let first = page.worker();
    first.fail("out of memory");
    let (phases, events) = (page.phases.borrow().len(), page.events.borrow().len());
    first.emit(saved(800, vec![9]));
    first.emit(TrainingEvent::Failed { failure: Failure::DeviceLost, detail: String::new() });
    first.fail("once more");
    assert_eq!((page.phases.borrow().len(), page.events.borrow().len()), (phases, events));
    assert_eq!((page.host.started(), page.start().0), (2, checkpoint(&[8, 0])));
    page.supervisor.stop();
    page.worker().emit(running(true));
    assert_eq!(page.phase(), TrainingPhase::Stopped);
}

#[test]
fn weights_that_are_not_usable_fail_at_once() {
    let page = Page::prepared(DeviceKind::Cpu, true);
    page.answer(TrainingEvent::Failed { failure: Failure::WeightsBroken, detail: "NaN".into() });
    assert_eq!(page.phase(), failed(Trouble::WeightsBroken, "NaN"));
    assert_eq!(page.host.started(), 1);
}

#[test]
fn a_graphics_card_that_fails_is_left_for_the_processor_unless_the_visitor_chose_it() {
    let lost = || TrainingEvent::Failed { failure: Failure::NoGpu, detail: String::new() };
    for automatic in [true, false] {
        let page = Page::new();
        let token = page.supervisor.reset(TrainingPhase::Loading(LoadStage::Device));
        page.supervisor.begin(token, begin(DeviceKind::Gpu), automatic);
        assert_eq!(page.worker().program.patience, PATIENCE_GPU);
        page.requests();
        page.answer(lost());
        if automatic {
            assert_eq!(page.phase(), TrainingPhase::Recovering(Trouble::NoGpu));
            assert_eq!(page.start(), (random(), DeviceKind::Cpu));
        } else {
            assert!(matches!(page.phase(), TrainingPhase::Failed(TroubleReport { trouble: Trouble::NoGpu, .. })));
            assert!(page.supervisor.resume(Some(DeviceKind::Cpu)));
            assert_eq!(page.start(), (random(), DeviceKind::Cpu));
        }
    }
}

#[test]
fn a_graphics_card_that_is_lost_twice_is_left_for_the_processor() {
    let page = Page::prepared(DeviceKind::Gpu, true);
    for device in [DeviceKind::Gpu, DeviceKind::Cpu] {
        page.requests();
        page.answer(TrainingEvent::Failed { failure: Failure::DeviceLost, detail: String::new() });
        assert_eq!(page.start().1, device);
        page.prepare();
    }
}

#[test]
fn a_worker_that_does_not_start_is_a_failure() {
    let page = Page::new();
    page.host.spawns_to_fail.set(1);
    let token = page.supervisor.reset(TrainingPhase::Loading(LoadStage::Device));
    page.supervisor.begin(token, begin(DeviceKind::Cpu), true);
    assert!(matches!(page.phase(), TrainingPhase::Failed(TroubleReport { trouble: Trouble::Crashed, .. })));
}

#[test]
fn exports_are_answered_in_order_and_when_the_worker_is_lost() {
    let page = Page::running();
    let answers = Rc::<RefCell<Vec<(u32, Result<Vec<u8>, String>)>>>::default();
    let export = |number: u32, network| {
        let answers = Rc::clone(&answers);
        page.supervisor.export(network, false, Box::new(move |file| answers.borrow_mut().push((number, file))));
    };
    export(0, Network::Generator);
    export(1, Network::Discriminator);
    export(2, Network::Generator);
    let asked = |network| TrainingRequest::Export { network, last: false };
    let requests = [Network::Generator, Network::Discriminator, Network::Generator].map(asked);
    assert_eq!(page.requests(), requests);
    let exported = |network, byte| TrainingEvent::Exported { network, bytes: vec![byte].into() };
    page.answer(exported(Network::Generator, 10));
    page.answer(exported(Network::Discriminator, 11));
    assert_eq!(*answers.borrow(), [(0, Ok(vec![10])), (1, Ok(vec![11]))]);
    page.worker().fail("out of memory");
    assert_eq!(answers.borrow()[2], (2, Err("the worker was lost".to_owned())));
    export(3, Network::Generator);
    assert!(answers.borrow()[3].1.is_err(), "the new worker has no networks yet");
    page.prepare();
    export(4, Network::Generator);
    page.supervisor.stop();
    assert!(matches!(&answers.borrow()[4], (4, Err(_))));
}

#[test]
fn a_silent_worker_is_replaced_and_one_that_owes_nothing_is_not() {
    let page = Page::running();
    page.host.advance(PATIENCE_CPU - Duration::from_secs(1));
    page.answer(TrainingEvent::Tuned { tuning: Tuning::FRESH });
    page.host.advance(PATIENCE_CPU - Duration::from_secs(1));
    assert_eq!((page.phase(), page.host.started()), (TrainingPhase::Running, 1), "each event sets the alarm anew");
    page.host.advance(Duration::from_secs(2));
    assert_eq!((page.phase(), page.host.started()), (TrainingPhase::Recovering(Trouble::Silence), 2));
    page.prepare();
    page.answer(running(true));
    page.supervisor.pause();
    page.answer(running(false));
    // A paused worker changes its hyperparameters without an answer.
    page.supervisor.tune(Tuning::TRAINED);
    page.host.advance(20 * PATIENCE_CPU);
    assert_eq!((page.phase(), page.host.started()), (TrainingPhase::Paused(Pause::Asked), 2));
    // While it owes a file, it is watched.
    page.supervisor.export(Network::Generator, false, Box::new(|_| ()));
    page.host.advance(2 * PATIENCE_CPU);
    assert_eq!(page.host.started(), 3);
}

#[test]
fn a_tab_that_slept_does_not_give_up_a_worker_that_answered() {
    let page = Page::running();
    page.host.sleep(10 * PATIENCE_CPU);
    page.answer(TrainingEvent::Tuned { tuning: Tuning::FRESH });
    assert_eq!((page.phase(), page.host.started()), (TrainingPhase::Running, 1));
}

#[test]
fn a_tab_in_the_background_pauses_and_goes_on_when_it_comes_back() {
    let page = Page::running();
    page.supervisor.set_hidden(true);
    assert_eq!((page.requests(), page.phase()), (vec![TrainingRequest::Pause], TrainingPhase::Paused(Pause::Hidden)));
    page.answer(running(false));
    assert_eq!(page.phase(), TrainingPhase::Paused(Pause::Hidden));
    // A worker that is replaced in the background waits as well.
    page.worker().fail("out of memory");
    page.requests();
    page.prepare();
    assert_eq!((page.requests(), page.phase()), (vec![], TrainingPhase::Paused(Pause::Hidden)));
    page.supervisor.set_hidden(false);
    assert_eq!(page.requests(), [TrainingRequest::Go]);
    page.answer(running(true));
    page.supervisor.pause();
    page.requests();
    page.supervisor.set_hidden(true);
    page.supervisor.set_hidden(false);
    assert_eq!(page.requests(), [], "the visitor paused it");
}

#[test]
fn a_single_step_pauses_a_running_training() {
    let page = Page::running();
    page.supervisor.step(Network::Generator);
    assert_eq!(page.requests(), [TrainingRequest::Step { network: Network::Generator }]);
    assert_eq!(page.phase(), TrainingPhase::Paused(Pause::Stepping));
    page.answer(running(false));
    assert_eq!(page.phase(), TrainingPhase::Paused(Pause::Stepping));
}

#[test]
fn a_refusal_leaves_the_training_as_it_is() {
    let page = Page::running();
    let refused = Rc::<RefCell<Option<Result<Vec<u8>, String>>>>::default();
    let answer = Rc::clone(&refused);
    page.supervisor.export(Network::Generator, false, Box::new(move |file| drop(answer.replace(Some(file)))));
    page.answer(TrainingEvent::Refused { failure: Failure::BadRequest, detail: "NaN".into() });
    assert_eq!(*refused.borrow(), Some(Err("NaN".to_owned())));
    assert_eq!((page.phase(), page.host.started()), (TrainingPhase::Running, 1));
}

#[test]
fn starting_over_forgets_the_checkpoint() {
    let page = Page::running();
    page.supervisor.reset(TrainingPhase::Idle);
    assert!(page.host.worker(0).is_terminated());
    assert!(!page.supervisor.resume(None), "nothing is left to resume");
}

#[test]
fn followers_start_when_the_worker_has_answered_and_end_with_it() {
    let page = Page::new();
    let token = page.supervisor.reset(TrainingPhase::Loading(LoadStage::Device));
    page.supervisor.begin(token, Begin { followers: 2, ..begin(DeviceKind::Cpu) }, true);
    assert_eq!(page.followers.started(), 0, "its program is not there yet");
    page.requests();
    page.answer(TrainingEvent::Progress { stage: LoadStage::Device, done: 0, total: 0 });
    assert_eq!(page.followers.started(), 2);
    let requests = page.requests();
    assert!(matches!(
        requests[..],
        [TrainingRequest::AddFollower { id: 0, port: Some(_) }, TrainingRequest::AddFollower { id: 1, port: Some(_) },]
    ));
    page.prepare();
    assert_eq!(page.followers.started(), 2);

    // The worker lost one: there is another.
    page.answer(TrainingEvent::FollowerLost { id: 0 });
    assert!(page.followers.worker(0).is_terminated());
    assert!(matches!(page.requests()[..], [TrainingRequest::AddFollower { id: 2, .. }]));
    page.supervisor.set_followers(1);
    assert!(page.followers.worker(2).is_terminated());
    assert!(matches!(page.requests()[..], [TrainingRequest::RemoveFollower { id: 2 }]));

    page.supervisor.stop();
    assert!(page.followers.worker(1).is_terminated());
    assert!(page.supervisor.resume(None));
    page.answer(TrainingEvent::Warming { done: 1, total: 2 });
    assert_eq!(page.followers.started(), 4, "as many as before it was stopped");
}

#[test]
fn on_a_graphics_card_there_are_no_followers() {
    let page = Page::prepared(DeviceKind::Gpu, true);
    page.supervisor.set_followers(3);
    assert_eq!(page.followers.started(), 0);
    // Its failure leaves the processor.
    page.worker().fail("lost");
    page.worker().fail("lost again");
    assert_eq!(page.start().1, DeviceKind::Cpu);
    page.answer(TrainingEvent::Warming { done: 1, total: 2 });
    assert_eq!(page.followers.started(), 3);
}

#[test]
fn a_training_with_a_judge_tells_a_new_worker_where_its_network_is() {
    let page = Page::new();
    let network = Source::Address { address: "https://here/judge".into() };
    let judge = Some(JudgeChoice { wanted: true, network });
    let token = page.supervisor.reset(TrainingPhase::Loading(LoadStage::Device));
    page.supervisor.begin(token, Begin { judge: judge.clone(), ..begin(DeviceKind::Cpu) }, true);
    page.prepare();
    page.answer(saved(80, vec![8, 0]));
    page.worker().fail("out of memory");
    match &page.requests()[..] {
        [TrainingRequest::Begin(begin)] => assert_eq!((&begin.start, &begin.judge), (&checkpoint(&[8, 0]), &judge)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_judge_whose_network_does_not_arrive_is_named_and_not_asked_for_again() {
    let page = Page::running();
    page.worker().fail("out of memory");
    page.prepare();
    let started = page.host.started();
    page.answer(TrainingEvent::Failed { failure: Failure::JudgeMissing, detail: "offline".into() });
    assert_eq!((page.phase(), page.host.started()), (failed(Trouble::JudgeMissing, "offline"), started));
    // The checkpoint is still there.
    assert!(page.supervisor.resume(None));
    assert_eq!(page.start().0, checkpoint(&[8, 0]));
}
