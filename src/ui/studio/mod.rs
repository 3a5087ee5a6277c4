//! The view that makes scans.

pub mod canvas;
mod controls;
mod detail;
mod device;
mod directions;
mod download;
mod gallery;
mod history;
mod model;
mod morph;
mod morph_view;
pub mod names;
mod own;
mod slider;
mod state;
mod status;

use leptos::prelude::*;

use super::chosen::use_chosen;
use super::engine::client::EngineClient;
use super::failure::EngineFailure;
use super::model_choice::{ModelChoice, SizeChoice};
use super::route::Route;
use super::training::trainer::OwnModel;
use super::words::{say, use_lang};
use state::Studio;

/// `#/studio`: make scans, bend them, walk between them, take them along; with the shipped generator, or with one that the
/// visitor trained.
#[component]
pub fn StudioView() -> impl IntoView {
    let own = use_context::<OwnModel>();
    // Another generator, another studio.
    move || view! { <Workplace own=own.and_then(|own| own.0.get())/> }
}

/// The studio around one generator.
#[component]
fn Workplace(
    /// Engines with a generator of the visitor's.
    own: Option<EngineClient>,
) -> impl IntoView {
    let lang = use_lang();
    let (Some(supervisor), Some(route)) = (own.or_else(use_context::<EngineClient>), use_context::<Route>()) else {
        return ().into_any();
    };
    let studio = Studio::open(supervisor, route);
    // A generator of the visitor's is what it is.
    let chosen = if own.is_none() { use_chosen() } else { None };
    let lead = move || {
        leptos_i18n::td!(
            lang.get(),
            studio.lead,
            <maker> = |children: leptos::children::ChildrenFn| view! { <span class="generator">{children()}</span> },
            <judge> = |children: leptos::children::ChildrenFn| view! { <span class="discriminator">{children()}</span> },
        )
    };
    view! {
        <div class="studio">
            <div class="intro">
                <h1>{move || say!(lang, studio.title)}</h1>
                <p class="lead">{lead}</p>
            </div>
            {own.map(|own| view! { <own::Own own/> })}
            <EngineFailure engines=supervisor/>
            <section class="made" aria-labelledby="gallery">
                <div class="bar">
                    <h2 id="gallery">{move || say!(lang, studio.gallery)}</h2>
                    <status::Status studio/>
                    <Overlay studio/>
                </div>
                <gallery::Gallery studio/>
                <div class="after">
                    <p class="note">{move || say!(lang, studio.gallery_note)}</p>
                    <download::Downloads studio/>
                </div>
            </section>
            <div class="side">
                {chosen.map(|chosen| view! { <ModelChoice chosen/> })}
                <controls::Controls studio/>
                <directions::Directions studio/>
                {chosen.map(|chosen| view! { <SizeChoice chosen/> })}
                <device::Device supervisor/>
            </div>
            <div class="more">
                <history::History studio/>
                <morph_view::MorphView studio/>
                <model::About supervisor/>
            </div>
            <detail::Detail studio/>
        </div>
    }
    .into_any()
}

/// Whether the tumour masks are drawn.
#[component]
fn Overlay(studio: Studio) -> impl IntoView {
    let lang = use_lang();
    view! {
        <label class="check" title=move || say!(lang, studio.overlay_hint)>
            <input type="checkbox" data-testid="overlay" prop:checked=move || studio.overlay.get()
                on:change=move |event| studio.overlay.set(event_target_checked(&event))/>
            <span>{move || say!(lang, studio.overlay)}</span>
        </label>
    }
}
