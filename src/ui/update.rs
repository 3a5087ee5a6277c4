//! Says that there is a new version of the site. Nothing changes until the visitor asks: a game may be under way.

use leptos::prelude::*;

use super::engine::client::EngineClient;
use super::offline::{begin_when_drawn, fire, use_new_version};
use super::words::{say, use_lang};

/// The line with the choice, empty while there is nothing new. One for the page.
#[component]
pub fn Update() -> impl IntoView {
    let lang = use_lang();
    let waits = use_new_version();
    let later = RwSignal::new(false);
    if let Some(supervisor) = use_context::<EngineClient>() {
        begin_when_drawn(supervisor);
    }
    let prompt = move || {
        view! {
            <div class="update-box" data-testid="update">
                <p>{move || say!(lang, update.ready)}</p>
                <button type="button" class="primary" data-testid="update-now" on:click=move |_| fire("hersenscan-renew")>
                    {move || say!(lang, update.now)}
                </button>
                <button type="button" class="quiet" data-testid="update-later" on:click=move |_| later.set(true)>
                    {move || say!(lang, update.later)}
                </button>
            </div>
        }
    };
    // Always there, so that screen readers notice what comes into it.
    view! { <div class="update" role="status">{move || (waits.get() && !later.get()).then(prompt)}</div> }
}
