//! What the page can do with the training.

use std::sync::Arc;

use leptos::prelude::*;
use serde_bytes::ByteBuf;

use super::{From, Pause, Phase, Trainer, Tuning, Who};
use crate::engine::shared::Source;
use crate::engine::training::protocol::{Ask, Base};
use crate::ui::engine::client::EngineClient;
use crate::ui::logic::weights_header;

impl Trainer {
    /// Prepares a training by the plan: device, networks, warm-up. It then rests, with a forecast, until [`go`](Self::go).
    pub fn start(self) {
        // Knobs that nobody turned fit the start.
        let usual = match self.plan.with_untracked(|plan| plan.from == From::Nothing || plan.size < 32) {
            true => Tuning::FRESH,
            false => Tuning::TRAINED,
        };
        self.tuning.update(|tuning| {
            if [Tuning::FRESH, Tuning::TRAINED].contains(tuning) {
                *tuning = usual;
            }
        });
        self.begin(None);
    }

    /// Trains on.
    pub fn go(self) {
        if matches!(self.phase.get_untracked(), Phase::Paused(_)) {
            self.crew(|crew| crew.wanted = true);
            self.ask(Ask::Go);
        }
    }

    /// Rests after the running step.
    pub fn pause(self) {
        self.crew(|crew| crew.wanted = false);
        self.rest(Pause::Asked);
    }

    /// One step of one network alone, then rests.
    pub fn step(self, who: Who) {
        if matches!(self.phase.get_untracked(), Phase::Running | Phase::Paused(_)) {
            self.crew(|crew| crew.wanted = false);
            self.phase.set(Phase::Paused(Pause::Stepping));
            self.ask(Ask::Step { who });
        }
    }

    /// Ends the training; what came out stays. Taken up again, it runs if it ran.
    pub fn stop(self) {
        self.crew(|crew| drop(crew.dismiss()));
        self.phase.set(Phase::Stopped);
    }

    /// Forgets this training, and is as before the start. The slices stay.
    pub fn start_over(self) {
        self.crew(|crew| {
            drop(crew.dismiss());
            crew.begin = None;
        });
        self.clear();
        self.phase.set(Phase::Idle);
        self.look_for_stored();
    }

    /// After a failure, or a stop: takes up the last checkpoint, or begins anew where there is none.
    pub fn take_up(self) {
        let begin = self.crew(|crew| {
            let mut begin = crew.begin.clone()?;
            if crew.on_disk {
                begin.base = Base::Stored;
            } else if let Some(bytes) = &crew.checkpoint {
                begin.base = Base::Checkpoint { bytes: ByteBuf::from(bytes.as_ref().clone()) };
            }
            crew.losses = 0;
            if let Some(device) = self.plan.get_untracked().device {
                begin.device = device;
                begin.software = true;
            }
            Some(begin)
        });
        match begin.flatten() {
            Some(begin) => {
                self.phase.set(Phase::Loading(crate::engine::shared::LoadStage::Device));
                self.launch(begin);
            }
            None => self.start(),
        }
    }

    /// Turns the knobs; what is out of bounds is taken back to them.
    pub fn tune(self, tuning: Tuning) {
        let tuning = tuning.clamped();
        self.tuning.set(tuning);
        self.crew(|crew| {
            if let Some(begin) = crew.begin.as_mut() {
                begin.tuning = tuning;
            }
        });
        if self.crew(|crew| crew.prepared) == Some(true) {
            self.ask(Ask::Tune { tuning });
        }
    }

    /// Compares samples with the slices learned from; the answer comes in [`copies`](Self::copies).
    pub fn check_copies(self) {
        self.ask(Ask::Copies);
    }

    /// The weights of a network as a file, to save.
    pub fn export(self, who: Who, then: impl FnOnce(Result<Vec<u8>, String>) + 'static) {
        if self.crew(|crew| crew.prepared) != Some(true) {
            return then(Err("there is no training at work".to_owned()));
        }
        self.crew(|crew| crew.exports.push((who, Box::new(then))));
        self.ask(Ask::Export { who });
    }

    /// Takes a weights file as the start of the next training: a generator, or after it its discriminator. Words about it
    /// if it is none of these.
    pub fn load_file(self, bytes: Vec<u8>, name: String) -> Result<(), String> {
        let head = weights_header::read(&bytes).ok_or("not a weights file of this site")?;
        let bytes = Arc::new(bytes);
        let from = self.plan.with_untracked(|plan| plan.from.clone());
        let from = match (head.generator, from) {
            (true, _) => From::Files { generator: bytes, discriminator: None, name },
            (false, From::Files { generator, name, .. }) => From::Files { generator, discriminator: Some(bytes), name },
            (false, _) => return Err("a discriminator alone: load its generator first".to_owned()),
        };
        self.plan.update(|plan| {
            plan.from = from;
            plan.size = head.preset.size();
        });
        Ok(())
    }

    /// Has the studio make scans with this training's generator as it is now, or with the loaded file where nothing
    /// trains; `then` hears when it is under way.
    pub fn use_in_studio(self, then: impl FnOnce(Result<(), String>) + 'static) {
        if self.crew(|crew| crew.prepared) == Some(true) {
            return self.export(Who::Generator, move |file| then(file.map(|bytes| self.open_in_studio(bytes))));
        }
        let file = self.plan.with_untracked(|plan| match &plan.from {
            From::Files { generator, .. } => Some(generator.as_ref().clone()),
            _ => None,
        });
        match file {
            Some(bytes) => {
                self.open_in_studio(bytes);
                then(Ok(()));
            }
            None => then(Err("there is no model of your own".to_owned())),
        }
    }

    fn open_in_studio(self, bytes: Vec<u8>) {
        let source = Source::Bytes { bytes: ByteBuf::from(bytes) };
        if let Some(before) = self.own.0.get_untracked() {
            before.end();
        }
        // The engines outlive the view that asked for them.
        let owner = self.crew(|crew| crew.owner.clone()).flatten();
        let supervisor = match owner {
            Some(owner) => owner.with(|| EngineClient::start_with(source)),
            None => EngineClient::start_with(source),
        };
        self.own.0.set(Some(supervisor));
    }

    /// Goes on with what an earlier visit left; needs [`intake`](Self::intake) to be set to the same slices.
    pub fn resume_stored(self) {
        if let Some(stored) = self.stored.get_untracked() {
            self.plan.update(|plan| {
                plan.size = stored.size;
                plan.keep = true;
            });
            self.begin(Some(Base::Stored));
        }
    }

    pub(super) fn rest(self, why: Pause) {
        match self.phase.get_untracked() {
            Phase::Running => {
                self.phase.set(Phase::Paused(why));
                self.ask(Ask::Pause);
            }
            Phase::Paused(_) => self.phase.set(Phase::Paused(why)),
            _ => {}
        }
    }
}
