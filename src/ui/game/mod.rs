//! The view at `#/spel`: real or fake, and where is the tumour?
//!
//! `state` holds the game; `prepare` and `opponent` request scans and verdicts from the engine; `quiz` holds all scans
//! of a game before the first one is shown. The other files are the parts of the view.

mod best_score;
mod clue_marks;
mod clues;
mod comparison;
mod countdown;
mod credits;
mod embed_report;
mod feedback;
mod hand_in;
mod memory;
pub mod mode_choice;
mod no_scans;
mod opponent;
mod options;
mod own;
mod pair_round;
mod prepare;
pub mod quiz;
pub mod reader_studies;
mod real_set;
mod result;
mod result_image;
mod review;
mod round_progress;
mod round_view;
mod score_words;
mod single_round;
pub mod state;
mod tumour_round;

use leptos::prelude::*;

use super::active_model::use_active_model;
use super::engine::client::EngineClient;
use super::failure::EngineFailure;
use super::model_choice::ModelChoice;
use super::route::Route;
use super::view::View;
use super::words::{say, use_lang};
use crate::game::progress::GameScreen;
use crate::game::settings::GameMode;
use state::Game;

/// Provides the state that outlives the view.
pub fn provide() {
    memory::GameMemory::provide();
    hand_in::TagSeed::provide();
}

/// `#/spel`: a game starts at once; the choice of games and options is below it, or beside it on wide screens.
#[component]
pub fn GameView() -> impl IntoView {
    let lang = use_lang();
    let (Some(engines), Some(route)) = (use_context::<EngineClient>(), use_context::<Route>()) else {
        return ().into_any();
    };
    let Some(active) = use_active_model() else { return ().into_any() };
    let game = Game::open(engines, active, route, View::Game);
    embed_report::report(game);
    let title = move || match game.settings.with(|settings| settings.mode) {
        GameMode::Single => say!(lang, game.title),
        GameMode::Pairs => say!(lang, game.title_pairs),
        GameMode::Tumour => say!(lang, game.title_tumour),
    };
    // Which part is shown. Rounds change within one `RoundView`.
    let part = Memo::new(move |_| match (game.obstacle.with(Option::is_some), game.visible_screen()) {
        (true, _) => VisiblePart::Nothing,
        (false, GameScreen::Round(_)) => VisiblePart::Round,
        (false, GameScreen::Result) => VisiblePart::Result,
        (false, GameScreen::Clues) => VisiblePart::Clues,
    });
    view! {
        <div class="game">
            <h1>{title}</h1>
            <div class="table">
                <EngineFailure engines/>
                {move || match part.get() {
                    VisiblePart::Nothing => view! { <no_scans::NoScans game/> }.into_any(),
                    VisiblePart::Round => view! { <round_view::RoundView game/> }.into_any(),
                    VisiblePart::Result => view! { <result::ResultView game/> }.into_any(),
                    VisiblePart::Clues => view! { <clues::Clues game/> }.into_any(),
                }}
            </div>
            <div class="beside">
                <mode_choice::ModeChoice game/>
                <ModelChoice active/>
                <options::Options game/>
                <own::OwnSlices game/>
                <credits::Credits game/>
            </div>
        </div>
    }
    .into_any()
}

/// The part of the view that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum VisiblePart {
    Nothing,
    Round,
    Result,
    Clues,
}
