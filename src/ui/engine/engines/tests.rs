use super::*;
use crate::gan::preset::{ScanSpec, Style};
use crate::slice::Slice;
use crate::ui::engine::job::EngineTask;
use crate::ui::logic::trouble::Trouble;
use crate::worker::Buffer;
use crate::worker::fake::{FakeHost, FakeWorker};

mod devices;
mod jobs;
mod joining;

const PATIENCE: Duration = Duration::from_secs(60);

/// The engines with fake workers, and what the page was told.
struct Page {
    engines: Rc<Engines>,
    host: Rc<FakeHost<MakingRequest, MakingEvent>>,
    changes: Rc<RefCell<Vec<EnginesChange>>>,
    /// What the browser says about a graphics card.
    gpu: Rc<RefCell<Gpu>>,
    events: Rc<RefCell<Vec<String>>>,
}

fn weights(name: &str) -> Source {
    Source::Address { address: name.to_owned() }
}

impl Page {
    /// Started engines, on a computer with one core and without WebGPU.
    fn start() -> Self {
        Self::with_cores(1)
    }

    fn with_cores(cores: usize) -> Self {
        let (host, changes) = (FakeHost::new(), Rc::new(RefCell::new(Vec::new())));
        let gpu = Rc::new(RefCell::new(Gpu::NoWebGpu));
        let (seen, answer) = (Rc::clone(&changes), Rc::clone(&gpu));
        let environment = Environment {
            host: host.as_host(),
            probe_gpu: Box::new(move |on_answer| on_answer(answer.borrow().clone())),
            absolute: |relative| format!("https://here/{relative}"),
            now: || 0.0,
            warn: |_| (),
            on_change: Box::new(move |change| seen.borrow_mut().push(change)),
        };
        let engines = Engines::new(weights("first"), cores, environment);
        engines.resume();
        Self { engines, host, changes, gpu, events: Rc::default() }
    }

    /// With a graphics card to try.
    fn with_gpu() -> Self {
        let page = Self::start();
        page.gpu.replace(Gpu::Unknown);
        page
    }

    fn worker(&self, start: usize) -> Rc<FakeWorker<MakingRequest, MakingEvent>> {
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
        self.worker(start).emit(MakingEvent::Ready { device, model, memory: 0, weights: Buffer::from(vec![7]) });
    }

    fn phase(&self) -> Phase {
        let is_phase =
            |change: &EnginesChange| if let EnginesChange::Phase(phase) = change { Some(phase.clone()) } else { None };
        self.changes.borrow().iter().rev().find_map(is_phase).unwrap()
    }

    fn trouble(&self) -> Option<Trouble> {
        if let Phase::Failed(report) = self.phase() { Some(report.trouble) } else { None }
    }

    fn reason(&self) -> Reason {
        let reason =
            |change: &EnginesChange| if let EnginesChange::Reason(reason) = change { Some(*reason) } else { None };
        self.changes.borrow().iter().rev().find_map(reason).unwrap()
    }

    /// A job for two scans; its events are noted under this name.
    fn job(&self, owner: JobOwner, name: &'static str) -> Job {
        self.job_of(owner, name, 2)
    }

    fn job_of(&self, owner: JobOwner, name: &'static str, scans: u32) -> Job {
        let scans = (0..scans).map(|seed| ScanSpec { seed, class: 0, toward: None }).collect();
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
        Job { owner, task: EngineTask::Scans { scans, style: Style::default(), weights: None }, live: false, on_event }
    }

    /// The number of the job that this worker was just asked to do.
    fn asked(&self, start: usize) -> Option<u32> {
        self.worker(start).posted().into_iter().rev().find_map(|request| match request {
            MakingRequest::Generate { job, .. } => Some(job),
            _ => None,
        })
    }

    fn send_scans(&self, start: usize, job: u32, first: usize, count: usize) {
        self.worker(start).emit(MakingEvent::scans(job, first, vec![Slice::without_tumour(2, vec![0; 4]); count]));
    }

    fn events(&self) -> Vec<String> {
        self.events.take()
    }
}
