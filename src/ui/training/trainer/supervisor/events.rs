//! What the supervisor does with the events of its worker.

use std::rc::Rc;

use super::{SupervisorInner, SupervisorUpdate};
use crate::engine::training::protocol::{TrainingEvent, TrainingRequest};
use crate::ui::logic::trouble::Trouble;
use crate::ui::training::trainer::{Pause, TrainingPhase};
use crate::worker::WorkerFailure;

impl SupervisorInner {
    pub(super) fn on_outcome(&self, outcome: Result<TrainingEvent, WorkerFailure>) {
        match outcome {
            Ok(event) => {
                let first = self.change(|state| !std::mem::replace(&mut state.answered, true));
                if first {
                    self.followers.start(self.change(|state| state.followers()));
                }
                self.on_event(event);
            }
            Err(failure) => self.fail(Trouble::from(&failure), failure.to_string()),
        }
    }

    fn on_event(&self, event: TrainingEvent) {
        match event {
            TrainingEvent::Progress { stage, .. } => self.set_loading_phase(TrainingPhase::Loading(stage)),
            TrainingEvent::Warming { done, total } => self.set_loading_phase(TrainingPhase::Warming { done, total }),
            TrainingEvent::Prepared { .. } => {
                self.change(|state| state.prepared = true);
                self.report(event);
                self.on_prepared();
            }
            TrainingEvent::Running { running, .. } => {
                self.report(event);
                if running {
                    self.set_phase(TrainingPhase::Running);
                } else {
                    if self.phase() == TrainingPhase::Running {
                        self.set_phase(TrainingPhase::Paused(Pause::Asked));
                    }
                    self.rest();
                }
            }
            TrainingEvent::Saved { images, on_disk, bytes } => {
                let checkpoint = (!on_disk).then(|| Rc::new(bytes.into_bytes()));
                self.change(|state| {
                    state.failures = 0;
                    (state.checkpoint, state.on_disk) = (checkpoint, on_disk);
                });
                self.report(TrainingEvent::Saved { images, on_disk, bytes: Default::default() });
            }
            TrainingEvent::Copies { .. } => {
                self.change(|state| state.comparing = false);
                self.report(event);
                self.rest();
            }
            TrainingEvent::Exported { network, bytes } => {
                let on_export = self.change(|state| {
                    let place = state.exports.iter().position(|(other, _)| *other == network)?;
                    Some(state.exports.remove(place).1)
                });
                if let Some(on_export) = on_export {
                    on_export(Ok(bytes.into_bytes()));
                }
                self.rest();
            }
            TrainingEvent::Refused { ref detail, .. } => {
                let exports = self.change(|state| {
                    state.comparing = false;
                    std::mem::take(&mut state.exports)
                });
                for (_, on_export) in exports {
                    on_export(Err(detail.clone()));
                }
                self.report(event);
                self.rest();
            }
            TrainingEvent::FollowerLost { id } => self.followers.on_lost(id),
            TrainingEvent::Failed { failure, detail } => self.fail(Trouble::of_training(failure), detail),
            TrainingEvent::Measured { .. }
            | TrainingEvent::Checked { .. }
            | TrainingEvent::Distance { .. }
            | TrainingEvent::Frame { .. }
            | TrainingEvent::Notices { .. }
            | TrainingEvent::Tuned { .. } => self.report(event),
        }
    }

    fn report(&self, event: TrainingEvent) {
        (self.on_update)(SupervisorUpdate::Event(event));
    }

    /// The worker is ready: trains on if the visitor wants that, unless the tab is in the background.
    fn on_prepared(&self) {
        self.set_phase(TrainingPhase::Paused(Pause::Asked));
        let (wanted, hidden) = self.change(|state| (state.wanted, state.hidden));
        match (wanted, hidden) {
            (true, false) => self.request(TrainingRequest::Go),
            (true, true) => {
                self.set_phase(TrainingPhase::Paused(Pause::Hidden));
                self.rest();
            }
            (false, _) => self.rest(),
        }
    }

    /// Cancels the alarm if no answer is expected.
    fn rest(&self) {
        let idle =
            self.change(|state| state.phase != TrainingPhase::Running && state.exports.is_empty() && !state.comparing);
        if idle {
            self.link.rest();
        }
    }
}
