//! Says that the scans here come from a generator of the visitor's, and leads back to the shipped one.

use leptos::prelude::*;

use crate::ui::engine::client::EngineClient;
use crate::ui::training::trainer::OwnModel;
use crate::ui::words::{say, use_lang};

/// A line above the scans.
#[component]
pub fn Own(
    /// The engines with that generator.
    own: EngineClient,
) -> impl IntoView {
    let lang = use_lang();
    let model = use_context::<OwnModel>();
    let back = move |_| {
        if let Some(model) = model {
            model.0.set(None);
            own.end();
        }
    };
    view! {
        <p class="own" role="status" data-testid="own-model">
            <span>{move || say!(lang, studio.own)}</span>
            <button type="button" class="quiet" on:click=back data-testid="own-back">{move || say!(lang, studio.own_back)}</button>
        </p>
    }
}
