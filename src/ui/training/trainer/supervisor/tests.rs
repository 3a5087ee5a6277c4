//! The supervisor with a fake worker at the other end of its link.

mod losses;
mod team;

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
