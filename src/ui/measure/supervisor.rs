//! Runs a measurement on several workers: deals out the tasks, collects what they find, and replaces workers that are lost.
//!
//! Knows the browser only through the host of its [`Pool`], so that tests put fake workers at the other end.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::state::{MeasurePhase, MeasureProblem, MeasureState, TaskTimes};
use crate::engine::measure::protocol::{BeginMeasure, MeasureEvent, MeasureRequest, WORKER_NAME};
use crate::evaluate::task::{MeasureTask, PlannedTask, TaskResult};
use crate::ui::logic::cores::MAX_WORKERS;
use crate::worker::{Crew, Host, Loss, Pool, Program, WorkerFailure};

/// Longest silence of a worker. A fold on a slow device takes minutes.
const PATIENCE: Duration = Duration::from_secs(600);

/// The job of a worker.
#[derive(Debug, Clone, Copy, PartialEq)]
enum MeasureWorkerJob {
    Task(PlannedTask),
    /// It computes the report.
    Finish,
}

struct MeasureSupervisorState {
    shown: MeasureState,
    begin: Option<BeginMeasure>,
    /// All tasks; none before the first worker is ready.
    tasks: Vec<PlannedTask>,
    found: Vec<(MeasureTask, TaskResult)>,
    timing: TaskTimes,
    crew: Crew<MeasureWorkerJob>,
}

/// The page's side of a measurement.
#[derive(Clone)]
pub struct MeasureSupervisor(Rc<MeasureSupervisorInner>);

struct MeasureSupervisorInner {
    pool: Pool<MeasureRequest, MeasureEvent>,
    program: Program,
    state: RefCell<MeasureSupervisorState>,
    on_change: Box<dyn Fn(MeasureState)>,
}

impl MeasureSupervisor {
    /// A supervisor without a measurement. `script` is the address of the script of the workers; `on_change` is called with each
    /// new state.
    pub fn new(
        host: &Rc<dyn Host<MeasureRequest, MeasureEvent>>,
        script: &'static str,
        on_change: impl Fn(MeasureState) + 'static,
    ) -> Self {
        Self(Rc::new_cyclic(|inner: &std::rc::Weak<MeasureSupervisorInner>| {
            let inner = inner.clone();
            let on_outcome = move |worker, outcome| {
                if let Some(inner) = inner.upgrade() {
                    inner.on_outcome(worker, outcome);
                }
            };
            MeasureSupervisorInner {
                pool: Pool::new(host, MAX_WORKERS, on_outcome),
                program: Program { script, name: WORKER_NAME, patience: PATIENCE },
                state: MeasureSupervisorState::new(None, 1).into(),
                on_change: Box::new(on_change),
            }
        }))
    }

    /// Starts a measurement in place of an earlier one, on at most `workers` workers.
    pub fn start(&self, begin: BeginMeasure, workers: usize) {
        self.0.pool.end_all();
        self.0.state.replace(MeasureSupervisorState::new(Some(begin), workers));
        self.0.begin();
    }

    /// Ends all workers. Unfinished tasks are lost, and finished ones are kept.
    pub fn stop(&self) {
        if self.0.is_active() {
            self.0.end(MeasurePhase::Stopped);
        }
    }

    /// Goes on after a stop or a failure. Finished tasks are kept.
    pub fn resume(&self) {
        if self.0.state.borrow().shown.phase.may_resume() {
            self.0.state.borrow_mut().crew.reset_losses();
            self.0.begin();
        }
    }
}

impl MeasureSupervisorInner {
    fn is_active(&self) -> bool {
        self.state.borrow().shown.phase.is_active()
    }

    /// Starts the first worker. It fetches program and network, so the others wait for it.
    fn begin(&self) {
        self.state.borrow_mut().crew.dismiss();
        self.show(MeasurePhase::Preparing);
        self.start_worker(0);
    }

    fn start_worker(&self, worker: usize) {
        let Some(begin) = self.state.borrow().begin.clone() else { return };
        self.state.borrow_mut().crew.start(worker);
        match self.pool.member(worker).start(&self.program) {
            Ok(()) => self.send(worker, MeasureRequest::Begin(Box::new(begin))),
            Err(failure) => self.lose(worker, &failure),
        }
    }

    fn send(&self, worker: usize, request: MeasureRequest) {
        if let Err(failure) = self.pool.member(worker).request(request) {
            self.lose(worker, &failure);
        }
    }

    fn on_outcome(&self, worker: usize, outcome: Result<MeasureEvent, WorkerFailure>) {
        if outcome.is_ok() {
            self.pool.member(worker).rest();
        }
        match outcome {
            Ok(MeasureEvent::Ready { tasks }) => {
                {
                    let mut state = self.state.borrow_mut();
                    state.crew.ready(worker);
                    state.tasks = tasks;
                }
                self.show(MeasurePhase::Running);
                self.start_others();
                self.next(worker);
            }
            Ok(MeasureEvent::Done { task, found, millis }) => {
                {
                    let mut state = self.state.borrow_mut();
                    if let Some(MeasureWorkerJob::Task(planned)) = state.crew.finish(worker) {
                        state.timing.add(planned, millis);
                    }
                    if !state.found.iter().any(|(known, _)| *known == task) {
                        state.found.push((task, found));
                    }
                }
                self.show(MeasurePhase::Running);
                self.next(worker);
            }
            Ok(MeasureEvent::Measured(result)) => {
                self.state.borrow_mut().shown.result = Some(Arc::new(*result));
                self.end(MeasurePhase::Finished);
            }
            Ok(MeasureEvent::Failed { network, detail }) => {
                let problem = if network { MeasureProblem::Network } else { MeasureProblem::Other };
                self.end(MeasurePhase::Failed { problem, detail });
            }
            Err(failure) => self.lose(worker, &failure),
        }
    }

    /// Gives an idle worker the first task that no worker has; when all are done, the last step.
    fn next(&self, worker: usize) {
        let request = {
            let mut state = self.state.borrow_mut();
            if let Some(planned) = state.open() {
                state.crew.assign(worker, MeasureWorkerJob::Task(planned));
                Some(MeasureRequest::Run { task: planned.task })
            } else if state.crew.jobs().next().is_none() {
                state.crew.assign(worker, MeasureWorkerJob::Finish);
                let seconds = state.timing.spent() / 1000.0;
                Some(MeasureRequest::Finish { found: state.found.clone(), seconds })
            } else {
                None
            }
        };
        let finishing = matches!(request, Some(MeasureRequest::Finish { .. }));
        if let Some(request) = request {
            self.send(worker, request);
        }
        if finishing && self.is_active() {
            self.show(MeasurePhase::Finishing);
        }
    }

    fn start_others(&self) {
        let missing = self.state.borrow().crew.missing();
        for worker in missing {
            let open = self.state.borrow().open().is_some();
            // An earlier worker in this loop may have failed for good.
            if open && self.is_active() {
                self.start_worker(worker);
            }
        }
    }

    /// A worker is gone. Another one replaces it, and its unfinished task is done again.
    fn lose(&self, worker: usize, failure: &WorkerFailure) {
        self.pool.member(worker).end();
        let loss = self.state.borrow_mut().crew.lose(worker);
        match loss {
            Loss::Replace => self.start_worker(worker),
            Loss::GoOn => {}
            Loss::GiveUp => {
                self.end(MeasurePhase::Failed { problem: MeasureProblem::Lost, detail: failure.to_string() })
            }
        }
    }

    /// Ends all workers.
    fn end(&self, phase: MeasurePhase) {
        self.pool.end_all();
        self.state.borrow_mut().crew.dismiss();
        self.show(phase);
    }

    fn show(&self, phase: MeasurePhase) {
        let shown = {
            let mut state = self.state.borrow_mut();
            let workers = state.crew.present();
            let left = state.tasks.iter().filter(|planned| !state.is_found(planned.task)).copied().collect::<Vec<_>>();
            let millis = state.timing.millis(left).filter(|_| workers > 0 && !state.tasks.is_empty());
            state.shown.seconds_left = millis.map(|millis| millis / 1000.0 / workers as f64);
            (state.shown.all, state.shown.done) = (state.tasks.len(), state.found.len());
            (state.shown.phase, state.shown.workers) = (phase, workers);
            state.shown.clone()
        };
        (self.on_change)(shown);
    }
}

impl MeasureSupervisorState {
    fn new(begin: Option<BeginMeasure>, workers: usize) -> Self {
        Self {
            shown: MeasureState::default(),
            begin,
            tasks: Vec::new(),
            found: Vec::new(),
            timing: TaskTimes::default(),
            crew: Crew::new(MAX_WORKERS, workers),
        }
    }

    fn is_found(&self, task: MeasureTask) -> bool {
        self.found.iter().any(|(known, _)| *known == task)
    }

    /// The first task that is not done and that no worker has.
    fn open(&self) -> Option<PlannedTask> {
        let is_taken = |planned: PlannedTask| self.crew.jobs().any(|job| job == MeasureWorkerJob::Task(planned));
        self.tasks.iter().copied().find(|planned| !self.is_found(planned.task) && !is_taken(*planned))
    }
}

#[cfg(test)]
mod tests;
