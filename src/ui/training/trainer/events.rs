//! From the supervisor's updates to signals.

use std::sync::Arc;

use leptos::{logging, prelude::*};

use super::supervisor::SupervisorUpdate;
use super::{Frame, SavedCheckpoint, Trainer, TrainingPhase};
use crate::engine::training::protocol::TrainingEvent;
use crate::ui::logic::downsample::thin_older_half;

/// Most measurements that are kept; older ones are thinned.
const MAX_MEASUREMENTS: usize = 2000;
/// Most frames that are kept; older ones are thinned.
const MAX_FRAMES: usize = 240;

impl Trainer {
    pub(super) fn on_update(self, update: SupervisorUpdate) {
        match update {
            SupervisorUpdate::Phase(phase) => {
                if let TrainingPhase::Recovering(_) | TrainingPhase::Failed(_) = &phase {
                    logging::warn!("training: {phase:?}");
                }
                self.phase.set(phase);
            }
            SupervisorUpdate::Event(event) => self.on_event(event),
        }
    }

    fn on_event(self, event: TrainingEvent) {
        match event {
            TrainingEvent::Prepared { device, forecast, counts, tuning, workers, judged } => {
                self.judged.set(judged);
                self.device.set(Some(device));
                self.workers.set(workers);
                self.forecast.set(Some(forecast));
                self.counts.set(counts);
                self.tuning.set(tuning);
            }
            TrainingEvent::Running { counts, .. } => self.counts.set(counts),
            TrainingEvent::Measured { measurement, workers } => {
                self.counts.set(measurement.counts);
                if self.workers.get_untracked() != workers {
                    self.workers.set(workers);
                }
                self.measurements.update(|all| {
                    // A training that went back to a checkpoint measures the same steps again.
                    all.retain(|other| other.counts.steps < measurement.counts.steps);
                    all.push(measurement);
                    thin_older_half(all, MAX_MEASUREMENTS);
                });
            }
            TrainingEvent::Checked { check } => self.overfit_checks.update(|all| {
                all.push(check);
                thin_older_half(all, MAX_MEASUREMENTS);
            }),
            TrainingEvent::Distance { check } => self.distances.update(|all| {
                // A training that went back to a checkpoint measures the same moment again.
                all.retain(|other| other.images < check.images);
                all.push(check);
            }),
            TrainingEvent::Frame { images, seconds, scans, .. } => {
                let scans = scans.into_iter().map(Arc::new).collect();
                let frame = Frame { images, deciseconds: (seconds * 10.0) as u64, scans };
                self.timeline.update(|frames| {
                    // A training that pauses, or went back to a checkpoint, draws the same moment again.
                    frames.retain(|other| other.images < frame.images || other.images == 0 && frame.images != 0);
                    frames.push(Arc::new(frame));
                    thin_older_half(frames, MAX_FRAMES);
                });
            }
            TrainingEvent::Notices { notices } => {
                if self.notices.with_untracked(|before| *before != notices) {
                    self.notices.set(notices);
                }
            }
            TrainingEvent::Tuned { tuning } => self.tuning.set(tuning),
            TrainingEvent::Saved { images, on_disk, .. } => {
                self.saved.set(Some(SavedCheckpoint { images, at: js_sys::Date::now(), on_disk }));
            }
            TrainingEvent::Copies { copies } => self.copies.set(Some(Arc::new(copies))),
            TrainingEvent::Refused { failure, detail } => logging::warn!("training refused: {failure:?} {detail}"),
            TrainingEvent::Progress { .. }
            | TrainingEvent::Warming { .. }
            | TrainingEvent::Exported { .. }
            | TrainingEvent::FollowerLost { .. }
            | TrainingEvent::Failed { .. } => {}
        }
    }

    /// Forgets all measurements and results.
    pub(super) fn clear(self) {
        self.device.set(None);
        self.workers.set(0);
        self.judged.set(false);
        self.forecast.set(None);
        self.counts.set(Default::default());
        self.measurements.set(Vec::new());
        self.overfit_checks.set(Vec::new());
        self.distances.set(Vec::new());
        self.wants_last.set(false);
        self.timeline.set(Vec::new());
        self.notices.set(Vec::new());
        self.copies.set(None);
        self.saved.set(None);
    }
}
