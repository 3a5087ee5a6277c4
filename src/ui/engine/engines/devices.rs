//! Which device computes: starts its worker, compares the two, and goes on after a failure.

use super::super::workers::{ALL, FIRST, GPU, device_of};
use super::*;
use crate::engine::shared::Failure;
use crate::ui::logic::choice::choose;
use crate::ui::logic::trouble::Trouble;

impl Engines {
    /// Starts and chooses a device, from what is known so far.
    pub(super) fn settle(&self) {
        if self.with(|state| state.ended) {
            return;
        }
        let (choice, probes, ready, started) = self.with(|state| {
            let wants_gpu = state.preference != Preference::Only(DeviceKind::Cpu) && state.gpu == Gpu::Unknown;
            let gpu_runs = state.workers.is_started(DeviceKind::Gpu);
            let probes = wants_gpu && !state.probing && !gpu_runs && state.workers.is_ready(DeviceKind::Cpu);
            state.probing |= probes;
            let choice = choose(state.preference, state.cpu_report.as_ref(), &state.gpu);
            let (ready, started) = (state.workers.is_ready(choice.device), state.workers.is_started(choice.device));
            (choice, probes, ready, started)
        });
        if ready {
            self.change(EnginesChange::Reason(choice.reason));
            self.activate(choice.device);
        } else {
            // The active device goes on until the chosen one is ready.
            self.change(EnginesChange::Reason(Reason::Testing));
            if !started {
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

    /// Starts the first worker of a device.
    fn launch(&self, device: DeviceKind) {
        let worker = if device == DeviceKind::Cpu { FIRST } else { GPU };
        let weights = self.with(|state| {
            state.workers.start(worker);
            state.weights.clone()
        });
        let link = self.links.member(worker);
        let started = link.start(&program(device)).and_then(|()| link.request(MakingRequest::Load { weights, device }));
        if let Err(failure) = started {
            self.fail(device, None, Trouble::Crashed, failure.to_string());
        }
    }

    fn end_device(&self, device: DeviceKind) {
        (0..ALL).filter(|&worker| device_of(worker) == device).for_each(|worker| self.end_worker(worker));
    }

    /// Gives the jobs to a device that is ready, and ends the other one if it is not needed any more.
    fn activate(&self, device: DeviceKind) {
        let (report, other_is_useless) = self.with(|state| {
            state.active = Some(device);
            match (device, &state.gpu) {
                (DeviceKind::Gpu, Gpu::Passed(report)) => (Some(report.clone()), true),
                (DeviceKind::Gpu, _) => (None, true),
                (DeviceKind::Cpu, _) => (state.cpu_report.clone(), state.gpu_is_settled()),
            }
        });
        if other_is_useless {
            self.end_device(match device {
                DeviceKind::Gpu => DeviceKind::Cpu,
                DeviceKind::Cpu => DeviceKind::Gpu,
            });
        }
        self.set_device(report);
        self.set_phase(Phase::Ready);
        self.dispatch();
    }

    pub(super) fn on_ready(&self, worker: usize, report: DeviceReport, model: ModelInfo) {
        let model = self.with(|state| {
            match device_of(worker) {
                DeviceKind::Cpu => state.cpu_report = Some(report),
                DeviceKind::Gpu => state.gpu = Gpu::Passed(report),
            }
            if state.model.as_deref() == Some(&model) {
                return None;
            }
            state.model = Some(Arc::new(model));
            state.model.clone()
        });
        if model.is_some() {
            self.change(EnginesChange::Model(model));
        }
        self.settle();
    }

    /// All workers of a device failed. If it was not active, this only changes the state of the graphics card.
    pub(super) fn fail(&self, device: DeviceKind, failure: Option<Failure>, trouble: Trouble, detail: String) {
        self.end_device(device);
        let was_active = self.with(|state| {
            let was_active = state.active == Some(device);
            if was_active {
                state.active = None;
            }
            state.jobs.unassign(device);
            match device {
                DeviceKind::Cpu => {
                    state.cpu_report = None;
                    state.workers.start_over();
                }
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
        self.set_phase(Phase::Failed(TroubleReport { trouble, detail }));
    }
}

impl EnginesState {
    /// Whether the graphics card is tested, or not to be used.
    pub(super) fn gpu_is_settled(&self) -> bool {
        self.gpu != Gpu::Unknown || self.preference == Preference::Only(DeviceKind::Cpu)
    }
}
