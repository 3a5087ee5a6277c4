//! A round with one scan: real or fake?

use leptos::prelude::*;

use super::clue_marks::ClueMarks;
use super::state::Game;
use crate::ui::canvas::SliceCanvas;
use crate::ui::words::{say, use_lang};

/// The scan and two answer buttons.
#[component]
pub fn SingleRound(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let pixels = Signal::derive(move || game.pixels(0));
    // The text must not give the answer away.
    let alt = move || {
        let number = game.round().map_or(1, |round| round + 1);
        say!(lang, game.scan_alt, number = number.to_string(), count = game.rounds().to_string())
    };
    let waits = move || game.quiz.with(Option::is_none);
    view! {
        <div class="cards one">
            <div class="slide"><SliceCanvas testid="scan" pixels outline=false alt=Signal::derive(alt)/><ClueMarks game place=0/></div>
        </div>
        <div class="answers" hidden=move || game.is_answered()>
            <button type="button" class="answer" data-testid="answer-real" disabled=waits
                on:click=move |_| game.choose(Some(0))>
                <kbd aria-hidden="true">"←"</kbd>{move || say!(lang, game.real)}
            </button>
            <button type="button" class="answer" data-testid="answer-fake" disabled=waits
                on:click=move |_| game.choose(Some(1))>
                {move || say!(lang, game.fake)}<kbd aria-hidden="true">"→"</kbd>
            </button>
        </div>
    }
}
