//! The view at `#/spel`: real or fake, and where is the tumour?
//!
//! `state` is what is played, `supply` and `verdict` get what the engine makes of it, `table` holds all scans of a game
//! before the first one is shown. The other files are what a visitor sees.

mod arena;
mod best;
mod clock;
mod clues;
mod credits;
mod feedback;
mod known;
mod modes;
mod no_scans;
mod options;
mod own;
mod pairs;
mod picture;
mod readers;
mod result;
mod setting;
mod single;
mod state;
mod supply;
mod table;
mod trail;
mod tumour;
mod verdict;

use leptos::prelude::*;

use super::chosen::use_chosen;
use super::engine::client::EngineClient;
use super::failure::EngineFailure;
use super::model_choice::ModelChoice;
use super::route::Route;
use super::words::{say, use_lang};
use crate::game::setup::Mode;
use state::{Game, Step};

/// `#/spel`: a game starts by itself; other games and settings lie below it, or beside it where there is room.
#[component]
pub fn GameView() -> impl IntoView {
    let lang = use_lang();
    let (Some(supervisor), Some(route)) = (use_context::<EngineClient>(), use_context::<Route>()) else {
        return ().into_any();
    };
    let Some(chosen) = use_chosen() else { return ().into_any() };
    let game = Game::open(supervisor, chosen, route);
    let title = move || match game.setup.with(|setup| setup.mode) {
        Mode::Single => say!(lang, game.title),
        Mode::Pairs => say!(lang, game.title_pairs),
        Mode::Tumour => say!(lang, game.title_tumour),
    };
    // Which part is shown; the round itself changes within the arena.
    let part = Memo::new(move |_| match (game.obstacle.with(Option::is_some), game.step.get()) {
        (true, _) => Part::Nothing,
        (false, Step::Round(_)) => Part::Arena,
        (false, Step::Result) => Part::Result,
        (false, Step::Clues) => Part::Clues,
    });
    view! {
        <div class="game">
            <h1>{title}</h1>
            <div class="table">
                <EngineFailure engines=supervisor/>
                {move || match part.get() {
                    Part::Nothing => view! { <no_scans::NoScans game/> }.into_any(),
                    Part::Arena => view! { <arena::Arena game/> }.into_any(),
                    Part::Result => view! { <result::ResultView game/> }.into_any(),
                    Part::Clues => view! { <clues::Clues game/> }.into_any(),
                }}
            </div>
            <div class="beside">
                <modes::Modes game/>
                <ModelChoice chosen/>
                <options::Options game/>
                <own::OwnSlices game/>
                <credits::Credits game/>
            </div>
        </div>
    }
    .into_any()
}

/// A part of the view that takes the place of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Nothing,
    Arena,
    Result,
    Clues,
}
