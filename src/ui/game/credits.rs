//! Where the scans come from.

use leptos::prelude::*;

use super::state::Game;
use crate::ui::scans::RealState;
use crate::ui::words::{say, use_lang};

/// Whom to thank, and how the game is dealt. The same for every round.
#[component]
pub fn Credits(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let own = move || game.own.with(Option::is_some);
    let credit = move || match game.scans().state.get() {
        RealState::Ready(pack) if !own() => {
            let (source, attribution) = (pack.source.clone(), pack.attribution.clone());
            let licence = pack.licence.clone();
            Some(say!(lang, game.credit, source = source, attribution = attribution, licence = licence))
        }
        _ => None,
    };
    let same_heads = move || game.table.with(|table| table.as_ref().is_some_and(|table| table.same_heads));
    view! {
        <section class="credits">
            <p class="hint">{move || say!(lang, game.fair)}</p>
            <p class="hint">{move || same_heads().then(|| say!(lang, game.same_heads))}</p>
            <p class="hint">{credit}</p>
        </section>
    }
}
