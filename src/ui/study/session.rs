//! A reader at work: the case on the screen and the answers so far.

use std::sync::Arc;

use leptos::prelude::*;

use super::StudyState;
use crate::study::file::{Study, StudyCase};
use crate::study::plan::order;
use crate::study::sheet::{Reply, Sheet};
use crate::ui::random::random_seed;

/// What the reader must do now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stage {
    /// To choose.
    Choose,
    /// How sure; with the choice and its seconds.
    Sure(bool, f32),
    /// To look at examples.
    Examples,
    /// Nothing more.
    Done,
}

/// A reader at work.
#[derive(Clone)]
pub struct ReadingSession {
    /// The study.
    pub study: Arc<Study>,
    /// Number of the reader.
    pub reader: usize,
    /// What the reader must do now.
    pub stage: Stage,
    /// Number of cases that are done.
    pub place: usize,
    order: Vec<usize>,
    tag: u32,
    answers: Vec<Option<Reply>>,
    /// When the case came on the screen, in seconds.
    begun: f64,
}

impl ReadingSession {
    /// The start of a study.
    pub fn new(study: Arc<Study>, reader: usize) -> Self {
        let (order, answers) = (order(&study.settings, reader), vec![None; study.settings.cases]);
        Self { study, reader, stage: Stage::Choose, place: 0, order, tag: random_seed(), answers, begun: now() }
    }

    /// The case on the screen.
    pub fn case(&self) -> Option<&StudyCase> {
        self.study.cases.get(*self.order.get(self.place)?)
    }

    /// Seconds that are left for the choice; `None` if there is no limit or no choice to make.
    pub fn left(&self) -> Option<f64> {
        let seconds = self.study.settings.seconds;
        (seconds > 0 && self.stage == Stage::Choose).then(|| f64::from(seconds) - (now() - self.begun))
    }

    /// The reader's choice, `None` if time ran out.
    pub fn choose(&mut self, said: Option<bool>) {
        if self.stage != Stage::Choose {
            return;
        }
        // Tenths keep the code short.
        let seconds = (10.0 * (now() - self.begun)).round() as f32 / 10.0;
        match said {
            Some(said) if self.study.settings.confidence > 0 => self.stage = Stage::Sure(said, seconds),
            _ => self.finish(Reply(said, 0, seconds)),
        }
    }

    /// How sure the reader is.
    pub fn rate(&mut self, sure: u8) {
        if let Stage::Sure(said, seconds) = self.stage
            && (1..=self.study.settings.confidence).contains(&sure)
        {
            self.finish(Reply(Some(said), sure, seconds));
        }
    }

    fn finish(&mut self, reply: Reply) {
        let settings = &self.study.settings;
        if let Some(answer) = self.order.get(self.place).and_then(|case| self.answers.get_mut(*case)) {
            *answer = Some(reply);
        }
        self.place += 1;
        self.stage = match self.place {
            place if place >= settings.cases => Stage::Done,
            place if settings.clues && place == settings.cases / 2 => Stage::Examples,
            _ => Stage::Choose,
        };
        self.begun = now();
    }

    /// Leaves the examples.
    pub fn leave_examples(&mut self) {
        self.stage = Stage::Choose;
        self.begun = now();
    }

    /// The answers so far.
    pub fn sheet(&self) -> Sheet {
        self.study.sheet(self.reader, self.tag, self.answers.clone())
    }
}

impl StudyState {
    /// Changes the session.
    pub fn step(self, change: impl FnOnce(&mut ReadingSession)) {
        self.session.update(|session| {
            if let Some(session) = session {
                change(session);
            }
        });
    }
}

/// Seconds since the page was opened.
fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now() / 1000.0)
}
