//! The state of the engines, for every part of the page, and the orders that they work on.

use std::sync::Arc;

use leptos::prelude::*;

use super::crew::Crew;
use super::job::{News, Order, Owner, Progress};
use crate::engine::protocol::ModelInfo;
use crate::engine::shared::{DeviceKind, DeviceReport, LoadStage, Source};
use crate::slice::Slice;
use crate::ui::logic::choice::{Gpu, Preference, Reason};
use crate::ui::logic::trouble::{Report, Trouble};
use crate::ui::places;

/// What the engines are up to.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// None is ready. For weights on their way: the part of 1 that is there.
    Loading(Option<LoadStage>, Option<f64>),
    /// One is ready, working or not.
    Ready,
    /// None is ready and the visitor has to say how to go on.
    Failed(Report),
}

/// The engines, for every part of the page.
#[derive(Clone, Copy)]
pub struct Supervisor {
    crew: StoredValue<Crew, LocalStorage>,
    /// The generator that they run.
    pub(super) weights: StoredValue<Source>,
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
    /// Starts the processor's engine with weights of this site; the graphics card follows once that one is ready.
    pub fn start(weights: &str) -> Self {
        Self::start_with(Source::Address { address: places::absolute(weights) })
    }

    /// Goes over to other weights of this site. Orders that were meant for the earlier ones are dropped; who tracks
    /// [`model`](Self::model) orders anew.
    pub fn change(self, weights: &str) {
        self.weights.set_value(Source::Address { address: places::absolute(weights) });
        let dropped = self.crew(Crew::start_over).unwrap_or_default();
        self.model.set(None);
        self.device.set(None);
        self.progress.set(None);
        for order in dropped {
            (order.hear)(News::Dropped);
        }
        self.resume();
    }

    /// The same with other weights.
    pub fn start_with(weights: Source) -> Self {
        let supervisor = Self {
            crew: StoredValue::new_local(Crew::default()),
            weights: StoredValue::new(weights),
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

    /// A new owner of orders. They are dropped, unheard, when the current component goes.
    pub fn owner(self) -> Owner {
        let owner = self.crew(Crew::next_owner).unwrap_or(Owner(0));
        on_cleanup(move || {
            self.crew(|crew| {
                drop(crew.forget(owner));
                crew.next();
            });
            self.dispatch();
        });
        owner
    }

    /// Gives an engine something to do, now or as soon as one is ready and the orders of others are done.
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

    /// Ends all engines. Orders that come later wait for ever.
    pub fn end(self) {
        self.crew(|crew| *crew = Crew::default());
    }

    pub(super) fn crew<T>(self, change: impl FnOnce(&mut Crew) -> T) -> Option<T> {
        self.crew.try_update_value(change)
    }

    /// Sends the work at hand to the active engine.
    pub(super) fn dispatch(self) {
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
            Some(Progress { done: job.done, total: job.order.total(), live: job.order.live })
        });
        self.progress.set(progress.flatten());
    }

    pub(super) fn deliver(self, number: u32, first: usize, pixels: Vec<Slice>) {
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

    /// Hands on an answer that is no scan.
    pub(super) fn answer(self, number: u32, news: News) {
        let hear = self.crew(|crew| {
            let job = crew.job.as_mut().filter(|job| job.number == number)?;
            job.done += 1;
            Some(job.order.hear.clone())
        });
        if let Some(hear) = hear.flatten() {
            hear(news);
        }
    }

    /// The work at hand is done, or cannot be; the next in the queue follows.
    pub(super) fn finish(self, device: DeviceKind, serial: u32, number: u32, last: News) {
        let done = self.crew(|crew| {
            let job = crew.job.take_if(|job| job.number == number)?;
            if let Some(member) = crew.known(device, serial) {
                member.hush();
            }
            crew.next();
            Some(job.order.hear)
        });
        let Some(hear) = done.flatten() else { return };
        hear(last);
        self.dispatch();
    }
}
