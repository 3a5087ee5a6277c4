//! Starts the engines, chooses the device, hands out jobs, and goes on after a failure.
//!
//! It knows the browser only through [`Environment`], so that tests run it with fake workers.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::Duration;

use super::job::{Job, JobEvent, JobOwner, JobProgress};
use super::job_queue::JobQueue;
use super::workers::{ALL, Workers};
use crate::engine::making::protocol::{MakingEvent, MakingRequest, ModelInfo, WORKER_NAME};
use crate::engine::shared::{DeviceKind, DeviceReport, LoadStage, Source};
use crate::ui::logic::choice::{Gpu, Preference, Reason};
use crate::ui::logic::trouble::TroubleReport;
use crate::worker::{Host, Pool, Program, Timer};

mod devices;
mod joining;
mod work;

/// The program of the engine for a device. A graphics card is silent for long while it compiles.
pub fn program(device: DeviceKind) -> Program {
    let name = WORKER_NAME;
    match device {
        DeviceKind::Cpu => Program { script: "engine_loader.js", name, patience: Duration::from_secs(60) },
        DeviceKind::Gpu => Program { script: "engine-gpu_loader.js", name, patience: Duration::from_secs(150) },
    }
}

/// Pause between two deliveries of scans. Each delivery costs the page a layout and a frame, as much time as half a scan;
/// without a pause the page would slow the workers down.
const PAUSE: Duration = Duration::from_millis(100);

/// What the engines are doing.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// None is ready. For [`LoadStage::Weights`] with the part of the file that is there, from 0 to 1.
    Loading(Option<LoadStage>, Option<f64>),
    /// One is ready; it may be at work.
    Ready,
    /// None is ready, and the visitor has to say how to go on.
    Failed(TroubleReport),
}

/// What changed for the page.
#[derive(Debug, Clone, PartialEq)]
pub enum EnginesChange {
    /// What the engines are doing.
    Phase(Phase),
    /// The device that computes. None while none does.
    Device(Option<DeviceReport>),
    /// Why that device.
    Reason(Reason),
    /// What the weights file says. None while no weights are loaded.
    Model(Option<Arc<ModelInfo>>),
    /// How many workers compute on that device.
    Workers(usize),
    /// Progress of the current job. None while there is none.
    Progress(Option<JobProgress>),
}

/// Called once with what the browser says about a graphics card.
pub type OnGpu = Box<dyn FnOnce(Gpu)>;

/// What the engines need from the browser.
pub struct Environment {
    /// Starts workers.
    pub host: Rc<dyn Host<MakingRequest, MakingEvent>>,
    /// Asks the browser for a graphics card, and calls back once: with [`Gpu::Unknown`] if there is one to try.
    pub probe_gpu: Box<dyn Fn(OnGpu)>,
    /// Makes a relative address absolute.
    pub absolute: fn(&str) -> String,
    /// Milliseconds on a clock that never goes back.
    pub now: fn() -> f64,
    /// Notes a failure in the browser's console.
    pub warn: fn(String),
    /// Called with each change.
    pub on_change: Box<dyn Fn(EnginesChange)>,
}

/// The engines and their jobs.
pub struct Engines {
    me: Weak<Engines>,
    environment: Environment,
    /// By the indices of [`Workers`].
    links: Pool<MakingRequest, MakingEvent>,
    state: RefCell<EnginesState>,
    /// Runs while scans wait after a delivery.
    pause: RefCell<Option<Timer>>,
}

struct EnginesState {
    weights: Source,
    preference: Preference,
    /// The test of the processor, kept after its workers have ended.
    cpu_report: Option<DeviceReport>,
    gpu: Gpu,
    /// The browser is being asked for a graphics card.
    probing: bool,
    /// The device that gets the jobs.
    active: Option<DeviceKind>,
    /// A device is shown to the visitor.
    shows_device: bool,
    /// Scans were made with these weights.
    answered: bool,
    failed: bool,
    ended: bool,
    model: Option<Arc<ModelInfo>>,
    workers: Workers,
    jobs: JobQueue,
    /// The progress that the page was told last.
    shown: Option<JobProgress>,
}

impl Engines {
    /// Engines that are not started yet: see [`resume`](Self::resume). The processor gets at most `workers` workers.
    pub fn new(weights: Source, workers: usize, environment: Environment) -> Rc<Self> {
        Rc::new_cyclic(|me: &Weak<Self>| {
            let engines = me.clone();
            let links = Pool::new(&environment.host, ALL, move |worker, outcome| {
                if let Some(engines) = engines.upgrade() {
                    engines.on_outcome(worker, outcome);
                }
            });
            let state = RefCell::new(EnginesState {
                weights,
                preference: Preference::Auto,
                cpu_report: None,
                gpu: Gpu::Unknown,
                probing: false,
                active: None,
                shows_device: false,
                answered: false,
                failed: false,
                ended: false,
                model: None,
                workers: Workers::new(workers),
                jobs: JobQueue::default(),
                shown: None,
            });
            Self { me: me.clone(), environment, links, state, pause: RefCell::default() }
        })
    }

    /// Starts, or goes on after a failure with the jobs from before.
    pub fn resume(&self) {
        self.set_phase(Phase::Loading(None, None));
        self.settle();
    }

    /// Changes the weights. All jobs are dropped.
    pub fn change_weights(&self, weights: Source) {
        self.links.end_all();
        let dropped = self.with(|state| {
            state.weights = weights;
            (state.cpu_report, state.active, state.model, state.answered) = (None, None, None, false);
            state.workers.reset();
            // Why there is no graphics card stays known.
            if matches!(state.gpu, Gpu::Passed(_)) {
                state.gpu = Gpu::Unknown;
            }
            state.jobs.clear()
        });
        self.change(EnginesChange::Model(None));
        self.set_device(None);
        self.show_progress();
        for job in dropped {
            (job.on_event)(JobEvent::Dropped);
        }
        self.resume();
    }

    /// Follows the visitor's choice of a device. A graphics card that failed before is tried again.
    pub fn prefer(&self, preference: Preference) {
        self.with(|state| {
            state.preference = preference;
            if preference != Preference::Only(DeviceKind::Cpu) && !matches!(state.gpu, Gpu::Passed(_)) {
                state.gpu = Gpu::Unknown;
            }
        });
        self.settle();
    }

    /// Changes how many workers the processor may have. Surplus workers end, and others make their scans.
    pub fn limit_workers(&self, limit: usize) {
        let surplus = self.with(|state| state.workers.set_limit(limit));
        for worker in surplus {
            self.end_worker(worker);
        }
        self.show_workers();
        self.dispatch();
    }

    /// Ends all workers. Jobs that are submitted later wait forever.
    pub fn end(&self) {
        let jobs = self.with(|state| {
            (state.ended, state.active) = (true, None);
            state.workers.reset();
            state.jobs.clear()
        });
        drop(jobs);
        self.links.end_all();
    }

    /// A new owner of jobs.
    pub fn new_owner(&self) -> JobOwner {
        self.with(|state| state.jobs.new_owner())
    }

    /// Removes the jobs of an owner that is gone.
    pub fn remove_owner(&self, owner: JobOwner) {
        let removed = self.with(|state| state.jobs.remove(owner));
        drop(removed);
        self.dispatch();
    }

    /// Takes a job. It starts as soon as an engine is ready and the jobs before it are done.
    pub fn submit(&self, job: Job) {
        let dropped = self.with(|state| state.jobs.submit(job));
        for job in dropped {
            (job.on_event)(JobEvent::Dropped);
        }
        if self.with(|state| state.failed) {
            self.resume();
        } else {
            self.dispatch();
        }
    }

    /// The self-test of the processor, `None` before it, and the state of the graphics card.
    pub fn measured(&self) -> (Option<DeviceReport>, Gpu) {
        self.with(|state| (state.cpu_report.clone(), state.gpu.clone()))
    }

    /// Bytes of memory of each worker that accepts jobs. Memory of a worker never shrinks.
    pub fn memory(&self) -> Vec<usize> {
        self.with(|state| state.workers.memory())
    }

    fn with<T>(&self, read: impl FnOnce(&mut EnginesState) -> T) -> T {
        read(&mut self.state.borrow_mut())
    }

    fn change(&self, change: EnginesChange) {
        (self.environment.on_change)(change);
    }

    fn set_phase(&self, phase: Phase) {
        self.with(|state| state.failed = matches!(phase, Phase::Failed(_)));
        self.change(EnginesChange::Phase(phase));
    }

    fn set_device(&self, report: Option<DeviceReport>) {
        self.with(|state| state.shows_device = report.is_some());
        self.change(EnginesChange::Device(report));
        self.show_workers();
    }

    fn show_workers(&self) {
        let workers = |state: &mut EnginesState| state.active.map_or(0, |device| state.workers.ready_on(device).len());
        self.change(EnginesChange::Workers(self.with(workers)));
    }

    fn end_worker(&self, worker: usize) {
        self.links.member(worker).end();
        self.with(|state| {
            state.workers.end(worker);
            state.jobs.lose(worker);
        });
    }
}

#[cfg(test)]
mod tests;
