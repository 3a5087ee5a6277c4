//! A host for tests: workers that do what the test says, and a clock that the test moves.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use super::{Clock, Host, OnOutcome, Port, Program, Timer, Transport, WorkerFailure};

/// Starts fake workers and keeps them for the test.
pub(crate) struct FakeHost<Request, Event> {
    workers: RefCell<Vec<Rc<FakeWorker<Request, Event>>>>,
    /// The next starts fail.
    pub(crate) spawns_to_fail: Cell<usize>,
    now: Cell<Duration>,
    timers: RefCell<Vec<(Duration, Weak<FakeTimer>)>>,
}

/// A worker that was started.
pub(crate) struct FakeWorker<Request, Event> {
    pub(crate) program: Program,
    on_outcome: OnOutcome<Event>,
    posted: RefCell<Vec<Request>>,
    terminated: Cell<bool>,
}

struct FakeTimer(RefCell<Option<Box<dyn FnOnce()>>>);

struct FakeTransport<Request, Event>(Rc<FakeWorker<Request, Event>>);

impl<Request: 'static, Event: 'static> FakeHost<Request, Event> {
    pub(crate) fn new() -> Rc<Self> {
        Rc::new(Self {
            workers: RefCell::default(),
            spawns_to_fail: Cell::default(),
            now: Cell::default(),
            timers: RefCell::default(),
        })
    }

    pub(crate) fn as_host(self: &Rc<Self>) -> Rc<dyn Host<Request, Event>> {
        Rc::<Self>::clone(self)
    }

    /// How many workers were started.
    pub(crate) fn started(&self) -> usize {
        self.workers.borrow().len()
    }

    /// The worker of the start with this index.
    pub(crate) fn worker(&self, start: usize) -> Rc<FakeWorker<Request, Event>> {
        Rc::clone(&self.workers.borrow()[start])
    }

    /// The worker that was started last.
    pub(crate) fn last(&self) -> Rc<FakeWorker<Request, Event>> {
        self.worker(self.started() - 1)
    }

    /// Moves the clock and runs all timers that fall due, in their order.
    pub(crate) fn advance(&self, by: Duration) {
        let end = self.now.get() + by;
        loop {
            self.timers.borrow_mut().retain(|(_, timer)| timer.strong_count() > 0);
            let mut due: Vec<_> = self.timers.borrow().iter().filter(|(at, _)| *at <= end).cloned().collect();
            due.sort_by_key(|(at, _)| *at);
            let Some((at, timer)) = due.first() else { break };
            self.now.set(*at);
            self.timers.borrow_mut().retain(|(_, other)| !other.ptr_eq(timer));
            let ring = timer.upgrade().and_then(|timer| timer.0.take());
            if let Some(ring) = ring {
                ring();
            }
        }
        self.now.set(end);
    }

    /// Moves the clock as for a tab that slept: the timers that are overdue run once it wakes up, each as late as that.
    pub(crate) fn sleep(&self, by: Duration) {
        self.now.set(self.now.get() + by);
        let now = self.now.get();
        let overdue: Vec<_> = self.timers.borrow_mut().extract_if(.., |(at, _)| *at <= now).collect();
        for (_, timer) in overdue {
            let ring = timer.upgrade().and_then(|timer| timer.0.take());
            if let Some(ring) = ring {
                ring();
            }
        }
    }
}

impl<Request: 'static, Event: 'static> Host<Request, Event> for FakeHost<Request, Event> {
    fn spawn(
        &self,
        program: &Program,
        on_outcome: OnOutcome<Event>,
    ) -> Result<Box<dyn Transport<Request>>, WorkerFailure> {
        if let Some(left) = self.spawns_to_fail.get().checked_sub(1) {
            self.spawns_to_fail.set(left);
            return Err(WorkerFailure::Spawn("refused by the test".to_owned()));
        }
        let (posted, terminated) = Default::default();
        let worker = Rc::new(FakeWorker { program: *program, on_outcome, posted, terminated });
        self.workers.borrow_mut().push(Rc::clone(&worker));
        Ok(Box::new(FakeTransport(worker)))
    }

    #[cfg(not(feature = "web"))]
    fn channel(&self) -> [Port; 2] {
        [Port(), Port()]
    }

    #[cfg(feature = "web")]
    fn channel(&self) -> [Port; 2] {
        super::channel::pair()
    }
}

impl<Request, Event> Clock for FakeHost<Request, Event> {
    fn timer(&self, delay: Duration, ring: Box<dyn FnOnce()>) -> Timer {
        let timer = Rc::new(FakeTimer(RefCell::new(Some(ring))));
        self.timers.borrow_mut().push((self.now.get() + delay, Rc::downgrade(&timer)));
        Box::new(timer)
    }
}

impl<Request, Event> FakeWorker<Request, Event> {
    /// Sends an event to the page, also after the worker was terminated: a late message.
    pub(crate) fn emit(&self, event: Event) {
        (self.on_outcome)(Ok(event));
    }

    /// Crashes.
    pub(crate) fn fail(&self, words: &str) {
        (self.on_outcome)(Err(WorkerFailure::Crashed(words.to_owned())));
    }

    /// Whether the page ended it.
    pub(crate) fn is_terminated(&self) -> bool {
        self.terminated.get()
    }

    /// Takes the requests that arrived since the last call.
    pub(crate) fn posted(&self) -> Vec<Request> {
        self.posted.take()
    }
}

impl<Request, Event> Transport<Request> for FakeTransport<Request, Event> {
    fn post(&self, request: Request) -> Result<(), WorkerFailure> {
        self.0.posted.borrow_mut().push(request);
        Ok(())
    }
}

impl<Request, Event> Drop for FakeTransport<Request, Event> {
    fn drop(&mut self) {
        self.0.terminated.set(true);
    }
}
