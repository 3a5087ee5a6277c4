//! A round with two scans: which one is real?

use leptos::prelude::*;

use super::clue_marks::ClueMarks;
use super::state::Game;
use crate::ui::canvas::SliceCanvas;
use crate::ui::words::{say, use_lang};

/// Two scans side by side, each a button, and two buttons with words.
#[component]
pub fn PairRound(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let closed = move || game.quiz.with(Option::is_none) || game.is_answered();
    let number = move || game.round().map_or(1, |round| round + 1).to_string();
    let side = move |place: usize| match place {
        0 => say!(lang, game.left_alt, number = number()),
        _ => say!(lang, game.right_alt, number = number()),
    };
    let card = move |place: usize| {
        let pixels = Signal::derive(move || game.pixels(place));
        // After the answer, a caption tells which scan was real.
        let truth = move || {
            let round = game.round().filter(|_| game.is_answered())?;
            let real = game.quiz.with(|quiz| quiz.as_ref()?.real(round))?;
            Some(if real == place { say!(lang, game.real) } else { say!(lang, game.fake) })
        };
        let picked = move || {
            let round = game.round()?;
            game.answers.with(|answers| answers.get(round).map(|given| given.picked == Some(place)))
        };
        view! {
            <figure class="slide-with-words">
                <button type="button" class="card slide" data-testid="pick" disabled=closed
                    aria-pressed=move || picked().map(|picked| picked.to_string())
                    on:click=move |_| game.choose(Some(place))>
                    <SliceCanvas testid="scan" pixels outline=false alt=Signal::derive(move || side(place))/>
                    <ClueMarks game place/>
                </button>
                <figcaption>{truth}</figcaption>
            </figure>
        }
    };
    view! {
        <div class="cards two">{card(0)}{card(1)}</div>
        <div class="answers" hidden=move || game.is_answered()>
            <button type="button" class="answer" data-testid="answer-left" disabled=closed
                on:click=move |_| game.choose(Some(0))>
                <kbd aria-hidden="true">"←"</kbd>{move || say!(lang, game.left)}
            </button>
            <button type="button" class="answer" data-testid="answer-right" disabled=closed
                on:click=move |_| game.choose(Some(1))>
                {move || say!(lang, game.right)}<kbd aria-hidden="true">"→"</kbd>
            </button>
        </div>
    }
}
