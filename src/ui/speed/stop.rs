//! Ends a future early.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// A wish to stop. Clones are the same wish.
#[derive(Debug, Clone, Default)]
pub struct Stop(Rc<StopState>);

#[derive(Debug, Default)]
struct StopState {
    asked: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Stop {
    /// Asks to stop.
    pub fn ask(&self) {
        self.0.asked.set(true);
        let waker = self.0.waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// The result of `work`. None if it was stopped before its end: it is dropped then, with all that it holds.
    pub async fn unless_asked<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        poll_fn(|context| {
            if self.0.asked.get() {
                return Poll::Ready(None);
            }
            self.0.waker.replace(Some(context.waker().clone()));
            work.as_mut().poll(context).map(Some)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::super::block_on::PolledFuture;
    use super::super::inbox::Inbox;
    use super::*;

    #[test]
    fn work_ends_by_itself_or_is_dropped() {
        let (stop, inbox) = (Stop::default(), Inbox::default());
        let mut running = PolledFuture::new({
            let (stop, inbox) = (stop.clone(), inbox.clone());
            async move { stop.unless_asked(async { inbox.next().await + inbox.next().await }).await }
        });
        inbox.push(1);
        assert_eq!(running.poll(), None);
        inbox.push(2);
        assert_eq!(running.poll(), Some(Some(3)));

        let held = Rc::new(());
        let mut running = PolledFuture::new({
            let (stop, inbox, held) = (stop.clone(), inbox.clone(), Rc::clone(&held));
            async move {
                stop.unless_asked(async move {
                    inbox.next().await;
                    drop(held);
                })
                .await
            }
        });
        assert_eq!(running.poll(), None);
        assert_eq!(Rc::strong_count(&held), 2);
        stop.ask();
        assert_eq!(running.poll(), Some(None));
        assert_eq!(Rc::strong_count(&held), 1);
    }
}
