//! What can stop an engine, and what the visitor can do about it.

use crate::engine::shared::{DeviceKind, Failure};
use crate::worker::WorkerFailure;

/// Why an engine stopped, in terms that a visitor can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The weights could not be fetched.
    WeightsMissing,
    /// The file is not a usable weights file.
    WeightsBroken,
    /// The feature network of a training's judge could not be fetched.
    JudgeMissing,
    /// The worker did not start, or crashed.
    Crashed,
    /// There was no answer for too long.
    Silence,
    /// The processor computes wrong numbers.
    WrongNumbers,
    /// The graphics card went away, or its memory was full.
    GpuLost,
    /// The visitor chose the graphics card, and there is none.
    NoGpu,
    /// The engine does not accept this request.
    Refused,
}

/// Which engine stopped. The visitor reads other words about each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineRole {
    /// Makes scans.
    Making,
    /// Trains networks.
    Training,
}

/// What the visitor can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Try the same again.
    TryAgain,
    /// Continue on the processor.
    UseProcessor,
}

impl Trouble {
    /// What the failure of an engine that makes scans on this device means.
    pub fn of_making(device: DeviceKind, failure: Failure) -> Self {
        match (failure, device) {
            (Failure::WeightsMissing, _) => Self::WeightsMissing,
            (Failure::WeightsBroken, _) => Self::WeightsBroken,
            (_, DeviceKind::Gpu) => Self::GpuLost,
            (Failure::SelfTest, DeviceKind::Cpu) => Self::WrongNumbers,
            (_, DeviceKind::Cpu) => Self::Crashed,
        }
    }

    /// What the failure of an engine that trains means.
    pub fn of_training(failure: Failure) -> Self {
        match failure {
            Failure::WeightsMissing => Self::WeightsMissing,
            Failure::WeightsBroken => Self::WeightsBroken,
            Failure::JudgeMissing => Self::JudgeMissing,
            Failure::NoGpu => Self::NoGpu,
            Failure::DeviceLost => Self::GpuLost,
            // Training diverged again and again.
            Failure::SelfTest => Self::WrongNumbers,
            Failure::BadRequest => Self::Refused,
        }
    }

    /// What the visitor can do, the best first. `on_gpu` says whether the engine may have used the graphics card.
    pub fn remedies(self, role: EngineRole, on_gpu: bool) -> &'static [Remedy] {
        match (role, self) {
            // The engines go on with the processor by themselves.
            (EngineRole::Making, Self::GpuLost) => &[Remedy::UseProcessor],
            (EngineRole::Making, _) => &[Remedy::TryAgain],
            (EngineRole::Training, _) if on_gpu => &[Remedy::TryAgain, Remedy::UseProcessor],
            (EngineRole::Training, _) => &[Remedy::TryAgain],
        }
    }
}

impl From<&WorkerFailure> for Trouble {
    fn from(failure: &WorkerFailure) -> Self {
        match failure {
            WorkerFailure::Silent => Self::Silence,
            _ => Self::Crashed,
        }
    }
}

/// A problem, with technical details.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TroubleReport {
    /// What happened.
    pub trouble: Trouble,
    /// Technical words, English.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAILURES: [Failure; 7] = [
        Failure::WeightsMissing,
        Failure::WeightsBroken,
        Failure::JudgeMissing,
        Failure::NoGpu,
        Failure::SelfTest,
        Failure::DeviceLost,
        Failure::BadRequest,
    ];

    #[test]
    fn weights_are_named_whatever_the_device() {
        for device in [DeviceKind::Cpu, DeviceKind::Gpu] {
            assert_eq!(Trouble::of_making(device, Failure::WeightsMissing), Trouble::WeightsMissing);
            assert_eq!(Trouble::of_making(device, Failure::WeightsBroken), Trouble::WeightsBroken);
        }
    }

    #[test]
    fn a_graphics_card_that_fails_is_lost_and_the_processor_is_the_way_on() {
        for failure in &FAILURES[2..] {
            let trouble = Trouble::of_making(DeviceKind::Gpu, *failure);
            assert_eq!(trouble, Trouble::GpuLost);
            assert_eq!(trouble.remedies(EngineRole::Making, true), [Remedy::UseProcessor]);
        }
    }

    #[test]
    fn a_training_offers_the_processor_unless_it_used_it() {
        assert_eq!(Trouble::of_training(Failure::JudgeMissing), Trouble::JudgeMissing);
        for failure in FAILURES {
            let trouble = Trouble::of_training(failure);
            let both = [Remedy::TryAgain, Remedy::UseProcessor];
            assert_eq!(trouble.remedies(EngineRole::Training, true), both);
            assert_eq!(trouble.remedies(EngineRole::Training, false), [Remedy::TryAgain]);
        }
    }

    #[test]
    fn a_worker_is_silent_or_has_crashed() {
        assert_eq!(Trouble::from(&WorkerFailure::Silent), Trouble::Silence);
        assert_eq!(Trouble::from(&WorkerFailure::Spawn(String::new())), Trouble::Crashed);
    }
}
