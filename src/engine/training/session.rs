//! The order of things in a worker that trains: asks one after the other, steps in between.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;

use super::super::device;
use super::super::shared::{DeviceKind, DeviceReport, Failure, LoadStage};
use super::port;
use super::protocol::{Ask, Begin, Event, Forecast, Request, Tell};
use super::run::{Failed, Run, read};
use super::start::{Recipe, check};
use super::{copies, export};

/// A penalty is computed every so many steps ([`Schedule`](crate::gan::schedule::Schedule)).
const PENALTY_EVERY: f64 = 4.0;
/// Rounds of the warm-up on a graphics card.
const GPU_ROUNDS: usize = 3;
/// A step that takes longer, in milliseconds, is not taken more often than needed.
const SLOW: f64 = 5000.0;

/// Answers the page's requests for as long as the worker lives.
pub fn start() {
    let training = Rc::new(Training::default());
    port::listen(move |request| match request {
        Ok(Request::Train(ask)) => training.accept(ask),
        Err(detail) => port::post(&Event::Failed { failure: Failure::BadRequest, detail }),
    });
}

/// A worker's training, or none yet.
#[derive(Default)]
struct Training {
    asks: RefCell<VecDeque<Ask>>,
    busy: Cell<bool>,
    run: RefCell<Option<Box<Run>>>,
}

impl Training {
    /// Take an ask; it is answered when its turn comes, between two steps.
    fn accept(self: &Rc<Self>, ask: Ask) {
        self.asks.borrow_mut().push_back(ask);
        if !self.busy.replace(true) {
            spawn_local(Rc::clone(self).work());
        }
    }

    async fn work(self: Rc<Self>) {
        let mut run = self.run.take();
        let mut running = false;
        loop {
            let ask = self.asks.borrow_mut().pop_front();
            let done = match (ask, run.as_mut()) {
                (Some(Ask::Begin(begin)), _) => {
                    running = false;
                    match prepare(*begin).await {
                        Ok(ready) => {
                            run = Some(ready);
                            Ok(())
                        }
                        // Without networks there is nothing to go on with.
                        Err((failure, detail)) => {
                            port::post(&Event::Failed { failure, detail });
                            break;
                        }
                    }
                }
                (Some(ask), Some(run)) => answer(ask, run, &mut running).await,
                (Some(_), None) => Err((Failure::BadRequest, "there is no training yet".to_owned())),
                (None, Some(run)) if running => run.step().await,
                (None, _) => break,
            };
            match done {
                Ok(()) => {}
                Err((Failure::BadRequest, detail)) => {
                    port::post(&Event::Training(Tell::Refused { failure: Failure::BadRequest, detail }));
                }
                Err((failure, detail)) => {
                    port::post(&Event::Failed { failure, detail });
                    break;
                }
            }
            port::breathe().await;
        }
        self.run.replace(run);
        self.busy.set(false);
    }
}

async fn answer(ask: Ask, run: &mut Run, running: &mut bool) -> Result<(), Failed> {
    match ask {
        Ask::Begin(_) => {}
        Ask::Go => {
            *running = true;
            tell_running(run, true);
        }
        Ask::Pause => {
            *running = false;
            run.save().await?;
            run.frame().await?;
            tell_running(run, false);
        }
        Ask::Step { who } => {
            *running = false;
            run.step_one(who).await?;
            tell_running(run, false);
        }
        Ask::Tune { tuning } => run.tune(tuning),
        Ask::Copies => copies::compare(run).await?,
        Ask::Export { who } => export::export(run, who).await?,
    }
    Ok(())
}

fn tell_running(run: &Run, running: bool) {
    port::post(&Event::Training(Tell::Running { running, counts: run.counts() }));
}

/// Device, networks, first frame, warm-up.
async fn prepare(begin: Begin) -> Result<Box<Run>, Failed> {
    check(&begin.set)?;
    let stage = |stage| port::post(&Event::Progress { stage, done: 0, total: 0 });
    stage(LoadStage::Weights);
    let recipe = Recipe::of(begin.base.clone(), &begin.set).await?;
    stage(LoadStage::Device);
    let opened = device::open(begin.device).await?;
    if opened.software && !begin.software {
        return Err((Failure::NoGpu, format!("only a software adapter: {}", opened.adapter)));
    }
    if begin.device == DeviceKind::Gpu {
        device::report_panics(|detail| {
            port::post(&Event::Failed { failure: Failure::DeviceLost, detail });
        });
    }
    let (kind, adapter, software) = (begin.device, opened.adapter, opened.software);
    let forecast = warm_up(&begin, &recipe, &opened.device).await?;
    let mut run = Box::new(Run::new(begin, recipe, &opened.device)?);
    let start = port::now();
    run.frame().await?;
    let millis_per_scan = (port::now() - start) / super::protocol::FRAME_SCANS as f64;
    run.save().await?;
    let device = DeviceReport { kind, adapter, software, millis_per_scan, worst_step: 0.0 };
    let (counts, tuning) = (run.counts(), run.tuning);
    port::post(&Event::Training(Tell::Prepared { device, forecast, counts, tuning }));
    Ok(run)
}

/// Real steps on networks that are then thrown away. A graphics card compiles in the first ones, so that only the last
/// round counts; one that is slow has fewer.
async fn warm_up(begin: &Begin, recipe: &Recipe, device: &burn::tensor::Device) -> Result<Forecast, Failed> {
    // A step with the penalty, and one without.
    const ROUND: usize = 2;
    let rounds = match begin.device {
        DeviceKind::Gpu => GPU_ROUNDS,
        DeviceKind::Cpu => 1,
    };
    let total = ROUND * rounds;
    let mut run = Run::new(begin.clone(), recipe.clone(), device)?;
    let mut millis = [0.0; ROUND];
    for done in 0..total {
        port::post(&Event::Training(Tell::Warming { done, total }));
        port::breathe().await;
        let without = done % ROUND;
        let trainer = &mut run.trainer;
        // A multiple of the penalty's period, or one more.
        trainer.steps = trainer.steps.next_multiple_of(PENALTY_EVERY as u64) + without as u64;
        let start = port::now();
        let report = run.warm();
        read(&report, 0.0).await?;
        millis[without] = port::now() - start;
        if without == ROUND - 1 && millis[without] > SLOW {
            break;
        }
    }
    port::post(&Event::Training(Tell::Warming { done: total, total }));
    let step_millis = (millis[0] + (PENALTY_EVERY - 1.0) * millis[1]) / PENALTY_EVERY;
    Ok(Forecast { step_millis, batch: run.tuning.batch })
}
