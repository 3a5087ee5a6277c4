//! What can be added to a game: an opponent, a clock; and another game.

use leptos::prelude::*;

use super::state::Game;
use super::verdict::Rival;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::words::{say, use_lang};

/// Two switches and a button.
#[component]
pub fn Options(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let cannot_judge = move || game.with_rival.get() && game.rival.get() == Rival::CannotJudge;
    view! {
        <section class="options" aria-label=move || say!(lang, game.options)>
            <Show when=move || game.can_have_rival()>
                <label class="check">
                    <input type="checkbox" data-testid="rival" aria-describedby="rival-hint"
                        prop:checked=move || game.with_rival.get()
                        on:change=move |event| game.with_rival.set(event_target_checked(&event))/>
                    <span>{move || say!(lang, game.rival)}</span>
                </label>
                <p class="hint" id="rival-hint">
                    {move || if cannot_judge() { say!(lang, game.rival_cannot) } else { say!(lang, game.rival_hint) }}
                </p>
            </Show>
            <label class="check">
                <input type="checkbox" data-testid="timed" prop:checked=move || game.timed.get()
                    on:change=move |event| game.timed.set(event_target_checked(&event))/>
                <span>{move || say!(lang, game.timed)}</span>
            </label>
            <button type="button" data-testid="new-game" on:click=move |_| game.play_another()>
                <Icon shape=Shape::Dice/>{move || say!(lang, game.another)}
            </button>
            <p class="hint">{move || {
                say!(lang, game.seed_hint, seed = game.setup.with(|setup| setup.seed.to_string()))
            }}</p>
        </section>
    }
}
