//! The life of the engines: started, measured, chosen, heard, mourned.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::crew::{Crew, Member};
use super::job::News;
use super::link::{Heard, Link};
use super::message::Message;
use super::probe::probe;
use super::supervisor::{Phase, Supervisor};
use crate::engine::protocol::{Event, Request};
use crate::engine::shared::{DeviceKind, Failure};
use crate::ui::logic::choice::{Gpu, Preference, Reason, choose};
use crate::ui::logic::trouble::{Report, Trouble};

/// Half of the longest silence of an engine that works. Compiling for a graphics card says nothing for a long time.
const PATIENCE: [Duration; 2] = [Duration::from_secs(30), Duration::from_secs(75)];

impl Supervisor {
    /// Brings the engines in line with what is known now.
    pub(super) fn settle(self) {
        let preference = self.preference.get_untracked();
        let Some((choice, probes)) = self.crew(|crew| {
            let wants_card = preference != Preference::Only(DeviceKind::Cpu) && crew.card == Gpu::Unknown;
            let probes = wants_card && !crew.probing && crew.gpu_is_away() && crew.is_ready(DeviceKind::Cpu);
            crew.probing |= probes;
            (choose(preference, crew.cpu_report.as_ref(), &crew.card), probes)
        }) else {
            return;
        };
        if probes {
            leptos::task::spawn_local(self.look_for_card());
        }
        let ready = self.crew(|crew| crew.is_ready(choice.device)).unwrap_or_default();
        if ready {
            self.reason.set(choice.reason);
            self.activate(choice.device);
        } else {
            // The one at work goes on until the chosen one is ready.
            self.reason.set(Reason::Testing);
            if self.crew(|crew| crew.member(choice.device).is_none()).unwrap_or_default() {
                self.launch(choice.device);
            }
        }
    }

    async fn look_for_card(self) {
        let found = probe().await;
        self.crew(|crew| {
            crew.probing = false;
            crew.card = found.clone();
        });
        let still_wanted = self.preference.try_get_untracked() != Some(Preference::Only(DeviceKind::Cpu));
        match found {
            Gpu::Unknown if still_wanted => self.launch(DeviceKind::Gpu),
            _ => self.settle(),
        }
    }

    fn launch(self, device: DeviceKind) {
        let Some(serial) = self.crew(Crew::next_serial) else { return };
        let load = Request::Load { weights: self.weights.get_value(), device };
        let started = Link::start(device, move |heard| self.hear(device, serial, heard))
            .and_then(|link| link.send(&load).map(|()| link));
        match started {
            Ok(link) => {
                let member = Member { link, serial, report: None, alarm: None };
                self.crew(|crew| *crew.member(device) = Some(member));
                self.set_alarm(device, serial);
            }
            Err(words) => self.fail(device, None, Trouble::Engine, words),
        }
    }

    /// Gives the work to an engine that is ready, and dismisses the other if nothing is expected of it.
    fn activate(self, device: DeviceKind) {
        let only_cpu = self.preference.get_untracked() == Preference::Only(DeviceKind::Cpu);
        let report = self.crew(|crew| {
            crew.active = Some(device);
            match device {
                DeviceKind::Gpu => *crew.member(DeviceKind::Cpu) = None,
                DeviceKind::Cpu if crew.card != Gpu::Unknown || only_cpu => *crew.member(DeviceKind::Gpu) = None,
                DeviceKind::Cpu => {}
            }
            crew.member(device).as_ref().and_then(|member| member.report.clone())
        });
        self.device.set(report.flatten());
        self.phase.set(Phase::Ready);
        self.dispatch();
    }

    fn hear(self, device: DeviceKind, serial: u32, heard: Heard) {
        if self.crew(|crew| crew.known(device, serial).is_none()).unwrap_or(true) {
            return;
        }
        match heard {
            Heard::Message(message) => self.obey(device, serial, message),
            Heard::Broken(words) => self.fail(device, None, Trouble::Engine, words),
        }
    }

    fn obey(self, device: DeviceKind, serial: u32, (event, pixels): Message) {
        match event {
            Event::Progress { stage, done, total } => {
                self.set_alarm(device, serial);
                if self.device.with_untracked(Option::is_none) {
                    let part = (total > 0).then(|| f64::from(done) / f64::from(total));
                    self.phase.set(Phase::Loading(Some(stage), part));
                }
            }
            Event::Ready { device: report, model } => {
                self.crew(|crew| {
                    match device {
                        DeviceKind::Cpu => crew.cpu_report = Some(report.clone()),
                        DeviceKind::Gpu => crew.card = Gpu::Passed(report.clone()),
                    }
                    if let Some(member) = crew.known(device, serial) {
                        member.hush();
                        member.report = Some(report);
                    }
                });
                if self.model.with_untracked(|known| known.as_deref() != Some(&model)) {
                    self.model.set(Some(Arc::new(model)));
                }
                self.settle();
            }
            Event::Scans { job, first, .. } => {
                self.set_alarm(device, serial);
                self.deliver(job, first, pixels);
            }
            Event::Layers { job, layers } => self.answer(job, News::Layers(layers)),
            Event::Verdicts { job, verdicts } => self.answer(job, News::Verdicts(verdicts)),
            Event::Done { job, millis } => self.finish(device, serial, job, News::Done { millis }),
            Event::Refused { job, failure, detail } => {
                leptos::logging::warn!("order refused on {device:?}: {detail}");
                self.finish(device, serial, job, News::Refused { failure, detail });
            }
            // Of a worker that trains, which this is none of.
            Event::Training(_) => {}
            Event::Failed { failure, detail } => {
                self.fail(device, Some(failure), Trouble::of(device, failure), detail);
            }
        }
    }

    /// An engine is no more. In the background that only changes what is known of the graphics card.
    pub(super) fn fail(self, device: DeviceKind, failure: Option<Failure>, trouble: Trouble, detail: String) {
        leptos::logging::warn!("engine on {device:?}: {detail}");
        let Some(was_active) = self.crew(|crew| {
            let was_active = crew.active == Some(device);
            crew.bury(device);
            match device {
                DeviceKind::Cpu => crew.cpu_report = None,
                DeviceKind::Gpu if was_active => crew.card = Gpu::Lost,
                DeviceKind::Gpu => crew.card = failure.map_or(Gpu::Failed, Gpu::after),
            }
            was_active
        }) else {
            return;
        };
        if device == DeviceKind::Gpu && !was_active {
            return self.settle();
        }
        // A graphics card that falls silent or over in mid-work is lost, whatever it was.
        let trouble = if device == DeviceKind::Gpu { Trouble::GpuLost } else { trouble };
        self.device.set(None);
        self.phase.set(Phase::Failed(Report { trouble, detail }));
    }

    /// Waits anew for something to be heard from an engine.
    pub(super) fn set_alarm(self, device: DeviceKind, serial: u32) {
        // Twice half: a tab that wakes up hears its old alarm first, and the engine's answer only after it.
        self.wait(device, serial, move || self.wait(device, serial, move || self.give_up(device, serial)));
    }

    fn wait(self, device: DeviceKind, serial: u32, then: impl FnOnce() + 'static) {
        let alarm = set_timeout_with_handle(then, PATIENCE[usize::from(device == DeviceKind::Gpu)]).ok();
        self.crew(|crew| {
            if let Some(member) = crew.known(device, serial) {
                member.hush();
                member.alarm = alarm;
            }
        });
    }

    fn give_up(self, device: DeviceKind, serial: u32) {
        if self.crew(|crew| crew.known(device, serial).is_some()).unwrap_or_default() {
            self.fail(device, None, Trouble::Silence, "no answer for too long".to_owned());
        }
    }
}
