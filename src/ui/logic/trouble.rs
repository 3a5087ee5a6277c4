//! What can stop the work, in terms a visitor can act on.

use crate::engine::shared::{DeviceKind, Failure};

/// Why no scans come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The weights could not be fetched.
    WeightsMissing,
    /// What came is not a usable weights file.
    WeightsBroken,
    /// The worker could not start, or fell over.
    Engine,
    /// No answer for too long.
    Silence,
    /// The processor computes wrong numbers.
    Wrong,
    /// The graphics card went away in mid-work.
    GpuLost,
}

impl Trouble {
    /// What a failure of the engine in use means to a visitor.
    pub fn of(device: DeviceKind, failure: Failure) -> Self {
        match (failure, device) {
            (Failure::WeightsMissing, _) => Self::WeightsMissing,
            (Failure::WeightsBroken, _) => Self::WeightsBroken,
            (_, DeviceKind::Gpu) => Self::GpuLost,
            (Failure::SelfTest, DeviceKind::Cpu) => Self::Wrong,
            (_, DeviceKind::Cpu) => Self::Engine,
        }
    }
}

/// A trouble with the words of the engine about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What happened.
    pub trouble: Trouble,
    /// Technical words, English.
    pub detail: String,
}
