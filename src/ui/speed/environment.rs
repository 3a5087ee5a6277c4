//! What a measurement needs from the browser.

use std::pin::Pin;
use std::rc::Rc;

use super::report::SpeedFailure;
use crate::engine::making;
use crate::engine::shared::Failure;
use crate::engine::training::protocol as training;
use crate::ui::logic::choice::Gpu;
use crate::worker::{Host, WorkerFailure};

/// The browser, or fakes in tests.
#[derive(Clone)]
pub struct SpeedEnvironment {
    /// Starts workers that make scans.
    pub making: Rc<dyn Host<making::protocol::MakingRequest, making::protocol::MakingEvent>>,
    /// Starts workers that train.
    pub training: Rc<dyn Host<training::TrainingRequest, training::TrainingEvent>>,
    /// Starts workers that help one that trains.
    pub followers: Rc<dyn Host<training::FollowerRequest, training::FollowerEvent>>,
    /// Script of the workers that train.
    pub trainer: &'static str,
    /// Asks the browser for a graphics card: [`Gpu::Unknown`] if there is one to try.
    pub probe_gpu: fn() -> Pin<Box<dyn Future<Output = Gpu>>>,
    /// Makes a relative address absolute.
    pub absolute: fn(&str) -> String,
    /// Milliseconds on a clock that never goes back.
    pub now: fn() -> f64,
    /// Notes a failure in the browser's console.
    pub warn: fn(String),
}

/// A failure, and technical details.
pub type SpeedError = (SpeedFailure, String);

/// The failure of a worker.
pub fn worker_failed(failure: &WorkerFailure) -> SpeedError {
    let word = match failure {
        WorkerFailure::Silent => SpeedFailure::Silent,
        _ => SpeedFailure::Broken,
    };
    (word, failure.to_string())
}

/// The failure of an engine, with its technical details.
pub fn engine_failed(failure: Failure, detail: String) -> SpeedError {
    let word = match failure {
        Failure::NoGpu => SpeedFailure::NoAdapter,
        _ => SpeedFailure::Broken,
    };
    (word, detail)
}
