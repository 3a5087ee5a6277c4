//! What is played and how far it is, shared by the parts of the view.

use std::sync::Arc;

use leptos::prelude::*;

use super::known::Measured;
use super::setting::Reals;
use super::table::Table;
use super::verdict::Rival;
use crate::game::answers::{Answer, Kind, Share};
use crate::game::setup::{Mode, Setup};
use crate::game::target::{Place, Shot, shoot};
use crate::slice::Slice;
use crate::ui::chosen::Chosen;
use crate::ui::engine::client::EngineClient;
use crate::ui::engine::job::JobOwner;
use crate::ui::logic::models::{Modality, TrainingSnapshot};
use crate::ui::route::{Route, Step as Move};
use crate::ui::scans::{RealScans, RealState, real_scans};
use crate::ui::view::View;

/// Scans of each kind that are measured beside those of the game.
pub const EXTRA: usize = 40;
/// Seconds for a scan, if the visitor wants a clock.
pub const SECONDS: f64 = 10.0;

/// Where in a game the visitor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// At a round, answered or not.
    Round(usize),
    /// At the result so far.
    Result,
    /// At the clues, between the halves.
    Clues,
}

/// Why there is no game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// No real scans on this site, or too few (how many there are).
    NoScans(usize),
    /// The real scans did not come, or cannot be read.
    BrokenScans(String),
    /// The scans have another size than the generator makes.
    OtherSize,
    /// The generator refused.
    Refused(String),
}

/// The answer to a round.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// Right or wrong; in a round with a tumour, on it or not.
    pub right: bool,
    /// What was said of the scan, in a round with one scan.
    pub answer: Option<Answer>,
    /// Which scan was pointed out, in a round with two.
    pub picked: Option<usize>,
    /// Where was pointed, and how that did.
    pub shot: Option<(Place, Shot)>,
}

/// The game's state.
#[derive(Clone, Copy)]
pub struct Game {
    /// The engines.
    pub supervisor: EngineClient,
    /// Which generator.
    pub chosen: Chosen,
    /// The site's real scans, of each kind of picture.
    scans: [RealScans; Modality::ALL.len()],
    /// The visitor's own slices, which take their place.
    pub own: RwSignal<Option<Arc<Reals>>>,
    /// What is played.
    pub setup: RwSignal<Setup>,
    /// All scans of the game; none while they are made.
    pub table: RwSignal<Option<Arc<Table>>>,
    /// Why there is none.
    pub obstacle: RwSignal<Option<Obstacle>>,
    /// Where the visitor is.
    pub step: RwSignal<Step>,
    /// The answers so far, one a round.
    pub answers: RwSignal<Vec<Given>>,
    /// Whether the discriminator plays along.
    pub with_rival: RwSignal<bool>,
    /// What it said of all scans of the game.
    pub rival: RwSignal<Rival>,
    /// Whether there is a clock.
    pub timed: RwSignal<bool>,
    /// Measures of known scans.
    pub measured: RwSignal<Measured>,
    /// Earlier stages of training that turned out to be of no use here, by their place in the list.
    pub unusable: RwSignal<Vec<usize>>,
    pub(super) owners: [JobOwner; 3],
    /// Which game was dealt last: what comes for an earlier one is too late.
    pub(super) serial: StoredValue<u32>,
    route: Route,
}

impl Game {
    /// Reads the game from the address, and deals it as soon as there is something to deal.
    pub fn open(supervisor: EngineClient, chosen: Chosen, route: Route) -> Self {
        let address = route.address_untracked();
        let game = Self {
            supervisor,
            chosen,
            scans: Modality::ALL.map(real_scans),
            own: RwSignal::new(None),
            setup: RwSignal::new(Setup::read(|name| address.get(name), random_seed())),
            table: RwSignal::new(None),
            obstacle: RwSignal::new(None),
            step: RwSignal::new(Step::Round(0)),
            answers: RwSignal::new(Vec::new()),
            with_rival: RwSignal::new(false),
            rival: RwSignal::new(Rival::Silent),
            timed: RwSignal::new(false),
            measured: RwSignal::new(Measured::default()),
            unusable: RwSignal::new(Vec::new()),
            owners: [supervisor.new_owner(), supervisor.new_owner(), supervisor.new_owner()],
            serial: StoredValue::new(0),
            route,
        };
        game.follow();
        game
    }

    /// Keeps the game and the address the same, and deals anew when one of them changes.
    fn follow(self) {
        let reals = Memo::new(move |_| self.reals());
        Effect::new(move || self.deal(reals.get()));
        Effect::new(move || {
            let (address, now) = (self.route.address(), self.setup.get_untracked());
            if View::of(&address) != View::Game {
                return;
            }
            let asked = Setup::read(|name| address.get(name), now.seed);
            if asked != now {
                self.setup.set(asked);
            }
            self.show(asked, Move::Replace);
        });
        Effect::new(move || {
            let wanted = self.with_rival.get() && self.table.with(Option::is_some);
            if wanted {
                self.ask_rival();
            }
        });
    }

    /// Plays this.
    pub fn play(self, setup: Setup) {
        if setup == self.setup.get_untracked() {
            self.restart();
            return;
        }
        self.setup.set(setup);
        self.show(setup, Move::Push);
    }

    /// Plays the same, with other scans.
    pub fn play_another(self) {
        self.play(Setup { seed: random_seed(), ..self.setup.get_untracked() });
    }

    /// Starts the rounds of this game over.
    fn restart(self) {
        self.answers.set(Vec::new());
        self.step.set(Step::Round(0));
    }

    fn show(self, setup: Setup, step: Move) {
        let mut address = self.route.address_untracked();
        for (name, value) in setup.written() {
            address.set(name, value);
        }
        self.route.go(address, step);
    }

    /// The site's real scans of the kind that is played.
    pub fn scans(self) -> RealScans {
        let modality = self.chosen.modality.get();
        let place = Modality::ALL.iter().position(|other| *other == modality).unwrap_or_default();
        self.scans[place]
    }

    /// Earlier stages of a training of that kind.
    pub(super) fn stages(self) -> &'static [TrainingSnapshot] {
        self.chosen.modality.get().model().stages
    }

    /// The real scans to deal from: none while they are on their way.
    fn reals(self) -> Option<Arc<Reals>> {
        if let Some(own) = self.own.get() {
            return Some(own);
        }
        let scans = self.scans();
        scans.fetch_once();
        match scans.state.get() {
            RealState::Idle | RealState::Loading => None,
            RealState::Ready(pack) => Some(Arc::new(Reals::of_pack(&pack))),
            RealState::Missing | RealState::Broken(_) => Some(Arc::default()),
        }
    }

    /// Number of the last round before the next result.
    pub fn rounds(self) -> usize {
        let step = self.step.get();
        self.table.with(|table| match (table, step) {
            (None, _) => 0,
            (Some(table), Step::Round(round)) if round >= table.first => table.rounds.len(),
            (Some(table), _) => table.first,
        })
    }

    /// The round at hand, if the visitor is at one.
    pub fn round(self) -> Option<usize> {
        match self.step.get() {
            Step::Round(round) => Some(round),
            _ => None,
        }
    }

    /// Whether the round at hand is answered.
    pub fn is_answered(self) -> bool {
        self.round().is_some_and(|round| self.answers.with(Vec::len) > round)
    }

    /// The pixels of a scan of the round at hand.
    pub fn pixels(self, place: usize) -> Option<Arc<Slice>> {
        let round = self.round()?;
        self.table.with(|table| Some(table.as_ref()?.rounds.get(round)?.get(place)?.pixels.clone()))
    }

    /// Answers with the left or first choice (0) or the right or second one (1); none if time ran out.
    pub fn choose(self, choice: Option<usize>) {
        let Some(round) = self.open_round() else { return };
        let Some(table) = self.table.get_untracked() else { return };
        let given = match self.setup.get_untracked().mode {
            Mode::Single => {
                let Some(shown) = table.rounds.get(round).and_then(|round| round.first()) else { return };
                let answer = Answer { truth: shown.kind, said: choice.map(|choice| Kind::of(choice == 0)) };
                Given { right: answer.is_right(), answer: Some(answer), picked: None, shot: None }
            }
            Mode::Pairs => {
                let right = choice.is_some() && choice == table.real(round);
                Given { right, answer: None, picked: choice, shot: None }
            }
            // Out of time; a tumour is pointed out, not chosen.
            Mode::Tumour if choice.is_none() => Given { right: false, answer: None, picked: None, shot: None },
            Mode::Tumour => return,
        };
        self.answers.update(|answers| answers.push(given));
    }

    /// Points out the tumour.
    pub fn point(self, place: Place) {
        let Some(round) = self.open_round() else { return };
        let shot = self.table.with_untracked(|table| {
            let pixels = &table.as_ref()?.rounds.get(round)?.first()?.pixels;
            shoot(&pixels.mask, pixels.size, place)
        });
        let Some(shot) = shot else { return };
        let given = Given { right: shot.inside, answer: None, picked: None, shot: Some((place, shot)) };
        self.answers.update(|answers| answers.push(given));
    }

    /// The round at hand, if it waits for an answer.
    fn open_round(self) -> Option<usize> {
        let Step::Round(round) = self.step.get_untracked() else { return None };
        (self.answers.with_untracked(Vec::len) == round).then_some(round)
    }

    /// Goes on after an answer.
    pub fn go_on(self) {
        let Step::Round(round) = self.step.get_untracked() else { return };
        let Some(table) = self.table.get_untracked() else { return };
        let next = round + 1;
        let rests = next == table.first || next >= table.rounds.len();
        self.step.set(if rests { Step::Result } else { Step::Round(next) });
    }

    /// Goes on to the second half.
    pub fn go_to_second_half(self) {
        self.step.set(Step::Round(self.answers.with_untracked(Vec::len)));
    }

    /// Right answers of the first half and of the second one.
    pub fn halves(self) -> [Share; 2] {
        let first = self.table.with(|table| table.as_ref().map_or(0, |table| table.first));
        self.answers.with(|answers| {
            let (before, after) = answers.split_at(first.min(answers.len()));
            [before, after].map(|half| Share::of(half, |given| given.right))
        })
    }

    /// Right answers of the game.
    pub fn right(self) -> Share {
        self.answers.with(|answers| Share::of(answers, |given| given.right))
    }
}

/// A seed that nobody chose. Small enough to read out loud in a classroom.
fn random_seed() -> u32 {
    (js_sys::Math::random() * 100_000.0) as u32
}
