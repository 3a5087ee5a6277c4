//! State of the game, shared by the parts of the view.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::comparison::{FeatureComparison, locate_advice};
use super::memory::{GameKey, GameMemory};
use super::quiz::Quiz;
use super::real_set::RealSet;
use crate::game::advice::Advice;
use crate::game::answers::{Answer, Authenticity, Proportion};
use crate::game::clue_places::CluePlace;
use crate::game::localisation::{ImagePoint, TapScore, score_tap};
use crate::game::progress::GameScreen;
use crate::game::settings::{GameMode, GameSettings};
use crate::slice::Slice;
use crate::ui::active_model::ActiveModel;
use crate::ui::engine::client::EngineClient;
use crate::ui::engine::job::JobOwner;
use crate::ui::logic::models::{Modality, TrainingSnapshot};
use crate::ui::random::random_seed;
use crate::ui::real_scans::{RealScans, RealScansState, real_scans};
use crate::ui::route::{Navigation, Route};
use crate::ui::view::View;

/// Seconds for a round with countdown.
pub const SECONDS: f64 = 10.0;

/// Why no game can be played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// There are real scans of too few people; with their number.
    NoScans(usize),
    /// The real scans could not be loaded or read.
    BrokenScans(String),
    /// The real scans cannot be reduced to the size of the generator.
    OtherSize,
    /// The engine refused to generate.
    Refused(String),
}

/// State of the opponent.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum OpponentState {
    /// Not requested.
    #[default]
    Silent,
    /// Requested.
    Thinking,
    /// A logit for every scan of the game, and the threshold between real and generated.
    Ready(Vec<f32>, f32),
    /// The request failed. The text is technical and in English.
    Failed(String),
}

/// The answer to a round.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RoundAnswer {
    /// Whether the answer was right; in a tumour round, whether the tap hit the tumour.
    pub right: bool,
    /// The answer, in a round with one scan.
    pub answer: Option<Answer>,
    /// Index of the chosen scan, in a round with two.
    pub picked: Option<usize>,
    /// The tapped point and its score, in a tumour round.
    pub tap: Option<(ImagePoint, TapScore)>,
    /// What to look at; in a tumour round, nothing.
    pub advice: Advice,
    /// Index of the scan that the advice is about.
    pub marked: usize,
    /// Where in that scan it shows.
    pub places: Vec<CluePlace>,
}

/// State of the game.
#[derive(Clone, Copy)]
pub struct Game {
    /// The engines.
    pub engines: EngineClient,
    /// The generator in use.
    pub active: ActiveModel,
    /// The site's real scans, for each modality.
    scans: [RealScans; Modality::ALL.len()],
    /// The visitor's own slices, used instead of the site's scans.
    pub own: RwSignal<Option<Arc<RealSet>>>,
    /// The settings of the game.
    pub settings: RwSignal<GameSettings>,
    /// All scans of the game; `None` while they are being made.
    pub quiz: RwSignal<Option<Arc<Quiz>>>,
    /// Why there is no game.
    pub obstacle: RwSignal<Option<Obstacle>>,
    /// What the visitor sees.
    pub screen: RwSignal<GameScreen>,
    /// The answers so far, one for each round.
    pub answers: RwSignal<Vec<RoundAnswer>>,
    /// Whether the discriminator plays along.
    pub with_opponent: RwSignal<bool>,
    /// The opponent's verdicts.
    pub opponent: RwSignal<OpponentState>,
    /// Whether rounds have a countdown.
    pub timed: RwSignal<bool>,
    /// Reference scans and their feature values.
    pub comparison: RwSignal<FeatureComparison>,
    /// Indices of training stages that could not be used.
    pub unusable: RwSignal<Vec<usize>>,
    /// Real scans and people of a site with so few that its games are short.
    pub demo: RwSignal<Option<(usize, usize)>>,
    /// Whether the part for own slices is unfolded.
    pub own_open: RwSignal<bool>,
    /// The view that it belongs to: the game, or the lesson, which shows the results of a class in this game.
    pub(super) view: View,
    memory: GameMemory,
    pub(super) owners: [JobOwner; 3],
    /// Number of the current game. Results for an earlier game are ignored.
    pub(super) serial: StoredValue<u32>,
    route: Route,
}

impl Game {
    /// Reads the game from the address and prepares it as soon as possible.
    pub fn open(engines: EngineClient, active: ActiveModel, route: Route, view: View) -> Self {
        let address = route.address_untracked();
        let game = Self {
            engines,
            active,
            scans: Modality::ALL.map(real_scans),
            own: RwSignal::new(None),
            settings: RwSignal::new(GameSettings::read(|name| address.get(name), random_seed())),
            quiz: RwSignal::new(None),
            obstacle: RwSignal::new(None),
            screen: RwSignal::new(GameScreen::Round(0)),
            answers: RwSignal::new(Vec::new()),
            with_opponent: RwSignal::new(false),
            opponent: RwSignal::new(OpponentState::Silent),
            timed: RwSignal::new(false),
            comparison: RwSignal::new(FeatureComparison::default()),
            unusable: RwSignal::new(Vec::new()),
            demo: RwSignal::new(None),
            own_open: RwSignal::new(false),
            view,
            memory: GameMemory::open(),
            owners: [engines.new_owner(), engines.new_owner(), engines.new_owner()],
            serial: StoredValue::new(0),
            route,
        };
        game.follow();
        game
    }

    /// Keeps game and address in sync, and prepares a new game when one of them changes.
    fn follow(self) {
        let reals = Memo::new(move |_| self.reals());
        Effect::new(move || self.prepare(reals.get()));
        Effect::new(move || {
            let (address, now) = (self.route.address(), self.settings.get_untracked());
            if View::of(&address) != self.view {
                return;
            }
            let asked = GameSettings::read(|name| address.get(name), now.seed);
            if asked != now {
                self.settings.set(asked);
            }
            self.show(asked, Navigation::Replace);
        });
        Effect::new(move || {
            let (answers, screen) = (self.answers.get(), self.screen.get());
            if let (Some(key), true) = (untrack(|| self.key()), self.quiz.with_untracked(Option::is_some)) {
                self.memory.keep(key, answers, screen);
            }
        });
        Effect::new(move || {
            let wanted = self.with_opponent.get() && self.quiz.with(Option::is_some);
            if wanted {
                self.request_opponent();
            }
        });
    }

    /// Starts a game with these settings, from its first round and in view.
    pub fn play(self, settings: GameSettings) {
        begin_in_view();
        if settings == self.settings.get_untracked() {
            self.restart();
            return;
        }
        self.settings.set(settings);
        if let Some(key) = untrack(|| self.key()) {
            self.memory.forget(key);
        }
        self.show(settings, Navigation::Push);
    }

    /// Replaces the settings without starting a game.
    pub fn adopt(self, settings: GameSettings) {
        self.settings.set(settings);
        self.show(settings, Navigation::Replace);
    }

    /// Unfolds the part for own slices and goes there.
    pub fn open_own(self) {
        self.own_open.set(true);
        request_animation_frame(|| {
            if let Some(field) = document().get_element_by_id("own-files") {
                field.scroll_into_view();
                let _ = field.dyn_into::<HtmlElement>().map(|field| field.focus());
            }
        });
    }

    /// The key of the game in the [`GameMemory`]; `None` with the visitor's own slices, which are not remembered.
    fn key(self) -> Option<GameKey> {
        let (settings, modality, size) = (self.settings.get(), self.active.modality.get(), self.active.size.get());
        self.own.with(Option::is_none).then_some(GameKey { settings, modality, size })
    }

    /// Goes to the round where this game was left, if it was played before. Call it only when the scans are there: until then,
    /// another game may be on the screen.
    pub(super) fn resume(self, rounds: usize) {
        let known = untrack(|| self.key()).and_then(|key| self.memory.recall(key));
        if let Some((answers, screen)) = known.filter(|(answers, _)| answers.len() <= rounds) {
            self.answers.set(answers);
            self.screen.set(screen);
        }
    }

    /// Starts a game with the same settings and a new seed.
    pub fn play_another(self) {
        self.play(GameSettings { seed: random_seed(), class: None, ..self.settings.get_untracked() });
    }

    /// Goes back to the first round.
    fn restart(self) {
        self.screen.set(GameScreen::Round(0));
        self.answers.set(Vec::new());
    }

    fn show(self, settings: GameSettings, step: Navigation) {
        let mut address = self.route.address_untracked();
        for (name, value) in settings.written() {
            address.set(name, value);
        }
        self.route.go(address, step);
    }

    /// The site's real scans of the current modality.
    pub fn scans(self) -> RealScans {
        let modality = self.active.modality.get();
        let place = Modality::ALL.iter().position(|other| *other == modality).unwrap_or_default();
        self.scans[place]
    }

    /// The training stages of the current modality.
    pub(super) fn stages(self) -> &'static [TrainingSnapshot] {
        self.active.modality.get().model().stages
    }

    /// The real scans to use; `None` while they are loading.
    fn reals(self) -> Option<Arc<RealSet>> {
        if let Some(own) = self.own.get() {
            return Some(own);
        }
        let scans = self.scans();
        scans.fetch_once();
        match scans.state.get() {
            RealScansState::Idle | RealScansState::Loading => None,
            RealScansState::Ready(pack) => Some(Arc::new(RealSet::from_pack(&pack))),
            RealScansState::Missing | RealScansState::Broken(_) => Some(Arc::default()),
        }
    }

    /// Number of rounds until the next result.
    pub fn rounds(self) -> usize {
        let step = self.screen.get();
        self.quiz.with(|quiz| match (quiz, step) {
            (None, _) => 0,
            (Some(quiz), GameScreen::Round(round)) if round >= quiz.first => quiz.rounds.len(),
            (Some(quiz), _) => quiz.first,
        })
    }

    /// Index of the current round, if the visitor is in one.
    pub fn round(self) -> Option<usize> {
        match self.visible_screen() {
            GameScreen::Round(round) => Some(round),
            _ => None,
        }
    }

    /// Whether the current round is answered.
    pub fn is_answered(self) -> bool {
        self.round().is_some_and(|round| self.answers.with(Vec::len) > round)
    }

    /// The pixels of a scan of the current round.
    pub fn pixels(self, place: usize) -> Option<Arc<Slice>> {
        let round = self.round()?;
        self.quiz.with(|quiz| Some(quiz.as_ref()?.rounds.get(round)?.get(place)?.pixels.clone()))
    }

    /// Answers with the first choice (0) or the second (1); `None` if time ran out.
    pub fn choose(self, choice: Option<usize>) {
        let Some(round) = self.open_round() else { return };
        let Some(quiz) = self.quiz.get_untracked() else { return };
        let given = match self.settings.get_untracked().mode {
            GameMode::Single => {
                let Some(shown) = quiz.rounds.get(round).and_then(|round| round.first()) else { return };
                let answer = Answer { truth: shown.kind, said: choice.map(|choice| Authenticity::of(choice == 0)) };
                RoundAnswer { right: answer.is_right(), answer: Some(answer), ..RoundAnswer::default() }
            }
            GameMode::Pairs => {
                let right = choice.is_some() && choice == quiz.real(round);
                RoundAnswer { right, picked: choice, ..RoundAnswer::default() }
            }
            // Time ran out. A tap on a tumour is reported by `point`.
            GameMode::Tumour if choice.is_none() => RoundAnswer::default(),
            GameMode::Tumour => return,
        };
        let given = self.advised(given, &quiz, round);
        self.answers.update(|answers| answers.push(given));
    }

    /// The answer with advice on its round, from what is measured so far.
    fn advised(self, given: RoundAnswer, quiz: &Quiz, round: usize) -> RoundAnswer {
        let earlier: Vec<Advice> =
            self.answers.with_untracked(|answers| answers.iter().map(|given| given.advice).collect());
        let settings = self.settings.get_untracked();
        match (settings.mode, quiz.explained(round).filter(|_| settings.has_clues())) {
            (GameMode::Tumour, _) | (_, None) => given,
            (_, Some((marked, shown))) => {
                let advice = self.comparison.with_untracked(|known| known.advise(&shown.pixels, shown.kind, &earlier));
                RoundAnswer { advice, marked, places: locate_advice(&shown.pixels, advice), ..given }
            }
        }
    }

    /// Answers with a point, in a tumour round.
    pub fn point(self, place: ImagePoint) {
        let Some(round) = self.open_round() else { return };
        let tap = self.quiz.with_untracked(|quiz| {
            let pixels = &quiz.as_ref()?.rounds.get(round)?.first()?.pixels;
            score_tap(&pixels.mask, pixels.size, place)
        });
        let Some(tap) = tap else { return };
        let given = RoundAnswer { right: tap.inside, tap: Some((place, tap)), ..RoundAnswer::default() };
        self.answers.update(|answers| answers.push(given));
    }

    /// Index of the current round, if it is not answered yet.
    fn open_round(self) -> Option<usize> {
        let GameScreen::Round(round) = untrack(|| self.visible_screen()) else { return None };
        (self.answers.with_untracked(Vec::len) == round).then_some(round)
    }

    /// Goes on to the next round, the result, the clues, or the second half.
    pub fn next_screen(self) {
        let rounds = self.quiz.with_untracked(|quiz| quiz.as_ref().map(|quiz| (quiz.first, quiz.rounds.len())));
        let Some((first, rounds)) = rounds else { return };
        let answered = self.answers.with_untracked(Vec::len);
        let clues = self.settings.with_untracked(GameSettings::has_clues);
        self.screen.update(|screen| {
            *screen = screen.next(answered, first, rounds);
            if !clues && *screen == GameScreen::Clues {
                *screen = screen.next(answered, first, rounds);
            }
        });
    }

    /// What to show.
    pub fn visible_screen(self) -> GameScreen {
        self.screen.get().visible(self.answers.with(Vec::len))
    }

    /// Correct answers in each half.
    pub fn halves(self) -> [Proportion; 2] {
        let first = self.quiz.with(|quiz| quiz.as_ref().map_or(0, |quiz| quiz.first));
        self.answers.with(|answers| {
            let (before, after) = answers.split_at(first.min(answers.len()));
            [before, after].map(|half| Proportion::of(half, |given| given.right))
        })
    }

    /// Correct answers so far.
    pub fn right(self) -> Proportion {
        self.answers.with(|answers| Proportion::of(answers, |given| given.right))
    }
}

/// Scrolls to the top of the page and moves the focus to the round, for a game that begins while the page is scrolled.
fn begin_in_view() {
    request_animation_frame(|| {
        let round = document().get_element_by_id("round").and_then(|round| round.dyn_into::<HtmlElement>().ok());
        if let Some(round) = round {
            let _ = round.focus();
        }
        window().scroll_to_with_x_and_y(0.0, 0.0);
    });
}
