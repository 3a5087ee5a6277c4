//! The discriminator as an opponent: it judges all scans of a game; each answer is shown after the visitor's.

use std::rc::Rc;

use leptos::prelude::*;

use super::state::{Game, OpponentState};
use crate::game::answers::{Answer, Proportion};
use crate::game::opponent;
use crate::game::settings::GameMode;
use crate::ui::engine::job::{EngineTask, Job, JobEvent};

/// Why the discriminator cannot play along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpponentObstacle {
    /// It does not look for tumours.
    TumourMode,
    /// It needs the class of each scan, which is not known for these slices.
    UnknownClasses,
}

impl Game {
    /// Why the game has no opponent, if it cannot have one.
    pub fn opponent_obstacle(self) -> Option<OpponentObstacle> {
        if self.settings.with(|settings| settings.mode == GameMode::Tumour) {
            return Some(OpponentObstacle::TumourMode);
        }
        let unknown = self.quiz.with(|quiz| quiz.as_ref().is_some_and(|quiz| !quiz.has_known_classes()));
        unknown.then_some(OpponentObstacle::UnknownClasses)
    }

    /// Requests verdicts on all scans of the game, once.
    pub(super) fn request_opponent(self) {
        let Some(quiz) = self.quiz.get_untracked() else { return };
        if untrack(|| self.opponent_obstacle()).is_some() || self.opponent.get_untracked() != OpponentState::Silent {
            return;
        }
        let size = quiz.rounds.first().and_then(|round| Some(round.first()?.pixels.size));
        let model = self.active.modality.get_untracked().model();
        let judge = size.and_then(|size| model.pair(size)).map(|pair| pair.discriminator);
        let (Some(scans), Some(weights)) = (quiz.labelled_slices(), judge) else {
            return self.opponent.set(OpponentState::Failed("no discriminator of this size".to_owned()));
        };
        self.opponent.set(OpponentState::Thinking);
        let serial = self.serial.get_value();
        let hear = Rc::new(move |event: JobEvent| {
            if self.serial.try_get_value() != Some(serial) {
                return;
            }
            match event {
                JobEvent::Verdicts(verdicts) => {
                    let border = verdicts.reference.threshold();
                    self.opponent.set(OpponentState::Ready(verdicts.logits, border));
                }
                JobEvent::Refused { detail, .. } => self.opponent.set(OpponentState::Failed(detail)),
                _ => {}
            }
        });
        let task = EngineTask::Verdicts { scans, weights };
        self.engines.submit(Job { owner: self.owners[2], task, live: false, on_event: hear });
    }

    /// The opponent's answer to a round that the visitor has answered.
    pub fn opponent_answer(self, round: usize) -> Option<Answer> {
        if self.answers.with(Vec::len) <= round {
            return None;
        }
        let quiz = self.quiz.get()?;
        self.opponent.with(|said| {
            let OpponentState::Ready(logits, border) = said else { return None };
            let start = quiz.start(round);
            let cards = logits.get(start..start + quiz.rounds.get(round)?.len())?;
            opponent::judge_round(cards, quiz.real(round), *border)
        })
    }

    /// The opponent's correct answers in the rounds that the visitor has answered.
    pub fn opponent_score(self) -> Option<Proportion> {
        let answers: Option<Vec<Answer>> =
            (0..self.answers.with(Vec::len)).map(|round| self.opponent_answer(round)).collect();
        answers.map(|answers| Proportion::of(answers, Answer::is_right))
    }
}
