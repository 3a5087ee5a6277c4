//! Runs an experiment on several workers: deals out the runs, collects them, and replaces workers that are lost.
//!
//! Knows the browser only through the host of its [`Pool`], so that tests put fake workers at the other end.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::state::{LabPhase, LabState};
use crate::engine::lab::protocol::{BeginLab, LabEvent, LabProblem, LabRequest, SIDES, WORKER_NAME};
use crate::lab::arm::Arm;
use crate::ui::logic::cores::MAX_WORKERS;
use crate::worker::{Crew, Host, Loss, Pool, Program, WorkerFailure};

/// Longest silence of a worker. A run on a slow device takes a minute.
const PATIENCE: Duration = Duration::from_secs(300);

/// Returns side and steps, given the milliseconds of a step at each of [`SIDES`].
pub type Choose = Box<dyn Fn([f64; SIDES.len()]) -> (usize, usize)>;

/// The job of a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LabWorkerJob {
    /// One arm of a repetition.
    Run(usize, Arm),
    /// It compares this many whole repetitions.
    Compare(usize),
}

struct LabSupervisorState {
    shown: LabState,
    begin: Option<BeginLab>,
    /// Called once, when the speed is known. None if a link gives side and steps.
    choose: Option<Choose>,
    crew: Crew<LabWorkerJob>,
    /// The repetition of each worker: it has the fakes of this repetition.
    repetition: [Option<usize>; MAX_WORKERS],
    hidden: bool,
    /// Repetitions in [`LabState::results`].
    compared: usize,
}

/// The page's side of an experiment.
#[derive(Clone)]
pub struct LabSupervisor(Rc<LabSupervisorInner>);

struct LabSupervisorInner {
    pool: Pool<LabRequest, LabEvent>,
    program: Program,
    state: RefCell<LabSupervisorState>,
    on_change: Box<dyn Fn(LabState)>,
}

impl LabSupervisor {
    /// A supervisor without an experiment. `script` is the address of the script of the workers; `on_change` is called with
    /// each new state.
    pub fn new(
        host: &Rc<dyn Host<LabRequest, LabEvent>>,
        script: &'static str,
        on_change: impl Fn(LabState) + 'static,
    ) -> Self {
        let state = LabSupervisorState {
            shown: LabState::default(),
            begin: None,
            choose: None,
            crew: Crew::new(MAX_WORKERS, 1),
            repetition: Default::default(),
            hidden: false,
            compared: 0,
        };
        Self(Rc::new_cyclic(|inner: &std::rc::Weak<LabSupervisorInner>| {
            let inner = inner.clone();
            let on_outcome = move |worker, outcome| {
                if let Some(inner) = inner.upgrade() {
                    inner.on_outcome(worker, outcome);
                }
            };
            LabSupervisorInner {
                pool: Pool::new(host, MAX_WORKERS, on_outcome),
                program: Program { script, name: WORKER_NAME, patience: PATIENCE },
                state: state.into(),
                on_change: Box::new(on_change),
            }
        }))
    }

    /// Starts an experiment in place of an earlier one, on at most `workers` workers. If `choose` is given, the speed is
    /// measured first, and `choose` sets the size and the steps.
    pub fn start(&self, begin: BeginLab, workers: usize, choose: Option<Choose>) {
        let inner = &self.0;
        inner.pool.end_all();
        {
            let mut state = inner.state.borrow_mut();
            let phase = if choose.is_some() { LabPhase::Measuring } else { LabPhase::Preparing };
            state.shown = LabState { phase, setup: Some(Arc::new(begin.setup.clone())), ..LabState::default() };
            (state.begin, state.choose) = (Some(begin), choose);
            state.crew = Crew::new(MAX_WORKERS, workers);
            state.compared = 0;
        }
        inner.begin();
    }

    /// Ends all workers. Unfinished runs are lost, and finished ones are kept.
    pub fn stop(&self) {
        let inner = &self.0;
        if inner.is_active() {
            inner.pool.end_all();
            let mut state = inner.state.borrow_mut();
            state.crew.dismiss();
            state.shown.workers = 0;
            drop(state);
            inner.show(LabPhase::Stopped);
        }
    }

    /// Goes on after a stop or a failure of the workers. Finished runs are kept.
    pub fn resume(&self) {
        let inner = &self.0;
        let phase = {
            let mut state = inner.state.borrow_mut();
            let phase = if state.choose.is_some() { LabPhase::Measuring } else { LabPhase::Preparing };
            let may = matches!(state.shown.phase, LabPhase::Stopped | LabPhase::Failed { problem: None, .. });
            state.crew.reset_losses();
            may.then_some(phase)
        };
        if let Some(phase) = phase {
            inner.state.borrow_mut().shown.phase = phase;
            inner.begin();
        }
    }

    /// Whether the tab is in the background. Then no new run begins.
    pub fn set_hidden(&self, hidden: bool) {
        self.0.state.borrow_mut().hidden = hidden;
        match (self.0.phase(), hidden) {
            (LabPhase::Running, true) => self.0.show(LabPhase::Hidden),
            (LabPhase::Hidden, false) => {
                self.0.show(LabPhase::Running);
                self.0.deal();
            }
            _ => {}
        }
    }
}

impl LabSupervisorInner {
    fn phase(&self) -> LabPhase {
        self.state.borrow().shown.phase.clone()
    }

    fn is_active(&self) -> bool {
        self.phase().is_active()
    }

    fn show(&self, phase: LabPhase) {
        let shown = {
            let mut state = self.state.borrow_mut();
            state.shown.phase = phase;
            state.shown.workers = state.crew.present();
            state.shown.clone()
        };
        (self.on_change)(shown);
    }

    /// Starts the first worker. It compiles the program, so the others wait for it.
    fn begin(&self) {
        {
            let mut state = self.state.borrow_mut();
            state.crew.dismiss();
            state.repetition = Default::default();
        }
        self.start_worker(0);
        if self.is_active() {
            self.show(self.phase());
        }
    }

    fn start_worker(&self, worker: usize) {
        let request = {
            let mut state = self.state.borrow_mut();
            let Some(begin) = state.begin.clone() else { return };
            state.crew.start(worker);
            state.repetition[worker] = None;
            match state.choose {
                Some(_) => LabRequest::Measure { learner: begin.setup.learner },
                None => LabRequest::Begin(Box::new(begin)),
            }
        };
        let started = self.pool.member(worker).start(&self.program);
        if let Err(failure) = started.and_then(|()| self.pool.member(worker).request(request)) {
            self.lose(worker, &failure);
        }
    }

    fn on_outcome(&self, worker: usize, outcome: Result<LabEvent, WorkerFailure>) {
        if outcome.is_ok() {
            self.pool.member(worker).rest();
        }
        match outcome {
            Ok(LabEvent::Measured { millis }) => {
                {
                    let mut state = self.state.borrow_mut();
                    let chosen = state.choose.take().map(|choose| choose(millis));
                    if let (Some((size, steps)), Some(begin)) = (chosen, &mut state.begin) {
                        (begin.setup.size, begin.setup.learning.steps) = (size, steps);
                        state.shown.setup = Some(Arc::new(begin.setup.clone()));
                    }
                }
                let begin = self.state.borrow().begin.clone();
                if let Some(begin) = begin {
                    self.send(worker, LabRequest::Begin(Box::new(begin)));
                }
                self.show(LabPhase::Preparing);
            }
            Ok(LabEvent::Ready { units }) => {
                {
                    let mut state = self.state.borrow_mut();
                    state.crew.ready(worker);
                    state.shown.units = Arc::new(units);
                }
                let hidden = self.state.borrow().hidden;
                self.show(if hidden { LabPhase::Hidden } else { LabPhase::Running });
                self.start_others();
                self.deal();
            }
            Ok(LabEvent::Ran { run, millis }) => {
                {
                    let mut state = self.state.borrow_mut();
                    state.crew.finish(worker);
                    let shown = &mut state.shown;
                    let known = shown.runs.iter().any(|own| (own.arm, own.repetition) == (run.arm, run.repetition));
                    if !known {
                        let count = shown.runs.len() as f64;
                        shown.millis = (shown.millis * count + millis) / (count + 1.0);
                        Arc::make_mut(&mut shown.runs).push(run);
                    }
                }
                self.show(self.phase());
                self.next(worker);
            }
            Ok(LabEvent::Compared { results }) => {
                {
                    let mut state = self.state.borrow_mut();
                    if let Some(LabWorkerJob::Compare(whole)) = state.crew.finish(worker) {
                        state.compared = state.compared.max(whole);
                        state.shown.results = results;
                    }
                }
                self.show(self.phase());
                self.next(worker);
            }
            Ok(LabEvent::Refused { problem, detail }) => self.fail(Some(problem), detail),
            Ok(LabEvent::Failed { detail }) => self.fail(Some(LabProblem::Other), detail),
            Err(failure) => self.lose(worker, &failure),
        }
    }

    fn send(&self, worker: usize, request: LabRequest) {
        if let Err(failure) = self.pool.member(worker).request(request) {
            self.lose(worker, &failure);
        }
    }

    fn fail(&self, problem: Option<LabProblem>, detail: String) {
        self.pool.end_all();
        self.state.borrow_mut().crew.dismiss();
        self.show(LabPhase::Failed { problem, detail });
    }

    /// A worker is gone. Another one replaces it, and its unfinished run is made again.
    fn lose(&self, worker: usize, failure: &WorkerFailure) {
        self.pool.member(worker).end();
        let loss = {
            let mut state = self.state.borrow_mut();
            state.shown.losses += 1;
            state.crew.lose(worker)
        };
        match loss {
            Loss::Replace => self.start_worker(worker),
            Loss::GoOn => {}
            Loss::GiveUp => return self.fail(None, failure.to_string()),
        }
        if self.is_active() {
            self.show(self.phase());
        }
    }

    fn start_others(&self) {
        let missing = self.state.borrow().crew.missing();
        for worker in missing {
            // An earlier worker in this loop may have failed for good.
            if self.is_active() {
                self.start_worker(worker);
            }
        }
    }

    /// Gives every idle worker something to do.
    fn deal(&self) {
        let idle = self.state.borrow().crew.idle();
        for worker in idle {
            // An earlier worker in this loop may have finished the experiment, or failed for good.
            if self.is_active() {
                self.next(worker);
            }
        }
    }

    /// Gives an idle worker its next work: a comparison if another repetition is complete since the last comparison, else a
    /// run.
    fn next(&self, worker: usize) {
        let request = {
            let mut state = self.state.borrow_mut();
            let whole = state.shown.whole();
            let done = state.shown.runs.len() >= state.shown.all();
            let comparing = state.crew.jobs().any(|job| matches!(job, LabWorkerJob::Compare(_)));
            if whole > state.compared && whole > 1 && !comparing {
                state.crew.assign(worker, LabWorkerJob::Compare(whole));
                Some(LabRequest::Compare { runs: state.shown.runs.as_ref().clone() })
            } else if done || state.hidden {
                None
            } else {
                let chosen = state.choice(worker);
                chosen.map(|(repetition, arm)| {
                    state.crew.assign(worker, LabWorkerJob::Run(repetition, arm));
                    state.repetition[worker] = Some(repetition);
                    LabRequest::Run { arm, repetition }
                })
            }
        };
        match request {
            Some(request) => self.send(worker, request),
            None => self.finish(),
        }
    }

    /// Ends the workers when all is done.
    fn finish(&self) {
        let finished = {
            let state = self.state.borrow();
            let done = state.shown.runs.len() >= state.shown.all();
            done && state.shown.setup.is_some() && state.crew.jobs().next().is_none()
        };
        if finished {
            self.pool.end_all();
            self.state.borrow_mut().crew.dismiss();
            self.show(LabPhase::Finished);
        }
    }
}

impl LabSupervisorState {
    /// The next run for a worker: from its own repetition, else from one that no worker has, else from any.
    fn choice(&self, worker: usize) -> Option<(usize, Arm)> {
        let repetitions = self.shown.setup.as_ref().map_or(0, |setup| setup.repetitions);
        let open = |repetition: usize| {
            Arm::ALL.into_iter().find(|arm| {
                let done = self.shown.runs.iter().any(|run| (run.repetition, run.arm) == (repetition, *arm));
                !done && !self.crew.jobs().any(|job| job == LabWorkerJob::Run(repetition, *arm))
            })
        };
        let taken = |repetition: usize| {
            (0..MAX_WORKERS).any(|other| {
                other != worker && self.crew.is_present(other) && self.repetition[other] == Some(repetition)
            })
        };
        let with_arm = |repetition: usize| Some((repetition, open(repetition)?));
        self.repetition[worker]
            .and_then(with_arm)
            .or_else(|| (0..repetitions).filter(|repetition| !taken(*repetition)).find_map(with_arm))
            .or_else(|| (0..repetitions).find_map(with_arm))
    }
}

#[cfg(test)]
mod tests;
