//! A measurement with fake workers and a fake clock.

use std::cell::{Cell as Shared, RefCell};
use std::rc::Rc;
use std::time::Duration;

use super::*;
use crate::engine::making::protocol::{MakingEvent, MakingRequest, ModelInfo};
use crate::engine::shared::{DeviceReport, Failure, Source};
use crate::engine::training::protocol::{FollowerEvent, FollowerRequest, TrainingEvent, TrainingRequest, Tuning};
use crate::slice::Slice;
use crate::training::measurement::{Counts, Forecast, StepLosses, TrainingMeasurement};
use crate::ui::speed::block_on::PolledFuture;
use crate::worker::fake::{FakeHost, FakeWorker};

thread_local! {
    static NOW: Shared<f64> = const { Shared::new(0.0) };
    static GPU: Shared<bool> = const { Shared::new(false) };
    static WARNINGS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

type Engine = FakeWorker<MakingRequest, MakingEvent>;

struct Page {
    making: Rc<FakeHost<MakingRequest, MakingEvent>>,
    training: Rc<FakeHost<TrainingRequest, TrainingEvent>>,
    followers: Rc<FakeHost<FollowerRequest, FollowerEvent>>,
    report: Rc<RefCell<Option<SpeedReport>>>,
    running: PolledFuture<()>,
    ended: bool,
}

impl Page {
    fn start(workers: usize, has_gpu: bool) -> Self {
        NOW.set(0.0);
        GPU.set(has_gpu);
        WARNINGS.take();
        let (making, training, followers) = (FakeHost::new(), FakeHost::new(), FakeHost::new());
        let environment = SpeedEnvironment {
            making: making.as_host(),
            training: training.as_host(),
            followers: followers.as_host(),
            trainer: "trainer.js",
            probe_gpu: || Box::pin(async { if GPU.get() { Gpu::Unknown } else { Gpu::NoAdapter } }),
            absolute: |path| format!("https://here/{path}"),
            now: || NOW.get(),
            warn: |words| WARNINGS.with_borrow_mut(|all| all.push(words)),
        };
        let report = Rc::<RefCell<Option<SpeedReport>>>::default();
        let seen = Rc::clone(&report);
        let running = PolledFuture::new(async move {
            measure(&environment, workers, |report| drop(seen.replace(Some(report.clone())))).await;
        });
        let mut page = Self { making, training, followers, report, running, ended: false };
        page.go();
        page
    }

    /// Lets the measurement go on as far as it can. Whether it has ended.
    fn go(&mut self) -> bool {
        self.ended = self.ended || self.running.poll().is_some();
        self.ended
    }

    fn cell(&self, place: CellPlace) -> Cell {
        self.report.borrow().as_ref().map_or(Cell::Missing, |report| report.cell(place))
    }

    /// The engine loads, after which it has its first job.
    fn load(&mut self, device: DeviceReport) -> Rc<Engine> {
        let engine = self.making.last();
        let MakingRequest::Load { weights: Source::Address { address }, device: kind } = only(engine.posted()) else {
            panic!("it is not loaded first")
        };
        assert!(address.starts_with("https://here/weights/t1ce-s"), "{address}");
        assert_eq!(kind, device.kind);
        engine.emit(MakingEvent::Ready { device, model: model(), memory: 1, weights: vec![7; 3].into() });
        self.go();
        engine
    }

    /// An engine makes scans at a constant speed until the measurement has enough. Returns how many.
    fn make_scans(&mut self, engine: &Engine, millis: f64, place: CellPlace) -> usize {
        let mut made = 0;
        while self.cell(place) == Cell::Running {
            NOW.set(NOW.get() + millis);
            engine.emit(MakingEvent::scans(1, 0, vec![Slice::without_tumour(2, vec![0; 4])]));
            self.go();
            made += 1;
            assert!(made < 1000, "it never has enough");
        }
        made
    }

    /// A training at a constant number of slices a second.
    fn train(&mut self, rate: f64, place: CellPlace) {
        let trainer = self.training.last();
        let counts =
            |second: u64| Counts { steps: second, images: (rate * second as f64) as u64, seconds: second as f64, rate };
        assert!(
            matches!(only(trainer.posted()), TrainingRequest::Begin(begin) if begin.tuning.batch == 8 && begin.set.train.len() == 64)
        );
        trainer.emit(TrainingEvent::Warming { done: 0, total: 2 });
        self.go();
        trainer.posted();
        let device = cpu();
        let forecast = Forecast { step_millis: 1.0, batch: 8 };
        trainer.emit(TrainingEvent::Prepared {
            device,
            forecast,
            counts: counts(0),
            tuning: Tuning::FRESH,
            workers: 1,
            judged: false,
        });
        self.go();
        assert_eq!(trainer.posted(), [TrainingRequest::Go]);
        trainer.emit(TrainingEvent::Running { running: true, counts: counts(0) });
        for second in 1..100 {
            assert_eq!(self.cell(place), Cell::Running);
            let measurement =
                TrainingMeasurement { counts: counts(second), losses: StepLosses::default(), augment: 0.0 };
            trainer.emit(TrainingEvent::Measured { measurement, workers: 1 });
            self.go();
            if self.cell(place) != Cell::Running {
                break;
            }
        }
        assert!(trainer.is_terminated());
    }
}

fn only<T: std::fmt::Debug>(mut posted: Vec<T>) -> T {
    assert_eq!(posted.len(), 1, "{posted:?}");
    posted.remove(0)
}

fn cpu() -> DeviceReport {
    DeviceReport {
        kind: DeviceKind::Cpu,
        adapter: String::new(),
        software: false,
        millis_per_scan: 1.0,
        worst_step: 0.0,
    }
}

fn gpu(software: bool) -> DeviceReport {
    DeviceReport { kind: DeviceKind::Gpu, adapter: "card".to_owned(), software, ..cpu() }
}

fn model() -> ModelInfo {
    let text = String::new;
    ModelInfo {
        preset: text(),
        size: 2,
        classes: Vec::new(),
        directions: Vec::new(),
        sha256: text(),
        kimg: 1.0,
        dataset: text(),
        licence: text(),
        attribution: text(),
        date: text(),
    }
}

#[test]
fn one_core_and_no_card_give_three_numbers_and_three_words() {
    let mut page = Page::start(1, false);
    for (column, millis) in [(0, 20.0), (1, 50.0)] {
        let engine = page.load(cpu());
        assert!(matches!(only(engine.posted()), MakingRequest::Generate { first: 0, stage: None, .. }));
        let made = page.make_scans(&engine, millis, (0, column));
        assert!(made as f64 * millis >= 1700.0, "warm-up and window");
        assert_eq!(page.cell((0, column)), Cell::PerSecond(1000.0 / millis));
        assert!(engine.is_terminated());
    }
    page.train(32.0, (0, 2));
    assert_eq!(page.cell((0, 2)), Cell::PerSecond(32.0));
    assert!(page.go(), "without a card nothing is left");
    for column in 0..3 {
        assert_eq!(page.cell((1, column)), Cell::Failed(SpeedFailure::NoAdapter));
    }
    assert_eq!((page.making.started(), page.training.started(), page.followers.started()), (2, 1, 0));
    assert!(WARNINGS.take().is_empty());
}

#[test]
fn several_workers_get_the_weights_of_the_first_and_are_kept_busy() {
    let mut page = Page::start(2, false);
    page.load(cpu());
    let [first, second] = [0, 1].map(|worker| page.making.worker(worker));
    assert!(first.posted().is_empty(), "it waits for the other");
    assert!(matches!(only(second.posted()), MakingRequest::Join { weights } if weights.clone().into_bytes() == [7; 3]));
    second.emit(MakingEvent::Joined { memory: 1 });
    page.go();
    let number = |request: MakingRequest| match request {
        MakingRequest::Generate { job, scans, .. } => (job, scans.len()),
        other => panic!("{other:?}"),
    };
    let [one, two] = [&first, &second].map(|worker| number(only(worker.posted())));
    assert_eq!((one.1, two.1), (64, 64));
    second.emit(MakingEvent::Done { job: two.0, millis: 1.0, memory: 1 });
    page.go();
    let three = number(only(second.posted()));
    assert!(three.0 != two.0, "a new job has a new number");
    // Scans of both count: one in 10 ms.
    page.make_scans(&first, 10.0, (0, 0));
    assert_eq!(page.cell((0, 0)), Cell::PerSecond(100.0));
    assert!(first.is_terminated() && second.is_terminated());
}

#[test]
fn a_training_on_several_cores_has_followers_once_its_worker_answers() {
    let mut page = Page::start(8, false);
    // The scans fail, so the training is next.
    for _ in 0..2 {
        page.making.last().fail("out of memory");
        page.go();
    }
    assert_eq!(
        (page.cell((0, 0)), page.cell((0, 1))),
        (Cell::Failed(SpeedFailure::Broken), Cell::Failed(SpeedFailure::Broken))
    );
    assert_eq!(WARNINGS.take(), ["speed: out of memory", "speed: out of memory"]);
    assert_eq!(page.followers.started(), 0);
    page.train(100.0, (0, 2));
    assert_eq!(page.cell((0, 2)), Cell::PerSecond(100.0));
    assert_eq!(page.followers.started(), 3, "two slices each");
    assert!((0..3).all(|follower| page.followers.worker(follower).is_terminated()));
}

#[test]
fn a_slow_training_is_measured_for_as_long_as_eight_steps() {
    let mut page = Page::start(1, false);
    for _ in 0..2 {
        page.making.last().emit(MakingEvent::Failed { failure: Failure::WeightsMissing, detail: "404".to_owned() });
        page.go();
    }
    page.train(5.0, (0, 2));
    assert_eq!(page.cell((0, 2)), Cell::PerSecond(5.0));
}

#[test]
fn a_card_is_measured_too_but_nothing_trains_on_an_emulated_one() {
    for software in [false, true] {
        let mut page = Page::start(1, true);
        for _ in 0..2 {
            page.making.last().fail("no");
            page.go();
        }
        page.training.last().fail("no");
        page.go();
        for column in 0..2 {
            let engine = page.load(gpu(software));
            assert_eq!(engine.program.script, "engine-gpu_loader.js");
            page.make_scans(&engine, 5.0, (1, column));
            assert_eq!(page.cell((1, column)), Cell::PerSecond(200.0));
        }
        if software {
            assert!(page.go());
            assert_eq!(page.cell((1, 2)), Cell::Failed(SpeedFailure::SoftwareOnly));
        } else {
            page.train(640.0, (1, 2));
            assert_eq!(page.cell((1, 2)), Cell::PerSecond(640.0));
        }
        assert_eq!(
            page.report.borrow().as_ref().map(|report| (report.adapter.clone(), report.software)),
            Some(("card".to_owned(), software))
        );
        assert_eq!(page.followers.started(), 0);
    }
}

#[test]
fn silence_ends_one_measurement_and_a_stop_ends_all() {
    let mut page = Page::start(1, false);
    let engine = page.making.last();
    page.making.advance(Duration::from_secs(61));
    page.go();
    assert!(engine.is_terminated());
    assert_eq!((page.cell((0, 0)), page.cell((0, 1))), (Cell::Failed(SpeedFailure::Silent), Cell::Running));
    let engine = page.making.last();
    let report = Rc::clone(&page.report);
    drop(page);
    assert!(engine.is_terminated());
    assert!(report.borrow().is_some());
}
