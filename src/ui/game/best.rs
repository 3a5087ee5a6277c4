//! The best score, kept on this device only for who asks for that.

use leptos::prelude::*;
use web_sys::Storage;

use super::modes::mode_name;
use super::state::Game;
use crate::game::answers::Share;
use crate::game::setup::Mode;
use crate::ui::words::{say, use_lang};

/// Where it is kept.
const KEY: &str = "hersenscan.best";

/// A switch, and what is kept, with a button to delete it. Without the switch nothing is stored.
#[component]
pub fn BestScore(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let kept = RwSignal::new(read());
    let mode = move || game.setup.with_untracked(|setup| setup.mode);
    // Who asked before, asked for better scores as well.
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

/// A larger share; of equal ones, the one of more answers.
fn is_better(now: Share, best: Share) -> bool {
    (now.fraction(), now.whole) > (best.fraction(), best.whole)
}

/// None where the browser keeps nothing.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What is kept: mode, right answers, answers. Anything else is as if nothing were.
fn read() -> Option<(Mode, Share)> {
    let text = storage()?.get_item(KEY).ok().flatten()?;
    let mut parts = text.split(' ');
    let mode = Mode::named(parts.next()?)?;
    let [part, whole] = [parts.next()?.parse().ok()?, parts.next()?.parse().ok()?];
    (part <= whole).then_some((mode, Share { part, whole }))
}

fn write(mode: Mode, score: Share) -> Option<(Mode, Share)> {
    let text = format!("{} {} {}", mode.slug(), score.part, score.whole);
    storage()?.set_item(KEY, &text).ok()?;
    read()
}

fn delete() -> Option<(Mode, Share)> {
    storage()?.remove_item(KEY).ok()?;
    read()
}
