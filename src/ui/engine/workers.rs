//! The state of each engine worker. The processor has several, which share the scans of a job; the graphics card has one.

use crate::engine::shared::DeviceKind;
use crate::ui::logic::cores::MAX_WORKERS;
use crate::worker::Buffer;

/// The first worker of the processor. It fetches the weights and tests them. The others join it later.
pub const FIRST: usize = 0;
/// The worker of the graphics card.
pub const GPU: usize = MAX_WORKERS;
/// Number of workers in all.
pub const ALL: usize = MAX_WORKERS + 1;
/// After this many losses no worker is started to join the others: there may be too little memory.
const MAX_LOSSES: usize = 3;

/// The device that a worker computes on.
pub fn device_of(worker: usize) -> DeviceKind {
    if worker == GPU { DeviceKind::Gpu } else { DeviceKind::Cpu }
}

/// State of a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum WorkerState {
    #[default]
    Absent,
    Loading,
    Ready,
}

#[derive(Debug, Clone, Copy, Default)]
struct Worker {
    state: WorkerState,
    /// Bytes of its memory.
    memory: usize,
    /// The job that it was asked to work on, until it has no part of it any more.
    job: Option<u32>,
}

/// All workers, by index: [`FIRST`] and those that join it, and [`GPU`].
pub struct Workers {
    workers: [Worker; ALL],
    limit: usize,
    losses: usize,
    /// The tested weights, for those that join.
    weights: Option<Buffer>,
}

impl Workers {
    /// No worker yet, and at most `limit` of the processor, at least one.
    pub fn new(limit: usize) -> Self {
        let limit = limit.clamp(1, MAX_WORKERS);
        Self { workers: Default::default(), limit, losses: 0, weights: None }
    }

    /// Forgets all workers and the weights.
    pub fn reset(&mut self) {
        *self = Self::new(self.limit);
    }

    /// Changes how many the processor may have. Returns the surplus ones.
    pub fn set_limit(&mut self, limit: usize) -> Vec<usize> {
        self.limit = limit.clamp(1, MAX_WORKERS);
        // Those that are ready stay before those that are not.
        let mut started = self.ready_on(DeviceKind::Cpu);
        started.extend(self.on(DeviceKind::Cpu).filter(|&worker| self.workers[worker].state == WorkerState::Loading));
        started.split_off(self.limit.min(started.len()))
    }

    /// Whether a job is spread over several workers of this device.
    pub fn spread(&self, device: DeviceKind) -> bool {
        device == DeviceKind::Cpu && self.limit > 1
    }

    fn on(&self, device: DeviceKind) -> impl Iterator<Item = usize> {
        (0..ALL).filter(move |&worker| device_of(worker) == device)
    }

    /// The worker was started.
    pub fn start(&mut self, worker: usize) {
        self.workers[worker] = Worker { state: WorkerState::Loading, ..Worker::default() };
    }

    /// The worker accepts jobs.
    pub fn ready(&mut self, worker: usize, memory: usize) {
        self.workers[worker] = Worker { state: WorkerState::Ready, memory, job: None };
    }

    /// The worker is gone.
    pub fn end(&mut self, worker: usize) {
        self.workers[worker] = Worker::default();
    }

    /// A worker failed, and others go on.
    pub fn lose(&mut self) {
        self.losses += 1;
    }

    /// All workers of the processor failed: the next one starts as the first did.
    pub fn start_over(&mut self) {
        (self.losses, self.weights) = (0, None);
    }

    /// Workers of this device that accept jobs.
    pub fn ready_on(&self, device: DeviceKind) -> Vec<usize> {
        self.on(device).filter(|&worker| self.workers[worker].state == WorkerState::Ready).collect()
    }

    /// Whether a worker of this device accepts jobs.
    pub fn is_ready(&self, device: DeviceKind) -> bool {
        self.on(device).any(|worker| self.workers[worker].state == WorkerState::Ready)
    }

    /// Whether a worker of this device loads or accepts jobs.
    pub fn is_started(&self, device: DeviceKind) -> bool {
        self.on(device).any(|worker| self.workers[worker].state != WorkerState::Absent)
    }

    /// Keeps the tested weights.
    pub fn keep_weights(&mut self, weights: Buffer) {
        self.weights = Some(weights);
    }

    /// Starts workers that join the others, for this many scans that no worker has yet. Returns their indices, each with a copy
    /// of the weights.
    pub fn join(&mut self, scans: usize) -> Vec<(usize, Buffer)> {
        let Some(weights) = self.weights.as_ref().filter(|_| self.losses < MAX_LOSSES) else { return Vec::new() };
        let absent = |worker: &usize| self.workers[*worker].state == WorkerState::Absent;
        let absent: Vec<usize> = self.on(DeviceKind::Cpu).filter(absent).collect();
        let free = (self.limit + absent.len()).saturating_sub(MAX_WORKERS);
        let loading = self.on(DeviceKind::Cpu).filter(|&worker| self.workers[worker].state == WorkerState::Loading);
        let wanted = scans.saturating_sub(loading.count()).min(free);
        let joining: Vec<_> = absent.into_iter().take(wanted).map(|worker| (worker, weights.clone())).collect();
        joining.iter().for_each(|(worker, _)| self.start(*worker));
        joining
    }

    /// The worker was asked to work on a job.
    pub fn ask(&mut self, worker: usize, job: u32) {
        self.workers[worker].job = Some(job);
    }

    /// The worker has nothing to do any more.
    pub fn rest(&mut self, worker: usize) {
        self.workers[worker].job = None;
    }

    /// Workers that work on another job than this one. From now on they count as idle.
    pub fn stop_others(&mut self, job: Option<u32>) -> Vec<usize> {
        let others = |worker: &usize| self.workers[*worker].job.is_some_and(|other| Some(other) != job);
        let others: Vec<usize> = (0..ALL).filter(others).collect();
        others.iter().for_each(|&worker| self.rest(worker));
        others
    }

    /// The worker told the size of its memory in bytes.
    pub fn set_memory(&mut self, worker: usize, memory: usize) {
        self.workers[worker].memory = memory;
    }

    /// Bytes of memory of each worker that accepts jobs.
    pub fn memory(&self) -> Vec<usize> {
        let ready = self.workers.iter().filter(|worker| worker.state == WorkerState::Ready);
        ready.map(|worker| worker.memory).collect()
    }
}
