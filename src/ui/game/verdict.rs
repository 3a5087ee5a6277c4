//! The discriminator as an opponent: it judges all scans of a game, and shows each answer after the visitor's.

use std::rc::Rc;

use leptos::prelude::*;

use super::state::Game;
use crate::game::answers::{Answer, Share};
use crate::game::rival;
use crate::game::setup::Mode;
use crate::ui::engine::job::{Job, JobEvent, Task};

/// What it said.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Rival {
    /// Nobody asked it yet.
    #[default]
    Silent,
    /// It is at work.
    Thinking,
    /// Its logit for every scan of the game, and the border between real and generated.
    Ready(Vec<f32>, f32),
    /// It cannot judge these scans: it must be told the kind of tumour, and own slices do not say.
    CannotJudge,
    /// Something went wrong: technical words, English.
    Failed(String),
}

impl Game {
    /// Whether the discriminator can play along in this mode.
    pub fn can_have_rival(self) -> bool {
        self.setup.with(|setup| setup.mode != Mode::Tumour)
    }

    /// Asks it about all scans of the game, unless that was done.
    pub(super) fn ask_rival(self) {
        let Some(table) = self.table.get_untracked() else { return };
        if !self.can_have_rival() || self.rival.get_untracked() != Rival::Silent {
            return;
        }
        let size = table.rounds.first().and_then(|round| Some(round.first()?.pixels.size));
        let model = self.chosen.modality.get_untracked().model();
        let judge = size.and_then(|size| model.pair(size)).map(|pair| pair.discriminator);
        let (Some(scans), Some(weights)) = (table.subjects(), judge) else { return self.rival.set(Rival::CannotJudge) };
        self.rival.set(Rival::Thinking);
        let serial = self.serial.get_value();
        let hear = Rc::new(move |news: JobEvent| {
            if self.serial.try_get_value() != Some(serial) {
                return;
            }
            match news {
                JobEvent::Verdicts(verdicts) => {
                    let border = verdicts.reference.threshold();
                    self.rival.set(Rival::Ready(verdicts.logits, border));
                }
                JobEvent::Refused { detail, .. } => self.rival.set(Rival::Failed(detail)),
                _ => {}
            }
        });
        let task = Task::Verdicts { scans, weights };
        self.supervisor.submit(Job { owner: self.owners[2], task, live: false, on_event: hear });
    }

    /// Its answer to a round, once the visitor has answered that round.
    pub fn rival_answer(self, round: usize) -> Option<Answer> {
        if self.answers.with(Vec::len) <= round {
            return None;
        }
        let table = self.table.get()?;
        self.rival.with(|said| {
            let Rival::Ready(logits, border) = said else { return None };
            let start = table.start(round);
            let cards = logits.get(start..start + table.rounds.get(round)?.len())?;
            rival::answer(cards, table.real(round), *border)
        })
    }

    /// Its right answers in the rounds that the visitor answered.
    pub fn rival_right(self) -> Option<Share> {
        let answers: Option<Vec<Answer>> =
            (0..self.answers.with(Vec::len)).map(|round| self.rival_answer(round)).collect();
        answers.map(|answers| Share::of(answers, Answer::is_right))
    }
}
