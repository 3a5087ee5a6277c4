//! The best score, stored on this device if the visitor asks for it.

use leptos::prelude::*;
use web_sys::Storage;

use super::mode_choice::mode_name;
use super::state::Game;
use crate::game::answers::Proportion;
use crate::game::settings::GameMode;
use crate::ui::words::{say, use_lang};

/// Key in the local storage.
const KEY: &str = "hersenscan.best";

/// A checkbox to store the best score, the stored score, and a button to delete it. Nothing is stored while the box is
/// unchecked.
#[component]
pub fn BestScore(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let kept = RwSignal::new(read());
    let mode = move || game.settings.with_untracked(|settings| settings.mode);
    // A better score replaces a stored one.
    if let Some((mode_then, best)) = kept.get_untracked() {
        let now = game.right();
        if mode_then == mode() && is_better(now, best) {
            kept.set(write(mode_then, now));
        }
    }
    let keep = move |event| {
        kept.set(match event_target_checked(&event) {
            true => write(mode(), game.right()),
            false => delete(),
        });
    };
    let words = move || {
        let (mode, best) = kept.get()?;
        let (right, count) = (best.part.to_string(), best.whole.to_string());
        Some(say!(lang, game.best, mode = mode_name(lang, mode), right = right, count = count))
    };
    view! {
        <div class="best">
            <label class="check">
                <input type="checkbox" data-testid="keep-best" prop:checked=move || kept.with(Option::is_some)
                    on:change=keep/>
                <span>{move || say!(lang, game.keep_best)}</span>
            </label>
            <p data-testid="best" role="status">{words}</p>
            <Show when=move || kept.with(Option::is_some)>
                <button type="button" data-testid="delete-best" on:click=move |_| kept.set(delete())>
                    {move || say!(lang, game.delete_best)}
                </button>
            </Show>
        </div>
    }
}

/// Whether the proportion is higher, or equal with more answers.
fn is_better(now: Proportion, best: Proportion) -> bool {
    (now.fraction(), now.whole) > (best.fraction(), best.whole)
}

/// The local storage, if the browser allows it.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// The stored mode and score. Invalid content counts as none.
fn read() -> Option<(GameMode, Proportion)> {
    let text = storage()?.get_item(KEY).ok().flatten()?;
    let mut parts = text.split(' ');
    let mode = GameMode::from_slug(parts.next()?)?;
    let [part, whole] = [parts.next()?.parse().ok()?, parts.next()?.parse().ok()?];
    (part <= whole).then_some((mode, Proportion { part, whole }))
}

fn write(mode: GameMode, score: Proportion) -> Option<(GameMode, Proportion)> {
    let text = format!("{} {} {}", mode.slug(), score.part, score.whole);
    storage()?.set_item(KEY, &text).ok()?;
    read()
}

fn delete() -> Option<(GameMode, Proportion)> {
    storage()?.remove_item(KEY).ok()?;
    read()
}
