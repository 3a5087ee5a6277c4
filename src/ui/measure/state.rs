//! The state of a measurement, as the page shows it.

use std::sync::Arc;

use crate::engine::measure::protocol::MeasureResult;
use crate::evaluate::task::{MeasureTask, PlannedTask};

/// What a measurement is doing.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum MeasurePhase {
    /// There is none.
    #[default]
    Idle,
    /// The slices are being prepared, and the network is fetched.
    Preparing,
    /// Tasks are done.
    Running,
    /// All tasks are done, and the measures are computed.
    Finishing,
    /// The visitor stopped it. It can go on.
    Stopped,
    /// All is measured.
    Finished,
    /// It cannot go on by itself.
    Failed {
        /// Why.
        problem: MeasureProblem,
        /// Technical details, English.
        detail: String,
    },
}

/// Why a measurement failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasureProblem {
    /// The feature network did not arrive.
    Network,
    /// Workers were lost, several times in a row.
    Lost,
    /// Anything else.
    Other,
}

impl MeasurePhase {
    /// Whether it goes on by itself.
    pub fn is_active(&self) -> bool {
        matches!(self, Self::Preparing | Self::Running | Self::Finishing)
    }

    /// Whether the visitor may resume it.
    pub fn may_resume(&self) -> bool {
        match self {
            Self::Stopped => true,
            Self::Failed { problem, .. } => *problem != MeasureProblem::Other,
            _ => false,
        }
    }
}

/// The state of a measurement.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MeasureState {
    /// What it is doing.
    pub phase: MeasurePhase,
    /// Number of tasks.
    pub all: usize,
    /// Number of finished tasks.
    pub done: usize,
    /// Workers that run.
    pub workers: usize,
    /// Seconds until the last task; none as long as a kind of task was never timed.
    pub seconds_left: Option<f64>,
    /// What was measured.
    pub result: Option<Arc<MeasureResult>>,
}

/// How long tasks take, by kind.
#[derive(Debug, Clone, Copy, Default)]
pub struct TaskTimes([(f64, f64); MeasureTask::KINDS]);

impl TaskTimes {
    /// Adds a finished task.
    pub fn add(&mut self, planned: PlannedTask, millis: f64) {
        let (amount, spent) = &mut self.0[planned.task.kind()];
        *amount += planned.amount;
        *spent += millis;
    }

    /// Milliseconds for all these tasks together on one worker. None if a kind among them was never timed.
    pub fn millis(&self, tasks: impl IntoIterator<Item = PlannedTask>) -> Option<f64> {
        let one = |planned: PlannedTask| match self.0[planned.task.kind()] {
            (amount, spent) if amount > 0.0 => Some(planned.amount * spent / amount),
            _ => None,
        };
        tasks.into_iter().map(one).sum()
    }

    /// Milliseconds of all finished tasks.
    pub fn spent(&self) -> f64 {
        self.0.iter().map(|(_, spent)| spent).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::task::{SliceSet, TwoSampleQuestion};

    #[test]
    fn the_time_that_is_left_follows_from_each_kind_of_task() {
        let features = |amount| PlannedTask { task: MeasureTask::Features(SliceSet::Test, [0, 1]), amount };
        let fold = |amount| PlannedTask { task: MeasureTask::Fold(TwoSampleQuestion::Real, 0), amount };
        let mut timing = TaskTimes::default();
        timing.add(features(10.0), 1000.0);
        assert_eq!(timing.millis([features(5.0)]), Some(500.0));
        assert_eq!(timing.millis([features(5.0), fold(1.0)]), None);
        timing.add(fold(4.0), 2000.0);
        assert_eq!(timing.millis([features(5.0), fold(1.0)]), Some(1000.0));
        assert_eq!((timing.millis([]), timing.spent()), (Some(0.0), 3000.0));
    }
}
