//! The hyperparameters of the running training, each time they changed, for the log.

use leptos::prelude::*;

use super::trainer::{Trainer, TrainingPhase};
use crate::export::training_csv::SettingsChange;

/// Changes of the hyperparameters, oldest first.
#[derive(Debug, Clone, Copy)]
pub struct TuningLog(pub RwSignal<Vec<SettingsChange>>);

impl TuningLog {
    /// Follows the trainer, and provides the log as context. It lives as long as the page.
    pub fn provide(trainer: Trainer) {
        let log = Self(RwSignal::new(Vec::new()));
        let idle = Memo::new(move |_| trainer.phase.with(|phase| *phase == TrainingPhase::Idle));
        Effect::new(move || {
            let (tuning, counts) = (trainer.tuning.get(), trainer.counts.get_untracked());
            if idle.get() {
                return log.0.set(Vec::new());
            }
            log.0.update(|changes| {
                // A training that goes back to a checkpoint forgets what came after it.
                changes.retain(|change| change.counts.images <= counts.images);
                let change = SettingsChange {
                    counts,
                    rate: tuning.rate,
                    batch: tuning.batch,
                    gamma: tuning.gamma,
                    augment: tuning.augment,
                };
                if changes.last().is_none_or(|last| !last.same_settings(&change)) {
                    changes.push(change);
                }
            });
        });
        provide_context(log);
    }
}
