//! More workers on the processor: they join the first one once there is work for them, and may be lost without harm.

use super::super::workers::device_of;
use super::*;
use crate::engine::shared::Failure;
use crate::ui::logic::trouble::Trouble;

impl Engines {
    /// Starts workers for the scans that no worker has yet. Not before the first scan, which would come later, and not while a
    /// graphics card may still take over.
    pub(super) fn start_joining(&self) {
        let joining = self.with(|state| {
            let is_time = state.active == Some(DeviceKind::Cpu) && state.answered && state.gpu_is_settled();
            if is_time { state.workers.join(state.jobs.to_spread()) } else { Vec::new() }
        });
        let mut failed = Vec::new();
        for (worker, weights) in joining {
            let link = self.links.member(worker);
            let started =
                link.start(&program(DeviceKind::Cpu)).and_then(|()| link.request(MakingRequest::Join { weights }));
            failed.extend(started.err().map(|failure| (worker, failure)));
        }
        for (worker, failure) in failed {
            self.lose(worker, None, Trouble::Crashed, failure.to_string());
        }
    }

    /// A worker joined the others.
    pub(super) fn on_joined(&self, worker: usize, memory: usize) {
        self.links.member(worker).rest();
        self.with(|state| state.workers.ready(worker, memory));
        self.show_workers();
        self.dispatch();
    }

    /// A worker failed. Others of its device do its scans. Without others, the device has failed.
    pub(super) fn lose(&self, worker: usize, failure: Option<Failure>, trouble: Trouble, detail: String) {
        let device = device_of(worker);
        (self.environment.warn)(format!("worker {worker} on {device:?}: {detail}"));
        self.end_worker(worker);
        let others = self.with(|state| {
            let others = state.workers.is_ready(device);
            if others {
                state.workers.lose();
            }
            others
        });
        if others {
            self.show_workers();
            self.dispatch();
        } else {
            self.fail(device, failure, trouble, detail);
        }
    }
}
