//! The state of the engines, and what follows from everything they say.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::crew::{Crew, Member};
use super::job::{News, Order, Progress};
use super::link::{Heard, Link};
use super::message::Message;
use super::probe::probe;
use crate::engine::protocol::{DeviceKind, DeviceReport, Event, Failure, ModelInfo, Request, Stage};
use crate::ui::logic::choice::{Gpu, Preference, Reason, choose};
use crate::ui::logic::pixels::Pixels;
use crate::ui::logic::trouble::{Report, Trouble};
use crate::ui::places;

/// Half of the longest silence of an engine that works. Compiling for a graphics card says nothing for a long time.
const PATIENCE: [Duration; 2] = [Duration::from_secs(30), Duration::from_secs(75)];

/// What the engines are up to.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// None is ready. For weights on their way: the part of 1 that is there.
    Loading(Option<Stage>, Option<f64>),
    /// One is ready, working or not.
    Ready,
    /// None is ready and the visitor has to say how to go on.
    Failed(Report),
}

/// The engines, for every part of the page.
#[derive(Clone, Copy)]
pub struct Supervisor {
    crew: StoredValue<Crew, LocalStorage>,
    /// What they are up to.
    pub phase: RwSignal<Phase>,
    /// The device that computes.
    pub device: RwSignal<Option<DeviceReport>>,
    /// Why that one.
    pub reason: RwSignal<Reason>,
    /// What the visitor asked for.
    pub preference: RwSignal<Preference>,
    /// What the weights say of themselves.
    pub model: RwSignal<Option<Arc<ModelInfo>>>,
    /// How far the running order is.
    pub progress: RwSignal<Option<Progress>>,
}

impl Supervisor {
    /// Starts the processor's engine; the graphics card follows once that one is ready.
    pub fn start() -> Self {
        let supervisor = Self {
            crew: StoredValue::new_local(Crew::default()),
            phase: RwSignal::new(Phase::Loading(None, None)),
            device: RwSignal::new(None),
            reason: RwSignal::new(Reason::Testing),
            preference: RwSignal::new(Preference::Auto),
            model: RwSignal::new(None),
            progress: RwSignal::new(None),
        };
        supervisor.settle();
        supervisor
    }

    /// Orders scans. What runs is replaced; a live order waits for a live one.
    pub fn order(self, order: Order) {
        let dropped = self.crew(|crew| crew.take(order)).unwrap_or_default();
        for order in dropped {
            (order.hear)(News::Dropped);
        }
        if self.phase.with_untracked(|phase| matches!(phase, Phase::Failed(_))) {
            self.resume();
        } else {
            self.dispatch();
        }
    }

    /// Follows the visitor's choice of device.
    pub fn prefer(self, preference: Preference) {
        self.preference.set(preference);
        // Asking again is a reason to try again what failed before.
        self.crew(|crew| {
            if preference != Preference::Only(DeviceKind::Cpu) && !matches!(crew.card, Gpu::Passed(_)) {
                crew.card = Gpu::Unknown;
            }
        });
        self.settle();
    }

    /// Goes on after a failure, with what was asked before.
    pub fn resume(self) {
        self.phase.set(Phase::Loading(None, None));
        self.settle();
    }

    fn crew<T>(self, change: impl FnOnce(&mut Crew) -> T) -> Option<T> {
        self.crew.try_update_value(change)
    }

    /// Brings the engines in line with what is known now.
    fn settle(self) {
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
        let load = Request::Load { weights: places::absolute(places::WEIGHTS), device };
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

    /// Sends the work at hand to the active engine.
    fn dispatch(self) {
        let sent = self.crew(Crew::dispatch);
        self.show_progress();
        match sent {
            Some(Ok(Some((device, serial)))) => self.set_alarm(device, serial),
            Some(Err(words)) => {
                if let Some(device) = self.crew(|crew| crew.active).flatten() {
                    self.fail(device, None, Trouble::Engine, words);
                }
            }
            _ => {}
        }
    }

    fn show_progress(self) {
        let progress = self.crew(|crew| {
            let job = crew.job.as_ref()?;
            Some(Progress { done: job.done, total: job.order.scans.len(), live: job.order.live })
        });
        self.progress.set(progress.flatten());
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
            Event::Done { job, millis } => self.finish(device, serial, job, millis),
            Event::Failed { failure, detail } => {
                self.fail(device, Some(failure), Trouble::of(device, failure), detail);
            }
        }
    }

    fn deliver(self, number: u32, first: usize, pixels: Vec<Pixels>) {
        let hear = self.crew(|crew| {
            let job = crew.job.as_mut().filter(|job| job.number == number)?;
            job.done += pixels.len();
            Some(job.order.hear.clone())
        });
        let Some(hear) = hear.flatten() else { return };
        for (offset, scan) in pixels.into_iter().enumerate() {
            hear(News::Scan(first + offset, scan));
        }
        self.show_progress();
    }

    fn finish(self, device: DeviceKind, serial: u32, number: u32, millis: f64) {
        let done = self.crew(|crew| {
            let job = crew.job.take_if(|job| job.number == number)?;
            if let Some(member) = crew.known(device, serial) {
                member.hush();
            }
            Some((job.order.hear, crew.waiting.take()))
        });
        let Some((hear, waiting)) = done.flatten() else { return };
        hear(News::Done { millis });
        match waiting {
            Some(order) => self.order(order),
            None => self.show_progress(),
        }
    }

    /// An engine is no more. In the background that only changes what is known of the graphics card.
    fn fail(self, device: DeviceKind, failure: Option<Failure>, trouble: Trouble, detail: String) {
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
    fn set_alarm(self, device: DeviceKind, serial: u32) {
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
