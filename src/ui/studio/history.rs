//! Settings used earlier in this visit.

use leptos::prelude::*;

use super::super::names::class_name;
use super::canvas::ScanCanvas;
use super::gallery::kept;
use super::state::{HistoryEntry, Studio};
use crate::ui::logic::studio_settings::StudioSettings;
use crate::ui::route::Navigation;
use crate::ui::words::{Lang, say, use_lang};

/// A row of pictures; each restores its settings. Shown from the second settings on.
#[component]
pub fn History(
    /// The studio.
    studio: Studio,
) -> impl IntoView {
    let lang = use_lang();
    let entry = move |earlier: HistoryEntry| {
        let settings = earlier.settings.clone();
        let is_now = {
            let settings = settings.clone();
            move || studio.settings.with(|now| *now == settings)
        };
        let words = {
            let settings = settings.clone();
            move || describe(lang, &settings)
        };
        let seed = settings.seed.to_string();
        view! {
            <li>
                <button type="button" class="card" aria-current=move || is_now().then_some("true")
                    on:click=move |_| studio.make(settings.clone(), Navigation::Push)>
                    <ScanCanvas scan=kept(earlier.first) overlay=false alt=Signal::derive(words)/>
                </button>
                <span class="seed" aria-hidden="true">{seed}</span>
            </li>
        }
    };
    let entries = move || studio.history.get().into_iter().map(entry).collect_view();
    view! {
        <section class="history" aria-labelledby="history" data-testid="history"
            hidden=move || studio.history.with(|history| history.len() < 2)>
            <h2 id="history">{move || say!(lang, history.title)}</h2>
            <p class="hint">{move || say!(lang, history.lead)}</p>
            <ul>{entries}</ul>
        </section>
    }
}

fn describe(lang: Lang, settings: &StudioSettings) -> String {
    let class = match &settings.class {
        Some(key) => class_name(lang, key),
        None => say!(lang, studio.random).to_owned(),
    };
    let (seed, count) = (settings.seed.to_string(), settings.count.to_string());
    say!(lang, history.back, seed = seed, count = count, class = class)
}
