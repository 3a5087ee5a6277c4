//! The view at `#/`.

use leptos::prelude::*;

use super::words::{say, use_lang};

/// To be filled.
#[component]
pub fn StoryView() -> impl IntoView {
    let lang = use_lang();
    view! { <div class="story"><h1>{move || say!(lang, story.title)}</h1></div> }
}
