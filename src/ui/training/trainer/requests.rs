//! What the views can ask of the training.

use std::sync::Arc;

use leptos::prelude::*;
use serde_bytes::ByteBuf;

use super::{DeviceKind, LoadStage, Network, StartChoice, Trainer, TrainingPhase, Tuning};
use crate::engine::shared::Source;
use crate::engine::training::protocol::StartFrom;
use crate::ui::engine::client::{EngineClient, probe_gpu};
use crate::ui::logic::choice::Gpu;
use crate::ui::logic::weights_header;

impl Trainer {
    /// Prepares the planned training: device, networks, warm-up. It then waits, with a forecast, until [`go`](Self::go).
    pub fn start(self) {
        // Hyperparameters that the visitor did not change fit the start.
        let default = self.plan.with_untracked(super::Plan::default_tuning);
        self.tuning.update(|tuning| {
            if [Tuning::FRESH, Tuning::TRAINED].contains(tuning) {
                *tuning = default;
            }
        });
        self.begin(None);
    }

    /// Chooses a device, and begins with the chosen slices. `start` replaces the weights of the plan.
    fn begin(self, start: Option<StartFrom>) {
        let Some(data) = self.intake.get_untracked() else { return };
        let (plan, tuning) = (self.plan.get_untracked(), self.tuning.get_untracked());
        self.clear();
        let stored = matches!(start, Some(StartFrom::Stored));
        self.judged.set(match self.stored.get_untracked() {
            Some(run) if stored => run.judged,
            _ => plan.judged(),
        });
        let followers = untrack(|| self.followers());
        let start = start.unwrap_or_else(|| plan.start_from());
        let Some(token) = self.supervise(|supervisor| supervisor.reset(TrainingPhase::Loading(LoadStage::Device)))
        else {
            return;
        };
        leptos::task::spawn_local(async move {
            let device = match plan.device {
                Some(device) => device,
                None => match probe_gpu().await {
                    Gpu::Unknown => DeviceKind::Gpu,
                    _ => DeviceKind::Cpu,
                },
            };
            let begin = plan.begin(&data, start, device, tuning, followers);
            self.supervise(|supervisor| supervisor.begin(token, begin, plan.device.is_none()));
        });
    }

    /// Trains on.
    pub fn go(self) {
        self.supervise(|supervisor| supervisor.go());
    }

    /// Pauses after the current step.
    pub fn pause(self) {
        self.supervise(|supervisor| supervisor.pause());
    }

    /// Trains one network for one step, then pauses.
    pub fn step(self, network: Network) {
        self.supervise(|supervisor| supervisor.step(network));
    }

    /// Ends the training. Its results stay, and it can be [resumed](Self::resume).
    pub fn stop(self) {
        self.supervise(|supervisor| supervisor.stop());
    }

    /// Forgets this training and its results. The slices stay.
    pub fn start_over(self) {
        self.clear();
        self.supervise(|supervisor| supervisor.reset(TrainingPhase::Idle));
        self.look_for_stored();
    }

    /// After a failure or a stop: goes on from the last checkpoint, or begins again if there is none.
    pub fn resume(self) {
        let device = self.plan.with_untracked(|plan| plan.device);
        if self.supervise(|supervisor| supervisor.resume(device)) == Some(false) {
            self.start();
        }
    }

    /// Changes the hyperparameters. Values out of range are moved into their range.
    pub fn tune(self, tuning: Tuning) {
        let tuning = tuning.clamped();
        self.tuning.set(tuning);
        self.supervise(|supervisor| supervisor.tune(tuning));
    }

    /// Compares samples with the training slices. The result appears in [`copies`](Self::copies).
    pub fn check_copies(self) {
        let last = self.wants_last.get_untracked();
        self.supervise(|supervisor| supervisor.compare_copies(last));
    }

    /// Passes a network as a weights file to `on_export`, or the reason why there is none (English).
    pub fn export(self, network: Network, on_export: impl FnOnce(Result<Vec<u8>, String>) + 'static) {
        let last = self.wants_last.get_untracked();
        self.supervise(|supervisor| supervisor.export(network, last, Box::new(on_export)));
    }

    /// Takes a weights file as the start of the next training: a generator, or after it its discriminator.
    ///
    /// # Errors
    /// A message in English if it is neither.
    pub fn load_file(self, bytes: Vec<u8>, name: String) -> Result<(), String> {
        let header = weights_header::read(&bytes).ok_or("not a weights file of this site")?;
        let bytes = Arc::new(bytes);
        let before = self.plan.with_untracked(|plan| plan.start.clone());
        let start = match (header.generator, before) {
            (true, _) => StartChoice::Files { generator: bytes, discriminator: None, name },
            (false, StartChoice::Files { generator, name, .. }) => {
                StartChoice::Files { generator, discriminator: Some(bytes), name }
            }
            (false, _) => return Err("a discriminator alone: load its generator first".to_owned()),
        };
        self.plan.update(|plan| {
            plan.start = start;
            plan.chosen_size = Some(header.preset.size());
        });
        Ok(())
    }

    /// Lets the studio make scans with the generator of this training, or with the loaded file if nothing trains. `on_done`
    /// is called when the studio has the file, or with the reason why it has none (English).
    pub fn use_in_studio(self, on_done: impl FnOnce(Result<(), String>) + 'static) {
        if self.supervise(|supervisor| supervisor.is_prepared()) == Some(true) {
            let on_export = move |file: Result<Vec<u8>, String>| on_done(file.map(|bytes| self.open_in_studio(bytes)));
            return self.export(Network::Generator, on_export);
        }
        let file = self.plan.with_untracked(|plan| match &plan.start {
            StartChoice::Files { generator, .. } => Some(generator.as_ref().clone()),
            _ => None,
        });
        match file {
            Some(bytes) => {
                self.open_in_studio(bytes);
                on_done(Ok(()));
            }
            None => on_done(Err("there is no model of your own".to_owned())),
        }
    }

    fn open_in_studio(self, bytes: Vec<u8>) {
        let source = Source::Bytes { bytes: ByteBuf::from(bytes) };
        if let Some(before) = self.own.0.get_untracked() {
            before.end();
        }
        // The engines outlive the view that asked for them.
        let owner = self.owner.try_get_value().flatten();
        let engines = match owner {
            Some(owner) => owner.with(|| EngineClient::start_with(source)),
            None => EngineClient::start_with(source),
        };
        self.own.0.set(Some(engines));
    }

    /// Goes on with the checkpoint of an earlier visit. [`intake`](Self::intake) must hold the same slices.
    pub fn resume_stored(self) {
        if let Some(stored) = self.stored.get_untracked() {
            self.plan.update(|plan| {
                plan.chosen_size = Some(stored.size);
                plan.keep = true;
            });
            self.begin(Some(StartFrom::Stored));
        }
    }
}
