//! A row of signs: one for each round.

use leptos::prelude::*;

use super::state::Game;
use crate::ui::words::{say, use_lang};

/// A sign for each round, with a text for screen readers.
#[component]
pub fn RoundProgress(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    // The second half starts a new row: twenty signs do not fit a phone.
    let start = move || {
        let round = game.round().unwrap_or_default();
        game.quiz.with(|quiz| quiz.as_ref().map_or(0, |quiz| if round >= quiz.first { quiz.first } else { 0 }))
    };
    let signs = move || {
        (start()..game.rounds())
            .map(|round| {
                let given = game.answers.with(|answers| answers.get(round).map(|given| given.right));
                let (class, sign) = match given {
                    Some(true) => ("hit", "✓"),
                    Some(false) => ("miss", "✗"),
                    None => ("open", "·"),
                };
                view! { <span class=class>{sign}</span> }
            })
            .collect_view()
    };
    let words = move || {
        let right = game.right();
        say!(lang, game.so_far, right = right.part.to_string(), count = right.whole.to_string())
    };
    view! { <p class="trail" role="img" aria-label=words data-testid="trail">{signs}</p> }
}
