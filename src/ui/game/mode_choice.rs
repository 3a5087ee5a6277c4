//! Choice of mode and difficulty.

use leptos::prelude::*;

use super::prepare::offered;
use super::state::Game;
use crate::game::difficulty::Difficulty;
use crate::game::settings::{GameMode, GameSettings};
use crate::ui::words::{Lang, say, use_lang};

/// A button for each mode, and one for each available difficulty.
#[component]
pub fn ModeChoice(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let mode = move |mode: GameMode| {
        let chosen = move || game.settings.with(|settings| settings.mode == mode);
        view! {
            <button type="button" data-mode=mode.slug() aria-pressed=move || chosen().to_string()
                on:click=move |_| game.play(GameSettings { mode, class: None, ..game.settings.get_untracked() })>
                {move || mode_name(lang, mode)}
            </button>
        }
    };
    let level = move |level: Difficulty| {
        let chosen = move || game.settings.with(|settings| settings.level == level);
        view! {
            <button type="button" data-level=level.slug() aria-pressed=move || chosen().to_string()
                on:click=move |_| game.play(GameSettings { level, class: None, ..game.settings.get_untracked() })>
                {move || level_name(lang, level)}
            </button>
        }
    };
    let levels = move || game.unusable.with(|unusable| offered(unusable, game.stages()));
    let lost = move || {
        game.unusable.with(|unusable| !unusable.is_empty())
            && !game.stages().is_empty()
            && levels().len() < Difficulty::ALL.len()
    };
    view! {
        <section class="chooser" data-testid="game-mode" aria-labelledby="modes">
            <h2 id="modes">{move || say!(lang, game.modes)}</h2>
            <div class="row" role="group" aria-labelledby="modes">{GameMode::ALL.map(mode).into_iter().collect_view()}</div>
            <Show when=move || { levels().len() > 1 }>
                <h3 id="levels">{move || say!(lang, game.levels)}</h3>
                <div class="row" role="group" aria-labelledby="levels" data-testid="game-level">
                    {move || levels().into_iter().map(level).collect_view()}
                </div>
                <p class="hint">{move || say!(lang, game.levels_hint)}</p>
            </Show>
            <p class="hint" role="status">{move || lost().then(|| say!(lang, game.level_lost))}</p>
        </section>
    }
}

/// Name of a mode.
pub fn mode_name(lang: Lang, mode: GameMode) -> &'static str {
    match mode {
        GameMode::Single => say!(lang, game.mode_single),
        GameMode::Pairs => say!(lang, game.mode_pairs),
        GameMode::Tumour => say!(lang, game.mode_tumour),
    }
}

/// Name of a difficulty.
pub fn level_name(lang: Lang, level: Difficulty) -> &'static str {
    match level {
        Difficulty::Easy => say!(lang, game.level_easy),
        Difficulty::Normal => say!(lang, game.level_normal),
        Difficulty::Hard => say!(lang, game.level_hard),
    }
}
