//! How the worker of a training comes and goes, and comes again.

use std::time::Duration;

use leptos::prelude::*;
use serde_bytes::ByteBuf;

use super::{From, Phase, Plan, SliceSource, Trainer, TrainingSet};
use crate::engine::shared::{self, DeviceKind, Failure, LoadStage};
use crate::engine::training::protocol::{self as training, Ask, Base, Begin, Request};
use crate::ui::logic::choice::Gpu;
use crate::ui::logic::models::ModelFiles;
use crate::ui::logic::trouble::{Report, Trouble};
use crate::ui::urls;
use crate::ui::worker::Worker;

/// Half of the longest silence of a worker that trains. Compiling for a graphics card says nothing for a long time.
const PATIENCE: [Duration; 2] = [Duration::from_secs(45), Duration::from_secs(120)];
/// Workers that may be lost without a checkpoint in between: more would be a loop.
const MOST_LOSSES: u32 = 2;
/// All that a training draws comes from this seed, so that the same slices and knobs train the same networks.
const SEED: u64 = 1;

impl Trainer {
    /// Looks for a device, and begins with the slices and the plan.
    pub(super) fn begin(self, base: Option<Base>) {
        let Some(intake) = self.intake.get_untracked() else { return };
        let plan = self.plan.get_untracked();
        self.clear();
        self.phase.set(Phase::Loading(LoadStage::Device));
        let base = base.unwrap_or_else(|| base_of(&plan));
        let serial = self.crew(|crew| {
            drop(crew.dismiss());
            crew.begin = None;
            crew.free = plan.device.is_none();
            crew.serial
        });
        let tuning = self.tuning.get_untracked();
        leptos::task::spawn_local(async move {
            let device = match plan.device {
                Some(device) => device,
                None => match crate::ui::engine::client::probe_gpu().await {
                    Gpu::Unknown => DeviceKind::Gpu,
                    _ => DeviceKind::Cpu,
                },
            };
            // Stopped, or begun anew, in the meantime.
            if self.crew(|crew| crew.serial) != serial {
                return;
            }
            let set = set_of((intake.make)(plan.size));
            let software = plan.device.is_some();
            let begin = Begin { device, software, set, base, tuning, seed: SEED, keep: plan.keep };
            self.launch(begin);
        });
    }

    /// Starts a worker and has it begin.
    pub(super) fn launch(self, begin: Begin) {
        let Some(serial) = self.crew(|crew| {
            drop(crew.dismiss());
            crew.begin = Some(Begin { base: begin.base.clone(), ..begin.clone() });
            crew.serial
        }) else {
            return;
        };
        let ask = Request::Train(Ask::Begin(Box::new(begin)));
        let started = Worker::start(urls::TRAINER, move |said| self.hear(serial, said));
        match started.and_then(|worker| worker.send(&ask).map(|()| worker)) {
            Ok(worker) => {
                self.crew(|crew| crew.worker = Some(worker));
                self.set_alarm(serial);
            }
            Err(words) => self.lose(serial, Trouble::Crashed, None, words),
        }
    }

    /// The worker is no more, or cannot go on.
    pub(super) fn lose(self, serial: u32, loss: Trouble, failure: Option<Failure>, detail: String) {
        leptos::logging::warn!("training: {loss:?} {detail}");
        let Some(Some((waiting, next))) = self.crew(|crew| {
            if crew.serial != serial {
                return None;
            }
            let (prepared, device) = (crew.prepared, crew.device());
            let waiting = crew.dismiss();
            crew.losses += 1;
            let mut begin = crew.begin.clone();
            let on_gpu = device == Some(DeviceKind::Gpu);
            // A card that cannot even begin, or is lost again and again, is left for the processor.
            let leave = on_gpu && crew.free && (!prepared || crew.losses > 1);
            if let Some(begin) = begin.as_mut() {
                if leave {
                    begin.device = DeviceKind::Cpu;
                    crew.losses = 0;
                }
                if crew.on_disk {
                    begin.base = Base::Stored;
                } else if let Some(bytes) = &crew.checkpoint {
                    begin.base = Base::Checkpoint { bytes: ByteBuf::from(bytes.as_ref().clone()) };
                }
            }
            let asked = matches!(failure, Some(Failure::WeightsMissing | Failure::WeightsBroken | Failure::BadRequest));
            let again = leave || (prepared && !asked && crew.losses <= MOST_LOSSES);
            Some((waiting, begin.filter(|_| again)))
        }) else {
            return;
        };
        for (_, then) in waiting {
            then(Err("the worker was lost".to_owned()));
        }
        match next {
            Some(begin) => {
                self.phase.set(Phase::Recovering(loss));
                self.launch(begin);
            }
            None => self.phase.set(Phase::Failed(Report { trouble: loss, detail })),
        }
    }

    /// Forgets all that was measured.
    pub(super) fn clear(self) {
        self.crew(|crew| {
            crew.checkpoint = None;
            crew.on_disk = false;
            crew.losses = 0;
            crew.wanted = false;
        });
        self.device.set(None);
        self.forecast.set(None);
        self.counts.set(Default::default());
        self.points.set(Vec::new());
        self.gauges.set(Vec::new());
        self.timeline.set(Vec::new());
        self.notices.set(Vec::new());
        self.copies.set(None);
        self.saved.set(None);
    }

    /// Asks the worker, if there is one.
    pub(super) fn ask(self, ask: Ask) {
        let sent = self.crew(|crew| {
            let sent = crew.worker.as_ref().map(|worker| worker.send(&Request::Train(ask)));
            (crew.serial, sent)
        });
        match sent {
            Some((serial, Some(Ok(())))) => self.set_alarm(serial),
            Some((serial, Some(Err(words)))) => self.lose(serial, Trouble::Crashed, None, words),
            _ => {}
        }
    }

    /// Waits anew for something to be heard.
    pub(super) fn set_alarm(self, serial: u32) {
        // Twice half: a tab that wakes up hears its old alarm first, and the worker's answer only after it.
        self.wait(serial, move || self.wait(serial, move || self.give_up(serial)));
    }

    fn wait(self, serial: u32, then: impl FnOnce() + 'static) {
        self.crew(|crew| {
            if crew.serial == serial {
                crew.hush();
                let gpu = crew.device() == Some(DeviceKind::Gpu);
                crew.alarm = set_timeout_with_handle(then, PATIENCE[usize::from(gpu)]).ok();
            }
        });
    }

    fn give_up(self, serial: u32) {
        self.lose(serial, Trouble::Silence, None, "no answer for too long".to_owned());
    }
}

fn base_of(plan: &Plan) -> Base {
    let at = |address: &str| shared::Source::Address { address: urls::absolute(address) };
    let trained =
        |pair: &ModelFiles| Base::Trained { generator: at(pair.weights), discriminator: Some(at(pair.discriminator)) };
    let nothing = |preset: &str| Base::Nothing { preset: preset.to_owned() };
    let bytes = |file: &[u8]| shared::Source::Bytes { bytes: ByteBuf::from(file) };
    match (&plan.from, plan.size) {
        (From::Files { generator, discriminator, .. }, _) => {
            Base::Trained { generator: bytes(generator), discriminator: discriminator.as_ref().map(|file| bytes(file)) }
        }
        // There is no trained pair this small.
        (_, ..=16) => nothing("n16"),
        (from, size) => {
            let pair = if *from == From::Shipped { plan.modality.model().trainee(size) } else { None };
            pair.map_or_else(|| nothing(if size >= 64 { "s64" } else { "t32" }), trained)
        }
    }
}

fn set_of(set: TrainingSet) -> training::Set {
    let TrainingSet { size, classes, train, held_out, source, .. } = set;
    let source = match source {
        SliceSource::Own => "slices of the visitor",
        SliceSource::Real => "the site's real scans",
        SliceSource::Drawings => "drawings of heads, made by a program",
    };
    training::Set { size, classes, train, held_out, source: source.to_owned() }
}
