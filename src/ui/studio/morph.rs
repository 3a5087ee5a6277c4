//! Latent interpolation between two scans: one request for all steps, then playback.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use super::state::{Studio, StudioTask, scan};
use crate::gan::preset::{ScanSpec, Toward};
use crate::ui::engine::job::{EngineTask, Job, JobEvent};
use crate::ui::logic::scan_image::GeneratedScan;

/// Number of steps, both ends included. Odd, so that there is a middle.
pub const STEPS: usize = 33;

/// State of the morph.
#[derive(Clone, Copy)]
pub struct Morph {
    studio: Studio,
    /// Both ends.
    pub ends: Memo<[Option<Arc<GeneratedScan>>; 2]>,
    /// Index of the current step.
    pub position: RwSignal<usize>,
    /// Whether it plays.
    pub playing: RwSignal<bool>,
    /// Whether the steps are being generated.
    pub making: RwSignal<bool>,
    steps: RwSignal<Vec<Option<Arc<GeneratedScan>>>>,
    backwards: StoredValue<bool>,
}

impl Morph {
    /// Nothing generated yet; from the first scan to the last unless the visitor chose others.
    pub fn new(studio: Studio) -> Self {
        let ends = Memo::new(move |_| {
            let last = studio.settings.with(|settings| settings.count) - 1;
            let or_slot = |end: usize, index: usize| {
                studio.ends[end].get().or_else(|| studio.slot(index).and_then(|slot| slot.get()))
            };
            [or_slot(0, 0), or_slot(1, last)]
        });
        let morph = Self {
            studio,
            ends,
            position: RwSignal::new(0),
            playing: RwSignal::new(false),
            making: RwSignal::new(false),
            steps: RwSignal::new(Vec::new()),
            backwards: StoredValue::new(false),
        };
        // Steps for other ends or another style are out of date.
        let style =
            Memo::new(move |_| studio.settings.with(|settings| (settings.truncation, settings.directions.clone())));
        Effect::new(move || {
            ends.track();
            style.track();
            morph.playing.set(false);
            morph.position.set(0);
            morph.steps.set(Vec::new());
        });
        morph
    }

    /// Whether both ends are there and differ.
    pub fn is_possible(self) -> bool {
        self.are_ends_different() == Some(true)
    }

    /// Whether both ends are the same scan.
    pub fn is_pointless(self) -> bool {
        self.are_ends_different() == Some(false)
    }

    fn are_ends_different(self) -> Option<bool> {
        let ends = self.ends.get();
        let [start, end] = ends.each_ref().map(|end| end.as_ref().map(|scan| (scan.seed, scan.class)));
        Some(start? != end?)
    }

    /// The scan at the current step; until it is generated, the nearer end.
    pub fn shown(self) -> Option<Arc<GeneratedScan>> {
        let position = self.position.get();
        let made = self.steps.with(|steps| steps.get(position).cloned().flatten());
        made.or_else(|| self.ends.with(|ends| ends[usize::from(position * 2 >= STEPS)].clone()))
    }

    /// Plays or pauses. Generates the steps at the first call; `starts_by_itself` tells whether to play then.
    pub fn toggle(self, starts_by_itself: bool) {
        if self.playing.get_untracked() {
            self.playing.set(false);
        } else if self.is_made() {
            self.playing.set(true);
        } else {
            self.make(starts_by_itself);
        }
    }

    /// Goes to a step. Generates the steps if needed.
    pub fn scrub(self, position: usize) {
        self.playing.set(false);
        self.position.set(position.min(STEPS - 1));
        if !self.is_made() && !self.making.get_untracked() {
            self.make(false);
        }
    }

    /// Moves one step; turns round at the ends.
    pub fn advance(self) {
        let position = self.position.get_untracked();
        let backwards = match position {
            0 => false,
            position if position + 1 >= STEPS => true,
            _ => self.backwards.get_value(),
        };
        self.backwards.set_value(backwards);
        self.position.set(if backwards { position - 1 } else { position + 1 });
    }

    fn is_made(self) -> bool {
        self.steps.with_untracked(|steps| steps.len() == STEPS && steps.iter().all(Option::is_some))
    }

    fn make(self, then_play: bool) {
        let Some(model) = self.studio.engines.model.get_untracked() else { return };
        let [Some(start), Some(end)] = self.ends.get_untracked() else { return };
        let scans: Vec<ScanSpec> = (0..STEPS).map(|step| between(&start, &end, step)).collect();
        let style = self.studio.settings.with_untracked(|settings| settings.style(model.directions.len()));
        self.making.set(true);
        self.steps.set(vec![None; STEPS]);
        self.studio.work.set(StudioTask::Morph);
        let (specs, made_in) = (scans.clone(), Arc::new(style.clone()));
        let hear = Rc::new(move |event| match event {
            JobEvent::Scan(index, pixels) => self.steps.update(|steps| {
                if let (Some(step), Some(spec)) = (steps.get_mut(index), specs.get(index)) {
                    *step = Some(Arc::new(scan(spec, &made_in, &model, pixels)));
                }
            }),
            JobEvent::Done { .. } => {
                self.making.set(false);
                self.playing.set(then_play && self.is_made());
            }
            _ => self.making.set(false),
        });
        let task = EngineTask::Scans { scans, style, weights: None };
        self.studio.engines.submit(Job { owner: self.studio.owner, task, live: false, on_event: hear });
    }
}

/// Specification of one step.
fn between(start: &GeneratedScan, end: &GeneratedScan, step: usize) -> ScanSpec {
    let position = step as f32 / (STEPS - 1) as f32;
    let toward = Some(Toward { seed: end.seed, class: end.class, position });
    ScanSpec { seed: start.seed, class: start.class, toward }
}
