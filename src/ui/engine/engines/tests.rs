use std::cell::Cell;

use super::*;
use crate::gan::logit_reference::LogitReference;
use crate::gan::preset::{ScanSpec, Style};
use crate::slice::Slice;
use crate::ui::engine::job::Task;
use crate::worker::fake::{FakeHost, FakeWorker};

const PATIENCE: Duration = Duration::from_secs(60);

/// The engines with fake workers, and what the page was told.
struct Page {
    engines: Rc<Engines>,
    host: Rc<FakeHost<Request, Event>>,
    changes: Rc<RefCell<Vec<Change>>>,
    /// What the browser says about a graphics card.
    gpu: Rc<RefCell<Gpu>>,
    events: Rc<RefCell<Vec<String>>>,
}

fn weights(name: &str) -> Source {
    Source::Address { address: name.to_owned() }
}

impl Page {
    /// Started engines, on a computer without WebGPU.
    fn start() -> Self {
        let (host, changes) = (FakeHost::new(), Rc::new(RefCell::new(Vec::new())));
        let gpu = Rc::new(RefCell::new(Gpu::NoWebGpu));
        let (seen, answer) = (Rc::clone(&changes), Rc::clone(&gpu));
        let environment = Environment {
            host: host.as_host(),
            probe_gpu: Box::new(move |on_answer| on_answer(answer.borrow().clone())),
            absolute: |relative| format!("https://here/{relative}"),
            warn: |_| (),
            on_change: Box::new(move |change| seen.borrow_mut().push(change)),
        };
        let engines = Engines::new(weights("first"), environment);
        engines.resume();
        Self { engines, host, changes, gpu, events: Rc::default() }
    }

    /// With a graphics card to try.
    fn with_gpu() -> Self {
        let page = Self::start();
        page.gpu.replace(Gpu::Unknown);
        page
    }

    fn worker(&self, start: usize) -> Rc<FakeWorker<Request, Event>> {
        self.host.worker(start)
    }

    fn ready(&self, start: usize, kind: DeviceKind, millis_per_scan: f64) {
        let device = DeviceReport { kind, adapter: String::new(), software: false, millis_per_scan, worst_step: 0.0 };
        let model = ModelInfo {
            preset: "t32".to_owned(),
            size: 2,
            classes: vec!["glioma".to_owned()],
            directions: Vec::new(),
            sha256: String::new(),
            kimg: 1.0,
            dataset: String::new(),
            licence: String::new(),
            attribution: String::new(),
            date: String::new(),
        };
        self.worker(start).emit(Event::Ready { device, model });
    }

    fn phase(&self) -> Phase {
        let is_phase = |change: &Change| if let Change::Phase(phase) = change { Some(phase.clone()) } else { None };
        self.changes.borrow().iter().rev().find_map(is_phase).unwrap()
    }

    fn trouble(&self) -> Option<Trouble> {
        if let Phase::Failed(report) = self.phase() { Some(report.trouble) } else { None }
    }

    fn reason(&self) -> Reason {
        let reason = |change: &Change| if let Change::Reason(reason) = change { Some(*reason) } else { None };
        self.changes.borrow().iter().rev().find_map(reason).unwrap()
    }

    /// A job for two scans; its events are noted under this name.
    fn job(&self, owner: JobOwner, name: &'static str) -> Job {
        let scans = [1, 2].map(|seed| ScanSpec { seed, class: 0, toward: None }).to_vec();
        let events = Rc::clone(&self.events);
        let on_event = Rc::new(move |event| {
            let what = match event {
                JobEvent::Scan(index, scan) => format!("scan {index} of {}", scan.size),
                JobEvent::Layers(_) => "layers".to_owned(),
                JobEvent::Verdicts(_) => "verdicts".to_owned(),
                JobEvent::Done { .. } => "done".to_owned(),
                JobEvent::Refused { .. } => "refused".to_owned(),
                JobEvent::Dropped => "dropped".to_owned(),
            };
            events.borrow_mut().push(format!("{name}: {what}"));
        });
        Job { owner, task: Task::Scans { scans, style: Style::default(), weights: None }, live: false, on_event }
    }

    /// The number of the job that this worker was just asked to do.
    fn asked(&self, start: usize) -> Option<u32> {
        self.worker(start).posted().into_iter().rev().find_map(|request| match request {
            Request::Generate { job, .. } => Some(job),
            _ => None,
        })
    }

    fn send_scans(&self, start: usize, job: u32, first: usize, count: usize) {
        self.worker(start).emit(Event::scans(job, first, vec![Slice::without_tumour(2, vec![0; 4]); count]));
    }

    fn events(&self) -> Vec<String> {
        self.events.take()
    }
}

#[test]
fn the_processor_starts_and_serves_where_there_is_no_webgpu() {
    let page = Page::start();
    assert_eq!(page.worker(0).program, program(DeviceKind::Cpu));
    let load = Request::Load { weights: weights("first"), device: DeviceKind::Cpu };
    assert_eq!(page.worker(0).posted(), [load]);
    page.worker(0).emit(Event::Progress { stage: LoadStage::Weights, done: 1, total: 4 });
    assert_eq!(page.phase(), Phase::Loading(Some(LoadStage::Weights), Some(0.25)));
    page.ready(0, DeviceKind::Cpu, 12.0);
    assert_eq!((page.phase(), page.reason()), (Phase::Ready, Reason::NoWebGpu));
    assert_eq!(page.host.started(), 1);
}

#[test]
fn the_graphics_card_is_tried_once_the_processor_is_ready_and_the_faster_one_stays() {
    for (millis, kept, ended) in [(4.0, 1, 0), (24.0, 0, 1)] {
        let page = Page::with_gpu();
        assert_eq!(page.host.started(), 1);
        page.ready(0, DeviceKind::Cpu, 12.0);
        assert_eq!((page.phase(), page.reason(), page.host.started()), (Phase::Ready, Reason::Testing, 2));
        page.ready(1, DeviceKind::Gpu, millis);
        assert_eq!((page.phase(), page.reason()), (Phase::Ready, Reason::Faster(if kept == 1 { 3.0 } else { 2.0 })));
        assert!(!page.worker(kept).is_terminated() && page.worker(ended).is_terminated());
        assert!(page.engines.measured().0.is_some(), "the test of the processor stays known");
    }
}

#[test]
fn a_job_waits_for_an_engine_and_gets_its_scans() {
    let page = Page::start();
    let owner = page.engines.new_owner();
    page.engines.submit(page.job(owner, "a"));
    assert_eq!(page.asked(0), None);
    page.ready(0, DeviceKind::Cpu, 12.0);
    let number = page.asked(0).unwrap();
    page.send_scans(0, number, 0, 1);
    assert_eq!(
        page.changes.borrow().last(),
        Some(&Change::Progress(Some(Progress { done: 1, total: 2, live: false })))
    );
    page.send_scans(0, number, 1, 1);
    page.worker(0).emit(Event::Done { job: number, millis: 5.0 });
    assert_eq!(page.events(), ["a: scan 0 of 2", "a: scan 1 of 2", "a: done"]);
    assert_eq!(page.worker(0).posted(), [Request::Cancel], "nothing else is expected of it");
    page.host.advance(10 * PATIENCE);
    assert_eq!(page.phase(), Phase::Ready, "an engine without a job may be silent");
}

#[test]
fn a_new_job_of_the_same_owner_replaces_the_earlier_one_and_late_answers_are_ignored() {
    let page = Page::start();
    page.ready(0, DeviceKind::Cpu, 12.0);
    let owner = page.engines.new_owner();
    page.engines.submit(page.job(owner, "a"));
    let first = page.asked(0).unwrap();
    page.engines.submit(page.job(owner, "b"));
    let second = page.asked(0).unwrap();
    page.send_scans(0, first, 0, 2);
    page.worker(0).emit(Event::Done { job: first, millis: 1.0 });
    page.send_scans(0, second, 0, 2);
    page.worker(0).emit(Event::Done { job: second, millis: 1.0 });
    assert_eq!(page.events(), ["a: dropped", "b: scan 0 of 2", "b: scan 1 of 2", "b: done"]);
}

#[test]
fn answers_of_every_kind_reach_the_job_and_the_next_job_follows() {
    let page = Page::start();
    page.ready(0, DeviceKind::Cpu, 12.0);
    for name in ["a", "b"] {
        let owner = page.engines.new_owner();
        page.engines.submit(page.job(owner, name));
    }
    let first = page.asked(0).unwrap();
    page.worker(0).emit(Event::Layers { job: first, layers: Vec::new() });
    let reference = LogitReference { real: Vec::new(), generated: Vec::new() };
    let verdicts = crate::engine::making::protocol::Verdicts { logits: vec![0.5], reference };
    page.worker(0).emit(Event::Verdicts { job: first, verdicts });
    page.worker(0).emit(Event::Refused { job: first, failure: Failure::BadRequest, detail: "too many".to_owned() });
    assert_eq!(page.events(), ["a: layers", "a: verdicts", "a: refused"]);
    let second = page.asked(0).unwrap();
    assert!(second > first);
    page.worker(0).emit(Event::Done { job: second, millis: 1.0 });
    assert_eq!(page.events(), ["b: done"]);
}

#[test]
fn an_owner_that_is_gone_hears_nothing_and_blocks_nobody() {
    let page = Page::start();
    page.ready(0, DeviceKind::Cpu, 12.0);
    let [one, two] = [(); 2].map(|()| page.engines.new_owner());
    page.engines.submit(page.job(one, "a"));
    page.engines.submit(page.job(two, "b"));
    let first = page.asked(0).unwrap();
    page.engines.remove_owner(one);
    let second = page.asked(0).unwrap();
    page.send_scans(0, first, 0, 2);
    page.worker(0).emit(Event::Done { job: second, millis: 1.0 });
    assert_eq!(page.events(), ["b: done"]);
}

#[test]
fn a_crashed_processor_is_reported_and_its_job_starts_anew() {
    let page = Page::start();
    page.ready(0, DeviceKind::Cpu, 12.0);
    let owner = page.engines.new_owner();
    page.engines.submit(page.job(owner, "a"));
    page.worker(0).fail("unreachable executed");
    let detail = "unreachable executed".to_owned();
    assert_eq!(page.phase(), Phase::Failed(Report { trouble: Trouble::Crashed, detail }));
    assert!(page.worker(0).is_terminated());
    assert_eq!(page.changes.borrow().iter().filter(|change| **change == Change::Device(None)).count(), 1);
    page.engines.resume();
    page.ready(1, DeviceKind::Cpu, 12.0);
    let number = page.asked(1).unwrap();
    page.send_scans(0, number, 0, 2);
    assert!(page.events().is_empty(), "the first worker is gone");
    page.worker(1).emit(Event::Done { job: number, millis: 1.0 });
    assert_eq!(page.events(), ["a: done"]);
}

#[test]
fn a_new_job_after_a_failure_starts_the_engine_again() {
    let page = Page::start();
    page.host.spawns_to_fail.set(1);
    page.worker(0).emit(Event::Failed { failure: Failure::WeightsMissing, detail: "404".to_owned() });
    assert_eq!(page.trouble(), Some(Trouble::WeightsMissing));
    let owner = page.engines.new_owner();
    page.engines.submit(page.job(owner, "a"));
    assert_eq!((page.trouble(), page.host.started()), (Some(Trouble::Crashed), 1), "the browser refused a worker");
    page.engines.resume();
    page.ready(1, DeviceKind::Cpu, 12.0);
    assert!(page.asked(1).is_some());
}

#[test]
fn a_silent_engine_is_given_up_but_not_while_it_answers() {
    let page = Page::start();
    page.host.advance(PATIENCE / 2);
    page.worker(0).emit(Event::Progress { stage: LoadStage::Device, done: 0, total: 0 });
    page.host.advance(PATIENCE - Duration::from_secs(1));
    assert_eq!(page.trouble(), None);
    page.host.advance(Duration::from_secs(1));
    assert_eq!(page.trouble(), Some(Trouble::Silence));
}

#[test]
fn a_graphics_card_that_does_not_start_leaves_the_processor_at_work() {
    let page = Page::with_gpu();
    page.ready(0, DeviceKind::Cpu, 12.0);
    page.worker(1).emit(Event::Failed { failure: Failure::SelfTest, detail: "off by 9".to_owned() });
    assert_eq!((page.phase(), page.reason()), (Phase::Ready, Reason::GpuWrong));
    assert!(page.worker(1).is_terminated() && !page.worker(0).is_terminated());
    page.engines.prefer(Preference::Auto);
    assert_eq!(page.host.started(), 3, "asked for again, it is tried again");
}

#[test]
fn a_graphics_card_that_is_lost_at_work_leaves_its_job_to_the_processor() {
    let page = Page::with_gpu();
    page.ready(0, DeviceKind::Cpu, 12.0);
    page.ready(1, DeviceKind::Gpu, 4.0);
    let owner = page.engines.new_owner();
    page.engines.submit(page.job(owner, "a"));
    assert!(page.asked(1).is_some());
    page.host.advance(program(DeviceKind::Gpu).patience);
    assert_eq!(page.trouble(), Some(Trouble::GpuLost), "silent or crashed, it is lost");
    page.engines.resume();
    page.ready(2, DeviceKind::Cpu, 12.0);
    assert_eq!((page.phase(), page.reason(), page.host.started()), (Phase::Ready, Reason::GpuLost, 3));
    assert!(page.asked(2).is_some());
}

#[test]
fn the_visitor_chooses_the_device() {
    let page = Page::with_gpu();
    page.ready(0, DeviceKind::Cpu, 12.0);
    page.ready(1, DeviceKind::Gpu, 4.0);
    page.engines.prefer(Preference::Only(DeviceKind::Cpu));
    assert_eq!((page.phase(), page.reason()), (Phase::Ready, Reason::Testing), "the card serves until then");
    page.ready(2, DeviceKind::Cpu, 12.0);
    assert_eq!(page.reason(), Reason::Chosen);
    assert!(page.worker(1).is_terminated() && !page.worker(2).is_terminated());
}

#[test]
fn other_weights_drop_all_jobs_and_all_that_the_earlier_workers_say() {
    let page = Page::start();
    page.ready(0, DeviceKind::Cpu, 12.0);
    let owner = page.engines.new_owner();
    page.engines.submit(page.job(owner, "a"));
    let number = page.asked(0).unwrap();
    page.engines.change_weights(weights("second"));
    page.send_scans(0, number, 0, 2);
    assert_eq!(page.events(), ["a: dropped"]);
    assert_eq!(page.worker(1).posted(), [Request::Load { weights: weights("second"), device: DeviceKind::Cpu }]);
    assert!(page.worker(0).is_terminated());
    assert!(page.changes.borrow().contains(&Change::Model(None)));
}

#[test]
fn ended_engines_start_nothing_any_more() {
    let page = Page::with_gpu();
    page.ready(0, DeviceKind::Cpu, 12.0);
    page.engines.end();
    assert!(page.worker(0).is_terminated() && page.worker(1).is_terminated());
    let owner = page.engines.new_owner();
    page.engines.submit(page.job(owner, "a"));
    page.engines.prefer(Preference::Auto);
    assert_eq!((page.host.started(), page.events()), (2, Vec::new()));
}

#[test]
fn a_job_may_submit_the_next_one_from_its_own_event() {
    let page = Page::start();
    page.ready(0, DeviceKind::Cpu, 12.0);
    let owner = page.engines.new_owner();
    let (engines, again, submitted) = (Rc::clone(&page.engines), page.job(owner, "b"), Rc::new(Cell::new(false)));
    let once = Rc::clone(&submitted);
    let on_event = Rc::new(move |_| {
        if !once.replace(true) {
            engines.submit(again.clone());
        }
    });
    page.engines.submit(Job { on_event, ..page.job(owner, "a") });
    let first = page.asked(0).unwrap();
    page.worker(0).emit(Event::Done { job: first, millis: 1.0 });
    let second = page.asked(0).unwrap();
    page.worker(0).emit(Event::Done { job: second, millis: 1.0 });
    assert_eq!(page.events(), ["b: done"]);
}
