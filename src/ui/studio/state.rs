//! What the studio shows and is asked for, shared by its parts.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use crate::engine::making::protocol::{MAX_SCANS, ModelInfo};
use crate::gan::preset::{ScanSpec, Style};
use crate::slice::Slice;
use crate::ui::engine::job::{Job, JobEvent, JobOwner, Task};
use crate::ui::engine::{client::EngineClient, engines::Phase};
use crate::ui::logic::scan_image::GeneratedScan;
use crate::ui::logic::studio_settings::StudioSettings;
use crate::ui::route::{Route, Step};
use crate::ui::view::View;

/// Most earlier settings to keep.
const HISTORY: usize = 24;

/// A picture that may not be there yet.
pub type Slot = RwSignal<Option<Arc<GeneratedScan>>>;

/// What the engine was last asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// The scans of the gallery.
    Gallery,
    /// The steps between two scans.
    Morph,
}

/// Changes of one hand on one slider are one thing to return to, if they come this soon after each other.
const ONE_MOVE: f64 = 3000.0;

/// Earlier settings, with the first scan that they gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    /// The settings.
    pub settings: StudioSettings,
    /// Their first scan.
    pub first: Arc<GeneratedScan>,
    /// When it came, in milliseconds.
    at: f64,
}

/// The studio's state.
#[derive(Clone, Copy)]
pub struct Studio {
    /// The engines.
    pub supervisor: EngineClient,
    /// The settings of what is on screen.
    pub settings: RwSignal<StudioSettings>,
    /// Whether the tumour masks are drawn.
    pub overlay: RwSignal<bool>,
    /// Which scan is open in the detail panel.
    pub open: RwSignal<Option<usize>>,
    /// What the engine works on or worked on last.
    pub work: RwSignal<Work>,
    /// How many scans came last, and in how many milliseconds.
    pub outcome: RwSignal<Option<(usize, f64)>>,
    /// Earlier settings, newest first.
    pub history: RwSignal<Vec<Earlier>>,
    /// The ends of a morph that the visitor chose; else the first and the last scan.
    pub ends: [Slot; 2],
    /// Under which it orders.
    pub owner: JobOwner,
    route: Route,
    slots: StoredValue<Vec<Slot>>,
}

impl Studio {
    /// Reads the settings from the address, and makes the scans as soon as an engine is ready.
    pub fn open(supervisor: EngineClient, route: Route) -> Self {
        let address = route.address_untracked();
        let studio = Self {
            supervisor,
            settings: RwSignal::new(StudioSettings::read(&address, random_seed())),
            overlay: RwSignal::new(false),
            open: RwSignal::new(None),
            work: RwSignal::new(Work::Gallery),
            outcome: RwSignal::new(None),
            history: RwSignal::new(Vec::new()),
            ends: [RwSignal::new(None), RwSignal::new(None)],
            owner: supervisor.new_owner(),
            route,
            slots: StoredValue::new((0..MAX_SCANS).map(|_| RwSignal::new(None)).collect()),
        };
        route.go(studio.settings.get_untracked().write(address), Step::Replace);
        // Other weights mean other scans; the first weights mean the first scans.
        Effect::new(move |before: Option<Option<String>>| {
            let now = supervisor.model.with(|model| model.as_ref().map(|model| model.sha256.clone()));
            if before.flatten().is_some_and(|before| now.as_ref() != Some(&before)) {
                studio.forget();
            }
            studio.make(studio.settings.get_untracked(), Step::Replace);
            now
        });
        // Back, forward, and links to other settings.
        Effect::new(move || {
            let (address, now) = (route.address(), studio.settings.get_untracked());
            if View::of(&address) != View::Studio {
                return;
            }
            let asked = StudioSettings::read(&address, now.seed);
            if asked != now {
                studio.make(asked, Step::Replace);
            } else {
                // A link may say less than all; copied on, it should still give the same scans.
                route.go(now.write(address), Step::Replace);
            }
        });
        studio
    }

    /// Clears away what an earlier generator made: with this one the same settings give other scans.
    fn forget(self) {
        self.slots.with_value(|slots| slots.iter().for_each(|slot| slot.set(None)));
        self.ends.iter().for_each(|end| end.set(None));
        self.history.set(Vec::new());
        self.outcome.set(None);
        self.open.set(None);
    }

    /// The place of a scan.
    pub fn slot(self, index: usize) -> Option<Slot> {
        self.slots.with_value(|slots| slots.get(index).copied())
    }

    /// Whether an engine is at work or on its way.
    pub fn is_busy(self) -> bool {
        self.supervisor.phase.with(|phase| matches!(phase, Phase::Loading(..)))
            || self.supervisor.progress.with(Option::is_some)
    }

    /// Makes the scans of these settings.
    pub fn make(self, settings: StudioSettings, step: Step) {
        self.apply(settings, step, false);
    }

    /// Makes them while a slider moves: the address and the history follow when it rests.
    pub fn make_live(self, settings: StudioSettings) {
        self.apply(settings, Step::Replace, true);
    }

    /// Makes scans from a seed that nobody chose.
    pub fn make_new(self, settings: StudioSettings) {
        self.make(StudioSettings { seed: random_seed(), ..settings }, Step::Push);
    }

    fn apply(self, settings: StudioSettings, step: Step, live: bool) {
        self.settings.set(settings.clone());
        if !live {
            self.route.go(settings.write(self.route.address_untracked()), step);
        }
        let Some(model) = self.supervisor.model.get_untracked() else { return };
        let scans = settings.specs(&model.classes);
        let style = settings.style(model.directions.len());
        let hear = self.listen(scans.clone(), model, settings, live);
        self.work.set(Work::Gallery);
        let task = Task::Scans { scans, style, weights: None };
        self.supervisor.submit(Job { owner: self.owner, task, live, on_event: hear });
    }

    /// Puts the scans of an order in their places.
    fn listen(
        self,
        specs: Vec<ScanSpec>,
        model: Arc<ModelInfo>,
        settings: StudioSettings,
        live: bool,
    ) -> Rc<dyn Fn(JobEvent)> {
        let style = Arc::new(settings.style(model.directions.len()));
        Rc::new(move |news| match news {
            JobEvent::Scan(index, pixels) => {
                if let (Some(slot), Some(spec)) = (self.slot(index), specs.get(index)) {
                    slot.set(Some(Arc::new(scan(spec, &style, &model, pixels))));
                }
            }
            JobEvent::Done { millis } => {
                self.outcome.set(Some((specs.len(), millis)));
                if !live {
                    self.remember(settings.clone());
                }
            }
            _ => {}
        })
    }

    fn remember(self, settings: StudioSettings) {
        let Some(first) = self.slot(0).and_then(|slot| slot.get_untracked()) else { return };
        let at = js_sys::Date::now();
        self.history.update(|history| {
            let same_move = |last: &mut Earlier| at - last.at < ONE_MOVE && last.settings.same_latents(&settings);
            drop(history.first_mut().is_some_and(same_move).then(|| history.remove(0)));
            history.retain(|earlier| earlier.settings != settings);
            history.insert(0, Earlier { settings, first, at });
            history.truncate(HISTORY);
        });
    }
}

/// A scan from its spec and its pixels.
pub fn scan(spec: &ScanSpec, style: &Arc<Style>, model: &ModelInfo, pixels: Slice) -> GeneratedScan {
    GeneratedScan {
        seed: spec.seed,
        class: spec.class,
        class_key: model.classes.get(spec.class).cloned().unwrap_or_default(),
        style: style.clone(),
        size: pixels.size,
        image: pixels.image,
        mask: pixels.mask,
    }
}

/// A seed that nobody chose. Small enough to read out loud.
fn random_seed() -> u32 {
    (js_sys::Math::random() * 100_000.0) as u32
}
