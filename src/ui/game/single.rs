//! One scan: real or fake?

use leptos::prelude::*;

use super::state::Game;
use crate::ui::pixels_canvas::PixelsCanvas;
use crate::ui::words::{say, use_lang};

/// The scan and two answers.
#[component]
pub fn Single(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let pixels = Signal::derive(move || game.pixels(0));
    // The same words for both kinds.
    let alt = move || {
        let number = game.round().map_or(1, |round| round + 1);
        say!(lang, game.scan_alt, number = number.to_string(), count = game.rounds().to_string())
    };
    let waits = move || game.table.with(Option::is_none);
    view! {
        <div class="cards one">
            <div class="slide"><PixelsCanvas testid="scan" pixels outline=false alt=Signal::derive(alt)/></div>
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
