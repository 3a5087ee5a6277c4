//! The worker's end of its link in native tests: keeps what a session posts.

use std::any::Any;
use std::cell::{Cell, RefCell};

use super::Message;

thread_local! {
    static POSTED: RefCell<Vec<Box<dyn Any>>> = const { RefCell::new(Vec::new()) };
    static CLOCK: Cell<f64> = const { Cell::new(0.0) };
}

/// Keeps a message for [`posted`].
pub fn post(message: impl Message + 'static) {
    POSTED.with_borrow_mut(|posted| posted.push(Box::new(message)));
}

/// The events that this thread posted since the last call. Panics if one is not of this type.
pub fn posted<Event: 'static>() -> Vec<Event> {
    let event = |message: Box<dyn Any>| match message.downcast::<Event>() {
        Ok(event) => *event,
        Err(_) => panic!("an event of another protocol"),
    };
    POSTED.take().into_iter().map(event).collect()
}

/// There are no messages to read.
pub async fn yield_now() {}

/// A clock on which each look takes a second, so that everything that depends on time is soon due.
pub fn now() -> f64 {
    CLOCK.set(CLOCK.get() + 1000.0);
    CLOCK.get()
}

/// A fixed date.
pub fn date_millis() -> f64 {
    0.0
}
