//! Tells the page around a frame of this site about answers and results.

use leptos::prelude::*;

use super::state::Game;
use crate::game::progress::GameScreen;
use crate::ui::embed::{EmbedMessage, post_to_embedder};

/// Reports the answers and the results of a game until the current owner is cleaned up.
pub fn report(game: Game) {
    Effect::new(move |before: Option<usize>| {
        let answered = game.answers.with(Vec::len);
        let right = game.answers.with_untracked(|answers| answers.last().map(|given| given.right));
        // A resumed game brings several answers at once: those are not reported.
        if let (true, Some(right)) = (before.is_some_and(|before| answered == before + 1), right) {
            post_to_embedder(&EmbedMessage::Answered { round: answered, rounds: untrack(|| game.rounds()), right });
        }
        answered
    });
    let is_result = Memo::new(move |_| game.visible_screen() == GameScreen::Result);
    Effect::new(move || {
        if is_result.get() {
            let (mode, right) = (game.settings.get_untracked().mode, untrack(|| game.right()));
            post_to_embedder(&EmbedMessage::Result { mode: mode.slug(), right: right.part, rounds: right.whole });
        }
    });
}
