//! The session of a worker that trains: answers requests one after the other, and takes steps in between.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;

use super::followers::WorkerFollowers;
use super::protocol::{Begin, FRAME_SCANS, StartFrom, TeamJudge, TeamSetup, TrainingEvent, TrainingRequest};
use super::run::{TrainingRun, lost, sampler};
use super::start::{FailureReport, InitialState, check, initial_state};
use crate::engine::device;
use crate::engine::shared::{DeviceKind, DeviceReport, Failure, LoadStage};
use crate::gan::checkpoint;
use crate::gan::train::{TrainSettings, TrainState};
use crate::training::FollowerId;
use crate::training::measurement::Forecast;
use crate::training::team::Team;
use crate::training::training_loop::read_losses;
use crate::worker::{Port, port};

/// Rounds of the warm-up on a graphics card, which compiles its programs in the first ones.
const GPU_ROUNDS: usize = 3;
/// Rounds of the warm-up on the processor: browsers compile a function with more care once it has run for a while.
const CPU_ROUNDS: usize = 2;
/// The warm-up on a graphics card ends after a step that takes longer than this, in milliseconds.
const SLOW_GPU_STEP: f64 = 5000.0;
/// The same on the processor.
const SLOW_CPU_STEP: f64 = 2000.0;

/// The training of this worker, if it has begun.
struct TrainingSession {
    requests: RefCell<VecDeque<TrainingRequest>>,
    busy: Cell<bool>,
    run: RefCell<Option<Box<TrainingRun>>>,
    followers: WorkerFollowers,
}

/// Answers the requests of the page for as long as the worker lives.
pub fn start() {
    let (requests, busy, run) = Default::default();
    let session = Rc::new(TrainingSession { requests, busy, run, followers: WorkerFollowers::new() });
    port::listen(move |request| match request {
        Ok(request) => session.accept(request),
        Err(detail) => port::post(TrainingEvent::Failed { failure: Failure::BadRequest, detail }),
    });
}

impl TrainingSession {
    /// Takes a request. It is answered when its turn comes, between two steps. Followers come and go at once, because a step
    /// may wait for one.
    fn accept(self: &Rc<Self>, request: TrainingRequest) {
        match request {
            TrainingRequest::AddFollower { id, port } => return self.add_follower(id, port),
            TrainingRequest::RemoveFollower { id } => return self.followers.remove(id),
            request => self.requests.borrow_mut().push_back(request),
        }
        if !self.busy.replace(true) {
            spawn_local(Rc::clone(self).work());
        }
    }

    fn add_follower(&self, id: FollowerId, port: Option<Port>) {
        let added = match port {
            Some(port) => self.followers.add(id, port),
            None => Err("no channel".to_owned()),
        };
        if added.is_err() {
            port::post(TrainingEvent::FollowerLost { id });
        }
    }

    async fn work(self: Rc<Self>) {
        let mut run = self.run.take();
        loop {
            let request = self.requests.borrow_mut().pop_front();
            let done = match (request, run.as_mut()) {
                (Some(TrainingRequest::Begin(begin)), _) => {
                    match prepare(*begin, &self.followers).await {
                        Ok(ready) => {
                            run = Some(ready);
                            Ok(())
                        }
                        // Without networks nothing else can be done.
                        Err((failure, detail)) => {
                            port::post(TrainingEvent::Failed { failure, detail });
                            break;
                        }
                    }
                }
                (Some(request), Some(run)) => run.answer(request).await,
                (Some(_), None) => Err((Failure::BadRequest, "there is no training yet".to_owned())),
                (None, Some(run)) if run.running => run.step().await,
                (None, _) => break,
            };
            match done {
                Ok(()) => {}
                Err((failure @ Failure::BadRequest, detail)) => port::post(TrainingEvent::Refused { failure, detail }),
                Err((failure, detail)) => {
                    port::post(TrainingEvent::Failed { failure, detail });
                    break;
                }
            }
            port::yield_now().await;
        }
        self.run.replace(run);
        self.busy.set(false);
    }
}

/// Opens the device, makes the networks, warms up, and sends the first frame and the first checkpoint.
async fn prepare(mut begin: Begin, followers: &WorkerFollowers) -> Result<Box<TrainingRun>, FailureReport> {
    check(&begin.set)?;
    let stage = |stage| port::post(TrainingEvent::Progress { stage, done: 0, total: 0 });
    stage(LoadStage::Device);
    let opened = device::open(begin.device).await?;
    if opened.software && !begin.software {
        return Err((Failure::NoGpu, format!("only a software adapter: {}", opened.adapter)));
    }
    if begin.device == DeviceKind::Gpu {
        device::report_panics(|detail| port::post(TrainingEvent::Failed { failure: Failure::DeviceLost, detail }));
    }
    stage(LoadStage::Weights);
    // The files are not needed a second time, so their memory is freed.
    let start = std::mem::replace(&mut begin.start, StartFrom::Stored);
    let judge = begin.judge.take();
    let numbers = (begin.tuning.clamped(), begin.seed);
    let mut initial = initial_state(start, judge, &begin.set, numbers, &opened.device).await?;
    let (kind, adapter, software) = (begin.device, opened.adapter, opened.software);
    let mut team = Team::default();
    if kind == DeviceKind::Cpu {
        followers.begin(team_setup(&begin, &initial));
        followers.wait_for(begin.followers).await;
        team = Team::new(Box::new(followers.clone()));
    }
    let forecast;
    (initial.state, forecast) = warm_up(&begin, initial.state, &mut team).await?;
    let mut run = Box::new(TrainingRun::new(begin, initial, team).await?);
    let start = port::now();
    run.draw_frame().await?;
    let millis_per_scan = (port::now() - start) / FRAME_SCANS as f64;
    run.measure_distance().await?;
    run.save().await?;
    let device = DeviceReport { kind, adapter, software, millis_per_scan, worst_step: 0.0 };
    let (counts, tuning, workers) = (run.training.counts(), run.reporter.tuning, run.training.team.at_work());
    let judged = run.training.state.judge.is_some();
    port::post(TrainingEvent::Prepared { device, forecast, counts, tuning, workers, judged });
    Ok(run)
}

fn team_setup(begin: &Begin, initial: &InitialState) -> TeamSetup {
    let TrainSettings { preset, classes, seed, trainable, .. } = initial.state.settings;
    let judge = initial.state.judge.as_ref().zip(initial.judge.clone());
    let judge = judge.map(|(judge, network)| TeamJudge { weight: judge.weight, network });
    TeamSetup { preset: preset.name.to_owned(), classes, seed, trainable, judge, train: begin.set.train.clone() }
}

/// Measures the time of a step with real steps, whose results are thrown away. Only the last round counts.
async fn warm_up(
    begin: &Begin,
    mut state: TrainState,
    team: &mut Team,
) -> Result<(TrainState, Forecast), FailureReport> {
    // One step with the gradient penalty, one without.
    const ROUND: usize = 2;
    let (rounds, slow) = match begin.device {
        DeviceKind::Gpu => (GPU_ROUNDS, SLOW_GPU_STEP),
        DeviceKind::Cpu => (CPU_ROUNDS, SLOW_CPU_STEP),
    };
    let total = ROUND * rounds;
    let failed = |error: checkpoint::CheckpointError| (Failure::DeviceLost, error.to_string());
    let untouched = checkpoint::encode(&state, "").await.map_err(failed)?;
    begin.tuning.clamped().apply(&mut state);
    let slices = sampler(&begin.set.train, begin.set.classes.len());
    let penalty_every = state.settings.schedule.penalty_every.max(1);
    let mut millis = [0.0; ROUND];
    for done in 0..total {
        port::post(TrainingEvent::Warming { done, total });
        port::yield_now().await;
        let without = done % ROUND;
        // A multiple of the interval has the penalty, the step after it has none.
        state.steps = state.steps.next_multiple_of(penalty_every) + without as u64;
        let start = port::now();
        let output = team.step(&mut state, &slices, 0.0).await.map_err(lost)?;
        read_losses(output, 0.0).await.map_err(lost)?;
        millis[without] = port::now() - start;
        if without == ROUND - 1 && millis[without] > slow {
            break;
        }
    }
    port::post(TrainingEvent::Warming { done: total, total });
    let [with, without] = millis;
    let interval = penalty_every as f64;
    let step_millis = (with + (interval - 1.0) * without) / interval;
    let forecast = Forecast { step_millis, batch: state.settings.batch };
    let backbone = state.judge.as_ref().map(|judge| &judge.backbone);
    let (state, _) = checkpoint::decode_with(&untouched, backbone, &state.device).map_err(failed)?;
    team.networks_changed();
    Ok((state, forecast))
}
