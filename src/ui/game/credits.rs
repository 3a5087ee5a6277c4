//! Source and licence of the real scans.

use leptos::prelude::*;

use super::state::Game;
use crate::game::settings::GameMode;
use crate::ui::real_scans::RealScansState;
use crate::ui::words::{say, use_lang};

/// Attribution of the real scans, and how the game is made. The same in every round.
#[component]
pub fn Credits(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let own = move || game.own.with(Option::is_some);
    let credit = move || match game.scans().state.get() {
        RealScansState::Ready(pack) if !own() => {
            let (source, attribution) = (pack.source.clone(), pack.attribution.clone());
            let licence = pack.licence.clone();
            Some(say!(lang, game.credit, source = source, attribution = attribution, licence = licence))
        }
        _ => None,
    };
    // Not true for tumour games, or if all slices are of one person.
    let fair = move || {
        let repeats = game.own.with(|own| own.as_ref().is_some_and(|own| own.repeats_people));
        let fair = game.settings.with(|settings| settings.mode != GameMode::Tumour) && !repeats;
        fair.then(|| say!(lang, game.fair))
    };
    view! {
        <section class="credits">
            <p class="hint">{fair}</p>
            <p class="hint">{credit}</p>
        </section>
    }
}
