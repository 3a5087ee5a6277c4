//! The phases of a training.

use crate::engine::shared::LoadStage;
use crate::ui::logic::trouble::{Trouble, TroubleReport};

/// What the training is doing.
#[derive(Debug, Clone, PartialEq)]
pub enum TrainingPhase {
    /// Nothing yet.
    Idle,
    /// The worker is loading.
    Loading(LoadStage),
    /// The worker warms up: steps are timed and thrown away.
    Warming {
        /// Steps taken.
        done: usize,
        /// Steps in all.
        total: usize,
    },
    /// It trains.
    Running,
    /// It waits.
    Paused(Pause),
    /// The worker failed. A new one goes on from the last checkpoint.
    Recovering(Trouble),
    /// It cannot go on by itself.
    Failed(TroubleReport),
    /// The visitor ended it. Results stay.
    Stopped,
}

/// Why a training waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// It is ready to go, or the visitor paused it.
    Asked,
    /// The tab is in the background.
    Hidden,
    /// The visitor takes one step at a time.
    Stepping,
}
