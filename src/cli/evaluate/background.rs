//! Work on a background thread.
//!
//! This uses plain threads instead of rayon, because a waiting rayon worker may steal work, here a training step of
//! another network.

use std::panic;
use std::thread::{self, JoinHandle};

/// Work on another thread that returns a `T`.
#[derive(Debug)]
pub struct BackgroundTask<T>(JoinHandle<T>);

impl<T: Send + 'static> BackgroundTask<T> {
    /// Starts the work.
    pub fn start(work: impl FnOnce() -> T + Send + 'static) -> Self {
        Self(thread::spawn(work))
    }

    /// Waits for the result. Propagates a panic of the thread.
    pub fn join(self) -> T {
        self.0.join().unwrap_or_else(|panicked| panic::resume_unwind(panicked))
    }
}
