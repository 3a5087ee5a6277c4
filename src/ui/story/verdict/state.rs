//! Real and generated scans to choose from, and their verdicts.

use std::sync::Arc;

use leptos::prelude::*;

use crate::engine::making::protocol::Verdicts;
use crate::slice::{LabelledSlice, Slice};
use crate::slices::pack::Pack;
use crate::ui::engine::job::JobEvent;
use crate::ui::random::{random_seed, shuffle};
use crate::ui::story::engine_client::{Story, StoryClient};
use crate::ui::story::real_scans::{self, RealAvailability};
use crate::ui::story::visibility::Visibility;

/// Number of scans.
pub const COUNT: usize = 8;
/// Number of real ones among them, if there are any.
const REAL: usize = COUNT / 2;

/// A scan to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictCandidate {
    /// Whether it is real.
    pub real: bool,
    /// Index of its class in the model.
    class: usize,
    /// Its pixels.
    pub pixels: Arc<Slice>,
}

/// State of the choice.
#[derive(Clone, Copy)]
pub struct VerdictChoice {
    /// The scans; empty until all are there.
    pub candidates: RwSignal<Vec<VerdictCandidate>>,
    /// Index of the chosen scan.
    pub chosen: RwSignal<usize>,
    /// Verdicts, in the order of the scans.
    pub verdicts: RwSignal<Option<Verdicts>>,
    /// Whether the verdicts could not be obtained.
    pub missing: RwSignal<bool>,
    /// Whether the site has real scans.
    pub has_pack: RwSignal<bool>,
    /// Number of the current set of scans.
    pub turn: RwSignal<usize>,
    story: Story,
    making: StoryClient,
    judging: StoryClient,
}

impl VerdictChoice {
    /// Makes the first set once the section is near the viewport.
    pub fn open(story: Story, visibility: Visibility) -> Self {
        let choice = Self {
            candidates: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(0),
            verdicts: RwSignal::new(None),
            missing: RwSignal::new(false),
            has_pack: RwSignal::new(false),
            turn: RwSignal::new(0),
            story,
            making: StoryClient::open(story),
            judging: StoryClient::open(story),
        };
        Effect::new(move || {
            if visibility.was_near.get() {
                choice.gather();
            }
        });
        choice
    }

    /// The chosen scan.
    pub fn candidate(self) -> Option<VerdictCandidate> {
        self.candidates.with(|candidates| candidates.get(self.chosen.get()).cloned())
    }

    /// Logit of the chosen scan.
    pub fn logit(self) -> Option<f32> {
        self.verdicts
            .with(|verdicts| verdicts.as_ref().and_then(|verdicts| verdicts.logits.get(self.chosen.get()).copied()))
    }

    /// Whether all scans are generated.
    pub fn is_fake_only(self) -> bool {
        self.candidates.with(|all| !all.is_empty() && all.iter().all(|candidate| !candidate.real))
    }

    fn gather(self) {
        let turn = self.turn.get();
        let availability = real_scans::follow(self.story.real);
        self.has_pack.set(matches!(availability, RealAvailability::Available(_)));
        let real = match availability {
            RealAvailability::Pending => return,
            RealAvailability::Available(pack) => {
                self.story.fitting(&pack).map_or_else(Vec::new, |pack| self.real(&pack, turn))
            }
            RealAvailability::Unavailable => Vec::new(),
        };
        let specs: Vec<_> = (real.len()..COUNT).filter_map(|_| self.story.scan(random_seed())).collect();
        if specs.len() + real.len() < COUNT {
            return;
        }
        let (made, classes) = (StoredValue::new(real), specs.clone());
        self.making.scans(specs, move |event| match event {
            JobEvent::Scan(index, pixels) => made.update_value(|made| {
                let class = classes.get(index).map_or(0, |spec| spec.class);
                made.push(VerdictCandidate { real: false, class, pixels: Arc::new(pixels) });
            }),
            JobEvent::Done { .. } => self.offer(made.get_value()),
            _ => {}
        });
    }

    /// Real scans of classes that the discriminator knows, from as many people as possible.
    fn real(self, pack: &Pack, turn: usize) -> Vec<VerdictCandidate> {
        let size = self.story.engines.model.with_untracked(|model| model.as_ref().map(|model| model.size));
        let candidate = |nth: usize| {
            let slice = real_scans::pick(pack, None, turn * REAL + nth)?;
            let name = pack.classes.get(slice.class)?;
            let class = self.story.classes.with_untracked(|classes| classes.iter().position(|class| class == name))?;
            let pixels = Arc::new(slice.slice.clone());
            Some(VerdictCandidate { real: true, class, pixels })
        };
        let few = REAL.min(pack.slices.len());
        if size == Some(pack.size) { (0..few).filter_map(candidate).collect() } else { Vec::new() }
    }

    fn offer(self, mut candidates: Vec<VerdictCandidate>) {
        // Mixed, so that position does not tell.
        shuffle(&mut candidates);
        self.verdicts.set(None);
        self.chosen.set(0);
        self.candidates.set(candidates);
        self.judge();
    }

    /// Requests the verdicts. Also the retry after a failure.
    pub fn judge(self) {
        self.missing.set(false);
        let labelled = |candidate: &VerdictCandidate| LabelledSlice {
            class: candidate.class,
            slice: Slice::clone(&candidate.pixels),
        };
        let scans = self.candidates.with_untracked(|candidates| candidates.iter().map(labelled).collect());
        self.judging.verdicts(scans, move |event| match event {
            JobEvent::Verdicts(verdicts) => self.verdicts.set(Some(verdicts)),
            JobEvent::Refused { .. } => self.missing.set(true),
            _ => {}
        });
    }
}
