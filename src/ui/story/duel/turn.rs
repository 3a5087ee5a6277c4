//! One turn of learning, step by step, with real pixels and real scores.

use std::sync::Arc;

use leptos::prelude::*;

use crate::slice::{LabelledSlice, Slice};
use crate::ui::engine::job::JobEvent;
use crate::ui::story::desk::{Desk, Slot, Story, random_seed};
use crate::ui::story::near::Near;
use crate::ui::story::real::{self, Real};

/// The steps of a turn, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Noise comes in.
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

impl Step {
    /// All of them.
    pub const ALL: [Step; 6] = [Step::Noise, Step::Make, Step::Draw, Step::Judge, Step::JudgeLearns, Step::MakerLearns];

    /// Its number, from 1.
    pub fn number(self) -> usize {
        self as usize + 1
    }
}

/// The state of the diagram.
#[derive(Clone, Copy)]
pub struct Turn {
    /// The step that is shown.
    pub step: RwSignal<Step>,
    /// The fake of this turn.
    pub fake: Slot,
    /// The real scan of this turn; none if this copy of the site has none.
    pub real: Slot,
    /// What the discriminator gave the fake and the real one.
    pub scores: RwSignal<[Option<f32>; 2]>,
    /// Which turn this is.
    pub number: RwSignal<usize>,
    story: Story,
    making: Desk,
    judging: Desk,
}

impl Turn {
    /// The first turn, made once the diagram comes near.
    pub fn open(story: Story, near: Near) -> Self {
        let turn = Self {
            step: RwSignal::new(Step::Noise),
            fake: RwSignal::new(None),
            real: RwSignal::new(None),
            scores: RwSignal::new([None; 2]),
            number: RwSignal::new(0),
            story,
            making: Desk::open(story),
            judging: Desk::open(story),
        };
        Effect::new(move || {
            if near.came.get() {
                turn.begin();
            }
        });
        turn
    }

    /// One step on; after the last, a new turn.
    pub fn advance(self) {
        match Step::ALL.get(self.step.get_untracked().number()) {
            Some(next) => self.step.set(*next),
            None => {
                self.number.update(|number| *number += 1);
                self.step.set(Step::Noise);
            }
        }
    }

    fn begin(self) {
        let number = self.number.get();
        let real = match real::follow(self.story.real) {
            Real::Coming => return,
            Real::There(pack) => self.story.fitting(&pack).and_then(|pack| {
                real::pick(&pack, None, number * 7).map(|slice| {
                    let class = pack.classes.get(slice.class).cloned().unwrap_or_default();
                    (class, real::pixels(&pack, slice))
                })
            }),
            Real::Away => None,
        };
        let Some(scan) = self.story.scan(random_seed()) else { return };
        self.fake.set(None);
        self.scores.set([None; 2]);
        self.real.set(real.as_ref().map(|(_, pixels)| Arc::new(pixels.clone())));
        let real = real.and_then(|(class, pixels)| self.subject(&class, pixels));
        self.making.scans(vec![scan], move |news| {
            if let JobEvent::Scan(_, pixels) = news {
                let fake = LabelledSlice { class: scan.class, slice: pixels.clone() };
                self.fake.set(Some(Arc::new(pixels)));
                self.judge([Some(fake), real.clone()]);
            }
        });
    }

    /// A real scan as the discriminator takes it; none if the weights are of another size or know no such class.
    fn subject(self, class: &str, pixels: Slice) -> Option<LabelledSlice> {
        let size = self.story.supervisor.model.with_untracked(|model| model.as_ref().map(|model| model.size))?;
        let class = self.story.classes.with_untracked(|classes| classes.iter().position(|name| name == class))?;
        (pixels.size == size).then_some(LabelledSlice { class, slice: pixels })
    }

    fn judge(self, pair: [Option<LabelledSlice>; 2]) {
        let places: Vec<usize> = (0..2).filter(|place| pair[*place].is_some()).collect();
        // Refused or dropped: the diagram goes on without scores.
        self.judging.verdicts(pair.into_iter().flatten().collect(), move |news| {
            if let JobEvent::Verdicts(verdicts) = news {
                self.scores.update(|scores| {
                    for (place, logit) in places.iter().zip(&verdicts.logits) {
                        scores[*place] = Some(*logit);
                    }
                });
            }
        });
    }
}
