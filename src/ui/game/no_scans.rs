//! Shown if there are no real scans to play with.

use leptos::prelude::*;

use super::state::{Game, Obstacle};
use crate::game::quiz::MIN_REAL_SCANS;
use crate::game::settings::{GameMode, GameSettings};
use crate::ui::logic::models::Modality;
use crate::ui::model_choice::model_name;
use crate::ui::words::{say, use_lang};

/// What is missing, how a site owner adds it, and what can be played without.
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
            say!(lang, game.too_few, found = found.to_string(), needed = MIN_REAL_SCANS.to_string())
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
    let for_owner = move || !matches!(obstacle(), Some(Obstacle::Refused(_)));
    let flair = move || game.active.modality.get() == Modality::Flair;
    let command = move || if flair() { "cargo xtask scans --from DIR" } else { "cargo xtask scans" };
    let can_retry = move || matches!(obstacle(), Some(Obstacle::BrokenScans(_)));
    view! {
        <section class="no-scans" data-testid="no-scans" aria-labelledby="no-scans">
            <h2 id="no-scans">{move || say!(lang, game.no_scans)}</h2>
            <p>{words}</p>
            <div class="row">
                <button type="button" class="primary" data-testid="play-tumour"
                    on:click=move |_| game.play(GameSettings { mode: GameMode::Tumour, ..game.settings.get_untracked() })>
                    {move || say!(lang, game.play_tumour)}
                </button>
                <Show when=can_retry>
                    <button type="button" data-testid="retry-scans" on:click=move |_| game.scans().fetch()>
                        {move || say!(lang, trouble.again)}
                    </button>
                </Show>
            </div>
            <p>{move || say!(lang, game.or_own)}</p>
            <Show when=for_owner>
                <details>
                    <summary>{move || say!(lang, game.for_owner)}</summary>
                    <p>{move || say!(lang, game.for_owner_text)}</p>
                    <p lang="en"><code>{command}</code></p>
                    <p hidden=move || !flair()>{move || say!(lang, game.for_owner_flair)}</p>
                </details>
            </Show>
            <Show when=move || detail().is_some()>
                <details>
                    <summary>{move || say!(lang, trouble.detail)}</summary>
                    <p lang="en"><code>{detail}</code></p>
                </details>
            </Show>
        </section>
    }
}
