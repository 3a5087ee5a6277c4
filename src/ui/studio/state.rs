//! State of the studio, shared by its parts.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use crate::engine::making::protocol::{MAX_SCANS, ModelInfo};
use crate::gan::preset::{ScanSpec, Style};
use crate::slice::Slice;
use crate::ui::engine::job::{EngineTask, Job, JobEvent, JobOwner};
use crate::ui::engine::{client::EngineClient, engines::Phase};
use crate::ui::logic::scan_image::GeneratedScan;
use crate::ui::logic::studio_settings::StudioSettings;
use crate::ui::random::random_seed;
use crate::ui::route::{Navigation, Route};
use crate::ui::view::View;

/// Most settings in the history.
const HISTORY: usize = 24;

/// A scan that may not be generated yet.
pub type ScanSlot = RwSignal<Option<Arc<GeneratedScan>>>;

/// What was requested last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StudioTask {
    /// The scans of the gallery.
    Gallery,
    /// The steps of the morph.
    Morph,
}

/// Milliseconds within which changes of the same slider are one entry of the history.
const ONE_MOVE: f64 = 3000.0;

/// An entry of the history.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryEntry {
    /// The settings.
    pub settings: StudioSettings,
    /// Their first scan.
    pub first: Arc<GeneratedScan>,
    /// When it was generated, in milliseconds.
    at: f64,
}

/// State of the studio.
#[derive(Clone, Copy)]
pub struct Studio {
    /// The engines.
    pub engines: EngineClient,
    /// File name of the weights that the site ships; `None` for a generator of the visitor's own.
    pub weights: Signal<Option<&'static str>>,
    /// The current settings.
    pub settings: RwSignal<StudioSettings>,
    /// Whether to draw the tumour masks.
    pub overlay: RwSignal<bool>,
    /// Index of the enlarged scan.
    pub open: RwSignal<Option<usize>>,
    /// What was requested last.
    pub work: RwSignal<StudioTask>,
    /// Number of scans of the last request, and milliseconds that they took.
    pub outcome: RwSignal<Option<(usize, f64)>>,
    /// Earlier settings, newest first.
    pub history: RwSignal<Vec<HistoryEntry>>,
    /// Ends of the morph that the visitor chose; else the first and the last scan.
    pub ends: [ScanSlot; 2],
    /// JobOwner of the studio's requests.
    pub owner: JobOwner,
    route: Route,
    slots: StoredValue<Vec<ScanSlot>>,
}

impl Studio {
    /// Reads the settings from the address and generates the scans as soon as an engine is ready.
    pub fn open(engines: EngineClient, weights: Signal<Option<&'static str>>, route: Route) -> Self {
        let address = route.address_untracked();
        let studio = Self {
            engines,
            weights,
            settings: RwSignal::new(StudioSettings::read(&address, random_seed())),
            overlay: RwSignal::new(false),
            open: RwSignal::new(None),
            work: RwSignal::new(StudioTask::Gallery),
            outcome: RwSignal::new(None),
            history: RwSignal::new(Vec::new()),
            ends: [RwSignal::new(None), RwSignal::new(None)],
            owner: engines.new_owner(),
            route,
            slots: StoredValue::new((0..MAX_SCANS).map(|_| RwSignal::new(None)).collect()),
        };
        route.go(studio.settings.get_untracked().write(address), Navigation::Replace);
        // Generates when the first weights are there, and again for other weights.
        Effect::new(move |before: Option<Option<String>>| {
            let now = engines.model.with(|model| model.as_ref().map(|model| model.sha256.clone()));
            if before.flatten().is_some_and(|before| now.as_ref() != Some(&before)) {
                studio.forget();
            }
            studio.make(studio.settings.get_untracked(), Navigation::Replace);
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
                studio.make(asked, Navigation::Replace);
            } else {
                // Complete the address, so that a copied link gives the same scans.
                route.go(now.write(address), Navigation::Replace);
            }
        });
        studio
    }

    /// Whether the generator is the visitor's own, which no link can give to others.
    pub fn is_own(self) -> bool {
        self.weights.with(Option::is_none)
    }

    /// Drops all scans of an earlier generator.
    fn forget(self) {
        self.slots.with_value(|slots| slots.iter().for_each(|slot| slot.set(None)));
        self.ends.iter().for_each(|end| end.set(None));
        self.history.set(Vec::new());
        self.outcome.set(None);
        self.open.set(None);
    }

    /// The slot of a scan.
    pub fn slot(self, index: usize) -> Option<ScanSlot> {
        self.slots.with_value(|slots| slots.get(index).copied())
    }

    /// Whether an engine is loading or generating.
    pub fn is_busy(self) -> bool {
        self.engines.phase.with(|phase| matches!(phase, Phase::Loading(..)))
            || self.engines.progress.with(Option::is_some)
    }

    /// Generates the scans of these settings.
    pub fn make(self, settings: StudioSettings, step: Navigation) {
        self.apply(settings, step, false);
    }

    /// Generates while a slider moves. Address and history are updated when it is released.
    pub fn make_live(self, settings: StudioSettings) {
        self.apply(settings, Navigation::Replace, true);
    }

    /// Generates scans from a random seed.
    pub fn make_new(self, settings: StudioSettings) {
        self.make(StudioSettings { seed: random_seed(), ..settings }, Navigation::Push);
    }

    fn apply(self, settings: StudioSettings, step: Navigation, live: bool) {
        self.settings.set(settings.clone());
        if !live {
            self.route.go(settings.write(self.route.address_untracked()), step);
        }
        let Some(model) = self.engines.model.get_untracked() else { return };
        let scans = settings.specs(&model.classes);
        let style = settings.style(model.directions.len());
        let hear = self.listen(scans.clone(), model, settings, live);
        self.work.set(StudioTask::Gallery);
        let task = EngineTask::Scans { scans, style, weights: None };
        self.engines.submit(Job { owner: self.owner, task, live, on_event: hear });
    }

    /// An event handler that puts scans into their slots.
    fn listen(
        self,
        specs: Vec<ScanSpec>,
        model: Arc<ModelInfo>,
        settings: StudioSettings,
        live: bool,
    ) -> Rc<dyn Fn(JobEvent)> {
        let style = Arc::new(settings.style(model.directions.len()));
        Rc::new(move |event| match event {
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
            let same_move = |last: &mut HistoryEntry| at - last.at < ONE_MOVE && last.settings.same_latents(&settings);
            drop(history.first_mut().is_some_and(same_move).then(|| history.remove(0)));
            history.retain(|earlier| earlier.settings != settings);
            history.insert(0, HistoryEntry { settings, first, at });
            history.truncate(HISTORY);
        });
    }
}

/// A scan from its specification and pixels.
pub fn scan(spec: &ScanSpec, style: &Arc<Style>, model: &ModelInfo, pixels: Slice) -> GeneratedScan {
    GeneratedScan {
        seed: spec.seed,
        class: spec.class,
        class_key: model.classes.get(spec.class).cloned().unwrap_or_default(),
        style: style.clone(),
        slice: pixels,
    }
}
