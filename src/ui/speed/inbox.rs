//! A queue from callbacks to a future.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// Messages, oldest first. Clones are the same queue. One future at a time may wait for the next one.
pub struct Inbox<T>(Rc<InboxState<T>>);

struct InboxState<T> {
    messages: RefCell<VecDeque<T>>,
    waker: RefCell<Option<Waker>>,
}

impl<T> Default for Inbox<T> {
    fn default() -> Self {
        Self(Rc::new(InboxState { messages: RefCell::default(), waker: RefCell::default() }))
    }
}

impl<T> Clone for Inbox<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> Inbox<T> {
    /// Adds a message.
    pub fn push(&self, message: T) {
        self.0.messages.borrow_mut().push_back(message);
        let waker = self.0.waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Waits for the oldest message and takes it.
    pub async fn next(&self) -> T {
        poll_fn(|context| match self.0.messages.borrow_mut().pop_front() {
            Some(message) => Poll::Ready(message),
            None => {
                self.0.waker.replace(Some(context.waker().clone()));
                Poll::Pending
            }
        })
        .await
    }
}
