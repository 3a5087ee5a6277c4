//! Scans to choose from, real and made, with what the discriminator says of each.

use std::sync::Arc;

use leptos::prelude::*;

use crate::engine::making::protocol::Verdicts;
use crate::slice::{LabelledSlice, Slice};
use crate::slices::pack::Pack;
use crate::ui::engine::job::JobEvent;
use crate::ui::story::desk::{Desk, Story, random_seed};
use crate::ui::story::near::Near;
use crate::ui::story::real::{self, Real};

/// Scans to choose from.
pub const COUNT: usize = 8;
/// How many of them are real, if there are real ones.
const REAL: usize = COUNT / 2;

/// A scan to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Whether it is of a patient.
    pub real: bool,
    /// Its class, as the weights count.
    class: usize,
    /// Its pixels.
    pub pixels: Arc<Slice>,
}

/// The state of the choice.
#[derive(Clone, Copy)]
pub struct Choice {
    /// What there is to choose; empty until they are all there.
    pub candidates: RwSignal<Vec<Candidate>>,
    /// Which one is chosen.
    pub chosen: RwSignal<usize>,
    /// What the discriminator says, in the order of the candidates.
    pub verdicts: RwSignal<Option<Verdicts>>,
    /// The discriminator could not be had.
    pub missing: RwSignal<bool>,
    /// Which handful this is.
    pub turn: RwSignal<usize>,
    story: Story,
    making: Desk,
    judging: Desk,
}

impl Choice {
    /// The first handful, made once the part comes near.
    pub fn open(story: Story, near: Near) -> Self {
        let choice = Self {
            candidates: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(0),
            verdicts: RwSignal::new(None),
            missing: RwSignal::new(false),
            turn: RwSignal::new(0),
            story,
            making: Desk::open(story),
            judging: Desk::open(story),
        };
        Effect::new(move || {
            if near.came.get() {
                choice.gather();
            }
        });
        choice
    }

    /// The chosen scan.
    pub fn candidate(self) -> Option<Candidate> {
        self.candidates.with(|candidates| candidates.get(self.chosen.get()).cloned())
    }

    /// The chosen scan's logit.
    pub fn logit(self) -> Option<f32> {
        self.verdicts
            .with(|verdicts| verdicts.as_ref().and_then(|verdicts| verdicts.logits.get(self.chosen.get()).copied()))
    }

    /// Whether there are only generated scans to choose.
    pub fn is_fake_only(self) -> bool {
        self.candidates.with(|all| !all.is_empty() && all.iter().all(|candidate| !candidate.real))
    }

    fn gather(self) {
        let turn = self.turn.get();
        let real = match real::follow(self.story.real) {
            Real::Coming => return,
            Real::There(pack) => self.story.fitting(&pack).map_or_else(Vec::new, |pack| self.real(&pack, turn)),
            Real::Away => Vec::new(),
        };
        let specs: Vec<_> = (real.len()..COUNT).filter_map(|_| self.story.scan(random_seed())).collect();
        if specs.len() + real.len() < COUNT {
            return;
        }
        let (made, classes) = (StoredValue::new(real), specs.clone());
        self.making.scans(specs, move |news| match news {
            JobEvent::Scan(index, pixels) => made.update_value(|made| {
                let class = classes.get(index).map_or(0, |spec| spec.class);
                made.push(Candidate { real: false, class, pixels: Arc::new(pixels) });
            }),
            JobEvent::Done { .. } => self.offer(made.get_value()),
            _ => {}
        });
    }

    /// Real scans that the discriminator can take, of as many people as there are.
    fn real(self, pack: &Pack, turn: usize) -> Vec<Candidate> {
        let size = self.story.supervisor.model.with_untracked(|model| model.as_ref().map(|model| model.size));
        let candidate = |nth: usize| {
            let slice = real::pick(pack, None, turn * REAL + nth)?;
            let name = pack.classes.get(slice.class)?;
            let class = self.story.classes.with_untracked(|classes| classes.iter().position(|class| class == name))?;
            let pixels = Arc::new(real::pixels(pack, slice));
            Some(Candidate { real: true, class, pixels })
        };
        let few = REAL.min(pack.slices.len());
        if size == Some(pack.size) { (0..few).filter_map(candidate).collect() } else { Vec::new() }
    }

    fn offer(self, mut candidates: Vec<Candidate>) {
        // Mixed, so that the eye compares them all.
        for last in (1..candidates.len()).rev() {
            candidates.swap(last, (js_sys::Math::random() * (last + 1) as f64) as usize);
        }
        self.verdicts.set(None);
        self.chosen.set(0);
        self.candidates.set(candidates);
        self.judge();
    }

    /// Asks for the verdicts; again, after they could not be had.
    pub fn judge(self) {
        self.missing.set(false);
        let subject =
            |candidate: &Candidate| LabelledSlice { class: candidate.class, slice: Slice::clone(&candidate.pixels) };
        let scans = self.candidates.with_untracked(|candidates| candidates.iter().map(subject).collect());
        self.judging.verdicts(scans, move |news| match news {
            JobEvent::Verdicts(verdicts) => self.verdicts.set(Some(verdicts)),
            JobEvent::Refused { .. } => self.missing.set(true),
            _ => {}
        });
    }
}
