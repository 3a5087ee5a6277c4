//! The page's end of one worker.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use super::Port;
use super::alarm::{Alarm, Clock};

/// Which program a worker runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Program {
    /// Address of the script, relative to the document.
    pub script: &'static str,
    /// Name of the worker. A script that serves several protocols reads it with `port::name`.
    pub name: &'static str,
    /// Longest silence of a worker that owes an answer.
    pub patience: Duration,
}

/// Why a worker ended, or could not be reached. Its texts are in English, for diagnostics.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkerFailure {
    /// The browser did not start it.
    #[error("the worker did not start: {0}")]
    Spawn(String),
    /// Its script did not load, or its program stopped with an error.
    #[error("{0}")]
    Crashed(String),
    /// It sent something that is not a message of its protocol.
    #[error("unreadable message: {0}")]
    Garbled(String),
    /// It said nothing for longer than its patience.
    #[error("no answer for too long")]
    Silent,
    /// A request could not be sent.
    #[error("the request was not sent: {0}")]
    Unsent(String),
}

/// Called with each event of a worker, or with its failure.
pub type OnOutcome<Event> = Rc<dyn Fn(Result<Event, WorkerFailure>)>;

/// Sends requests to one worker. Dropping it terminates the worker.
pub trait Transport<Request> {
    /// Sends a request.
    ///
    /// # Errors
    /// [`WorkerFailure::Unsent`].
    fn post(&self, request: Request) -> Result<(), WorkerFailure>;
}

/// What a link needs from its surroundings: the browser, or a fake in tests.
pub trait Host<Request, Event>: Clock {
    /// Starts a worker. `on_outcome` is never called before this returns.
    ///
    /// # Errors
    /// [`WorkerFailure::Spawn`].
    fn spawn(
        &self,
        program: &Program,
        on_outcome: OnOutcome<Event>,
    ) -> Result<Box<dyn Transport<Request>>, WorkerFailure>;

    /// Both ends of a new channel between two workers.
    fn channel(&self) -> [Port; 2];
}

/// A place for one worker, which can be started, ended and started again.
///
/// Dropping the link terminates its worker.
pub struct Link<Request, Event>(Rc<LinkInner<Request, Event>>);

struct LinkInner<Request, Event> {
    host: Rc<dyn Host<Request, Event>>,
    on_outcome: Box<dyn Fn(Result<Event, WorkerFailure>)>,
    worker: RefCell<Option<Box<dyn Transport<Request>>>>,
    /// Rings when the worker is silent for too long. None while no answer is expected.
    alarm: Alarm,
    patience: Cell<Duration>,
    /// Generation of the worker. Messages of earlier generations are ignored.
    generation: Cell<u32>,
    silent_starts: Cell<u32>,
}

impl<Request: 'static, Event: 'static> Link<Request, Event> {
    /// A link without a worker. `on_outcome` is called with each event, and once with the failure of each worker.
    pub fn new(
        host: Rc<dyn Host<Request, Event>>,
        on_outcome: impl Fn(Result<Event, WorkerFailure>) + 'static,
    ) -> Self {
        let alarm = Alarm::new(Rc::<dyn Host<Request, Event>>::clone(&host));
        Self(Rc::new(LinkInner {
            host,
            on_outcome: Box::new(on_outcome),
            worker: RefCell::default(),
            alarm,
            patience: Cell::default(),
            generation: Cell::default(),
            silent_starts: Cell::default(),
        }))
    }

    /// Starts a worker, in place of an earlier one.
    ///
    /// # Errors
    /// [`WorkerFailure::Spawn`].
    pub fn start(&self, program: &Program) -> Result<(), WorkerFailure> {
        self.end();
        let inner = &self.0;
        inner.patience.set(program.patience);
        inner.silent_starts.set(inner.silent_starts.get() + 1);
        let (link, generation) = (Rc::downgrade(inner), inner.generation.get());
        let on_outcome = move |outcome| {
            if let Some(link) = link.upgrade().filter(|link| link.generation.get() == generation) {
                link.receive(outcome);
            }
        };
        let worker = inner.host.spawn(program, Rc::new(on_outcome))?;
        inner.worker.replace(Some(worker));
        Ok(())
    }

    /// Terminates the worker, if there is one. Nothing of it arrives after this.
    pub fn end(&self) {
        self.0.end();
    }

    /// Whether there is a worker.
    pub fn is_running(&self) -> bool {
        self.0.worker.borrow().is_some()
    }

    /// Sends a request that is answered by at least one event. The alarm then waits for it.
    ///
    /// # Errors
    /// [`WorkerFailure::Unsent`], also if there is no worker.
    pub fn request(&self, request: Request) -> Result<(), WorkerFailure> {
        self.notify(request)?;
        self.0.set_alarm();
        Ok(())
    }

    /// Sends a request that needs no answer. The alarm stays as it is.
    ///
    /// # Errors
    /// [`WorkerFailure::Unsent`], also if there is no worker.
    pub fn notify(&self, request: Request) -> Result<(), WorkerFailure> {
        match self.0.worker.borrow().as_ref() {
            Some(worker) => worker.post(request),
            None => Err(WorkerFailure::Unsent("there is no worker".to_owned())),
        }
    }

    /// Cancels the alarm: all answers have arrived.
    pub fn rest(&self) {
        self.0.alarm.cancel();
    }

    /// Whether an answer is expected.
    pub fn is_waiting(&self) -> bool {
        self.0.alarm.is_set()
    }

    /// Successive starts without a single event, the current one included. 0 once the worker has sent anything.
    pub fn silent_starts(&self) -> u32 {
        self.0.silent_starts.get()
    }

    /// Sets [`silent_starts`](Self::silent_starts) back to 0.
    pub fn reset_silent_starts(&self) {
        self.0.silent_starts.set(0);
    }

    /// Number of starts and ends so far. It tells whether the worker is still the same.
    pub fn generation(&self) -> u32 {
        self.0.generation.get()
    }
}

impl<Request: 'static, Event: 'static> LinkInner<Request, Event> {
    fn receive(self: &Rc<Self>, outcome: Result<Event, WorkerFailure>) {
        match outcome {
            Ok(_) => {
                self.silent_starts.set(0);
                if self.alarm.is_set() {
                    self.set_alarm();
                }
            }
            Err(_) => self.end(),
        }
        (self.on_outcome)(outcome);
    }

    fn end(&self) {
        self.generation.set(self.generation.get() + 1);
        self.alarm.cancel();
        // Taken out first: dropping a worker runs foreign code.
        let worker = self.worker.take();
        drop(worker);
    }

    fn set_alarm(self: &Rc<Self>) {
        let link = Rc::downgrade(self);
        self.alarm.set(self.patience.get(), move || {
            if let Some(link) = link.upgrade() {
                link.receive(Err(WorkerFailure::Silent));
            }
        });
    }
}

impl<Request, Event> Drop for Link<Request, Event> {
    fn drop(&mut self) {
        self.0.alarm.cancel();
        self.0.generation.set(self.0.generation.get() + 1);
        let worker = self.0.worker.take();
        drop(worker);
    }
}

#[cfg(test)]
mod tests;
