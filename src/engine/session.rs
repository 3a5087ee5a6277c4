//! What an engine is doing: nothing, loading, or making scans.
//!
//! Requests queue; one is worked on at a time, because two futures must never share a device. A new job
//! makes the running one stop between two batches.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use burn::tensor::{Device, ExecutionError};
use sha2::{Digest, Sha256};
use wasm_bindgen_futures::spawn_local;

use super::protocol::{Event, MAX_SCANS, ModelInfo, Request, Verdicts};
use super::shared::{DeviceKind, DeviceReport, Failure, LoadStage, Source};
use super::{device, fetch, port};
use crate::gan::discriminator_model::DiscriminatorModel;
use crate::gan::generator_model::GeneratorModel;
use crate::gan::preset::{ScanSpec, Style};
use crate::gan::weights_error::WeightsError;
use crate::slice::{LabelledSlice, Slice};

/// Scans that the graphics card makes at once. Always as many, since every new shape is compiled anew.
const GPU_BATCH: usize = 4;
/// Scans that the processor makes at once: the fewer, the sooner the first is seen and a job cancelled.
const CPU_BATCH: usize = 1;
/// Largest difference from the stored answer that passes the self-test, in steps of 1/255.
const TOLERANCE: f32 = 1.0;
/// A self-test batch that takes longer is not repeated, in milliseconds.
const SLOW: f64 = 1000.0;

type Failed = (Failure, String);

/// What went wrong, and whether more than one job is lost with it.
enum Trouble {
    Engine(Failure, String),
    Job(u32, Failure, String),
}

impl From<Failed> for Trouble {
    fn from((failure, detail): Failed) -> Self {
        Self::Engine(failure, detail)
    }
}

/// An engine that has not loaded anything yet.
#[derive(Default)]
struct Session {
    queue: RefCell<VecDeque<Request>>,
    busy: Cell<bool>,
    /// Counts jobs and cancellations: a job goes on while this stays the same.
    turn: Cell<u64>,
    loaded: RefCell<Option<Rc<Loaded>>>,
    #[cfg(feature = "gpu")]
    training: Rc<super::training::session::Training>,
}

struct Loaded {
    model: Rc<GeneratorModel>,
    kind: DeviceKind,
    device: Device,
    /// What was fetched beside the model, by address.
    stages: RefCell<HashMap<String, Rc<GeneratorModel>>>,
    judges: RefCell<HashMap<String, Rc<DiscriminatorModel>>>,
}

/// Answer the page's requests for as long as the worker lives.
pub fn start() {
    let session = Rc::new(Session::default());
    port::listen(move |request| match request {
        #[cfg(feature = "gpu")]
        Ok(Request::Train(ask)) => session.training.accept(ask),
        Ok(request) => Rc::clone(&session).accept(request),
        Err(detail) => port::post(&Event::Failed { failure: Failure::BadRequest, detail }),
    });
}

impl Session {
    fn accept(self: Rc<Self>, request: Request) {
        self.turn.set(self.turn.get() + 1);
        // Only the newest wish counts.
        self.queue.borrow_mut().retain(|waiting| matches!(waiting, Request::Load { .. }));
        if request != Request::Cancel {
            self.queue.borrow_mut().push_back(request);
        }
        if !self.busy.replace(true) {
            spawn_local(self.work());
        }
    }

    async fn work(self: Rc<Self>) {
        loop {
            let next = self.queue.borrow_mut().pop_front();
            let Some(request) = next else { break };
            let turn = self.turn.get();
            let done = match request {
                Request::Load { weights, device } => self.load(weights, device).await,
                Request::Generate { job, scans, style, stage } => {
                    self.generate(job, &scans, &style, stage.as_deref(), turn).await
                }
                Request::Layers { job, scan, style } => self.layers(job, &scan, &style).await,
                Request::Judge { job, weights, scans } => self.judge(job, &weights, &scans, turn).await,
                Request::Train(_) => {
                    let detail = "this engine is the one that does not train".to_owned();
                    Err(Trouble::Engine(Failure::BadRequest, detail))
                }
                Request::Cancel => Ok(()),
            };
            match done {
                Ok(()) => {}
                Err(Trouble::Engine(failure, detail)) => port::post(&Event::Failed { failure, detail }),
                Err(Trouble::Job(job, failure, detail)) => port::post(&Event::Refused { job, failure, detail }),
            }
        }
        self.busy.set(false);
    }

    async fn load(&self, weights: Source, kind: DeviceKind) -> Result<(), Trouble> {
        self.loaded.replace(None);
        let stage = |stage| port::post(&Event::Progress { stage, done: 0, total: 0 });
        stage(LoadStage::Weights);
        let bytes = fetch::file(weights, show_progress).await?;
        stage(LoadStage::Device);
        let opened = device::open(kind).await?;
        if kind == DeviceKind::Gpu {
            device::report_panics(|detail| {
                port::post(&Event::Failed { failure: Failure::DeviceLost, detail });
            });
        }
        let model = GeneratorModel::from_bytes(&bytes, &opened.device).map_err(broken)?;
        stage(LoadStage::SelfTest);
        let (worst_step, millis_per_scan) = self_test(&model, kind).await.map_err(lost)?;
        if worst_step > TOLERANCE {
            return Err(Trouble::Engine(Failure::SelfTest, format!("off by {worst_step:.2} steps of 1/255")));
        }
        let report =
            DeviceReport { kind, adapter: opened.adapter, software: opened.software, millis_per_scan, worst_step };
        let info = info(&model, &bytes);
        let (stages, judges) = Default::default();
        let loaded = Loaded { model: Rc::new(model), kind, device: opened.device, stages, judges };
        self.loaded.replace(Some(Rc::new(loaded)));
        port::post(&Event::Ready { device: report, model: info });
        Ok(())
    }

    async fn generate(
        &self,
        job: u32,
        scans: &[ScanSpec],
        style: &Style,
        stage: Option<&str>,
        turn: u64,
    ) -> Result<(), Trouble> {
        let loaded = self.loaded(job)?;
        check_count(job, scans.len())?;
        let model = match stage {
            None => Rc::clone(&loaded.model),
            Some(address) => loaded.stage(address).await.map_err(|(why, detail)| Trouble::Job(job, why, detail))?,
        };
        let size = model.size();
        let batch = batch(loaded.kind);
        let start = port::now();
        for (i, part) in scans.chunks(batch).enumerate() {
            if self.turn.get() != turn {
                return Ok(());
            }
            let made = draw(&model, part, style, batch).await.map_err(lost)?;
            let bytes = Slice::concat(&made);
            let event = Event::Scans { job, first: i * batch, count: part.len(), size };
            if self.turn.get() == turn {
                port::post_with_bytes(&event, &bytes);
            }
            port::breathe().await;
        }
        if self.turn.get() == turn {
            port::post(&Event::Done { job, millis: port::now() - start });
        }
        Ok(())
    }

    async fn layers(&self, job: u32, scan: &ScanSpec, style: &Style) -> Result<(), Trouble> {
        let loaded = self.loaded(job)?;
        let start = port::now();
        let layers = loaded.model.layers(scan, style).await.map_err(lost)?;
        port::post(&Event::Layers { job, layers });
        port::post(&Event::Done { job, millis: port::now() - start });
        Ok(())
    }

    async fn judge(&self, job: u32, address: &str, scans: &[LabelledSlice], turn: u64) -> Result<(), Trouble> {
        let loaded = self.loaded(job)?;
        check_count(job, scans.len())?;
        let judge = loaded.judge(address).await.map_err(|(why, detail)| Trouble::Job(job, why, detail))?;
        let side = judge.size();
        if !scans.iter().all(|scan| scan.slice.has_size(side)) {
            return Err(Trouble::Job(job, Failure::BadRequest, format!("a scan is not {side} x {side}")));
        }
        let start = port::now();
        let batch = batch(loaded.kind);
        let mut logits = Vec::with_capacity(scans.len());
        for part in scans.chunks(batch) {
            if self.turn.get() != turn {
                return Ok(());
            }
            let mut full = part.to_vec();
            full.resize(batch, part[0].clone()); // ever the same shape: see `GPU_BATCH`
            let judged = judge.logits(&full).await.map_err(lost)?;
            logits.extend(judged.into_iter().take(part.len()));
            port::breathe().await;
        }
        let verdicts = Verdicts { logits, reference: judge.reference().clone() };
        port::post(&Event::Verdicts { job, verdicts });
        port::post(&Event::Done { job, millis: port::now() - start });
        Ok(())
    }

    fn loaded(&self, job: u32) -> Result<Rc<Loaded>, Trouble> {
        let nothing = || Trouble::Job(job, Failure::BadRequest, "nothing is loaded".to_owned());
        self.loaded.borrow().clone().ok_or_else(nothing)
    }
}

impl Loaded {
    /// The generator at an earlier stage of its training.
    async fn stage(&self, address: &str) -> Result<Rc<GeneratorModel>, Failed> {
        let known = self.stages.borrow().get(address).cloned();
        if let Some(model) = known {
            return Ok(model);
        }
        let bytes = fetch::file_at(address, show_progress).await?;
        let model = GeneratorModel::from_bytes(&bytes, &self.device).map_err(broken)?;
        let model = Rc::new(model);
        self.stages.borrow_mut().insert(address.to_owned(), Rc::clone(&model));
        Ok(model)
    }

    async fn judge(&self, address: &str) -> Result<Rc<DiscriminatorModel>, Failed> {
        let known = self.judges.borrow().get(address).cloned();
        if let Some(judge) = known {
            return Ok(judge);
        }
        let bytes = fetch::file_at(address, show_progress).await?;
        let judge = Rc::new(DiscriminatorModel::from_bytes(&bytes, &self.device).map_err(broken)?);
        self.judges.borrow_mut().insert(address.to_owned(), Rc::clone(&judge));
        Ok(judge)
    }
}

fn show_progress(done: u32, total: u32) {
    port::post(&Event::Progress { stage: LoadStage::Weights, done, total });
}

fn broken(error: WeightsError) -> Failed {
    (Failure::WeightsBroken, error.to_string())
}

fn check_count(job: u32, scans: usize) -> Result<(), Trouble> {
    if (1..=MAX_SCANS).contains(&scans) {
        return Ok(());
    }
    Err(Trouble::Job(job, Failure::BadRequest, format!("the number of scans is not from 1 to {MAX_SCANS}")))
}

fn batch(kind: DeviceKind) -> usize {
    match kind {
        DeviceKind::Gpu => GPU_BATCH,
        DeviceKind::Cpu => CPU_BATCH,
    }
}

/// Batches to time: a graphics card needs some to compile and tune, the processor is as fast at once, and
/// the first scan waits for this.
fn rounds(kind: DeviceKind) -> usize {
    match kind {
        DeviceKind::Gpu => 3,
        DeviceKind::Cpu => 1,
    }
}

/// Scans of one batch; a short one is filled up to `batch` and the surplus dropped.
async fn draw(
    model: &GeneratorModel,
    part: &[ScanSpec],
    style: &Style,
    batch: usize,
) -> Result<Vec<Slice>, ExecutionError> {
    let mut full = part.to_vec();
    if let Some(&last) = part.last() {
        full.resize(batch, last);
    }
    let mut made = model.scans(&full, style).await?;
    made.truncate(part.len());
    Ok(made)
}

/// Worst difference from the stored answer, and the time a scan takes once everything is compiled.
async fn self_test(model: &GeneratorModel, kind: DeviceKind) -> Result<(f32, f64), ExecutionError> {
    let worst = model.self_test().await?;
    let batch = batch(kind);
    let spec = ScanSpec { seed: 0, class: 0, toward: None };
    let mut best = f64::INFINITY;
    for _ in 0..rounds(kind) {
        let start = port::now();
        draw(model, &[spec], &Style::default(), batch).await?;
        best = best.min(port::now() - start);
        if best > SLOW {
            break;
        }
    }
    Ok((worst, best / batch as f64))
}

fn lost(error: ExecutionError) -> Failed {
    (Failure::DeviceLost, error.to_string())
}

fn info(model: &GeneratorModel, bytes: &[u8]) -> ModelInfo {
    let card = model.card();
    ModelInfo {
        preset: card.preset.name.to_owned(),
        size: model.size(),
        classes: card.classes.clone(),
        directions: card.directions.clone(),
        sha256: Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
        kimg: card.kimg,
        dataset: card.dataset.clone(),
        licence: card.licence.clone(),
        attribution: card.attribution.clone(),
        date: card.date.clone(),
    }
}
