//! A slider for each direction that the weights have a name for.

use leptos::prelude::*;

use super::names::direction_name;
use super::slider::Slider;
use super::state::Studio;
use crate::ui::logic::settings::MAX_DIRECTION;
use crate::ui::route::Step;
use crate::ui::words::{say, use_lang};

/// The sliders; they bend the scans that are there, while they move.
#[component]
pub fn Directions(
    /// The studio.
    studio: Studio,
) -> impl IntoView {
    let lang = use_lang();
    let names =
        Memo::new(move |_| studio.supervisor.model.get().map(|model| model.directions.clone()).unwrap_or_default());
    let at_rest = move || studio.settings.with(|settings| settings.directions.is_empty());
    let reset = move |_| {
        let mut settings = studio.settings.get_untracked();
        settings.directions.clear();
        studio.make(settings, Step::Replace);
    };
    let sliders = move || {
        let slider = |(index, key): (usize, String)| {
            let slide = move |value: f32, rested: bool| {
                let mut settings = studio.settings.get_untracked();
                settings.set_direction(index, value);
                if rested { studio.make(settings, Step::Replace) } else { studio.make_live(settings) }
            };
            view! {
                <Slider label=Signal::derive(move || direction_name(lang, &key, index)) range=(-MAX_DIRECTION, MAX_DIRECTION)
                    testid=format!("direction-{index}") slide
                    value=Signal::derive(move || studio.settings.with(|settings| settings.direction(index)))/>
            }
        };
        names.get().into_iter().enumerate().map(slider).collect_view()
    };
    view! {
        <section class="directions" aria-labelledby="directions" class:empty=move || names.with(Vec::is_empty)>
            <h2 id="directions">{move || say!(lang, studio.directions)}</h2>
            <p class="hint">{move || say!(lang, studio.directions_hint)}</p>
            {sliders}
            <button type="button" class="quiet" data-testid="reset" disabled=at_rest on:click=reset>
                {move || say!(lang, studio.reset)}
            </button>
        </section>
    }
}
