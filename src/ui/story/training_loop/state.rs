//! One iteration of GAN training, step by step, with real scans and scores.

use std::sync::Arc;

use leptos::prelude::*;

use crate::slice::{LabelledSlice, Slice};
use crate::ui::engine::job::JobEvent;
use crate::ui::random::random_seed;
use crate::ui::story::engine_client::{SliceSlot, Story, StoryClient};
use crate::ui::story::real_scans::{self, RealAvailability};
use crate::ui::story::visibility::Visibility;

/// The steps of an iteration, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LoopStep {
    /// A latent is sampled.
    Noise,
    /// The generator makes a fake.
    Make,
    /// A real scan is drawn.
    Draw,
    /// The discriminator scores both.
    Judge,
    /// The discriminator learns.
    JudgeLearns,
    /// The generator learns.
    MakerLearns,
}

impl LoopStep {
    /// All steps.
    pub const ALL: [LoopStep; 6] = [
        LoopStep::Noise,
        LoopStep::Make,
        LoopStep::Draw,
        LoopStep::Judge,
        LoopStep::JudgeLearns,
        LoopStep::MakerLearns,
    ];

    /// Number of the step, from 1.
    pub fn number(self) -> usize {
        self as usize + 1
    }
}

/// State of the diagram.
#[derive(Clone, Copy)]
pub struct LoopDiagram {
    /// The current step.
    pub step: RwSignal<LoopStep>,
    /// The fake of this iteration.
    pub fake: SliceSlot,
    /// The real scan of this iteration; `None` if the site has none.
    pub real: SliceSlot,
    /// Logits of the fake and of the real scan.
    pub scores: RwSignal<[Option<f32>; 2]>,
    /// Number of the iteration.
    pub number: RwSignal<usize>,
    story: Story,
    making: StoryClient,
    judging: StoryClient,
}

impl LoopDiagram {
    /// Starts the first iteration once the diagram is near the viewport.
    pub fn open(story: Story, visibility: Visibility) -> Self {
        let turn = Self {
            step: RwSignal::new(LoopStep::Noise),
            fake: RwSignal::new(None),
            real: RwSignal::new(None),
            scores: RwSignal::new([None; 2]),
            number: RwSignal::new(0),
            story,
            making: StoryClient::open(story),
            judging: StoryClient::open(story),
        };
        Effect::new(move || {
            if visibility.was_near.get() {
                turn.begin();
            }
        });
        turn
    }

    /// Goes to the next step; after the last, to the next iteration.
    pub fn advance(self) {
        match LoopStep::ALL.get(self.step.get_untracked().number()) {
            Some(next) => self.step.set(*next),
            None => {
                self.number.update(|number| *number += 1);
                self.step.set(LoopStep::Noise);
            }
        }
    }

    fn begin(self) {
        let number = self.number.get();
        let real = match real_scans::follow(self.story.real) {
            RealAvailability::Pending => return,
            RealAvailability::Available(pack) => self.story.fitting(&pack).and_then(|pack| {
                real_scans::pick(&pack, None, number * 7).map(|slice| {
                    let class = pack.classes.get(slice.class).cloned().unwrap_or_default();
                    (class, slice.slice.clone())
                })
            }),
            RealAvailability::Unavailable => None,
        };
        let Some(scan) = self.story.scan(random_seed()) else { return };
        self.fake.set(None);
        self.scores.set([None; 2]);
        self.real.set(real.as_ref().map(|(_, pixels)| Arc::new(pixels.clone())));
        let real = real.and_then(|(class, pixels)| self.subject(&class, pixels));
        self.making.scans(vec![scan], move |event| {
            if let JobEvent::Scan(_, pixels) = event {
                let fake = LabelledSlice { class: scan.class, slice: pixels.clone() };
                self.fake.set(Some(Arc::new(pixels)));
                self.judge([Some(fake), real.clone()]);
            }
        });
    }

    /// A real scan with its class index. `None` if the model has another size or does not know the class.
    fn subject(self, class: &str, pixels: Slice) -> Option<LabelledSlice> {
        let size = self.story.engines.model.with_untracked(|model| model.as_ref().map(|model| model.size))?;
        let class = self.story.classes.with_untracked(|classes| classes.iter().position(|name| name == class))?;
        (pixels.size == size).then_some(LabelledSlice { class, slice: pixels })
    }

    fn judge(self, pair: [Option<LabelledSlice>; 2]) {
        let places: Vec<usize> = (0..2).filter(|place| pair[*place].is_some()).collect();
        // Without verdicts, the diagram goes on without scores.
        self.judging.verdicts(pair.into_iter().flatten().collect(), move |event| {
            if let JobEvent::Verdicts(verdicts) = event {
                self.scores.update(|scores| {
                    for (place, logit) in places.iter().zip(&verdicts.logits) {
                        scores[*place] = Some(*logit);
                    }
                });
            }
        });
    }
}
