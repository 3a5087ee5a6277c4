//! Which game, and how hard.

use leptos::prelude::*;

use super::state::Game;
use super::supply::offered;
use crate::game::level::Level;
use crate::game::setup::{Mode, Setup};
use crate::ui::words::{Lang, say, use_lang};

/// The chooser: a button a game, a button a level.
#[component]
pub fn Modes(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let mode = move |mode: Mode| {
        let chosen = move || game.setup.with(|setup| setup.mode == mode);
        view! {
            <button type="button" data-mode=mode.slug() aria-pressed=move || chosen().to_string()
                on:click=move |_| game.play(Setup { mode, ..game.setup.get_untracked() })>
                {move || mode_name(lang, mode)}
            </button>
        }
    };
    let level = move |level: Level| {
        let chosen = move || game.setup.with(|setup| setup.level == level);
        view! {
            <button type="button" data-level=level.slug() aria-pressed=move || chosen().to_string()
                on:click=move |_| game.play(Setup { level, ..game.setup.get_untracked() })>
                {move || level_name(lang, level)}
            </button>
        }
    };
    let levels = move || game.unusable.with(|unusable| offered(unusable, game.stages()));
    let lost = move || {
        game.unusable.with(|unusable| !unusable.is_empty())
            && !game.stages().is_empty()
            && levels().len() < Level::ALL.len()
    };
    view! {
        <section class="chooser" data-testid="game-mode" aria-labelledby="modes">
            <h2 id="modes">{move || say!(lang, game.modes)}</h2>
            <div class="row" role="group" aria-labelledby="modes">{Mode::ALL.map(mode).into_iter().collect_view()}</div>
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

/// What a mode is called.
pub fn mode_name(lang: Lang, mode: Mode) -> &'static str {
    match mode {
        Mode::Single => say!(lang, game.mode_single),
        Mode::Pairs => say!(lang, game.mode_pairs),
        Mode::Tumour => say!(lang, game.mode_tumour),
    }
}

/// What a level is called.
pub fn level_name(lang: Lang, level: Level) -> &'static str {
    match level {
        Level::Easy => say!(lang, game.level_easy),
        Level::Normal => say!(lang, game.level_normal),
        Level::Hard => say!(lang, game.level_hard),
    }
}
