//! The engines as Leptos signals, for every part of the page.

use std::rc::Rc;
use std::sync::Arc;

use js_sys::Reflect;
use leptos::prelude::*;

use super::engines::{Engines, EnginesChange, Environment, Phase};
use super::job::{Job, JobOwner, JobProgress};
use crate::engine::adapter::{Adapter, AdapterError};
use crate::engine::making::protocol::ModelInfo;
use crate::engine::shared::{DeviceReport, Source};
use crate::ui::logic::choice::{Gpu, Preference, Reason};
use crate::ui::logic::cores::Processor;
use crate::ui::urls;
use crate::worker::browser;

/// The engines. The signals are for reading only.
#[derive(Clone, Copy)]
pub struct EngineClient {
    engines: StoredValue<Rc<Engines>, LocalStorage>,
    /// What the engines are doing.
    pub phase: RwSignal<Phase>,
    /// The device that computes.
    pub device: RwSignal<Option<DeviceReport>>,
    /// Why that device.
    pub reason: RwSignal<Reason>,
    /// What the visitor chose.
    pub preference: RwSignal<Preference>,
    /// How many workers compute. 0 while none does.
    pub workers: RwSignal<usize>,
    /// Whether the visitor leaves one core of the processor free.
    pub leaves_one_free: RwSignal<bool>,
    /// What the weights file says about the model.
    pub model: RwSignal<Option<Arc<ModelInfo>>>,
    /// Progress of the current job.
    pub progress: RwSignal<Option<JobProgress>>,
}

impl EngineClient {
    /// Starts the engine on the processor with weights of this site. The graphics card follows once that one is ready.
    pub fn start(weights: &str) -> Self {
        Self::start_with(address(weights))
    }

    /// Starts the engine on the processor with these weights.
    pub fn start_with(weights: Source) -> Self {
        let phase = RwSignal::new(Phase::Loading(None, None));
        let (device, model, progress) = (RwSignal::new(None), RwSignal::new(None), RwSignal::new(None));
        let (reason, running) = (RwSignal::new(Reason::Testing), RwSignal::new(0));
        // The signals may be gone before the last event arrives.
        let on_change = move |change| match change {
            EnginesChange::Phase(new) => drop(phase.try_set(new)),
            EnginesChange::Device(new) => drop(device.try_set(new)),
            EnginesChange::Reason(new) => drop(reason.try_set(new)),
            EnginesChange::Workers(new) => drop(running.try_set(new)),
            EnginesChange::Model(new) => drop(model.try_set(new)),
            EnginesChange::Progress(new) => drop(progress.try_set(new)),
        };
        let environment = Environment {
            host: browser::host(),
            probe_gpu: Box::new(|on_answer| leptos::task::spawn_local(async move { on_answer(probe_gpu().await) })),
            absolute: urls::absolute,
            now: || window().performance().map_or(0.0, |clock| clock.now()),
            warn: |words| leptos::logging::warn!("{words}"),
            on_change: Box::new(on_change),
        };
        let engines = Engines::new(weights, processor().workers(false), environment);
        let preference = RwSignal::new(Preference::Auto);
        let client = Self {
            engines: StoredValue::new_local(Rc::clone(&engines)),
            phase,
            device,
            reason,
            preference,
            workers: running,
            leaves_one_free: RwSignal::new(false),
            model,
            progress,
        };
        engines.resume();
        client
    }

    /// Changes to other weights of this site. All jobs are dropped. Whoever tracks [`model`](Self::model) submits new
    /// ones.
    pub fn change_weights(self, weights: &str) {
        self.with(|engines| engines.change_weights(address(weights)));
    }

    /// A new owner of jobs. Its jobs are removed when the current component goes.
    pub fn new_owner(self) -> JobOwner {
        let owner = self.with(Engines::new_owner).unwrap_or(JobOwner(0));
        on_cleanup(move || {
            self.with(|engines| engines.remove_owner(owner));
        });
        owner
    }

    /// Gives the engines a job.
    pub fn submit(self, job: Job) {
        self.with(|engines| engines.submit(job));
    }

    /// Follows the visitor's choice of a device.
    pub fn prefer(self, preference: Preference) {
        self.preference.set(preference);
        self.with(|engines| engines.prefer(preference));
    }

    /// Leaves one core of the processor free, or uses all.
    pub fn leave_one_free(self, leaves: bool) {
        self.leaves_one_free.set(leaves);
        self.with(|engines| engines.limit_workers(processor().workers(leaves)));
    }

    /// Goes on after a failure.
    pub fn resume(self) {
        self.with(Engines::resume);
    }

    /// Ends all engines for good.
    pub fn end(self) {
        self.with(Engines::end);
    }

    /// The self-test of the processor, `None` before it, and the state of the graphics card.
    pub fn measured(self) -> (Option<DeviceReport>, Gpu) {
        self.with(Engines::measured).unwrap_or_default()
    }

    /// Most workers of the processor.
    pub fn most_workers(self) -> usize {
        processor().workers(self.leaves_one_free.get())
    }

    /// Bytes of memory of each worker that accepts jobs. Memory of a worker never shrinks.
    pub fn memory(self) -> Vec<usize> {
        self.with(Engines::memory).unwrap_or_default()
    }

    /// None after the engines were disposed of with their component.
    fn with<T>(self, act: impl FnOnce(&Engines) -> T) -> Option<T> {
        let engines = self.engines.try_get_value()?;
        Some(act(&engines))
    }
}

fn address(weights: &str) -> Source {
    Source::Address { address: urls::absolute(weights) }
}

/// What the browser reports about the processor.
pub fn processor() -> Processor {
    let navigator = window().navigator();
    let number = |name: &str| Reflect::get(&navigator, &name.into()).ok().and_then(|value| value.as_f64());
    Processor {
        cores: number("hardwareConcurrency"),
        memory: number("deviceMemory"),
        // All browsers of phones have this in their name.
        phone: navigator.user_agent().is_ok_and(|agent| agent.contains("Mobi")),
    }
}

/// Asks the browser for a graphics card before megabytes are fetched to use one. [`Gpu::Unknown`] if there is one to try.
pub async fn probe_gpu() -> Gpu {
    match Adapter::request().await {
        Ok(_) => Gpu::Unknown,
        Err(AdapterError::NoWebGpu) => Gpu::NoWebGpu,
        Err(AdapterError::NoAdapter(_)) => Gpu::NoAdapter,
    }
}
