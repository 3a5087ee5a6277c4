//! Tells that a new version of the site is available. It is installed only when the visitor agrees: a game may be
//! running.

use leptos::prelude::*;

use super::engine::client::EngineClient;
use super::offline::{begin_when_drawn, fire, use_new_version};
use super::words::{say, use_lang};

/// The message; empty while there is no new version. One for the page.
#[component]
pub fn Update() -> impl IntoView {
    let lang = use_lang();
    let waits = use_new_version();
    let later = RwSignal::new(false);
    if let Some(engines) = use_context::<EngineClient>() {
        begin_when_drawn(engines);
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
    // The live region is always present, so that screen readers notice its content.
    view! { <div class="update" role="status">{move || (waits.get() && !later.get()).then(prompt)}</div> }
}
