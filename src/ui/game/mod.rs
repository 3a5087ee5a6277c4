//! The view at `#/spel`.

use leptos::prelude::*;

use super::words::{say, use_lang};

/// To be filled.
#[component]
pub fn GameView() -> impl IntoView {
    let lang = use_lang();
    view! { <div class="game"><h1>{move || say!(lang, game.title)}</h1></div> }
}
