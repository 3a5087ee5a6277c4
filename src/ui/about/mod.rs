//! The view at `#/over`.

use leptos::prelude::*;

use super::words::{say, use_lang};

/// To be filled.
#[component]
pub fn AboutView() -> impl IntoView {
    let lang = use_lang();
    view! { <div class="about"><h1>{move || say!(lang, about.title)}</h1></div> }
}
