//! Options of a game: opponent and countdown; and a button for a new game.

use leptos::prelude::*;

use super::opponent::OpponentObstacle;
use super::state::Game;
use crate::ui::check_field::CheckField;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::route::Route;
use crate::ui::view::View;
use crate::ui::words::{say, use_lang};

/// Two checkboxes and a button.
#[component]
pub fn Options(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let route = use_context::<Route>();
    let obstacle = move || game.opponent_obstacle();
    let about_rival = move || match obstacle() {
        None => say!(lang, game.rival_hint),
        Some(OpponentObstacle::TumourMode) => say!(lang, game.rival_tumour),
        Some(OpponentObstacle::UnknownClasses) => say!(lang, game.rival_cannot),
    };
    view! {
        <section class="options" aria-label=move || say!(lang, game.options)>
            <CheckField testid="rival" label=Signal::derive(move || say!(lang, game.rival).to_owned())
                hint=Signal::derive(move || about_rival().to_owned())
                checked=Signal::derive(move || game.with_opponent.get() && obstacle().is_none())
                disabled=Signal::derive(move || obstacle().is_some())
                change=move |with| game.with_opponent.set(with)/>
            <label class="check">
                <input type="checkbox" data-testid="timed" prop:checked=move || game.timed.get()
                    on:change=move |event| game.timed.set(event_target_checked(&event))/>
                <span>{move || say!(lang, game.timed)}</span>
            </label>
            <button type="button" data-testid="new-game" on:click=move |_| game.play_another()>
                <Icon shape=Shape::Dice/>{move || say!(lang, game.another)}
            </button>
            <p class="hint" data-testid="seed-hint">{move || {
                let seed = game.settings.with(|settings| settings.seed.to_string());
                match game.own.with(Option::is_some) {
                    true => say!(lang, game.seed_own, seed = seed),
                    false => say!(lang, game.seed_hint, seed = seed),
                }
            }}</p>
            {route.map(|route| {
                let lesson = move || View::Lesson.address(&route.address()).to_string();
                view! { <p><a href=lesson>{move || say!(lang, game.with_class)}</a></p> }
            })}
        </section>
    }
}
