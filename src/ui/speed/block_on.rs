//! Runs a future in a test, step by step.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// A future that runs as far as it can whenever the test polls it.
pub struct PolledFuture<T>(Pin<Box<dyn Future<Output = T>>>);

impl<T> PolledFuture<T> {
    pub fn new(future: impl Future<Output = T> + 'static) -> Self {
        Self(Box::pin(future))
    }

    /// Runs it as far as it can. Its result, once it is there.
    pub fn poll(&mut self) -> Option<T> {
        match self.0.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => Some(result),
            Poll::Pending => None,
        }
    }
}
