//! Supervises the worker that trains: starts it, sends requests, restarts it from the last checkpoint when it fails, and keeps
//! the phase of the training.
//!
//! Knows the browser only through the host of its [`Link`], so that tests put a fake worker at the other end.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use serde_bytes::ByteBuf;

use super::followers::FollowerPool;
use super::phase::{Pause, TrainingPhase};
use crate::engine::shared::{DeviceKind, LoadStage};
use crate::engine::training::protocol::{
    Begin, FollowerEvent, FollowerRequest, StartFrom, TrainingEvent, TrainingRequest, Tuning, WORKER_NAME,
};
use crate::gan::preset::Network;
use crate::ui::logic::trouble::{Trouble, TroubleReport};
use crate::worker::{Host, Link, Program, WorkerFailure};

/// Longest silence of a worker on the processor.
const PATIENCE_CPU: Duration = Duration::from_secs(90);
/// Longest silence of a worker on the graphics card. While it compiles programs it sends nothing for a long time.
const PATIENCE_GPU: Duration = Duration::from_secs(240);
/// Failures in a row, without a checkpoint in between, after which the worker is started again.
const MAX_RESTARTS: u32 = 2;

/// The program of a worker that trains. `script` is its address.
pub fn program(script: &'static str, device: DeviceKind) -> Program {
    let patience = match device {
        DeviceKind::Gpu => PATIENCE_GPU,
        DeviceKind::Cpu => PATIENCE_CPU,
    };
    Program { script, name: WORKER_NAME, patience }
}

/// What the supervisor reports.
#[derive(Debug)]
pub enum SupervisorUpdate {
    /// The phase of the training.
    Phase(TrainingPhase),
    /// An event of the worker, for what it has measured or made.
    Event(TrainingEvent),
}

/// Called with a weights file, or with the reason why there is none (English).
pub type OnExport = Box<dyn FnOnce(Result<Vec<u8>, String>)>;

/// The page's side of a training.
#[derive(Clone)]
pub struct TrainingSupervisor(Rc<SupervisorInner>);

struct SupervisorInner {
    script: &'static str,
    link: Link<TrainingRequest, TrainingEvent>,
    /// Workers that help, if it trains on the processor.
    followers: FollowerPool,
    state: RefCell<SupervisorState>,
    on_update: Box<dyn Fn(SupervisorUpdate)>,
}

struct SupervisorState {
    phase: TrainingPhase,
    /// The first request of the training, to restart it if the worker fails.
    begin: Option<Begin>,
    /// The last checkpoint, unless it is on disk.
    checkpoint: Option<Rc<Vec<u8>>>,
    /// Whether the last checkpoint is on disk.
    on_disk: bool,
    /// Whether the worker has answered. Followers start after that, so that they need not compile their program anew.
    answered: bool,
    /// Whether the worker has networks.
    prepared: bool,
    /// Whether the visitor wants it to run.
    wanted: bool,
    /// Failures since the last checkpoint.
    failures: u32,
    /// Requested weights files, oldest first.
    exports: Vec<(Network, OnExport)>,
    /// Whether a comparison with the training slices is on its way.
    comparing: bool,
    /// Whether the page chose the device, and may choose another.
    automatic: bool,
    /// Whether the tab is in the background.
    hidden: bool,
}

impl SupervisorState {
    /// Number of followers it takes; 0 on a graphics card.
    fn followers(&self) -> usize {
        let begin = self.begin.as_ref().filter(|begin| begin.device == DeviceKind::Cpu);
        begin.map_or(0, |begin| begin.followers)
    }

    /// What a new worker begins with: the last checkpoint, or the same start if there is none.
    fn resumption(&self) -> Option<Begin> {
        let mut begin = self.begin.clone()?;
        if self.on_disk {
            begin.start = StartFrom::Stored;
        } else if let Some(bytes) = &self.checkpoint {
            begin.start = StartFrom::Checkpoint { bytes: ByteBuf::from(bytes.as_ref().clone()) };
        }
        Some(begin)
    }
}

impl TrainingSupervisor {
    /// A supervisor without a training. `script` is the address of the script of both kinds of workers; `on_update` is called
    /// with all that changes.
    pub fn new(
        host: Rc<dyn Host<TrainingRequest, TrainingEvent>>,
        follower_host: Rc<dyn Host<FollowerRequest, FollowerEvent>>,
        script: &'static str,
        on_update: impl Fn(SupervisorUpdate) + 'static,
    ) -> Self {
        let state = SupervisorState {
            phase: TrainingPhase::Idle,
            begin: None,
            checkpoint: None,
            on_disk: false,
            answered: false,
            prepared: false,
            wanted: false,
            failures: 0,
            exports: Vec::new(),
            comparing: false,
            automatic: true,
            hidden: false,
        };
        Self(Rc::new_cyclic(|inner: &std::rc::Weak<SupervisorInner>| {
            let (worker, leader) = (inner.clone(), inner.clone());
            let on_outcome = move |outcome| {
                if let Some(inner) = worker.upgrade() {
                    inner.on_outcome(outcome);
                }
            };
            let to_leader = move |request| {
                if let Some(inner) = leader.upgrade() {
                    inner.sent(inner.link.notify(request));
                }
            };
            SupervisorInner {
                script,
                link: Link::new(host, on_outcome),
                followers: FollowerPool::new(follower_host, script, to_leader),
                state: state.into(),
                on_update: Box::new(on_update),
            }
        }))
    }

    /// Ends the training, forgets its checkpoint, and enters a phase. Returns a token for [`begin`](Self::begin).
    pub fn reset(&self, phase: TrainingPhase) -> u32 {
        let inner = &self.0;
        inner.end("the training was ended");
        inner.change(|state| {
            (state.begin, state.checkpoint, state.on_disk) = (None, None, false);
            (state.failures, state.wanted) = (0, false);
        });
        inner.set_phase(phase);
        inner.link.generation()
    }

    /// Starts a worker and begins a training. Does nothing if the training was reset or stopped after `token` was given out.
    /// `automatic` says that the page chose the device.
    pub fn begin(&self, token: u32, begin: Begin, automatic: bool) {
        if self.0.link.generation() == token {
            self.0.change(|state| state.automatic = automatic);
            self.0.launch(begin);
        }
    }

    /// After a failure or a stop: goes on from the last checkpoint, or from the start if there is none, on another device if
    /// one is given. False if nothing was begun.
    pub fn resume(&self, device: Option<DeviceKind>) -> bool {
        let begin = self.0.change(|state| {
            let mut begin = state.resumption()?;
            state.failures = 0;
            if let Some(device) = device {
                (begin.device, begin.software) = (device, true);
            }
            Some(begin)
        });
        let Some(begin) = begin else { return false };
        self.0.set_phase(TrainingPhase::Loading(LoadStage::Device));
        self.0.launch(begin);
        true
    }

    /// Trains, if it is paused.
    pub fn go(&self) {
        if matches!(self.0.phase(), TrainingPhase::Paused(_)) {
            self.0.change(|state| state.wanted = true);
            self.0.request(TrainingRequest::Go);
        }
    }

    /// Pauses after the current step.
    pub fn pause(&self) {
        self.0.change(|state| state.wanted = false);
        self.0.pause(Pause::Asked);
    }

    /// Trains one network for one step, then pauses.
    pub fn step(&self, network: Network) {
        if matches!(self.0.phase(), TrainingPhase::Running | TrainingPhase::Paused(_)) {
            self.0.change(|state| state.wanted = false);
            self.0.set_phase(TrainingPhase::Paused(Pause::Stepping));
            self.0.request(TrainingRequest::Step { network });
        }
    }

    /// Ends the worker. The training can be [resumed](Self::resume); it then runs if it ran before.
    pub fn stop(&self) {
        self.0.end("the training was stopped");
        self.0.set_phase(TrainingPhase::Stopped);
    }

    /// Changes the hyperparameters.
    pub fn tune(&self, tuning: Tuning) {
        let prepared = self.0.change(|state| {
            if let Some(begin) = state.begin.as_mut() {
                begin.tuning = tuning;
            }
            state.prepared
        });
        if prepared {
            self.0.sent(self.0.link.notify(TrainingRequest::Tune { tuning }));
        }
    }

    /// Changes how many followers help, also while it trains.
    pub fn set_followers(&self, count: usize) {
        let now = self.0.change(|state| {
            if let Some(begin) = state.begin.as_mut() {
                begin.followers = count;
            }
            state.answered.then(|| state.followers())
        });
        if let Some(count) = now {
            self.0.followers.resize(count);
        }
    }

    /// Compares samples with the training slices: of the best generator so far, or of the `last`.
    pub fn compare_copies(&self, last: bool) {
        if self.is_prepared() {
            self.0.change(|state| state.comparing = true);
            self.0.request(TrainingRequest::CompareCopies { last });
        }
    }

    /// Asks for a network as a weights file. The generator is the best so far, or the `last`.
    pub fn export(&self, network: Network, last: bool, on_export: OnExport) {
        if !self.is_prepared() {
            return on_export(Err("there is no training at work".to_owned()));
        }
        self.0.change(|state| state.exports.push((network, on_export)));
        self.0.request(TrainingRequest::Export { network, last });
    }

    /// Whether the worker has networks.
    pub fn is_prepared(&self) -> bool {
        self.0.state.borrow().prepared
    }

    /// Pauses while the tab is in the background, because the browser slows it down there. Goes on when it comes back.
    pub fn set_hidden(&self, hidden: bool) {
        self.0.change(|state| state.hidden = hidden);
        match self.0.phase() {
            TrainingPhase::Running if hidden => self.0.pause(Pause::Hidden),
            TrainingPhase::Paused(Pause::Hidden) if !hidden => self.0.request(TrainingRequest::Go),
            _ => {}
        }
    }
}

impl SupervisorInner {
    /// Changes the state. The state is not borrowed while other code runs.
    fn change<T>(&self, change: impl FnOnce(&mut SupervisorState) -> T) -> T {
        change(&mut self.state.borrow_mut())
    }

    fn phase(&self) -> TrainingPhase {
        self.state.borrow().phase.clone()
    }

    fn set_phase(&self, phase: TrainingPhase) {
        self.change(|state| state.phase = phase.clone());
        (self.on_update)(SupervisorUpdate::Phase(phase));
    }

    /// Enters a phase of loading, unless the visitor is told that a failed worker is replaced.
    fn set_loading_phase(&self, phase: TrainingPhase) {
        if !matches!(self.phase(), TrainingPhase::Recovering(_)) {
            self.set_phase(phase);
        }
    }

    fn launch(&self, begin: Begin) {
        let program = program(self.script, begin.device);
        self.followers.end();
        self.change(|state| {
            (state.answered, state.prepared) = (false, false);
            state.begin = Some(begin.clone());
        });
        let request = || self.link.request(TrainingRequest::Begin(Box::new(begin)));
        self.sent(self.link.start(&program).and_then(|()| request()));
    }

    fn request(&self, request: TrainingRequest) {
        self.sent(self.link.request(request));
    }

    fn sent(&self, sent: Result<(), WorkerFailure>) {
        if let Err(failure) = sent {
            self.fail(Trouble::from(&failure), failure.to_string());
        }
    }

    fn pause(&self, why: Pause) {
        match self.phase() {
            TrainingPhase::Running => {
                self.set_phase(TrainingPhase::Paused(why));
                self.request(TrainingRequest::Pause);
            }
            TrainingPhase::Paused(_) => self.set_phase(TrainingPhase::Paused(why)),
            _ => {}
        }
    }

    /// Terminates the worker and answers the exports that wait for it.
    fn end(&self, why: &str) {
        self.link.end();
        self.followers.end();
        let exports = self.change(|state| {
            (state.answered, state.prepared, state.comparing) = (false, false, false);
            std::mem::take(&mut state.exports)
        });
        for (_, on_export) in exports {
            on_export(Err(why.to_owned()));
        }
    }

    /// The worker failed. Starts a new one from the last checkpoint, if that may help.
    fn fail(&self, trouble: Trouble, detail: String) {
        let next = self.change(|state| {
            state.failures += 1;
            let on_gpu = state.begin.as_ref().is_some_and(|begin| begin.device == DeviceKind::Gpu);
            // Leaves a graphics card that cannot even begin, or that fails twice, if the visitor did not choose it.
            let leave = on_gpu && state.automatic && (!state.prepared || state.failures > 1);
            let restart = state.prepared && !is_final(trouble) && state.failures <= MAX_RESTARTS;
            if !leave && !restart {
                return None;
            }
            let mut begin = state.resumption()?;
            if leave {
                begin.device = DeviceKind::Cpu;
                state.failures = 0;
            }
            Some(begin)
        });
        self.end("the worker was lost");
        match next {
            Some(begin) => {
                self.set_phase(TrainingPhase::Recovering(trouble));
                self.launch(begin);
            }
            None => self.set_phase(TrainingPhase::Failed(TroubleReport { trouble, detail })),
        }
    }
}

/// Whether the same request would fail again.
fn is_final(trouble: Trouble) -> bool {
    matches!(trouble, Trouble::WeightsMissing | Trouble::WeightsBroken | Trouble::JudgeMissing | Trouble::Refused)
}

mod events;
#[cfg(test)]
mod tests;
