//! Shown if there are no real scans to play with.

use leptos::prelude::*;

use super::state::{Game, Obstacle};
use crate::game::quiz::MIN_PEOPLE;
use crate::game::settings::{GameMode, GameSettings};
use crate::ui::logic::models::Modality;
use crate::ui::model_choice::model_name;
use crate::ui::real_scans::{RealScansState, real_scans};
use crate::ui::words::{say, use_lang};

/// What is missing, and what can be played without.
#[component]
pub fn NoScans(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let obstacle = move || game.obstacle.get();
    let words = move || match obstacle() {
        Some(Obstacle::NoScans(0)) => {
            say!(lang, game.missing, model = model_name(lang, game.active.modality.get()))
        }
        Some(Obstacle::NoScans(found)) => {
            say!(lang, game.too_few, found = found.to_string(), needed = MIN_PEOPLE.to_string())
        }
        Some(Obstacle::BrokenScans(_)) => say!(lang, game.broken).to_owned(),
        Some(Obstacle::OtherSize) => say!(lang, game.other_size).to_owned(),
        Some(Obstacle::Refused(_)) => say!(lang, game.refused).to_owned(),
        None => String::new(),
    };
    let detail = move || match obstacle() {
        Some(Obstacle::BrokenScans(words) | Obstacle::Refused(words)) => Some(words),
        _ => None,
    };
    let can_retry = move || matches!(obstacle(), Some(Obstacle::BrokenScans(_)));
    view! {
        <section class="no-scans" data-testid="no-scans" aria-labelledby="no-scans">
            <h2 id="no-scans">{move || say!(lang, game.no_scans)}</h2>
            <p>{words}</p>
            <p>{move || say!(lang, game.instead)}</p>
            <div class="row">
                <Show when=can_retry>
                    <button type="button" class="primary" data-testid="retry-scans" on:click=move |_| game.scans().fetch()>
                        {move || say!(lang, trouble.again)}
                    </button>
                </Show>
                <OtherModels game/>
                <button type="button" class:primary=move || !can_retry() data-testid="play-tumour"
                    on:click=move |_| game.play(GameSettings { mode: GameMode::Tumour, class: None, ..game.settings.get_untracked() })>
                    {move || say!(lang, game.play_tumour)}
                </button>
                <button type="button" data-testid="play-own" on:click=move |_| game.open_own()>
                    {move || say!(lang, game.play_own)}
                </button>
            </div>
            <Show when=move || detail().is_some()>
                <details>
                    <summary>{move || say!(lang, trouble.detail)}</summary>
                    <p lang="en"><code>{detail}</code></p>
                </details>
            </Show>
        </section>
    }
}

/// A button for each other modality that has real scans.
#[component]
fn OtherModels(game: Game) -> impl IntoView {
    let lang = use_lang();
    let button = move |modality: Modality| {
        let scans = real_scans(modality);
        scans.fetch_once();
        let offered =
            move || game.active.modality.get() != modality && matches!(scans.state.get(), RealScansState::Ready(_));
        view! {
            <Show when=offered>
                <button type="button" data-testid="play-other" on:click=move |_| game.active.choose(modality)>
                    {move || say!(lang, game.play_other, model = model_name(lang, modality))}
                </button>
            </Show>
        }
    };
    Modality::ALL.map(button).into_iter().collect_view()
}
