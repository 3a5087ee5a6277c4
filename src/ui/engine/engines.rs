//! Starts the engines, chooses the device, hands out jobs, and goes on after a failure.
//!
//! It knows the browser only through [`Environment`], so that tests run it with fake workers.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::Duration;

use super::job::{Job, JobEvent, JobOwner, Progress};
use super::job_queue::{Dispatch, JobQueue};
use crate::engine::making::protocol::{Event, ModelInfo, Request};
use crate::engine::shared::{DeviceKind, DeviceReport, Failure, LoadStage, Source};
use crate::ui::logic::choice::{Gpu, Preference, Reason, choose};
use crate::ui::logic::trouble::{Report, Trouble};
use crate::worker::{Host, Pool, Program, WorkerFailure};

/// The program of the engine for a device. A graphics card is silent for long while it compiles.
pub fn program(device: DeviceKind) -> Program {
    let name = "making";
    match device {
        DeviceKind::Cpu => Program { script: "engine_loader.js", name, patience: Duration::from_secs(60) },
        DeviceKind::Gpu => Program { script: "engine-gpu_loader.js", name, patience: Duration::from_secs(150) },
    }
}

/// What the engines are doing.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// None is ready. For [`LoadStage::Weights`] with the part of the file that is there, from 0 to 1.
    Loading(Option<LoadStage>, Option<f64>),
    /// One is ready, at work or not.
    Ready,
    /// None is ready, and the visitor has to say how to go on.
    Failed(Report),
}

/// What changed for the page.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// What the engines are doing.
    Phase(Phase),
    /// The device that computes. None while none does.
    Device(Option<DeviceReport>),
    /// Why that device.
    Reason(Reason),
    /// What the weights file says. None while no weights are loaded.
    Model(Option<Arc<ModelInfo>>),
    /// Progress of the current job. None while there is none.
    Progress(Option<Progress>),
}

/// Called once with what the browser says about a graphics card.
pub type OnGpu = Box<dyn FnOnce(Gpu)>;

/// What the engines need from the browser.
pub struct Environment {
    /// Starts workers.
    pub host: Rc<dyn Host<Request, Event>>,
    /// Asks the browser for a graphics card, and calls back once: with [`Gpu::Unknown`] if there is one to try.
    pub probe_gpu: Box<dyn Fn(OnGpu)>,
    /// Makes a relative address absolute.
    pub absolute: fn(&str) -> String,
    /// Notes a failure in the browser's console.
    pub warn: fn(String),
    /// Called with each change.
    pub on_change: Box<dyn Fn(Change)>,
}

/// The engines and their jobs.
pub struct Engines {
    me: Weak<Engines>,
    environment: Environment,
    /// One worker for each device, by [`index`].
    workers: Pool<Request, Event>,
    state: RefCell<State>,
}

struct State {
    weights: Source,
    preference: Preference,
    /// The test of each worker that is ready.
    reports: [Option<DeviceReport>; 2],
    /// The test of the processor, kept after its worker has ended.
    cpu_report: Option<DeviceReport>,
    gpu: Gpu,
    /// The browser is being asked for a graphics card.
    probing: bool,
    /// The engine that gets the jobs.
    active: Option<DeviceKind>,
    /// A device is shown to the visitor.
    shows_device: bool,
    failed: bool,
    ended: bool,
    model: Option<Arc<ModelInfo>>,
    jobs: JobQueue,
}

fn index(device: DeviceKind) -> usize {
    match device {
        DeviceKind::Cpu => 0,
        DeviceKind::Gpu => 1,
    }
}

impl Engines {
    /// Engines that are not started yet: see [`resume`](Self::resume).
    pub fn new(weights: Source, environment: Environment) -> Rc<Self> {
        Rc::new_cyclic(|me: &Weak<Self>| {
            let engines = me.clone();
            let workers = Pool::new(&environment.host, 2, move |member, outcome| {
                let device = if member == index(DeviceKind::Cpu) { DeviceKind::Cpu } else { DeviceKind::Gpu };
                if let Some(engines) = engines.upgrade() {
                    engines.on_outcome(device, outcome);
                }
            });
            let state = RefCell::new(State {
                weights,
                preference: Preference::Auto,
                reports: [None, None],
                cpu_report: None,
                gpu: Gpu::Unknown,
                probing: false,
                active: None,
                shows_device: false,
                failed: false,
                ended: false,
                model: None,
                jobs: JobQueue::default(),
            });
            Self { me: me.clone(), environment, workers, state }
        })
    }

    /// Starts, or goes on after a failure with the jobs from before.
    pub fn resume(&self) {
        self.set_phase(Phase::Loading(None, None));
        self.settle();
    }

    /// Changes the weights. All jobs are dropped.
    pub fn change_weights(&self, weights: Source) {
        self.workers.end_all();
        let dropped = self.with(|state| {
            state.weights = weights;
            (state.reports, state.cpu_report, state.active, state.model) = ([None, None], None, None, None);
            // Why there is no graphics card stays known.
            if matches!(state.gpu, Gpu::Passed(_)) {
                state.gpu = Gpu::Unknown;
            }
            state.jobs.clear()
        });
        self.change(Change::Model(None));
        self.set_device(None);
        self.change(Change::Progress(None));
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

    /// Ends all workers. Jobs that are submitted later wait forever.
    pub fn end(&self) {
        let jobs = self.with(|state| {
            (state.ended, state.active) = (true, None);
            state.jobs.clear()
        });
        drop(jobs);
        self.workers.end_all();
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

    /// The test of the processor, and what is known of the graphics card.
    pub fn measured(&self) -> (Option<DeviceReport>, Gpu) {
        self.with(|state| (state.cpu_report.clone(), state.gpu.clone()))
    }

    fn with<T>(&self, read: impl FnOnce(&mut State) -> T) -> T {
        read(&mut self.state.borrow_mut())
    }

    fn change(&self, change: Change) {
        (self.environment.on_change)(change);
    }

    fn set_phase(&self, phase: Phase) {
        self.with(|state| state.failed = matches!(phase, Phase::Failed(_)));
        self.change(Change::Phase(phase));
    }

    fn set_device(&self, report: Option<DeviceReport>) {
        self.with(|state| state.shows_device = report.is_some());
        self.change(Change::Device(report));
    }

    /// Starts and chooses engines by what is known now.
    fn settle(&self) {
        if self.with(|state| state.ended) {
            return;
        }
        let gpu_runs = self.workers.member(index(DeviceKind::Gpu)).is_running();
        let (choice, probes, ready) = self.with(|state| {
            let wants_gpu = state.preference != Preference::Only(DeviceKind::Cpu) && state.gpu == Gpu::Unknown;
            let cpu_is_ready = state.reports[index(DeviceKind::Cpu)].is_some();
            let probes = wants_gpu && !state.probing && !gpu_runs && cpu_is_ready;
            state.probing |= probes;
            let choice = choose(state.preference, state.cpu_report.as_ref(), &state.gpu);
            (choice, probes, state.reports[index(choice.device)].is_some())
        });
        if ready {
            self.change(Change::Reason(choice.reason));
            self.activate(choice.device);
        } else {
            // The active engine goes on until the chosen one is ready.
            self.change(Change::Reason(Reason::Testing));
            if !self.workers.member(index(choice.device)).is_running() {
                self.launch(choice.device);
            }
        }
        if probes {
            let engines = self.me.clone();
            let on_answer = move |gpu| {
                if let Some(engines) = engines.upgrade() {
                    engines.on_probed(gpu);
                }
            };
            (self.environment.probe_gpu)(Box::new(on_answer));
        }
    }

    fn on_probed(&self, gpu: Gpu) {
        let launches = self.with(|state| {
            state.probing = false;
            state.gpu = gpu;
            state.gpu == Gpu::Unknown && state.preference != Preference::Only(DeviceKind::Cpu) && !state.ended
        });
        if launches { self.launch(DeviceKind::Gpu) } else { self.settle() }
    }

    fn launch(&self, device: DeviceKind) {
        let weights = self.with(|state| {
            state.reports[index(device)] = None;
            state.weights.clone()
        });
        let worker = self.workers.member(index(device));
        let started = worker.start(&program(device)).and_then(|()| worker.request(Request::Load { weights, device }));
        if let Err(failure) = started {
            self.fail(device, None, Trouble::Crashed, failure.to_string());
        }
    }

    fn end_worker(&self, device: DeviceKind) {
        self.workers.member(index(device)).end();
        self.with(|state| state.reports[index(device)] = None);
    }

    /// Gives the jobs to an engine that is ready, and ends the other one if it is of no use.
    fn activate(&self, device: DeviceKind) {
        let (report, other_is_useless) = self.with(|state| {
            state.active = Some(device);
            let useless = match device {
                DeviceKind::Gpu => true,
                DeviceKind::Cpu => state.gpu != Gpu::Unknown || state.preference == Preference::Only(DeviceKind::Cpu),
            };
            (state.reports[index(device)].clone(), useless)
        });
        if other_is_useless {
            self.end_worker(match device {
                DeviceKind::Gpu => DeviceKind::Cpu,
                DeviceKind::Cpu => DeviceKind::Gpu,
            });
        }
        self.set_device(report);
        self.set_phase(Phase::Ready);
        self.dispatch();
    }

    fn on_outcome(&self, device: DeviceKind, outcome: Result<Event, WorkerFailure>) {
        match outcome {
            Ok(event) => self.on_event(device, event),
            Err(failure) => {
                self.fail(device, None, Trouble::from(&failure), failure.to_string());
            }
        }
    }

    fn on_event(&self, device: DeviceKind, event: Event) {
        match event {
            Event::Progress { stage, done, total } => {
                if !self.with(|state| state.shows_device) {
                    let part = (total > 0).then(|| f64::from(done) / f64::from(total));
                    self.set_phase(Phase::Loading(Some(stage), part));
                }
            }
            Event::Ready { device: report, model } => self.on_ready(device, report, model),
            Event::Scans { job, first, scans, .. } => {
                let on_event = self.with(|state| state.jobs.answer(job, scans.len()));
                let Some(on_event) = on_event else { return };
                for (index, scan) in (first..).zip(scans) {
                    on_event(JobEvent::Scan(index, scan));
                }
                self.show_progress();
            }
            Event::Layers { job, layers } => self.answer(job, JobEvent::Layers(layers)),
            Event::Verdicts { job, verdicts } => self.answer(job, JobEvent::Verdicts(verdicts)),
            Event::Done { job, millis } => self.finish(device, job, JobEvent::Done { millis }),
            Event::Refused { job, failure, detail } => {
                (self.environment.warn)(format!("job refused on {device:?}: {detail}"));
                self.finish(device, job, JobEvent::Refused { failure, detail });
            }
            Event::Failed { failure, detail } => {
                self.fail(device, Some(failure), Trouble::of_making(device, failure), detail);
            }
        }
    }

    fn on_ready(&self, device: DeviceKind, report: DeviceReport, model: ModelInfo) {
        self.workers.member(index(device)).rest();
        let model = self.with(|state| {
            match device {
                DeviceKind::Cpu => state.cpu_report = Some(report.clone()),
                DeviceKind::Gpu => state.gpu = Gpu::Passed(report.clone()),
            }
            state.reports[index(device)] = Some(report);
            if state.model.as_deref() == Some(&model) {
                return None;
            }
            state.model = Some(Arc::new(model));
            state.model.clone()
        });
        if model.is_some() {
            self.change(Change::Model(model));
        }
        self.settle();
    }

    fn answer(&self, number: u32, event: JobEvent) {
        let on_event = self.with(|state| state.jobs.answer(number, 1));
        if let Some(on_event) = on_event {
            on_event(event);
        }
    }

    /// The current job ends, and the next one follows.
    fn finish(&self, device: DeviceKind, number: u32, event: JobEvent) {
        let on_event = self.with(|state| state.jobs.finish(number));
        let Some(on_event) = on_event else { return };
        self.workers.member(index(device)).rest();
        on_event(event);
        self.dispatch();
    }

    /// Sends the current job to the active engine.
    fn dispatch(&self) {
        let dispatch = self.with(|state| {
            let device = state.active?;
            Some((device, state.jobs.dispatch(device, self.environment.absolute)))
        });
        self.show_progress();
        let Some((device, dispatch)) = dispatch else { return };
        let worker = self.workers.member(index(device));
        match dispatch {
            Dispatch::Sent => {}
            Dispatch::Idle => {
                worker.rest();
                // A worker that cannot be told goes on for a while, and its answers are ignored.
                let _ = worker.notify(Request::Cancel);
            }
            Dispatch::Send(request) => {
                if let Err(failure) = worker.request(request) {
                    self.fail(device, None, Trouble::Crashed, failure.to_string());
                }
            }
        }
    }

    fn show_progress(&self) {
        let progress = self.with(|state| state.jobs.progress());
        self.change(Change::Progress(progress));
    }

    /// An engine failed. If it was not active, this only changes what is known of the graphics card.
    fn fail(&self, device: DeviceKind, failure: Option<Failure>, trouble: Trouble, detail: String) {
        (self.environment.warn)(format!("engine on {device:?}: {detail}"));
        self.end_worker(device);
        let was_active = self.with(|state| {
            let was_active = state.active == Some(device);
            if was_active {
                state.active = None;
            }
            state.jobs.unassign(device);
            match device {
                DeviceKind::Cpu => state.cpu_report = None,
                DeviceKind::Gpu if was_active => state.gpu = Gpu::Lost,
                DeviceKind::Gpu => state.gpu = failure.map_or(Gpu::Failed, Gpu::after),
            }
            was_active
        });
        if device == DeviceKind::Gpu && !was_active {
            return self.settle();
        }
        // A graphics card that fails at work is lost, whatever the cause.
        let trouble = if device == DeviceKind::Gpu { Trouble::GpuLost } else { trouble };
        self.set_device(None);
        self.set_phase(Phase::Failed(Report { trouble, detail }));
    }
}

#[cfg(test)]
mod tests;
