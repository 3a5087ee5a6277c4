//! Hands out jobs, and passes on the answers.

use super::super::workers::device_of;
use super::*;
use crate::ui::logic::trouble::Trouble;
use crate::worker::WorkerFailure;

impl Engines {
    pub(super) fn on_outcome(&self, worker: usize, outcome: Result<MakingEvent, WorkerFailure>) {
        match outcome {
            Ok(event) => self.on_event(worker, event),
            Err(failure) => self.lose(worker, None, Trouble::from(&failure), failure.to_string()),
        }
    }

    fn on_event(&self, worker: usize, event: MakingEvent) {
        match event {
            MakingEvent::Progress { stage, done, total } => {
                if !self.with(|state| state.shows_device) {
                    let part = (total > 0).then(|| f64::from(done) / f64::from(total));
                    self.set_phase(Phase::Loading(Some(stage), part));
                }
            }
            MakingEvent::Ready { device, model, memory, weights } => {
                self.links.member(worker).rest();
                self.with(|state| {
                    state.workers.ready(worker, memory);
                    if device_of(worker) == DeviceKind::Cpu {
                        state.workers.keep_weights(weights);
                    }
                });
                self.on_ready(worker, device, model);
            }
            MakingEvent::Joined { memory } => self.on_joined(worker, memory),
            MakingEvent::Scans { job, first, scans, .. } => {
                let are_last = self.with(|state| {
                    let are_last = state.jobs.scans(job, first, scans);
                    state.answered |= are_last.is_some();
                    are_last
                });
                if are_last.is_some_and(|last| last || self.pause.borrow().is_none()) {
                    self.deliver();
                }
            }
            MakingEvent::Layers { job, layers } => self.answer(job, JobEvent::Layers(layers)),
            MakingEvent::Verdicts { job, verdicts } => self.answer(job, JobEvent::Verdicts(verdicts)),
            MakingEvent::Done { job, memory, .. } => self.finish_part(worker, job, memory),
            MakingEvent::Refused { job, failure, detail } => {
                (self.environment.warn)(format!("job refused on {:?}: {detail}", device_of(worker)));
                let finished = self.with(|state| state.jobs.finish(job));
                if let Some(finished) = finished {
                    (finished.on_event)(JobEvent::Refused { failure, detail });
                    self.dispatch();
                }
            }
            MakingEvent::Failed { failure, detail } => {
                self.lose(worker, Some(failure), Trouble::of_making(device_of(worker), failure), detail);
            }
        }
    }

    /// Delivers the scans that are there, and begins a [pause](PAUSE).
    fn deliver(&self) {
        let delivery = self.with(|state| state.jobs.deliver());
        let Some((on_event, scans)) = delivery else {
            self.pause.take();
            return;
        };
        let engines = self.me.clone();
        let ring = move || {
            if let Some(engines) = engines.upgrade() {
                engines.deliver();
            }
        };
        self.pause.replace(Some(self.environment.host.timer(PAUSE, Box::new(ring))));
        for (index, scan) in scans {
            on_event(JobEvent::Scan(index, scan));
        }
        self.show_progress();
    }

    fn answer(&self, number: u32, event: JobEvent) {
        let on_event = self.with(|state| state.jobs.answer(number));
        if let Some(on_event) = on_event {
            on_event(event);
        }
    }

    /// A worker is done with a part of a job. It gets another part, or the next job follows.
    fn finish_part(&self, worker: usize, number: u32, memory: usize) {
        let (finished, has_more) = self.with(|state| {
            state.workers.set_memory(worker, memory);
            let finished = state.jobs.finish_part(worker, number);
            let has_more = state.jobs.is_held_by(worker);
            if !has_more {
                state.workers.rest(worker);
            }
            (finished, has_more)
        });
        if !has_more {
            self.links.member(worker).rest();
        }
        if let Some(finished) = finished {
            let millis = (self.environment.now)() - finished.start;
            (finished.on_event)(JobEvent::Done { millis });
        }
        self.dispatch();
    }

    /// Sends parts of the current job to the workers of the active device, and stops those that work on another job.
    pub(super) fn dispatch(&self) {
        let now = (self.environment.now)();
        let (stopped, dealt) = self.with(|state| {
            let Some(device) = state.active else { return (state.workers.stop_others(None), Vec::new()) };
            let number = state.jobs.assign(device, now);
            let stopped = state.workers.stop_others(number);
            let (ready, spread) = (state.workers.ready_on(device), state.workers.spread(device));
            let dealt = state.jobs.deal(&ready, spread, self.environment.absolute);
            for (worker, _) in &dealt {
                number.iter().for_each(|number| state.workers.ask(*worker, *number));
            }
            (stopped, dealt)
        });
        for worker in stopped {
            // A new request cancels the earlier ones by itself.
            if !dealt.iter().any(|(other, _)| *other == worker) {
                let link = self.links.member(worker);
                link.rest();
                // A worker that cannot be told goes on for a while, and its answers are ignored.
                let _ = link.notify(MakingRequest::Cancel);
            }
        }
        let mut failed = Vec::new();
        for (worker, request) in dealt {
            failed.extend(self.links.member(worker).request(request).err().map(|failure| (worker, failure)));
        }
        self.show_progress();
        for (worker, failure) in failed {
            self.lose(worker, None, Trouble::Crashed, failure.to_string());
        }
        self.start_joining();
    }

    pub(super) fn show_progress(&self) {
        let changed = self.with(|state| {
            let progress = state.jobs.progress();
            let is_new = state.shown != progress;
            state.shown = progress;
            is_new.then_some(progress)
        });
        if let Some(progress) = changed {
            self.change(EnginesChange::Progress(progress));
        }
    }
}
