//! A round: scans, answers, and the truth once there is one.

use leptos::html::P;
use leptos::prelude::*;
use leptos::{ev, leptos_dom::helpers::window_event_listener};
use wasm_bindgen::JsCast;

use super::clock::Clock;
use super::feedback::Feedback;
use super::pairs::Pairs;
use super::single::Single;
use super::state::Game;
use super::trail::Trail;
use super::tumour::Tumour;
use crate::game::setup::Mode;
use crate::ui::words::{say, use_lang};

/// The round at hand. One arena for all rounds, so that a scan is drawn where the one before it was.
#[component]
pub fn Arena(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let heading = NodeRef::<P>::new();
    let round = Memo::new(move |_| game.round());
    // A new round is read out, and the keys work from there; not when the page opens, where that would be a jump.
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
    let words = move || match game.table.with(Option::is_some) {
        true => say!(lang, game.round, number = number().to_string(), count = game.rounds().to_string()),
        false => say!(lang, game.laying_out).to_owned(),
    };
    let mode = Memo::new(move |_| game.setup.with(|setup| setup.mode));
    view! {
        <section class="arena" data-testid="arena" data-ready=move || game.table.with(Option::is_some).to_string()
            aria-labelledby="round">
            <div class="round-bar">
                <p id="round" node_ref=heading tabindex="-1" data-testid="round"
                    data-round=move || number().to_string() aria-live="polite">{words}</p>
                <Trail game/>
                <Clock game/>
            </div>
            {move || match mode.get() {
                Mode::Single => view! { <Single game/> }.into_any(),
                Mode::Pairs => view! { <Pairs game/> }.into_any(),
                Mode::Tumour => view! { <Tumour game/> }.into_any(),
            }}
            <Feedback game/>
        </section>
    }
}

/// Arrow keys answer from anywhere in the view. Digits do so within the arena only: whoever speaks to the computer would
/// answer by accident.
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
        let chooses = game.setup.with_untracked(|setup| setup.mode != Mode::Tumour);
        if chooses && !within("input, select, textarea, summary") {
            game.choose(Some(choice));
        }
    });
    on_cleanup(move || listener.remove());
}
