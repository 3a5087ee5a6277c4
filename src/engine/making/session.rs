//! Answers the page's requests, one after the other.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;

use super::loaded::{Loaded, MakingError, draw, lost};
use super::protocol::{MAX_SCANS, MakingEvent, MakingRequest, Verdicts};
use super::queue::RequestQueue;
use super::warm_up::warm_up;
use crate::engine::shared::{DeviceKind, Failure, LoadStage, Source};
use crate::engine::{device, fetch};
use crate::gan::preset::{ScanSpec, Style};
use crate::slice::LabelledSlice;
use crate::worker::{Buffer, port};

/// What goes wrong: the whole engine, or one job only.
enum SessionError {
    Engine(MakingError),
    Job(u32, MakingError),
}

impl From<MakingError> for SessionError {
    fn from(failed: MakingError) -> Self {
        Self::Engine(failed)
    }
}

#[derive(Default)]
struct MakingSession {
    queue: RefCell<RequestQueue>,
    /// None before the first [`MakingRequest::Load`].
    loaded: RefCell<Option<Rc<Loaded>>>,
    /// Weights have arrived, now or earlier.
    has_weights: Cell<bool>,
}

/// Answers the page's requests for as long as the worker lives.
pub fn start() {
    let session = Rc::new(MakingSession::default());
    // The engine with WebGPU is fetched for a graphics card, which compiles programs of its own.
    if !cfg!(feature = "gpu") {
        let session = Rc::clone(&session);
        spawn_local(warm_up(move || !session.has_weights.get()));
    }
    port::listen(move |request| match request {
        Ok(request) => {
            if session.queue.borrow_mut().push(request) {
                spawn_local(Rc::clone(&session).work());
            }
        }
        Err(detail) => port::post(MakingEvent::Failed { failure: Failure::BadRequest, detail }),
    });
}

impl MakingSession {
    async fn work(self: Rc<Self>) {
        loop {
            let next = self.queue.borrow_mut().next();
            let Some((request, turn)) = next else { break };
            let done = match request {
                MakingRequest::Load { weights, device } => {
                    self.load(weights, device).await.map_err(SessionError::Engine)
                }
                MakingRequest::Join { weights } => self.join(weights).await.map_err(SessionError::Engine),
                MakingRequest::Generate { job, first, scans, style, stage } => {
                    self.generate(job, first, &scans, &style, stage.as_deref(), turn).await
                }
                MakingRequest::Layers { job, scan, style } => self.layers(job, &scan, &style).await,
                MakingRequest::Judge { job, weights, scans } => self.judge(job, &weights, &scans, turn).await,
                MakingRequest::Cancel => Ok(()),
            };
            match done {
                Ok(()) => {}
                Err(SessionError::Engine((failure, detail))) => port::post(MakingEvent::Failed { failure, detail }),
                Err(SessionError::Job(job, (failure, detail))) => {
                    port::post(MakingEvent::Refused { job, failure, detail })
                }
            }
        }
    }

    fn is_current(&self, turn: u64) -> bool {
        self.queue.borrow().is_current(turn)
    }

    async fn load(&self, weights: Source, kind: DeviceKind) -> Result<(), MakingError> {
        self.loaded.replace(None);
        let show = |stage| port::post(MakingEvent::Progress { stage, done: 0, total: 0 });
        show(LoadStage::Weights);
        let bytes = fetch::file(weights, show_progress).await?;
        self.has_weights.set(true);
        show(LoadStage::Device);
        let opened = device::open(kind).await?;
        if kind == DeviceKind::Gpu {
            device::report_panics(|detail| port::post(MakingEvent::Failed { failure: Failure::DeviceLost, detail }));
        }
        let loaded = Loaded::new(&bytes, kind, opened.device.clone())?;
        show(LoadStage::SelfTest);
        let device = loaded.self_test(kind, opened).await?;
        let model = loaded.info(&bytes);
        self.loaded.replace(Some(Rc::new(loaded)));
        let weights = match kind {
            DeviceKind::Cpu => Buffer::from(bytes.as_slice()),
            DeviceKind::Gpu => Buffer::default(),
        };
        port::post(MakingEvent::Ready { device, model, memory: port::memory(), weights });
        Ok(())
    }

    /// Loads without a test: the same program passed it with the same weights, on the same processor.
    async fn join(&self, weights: Buffer) -> Result<(), MakingError> {
        self.has_weights.set(true);
        self.loaded.replace(None);
        let opened = device::open(DeviceKind::Cpu).await?;
        let loaded = Loaded::new(&weights.into_bytes(), DeviceKind::Cpu, opened.device)?;
        self.loaded.replace(Some(Rc::new(loaded)));
        port::post(MakingEvent::Joined { memory: port::memory() });
        Ok(())
    }

    async fn generate(
        &self,
        job: u32,
        first: usize,
        scans: &[ScanSpec],
        style: &Style,
        stage: Option<&str>,
        turn: u64,
    ) -> Result<(), SessionError> {
        let loaded = self.loaded(job)?;
        check_count(job, scans.len())?;
        let model = match stage {
            None => Rc::clone(&loaded.model),
            Some(address) => {
                loaded.stage(address, show_progress).await.map_err(|failed| SessionError::Job(job, failed))?
            }
        };
        let start = port::now();
        for (index, part) in scans.chunks(loaded.batch).enumerate() {
            if !self.is_current(turn) {
                return Ok(());
            }
            let made = draw(&model, part, style, loaded.batch).await.map_err(lost)?;
            if self.is_current(turn) {
                port::post(MakingEvent::scans(job, first + index * loaded.batch, made));
            }
            port::yield_now().await;
        }
        if self.is_current(turn) {
            done(job, start);
        }
        Ok(())
    }

    async fn layers(&self, job: u32, scan: &ScanSpec, style: &Style) -> Result<(), SessionError> {
        let loaded = self.loaded(job)?;
        let start = port::now();
        let layers = loaded.model.layers(scan, style).await.map_err(lost)?;
        port::post(MakingEvent::Layers { job, layers });
        done(job, start);
        Ok(())
    }

    async fn judge(&self, job: u32, address: &str, scans: &[LabelledSlice], turn: u64) -> Result<(), SessionError> {
        let loaded = self.loaded(job)?;
        check_count(job, scans.len())?;
        let discriminator = loaded.discriminator(address, show_progress).await;
        let discriminator = discriminator.map_err(|failed| SessionError::Job(job, failed))?;
        let side = discriminator.size();
        if !scans.iter().all(|scan| scan.slice.has_size(side)) {
            return Err(refused(job, format!("a scan is not {side} x {side}")));
        }
        let start = port::now();
        let mut logits = Vec::with_capacity(scans.len());
        for part in scans.chunks(loaded.batch) {
            if !self.is_current(turn) {
                return Ok(());
            }
            // Always the same shape, as in `draw`.
            let mut full = part.to_vec();
            full.resize(loaded.batch, part[0].clone());
            let judged = discriminator.logits(&full).await.map_err(lost)?;
            logits.extend(judged.into_iter().take(part.len()));
            port::yield_now().await;
        }
        let verdicts = Verdicts { logits, reference: discriminator.reference().clone() };
        port::post(MakingEvent::Verdicts { job, verdicts });
        done(job, start);
        Ok(())
    }

    fn loaded(&self, job: u32) -> Result<Rc<Loaded>, SessionError> {
        self.loaded.borrow().clone().ok_or_else(|| refused(job, "nothing is loaded".to_owned()))
    }
}

fn show_progress(done: u32, total: u32) {
    port::post(MakingEvent::Progress { stage: LoadStage::Weights, done, total });
}

fn done(job: u32, start: f64) {
    port::post(MakingEvent::Done { job, millis: port::now() - start, memory: port::memory() });
}

fn check_count(job: u32, scans: usize) -> Result<(), SessionError> {
    if (1..=MAX_SCANS).contains(&scans) {
        return Ok(());
    }
    Err(refused(job, format!("the number of scans is not from 1 to {MAX_SCANS}")))
}

fn refused(job: u32, detail: String) -> SessionError {
    SessionError::Job(job, (Failure::BadRequest, detail))
}
