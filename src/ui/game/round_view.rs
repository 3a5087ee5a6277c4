//! A round: scans, answer buttons and feedback.

use leptos::html::P;
use leptos::prelude::*;
use leptos::{ev, leptos_dom::helpers::window_event_listener};
use wasm_bindgen::JsCast;

use super::countdown::Countdown;
use super::feedback::Feedback;
use super::pair_round::PairRound;
use super::round_progress::RoundProgress;
use super::single_round::SingleRound;
use super::state::Game;
use super::tumour_round::TumourRound;
use crate::game::settings::GameMode;
use crate::ui::words::{say, use_lang};

/// The current round. All rounds use one view, so that each scan is drawn in the same place.
#[component]
pub fn RoundView(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let heading = NodeRef::<P>::new();
    let round = Memo::new(move |_| game.round());
    // Focus moves to the heading of a new round, for screen readers and keys; not when the page opens.
    Effect::new(move |before: Option<Option<usize>>| {
        let now = round.get();
        let moved_on = before.is_some_and(|before| before != now) || now.is_some_and(|round| round > 0);
        if let (true, Some(heading)) = (moved_on, heading.get_untracked()) {
            let _ = heading.focus();
        }
        now
    });
    answer_with_keys(game);
    let number = move || round.get().map_or(1, |round| round + 1);
    let words = move || match game.quiz.with(Option::is_some) {
        true => say!(lang, game.round, number = number().to_string(), count = game.rounds().to_string()),
        false => say!(lang, game.laying_out).to_owned(),
    };
    let mode = Memo::new(move |_| game.settings.with(|settings| settings.mode));
    view! {
        <section class="arena" data-testid="arena" data-ready=move || game.quiz.with(Option::is_some).to_string()
            aria-labelledby="round">
            <div class="round-bar">
                <p id="round" node_ref=heading tabindex="-1" data-testid="round"
                    data-round=move || number().to_string() aria-live="polite">{words}</p>
                <RoundProgress game/>
                <Countdown game/>
            </div>
            {move || match mode.get() {
                GameMode::Single => view! { <SingleRound game/> }.into_any(),
                GameMode::Pairs => view! { <PairRound game/> }.into_any(),
                GameMode::Tumour => view! { <TumourRound game/> }.into_any(),
            }}
            <Feedback game/>
            {move || game.demo.get().map(|(scans, people)| view! {
                <p class="hint demo" data-testid="demo">
                    {say!(lang, game.demo, scans = scans.to_string(), people = people.to_string())}
                </p>
            })}
        </section>
    }
}

/// Arrow keys answer from anywhere in the view. Digits work within the round only, because speech input could trigger
/// them.
fn answer_with_keys(game: Game) {
    let listener = window_event_listener(ev::keydown, move |event| {
        if event.repeat() || event.ctrl_key() || event.alt_key() || event.meta_key() || event.default_prevented() {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let within =
            |selector: &str| target.as_ref().is_some_and(|target| target.closest(selector).ok().flatten().is_some());
        let choice = match event.key().as_str() {
            "ArrowLeft" => 0,
            "ArrowRight" => 1,
            "1" if within(".arena") => 0,
            "2" if within(".arena") => 1,
            _ => return,
        };
        let chooses = game.settings.with_untracked(|settings| settings.mode != GameMode::Tumour);
        if chooses && !within("input, select, textarea, summary") {
            game.choose(Some(choice));
        }
    });
    on_cleanup(move || listener.remove());
}
