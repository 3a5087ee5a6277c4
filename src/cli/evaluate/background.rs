//! Networks that learn beside the other measures.
//!
//! Each on a thread of its own and not among rayon's: a worker of rayon that waits may take up other work, and here that
//! would be a step of another network.

use std::panic;
use std::thread::{self, JoinHandle};

/// What comes of work that goes on elsewhere.
#[derive(Debug)]
pub struct BackgroundTask<T>(JoinHandle<T>);

impl<T: Send + 'static> BackgroundTask<T> {
    /// Begins the work.
    pub fn start(work: impl FnOnce() -> T + Send + 'static) -> Self {
        Self(thread::spawn(work))
    }

    /// Waits for the end of it. A panic there is one here.
    pub fn join(self) -> T {
        self.0.join().unwrap_or_else(|panicked| panic::resume_unwind(panicked))
    }
}
