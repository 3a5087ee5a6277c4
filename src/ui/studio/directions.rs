//! A slider for each latent direction of the model.

use leptos::prelude::*;

use super::super::names::direction_name;
use super::canvas::ScanCanvas;
use super::slider::Slider;
use super::state::Studio;
use crate::ui::logic::studio_settings::MAX_DIRECTION;
use crate::ui::route::Navigation;
use crate::ui::words::{say, use_lang};

/// Number of scans in the preview.
const PREVIEWED: usize = 4;

/// The sliders. Scans follow while a slider moves.
#[component]
pub fn Directions(
    /// The studio.
    studio: Studio,
) -> impl IntoView {
    let lang = use_lang();
    let names =
        Memo::new(move |_| studio.engines.model.get().map(|model| model.directions.clone()).unwrap_or_default());
    let at_rest = move || studio.settings.with(|settings| settings.directions.is_empty());
    let reset = move |_| {
        let mut settings = studio.settings.get_untracked();
        settings.directions.clear();
        studio.make(settings, Navigation::Replace);
    };
    let sliders = move || {
        let slider = |(index, key): (usize, String)| {
            let slide = move |value: f32, rested: bool| {
                let mut settings = studio.settings.get_untracked();
                settings.set_direction(index, value);
                if rested { studio.make(settings, Navigation::Replace) } else { studio.make_live(settings) }
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
            <DirectionPreview studio/>
            {sliders}
            <button type="button" class="quiet" data-testid="reset" disabled=at_rest on:click=reset>
                {move || say!(lang, studio.reset)}
            </button>
        </section>
    }
}

/// A few scans above the sliders, for phones where the gallery has scrolled away. The style sheet hides it on wide
/// screens.
#[component]
fn DirectionPreview(studio: Studio) -> impl IntoView {
    let shown = move || studio.settings.with(|settings| settings.count.min(PREVIEWED));
    view! {
        <div class="preview" aria-hidden="true">
            <For each=move || 0..shown() key=|index| *index let(index)>
                <ScanCanvas scan=Signal::derive(move || studio.slot(index).and_then(|slot| slot.get()))
                    overlay=studio.overlay alt=String::new()/>
            </For>
        </div>
    }
}
