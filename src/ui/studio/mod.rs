//! The studio: the view that generates scans.

pub mod canvas;
mod controls;
mod dataset;
mod detail;
mod device;
mod directions;
mod download;
mod gallery;
mod history;
mod model;
mod morph;
mod morph_view;
mod slider;
mod state;
mod status;

use leptos::prelude::*;

use super::active_model::use_active_model;
use super::engine::client::EngineClient;
use super::failure::EngineFailure;
use super::markup::tell;
use super::model_choice::{ModelChoice, SizeChoice};
use super::route::Route;
use super::training::trainer::OwnModel;
use super::words::{say, use_lang};
use state::Studio;

/// `#/studio`: generate scans, change and interpolate them, and download them. Uses the shipped generator, or one that
/// the visitor trained.
#[component]
pub fn StudioView() -> impl IntoView {
    let own = use_context::<OwnModel>();
    // Another generator gets a new studio.
    move || view! { <Workplace own=own.and_then(|own| own.0.get())/> }
}

/// The studio for one generator.
#[component]
fn Workplace(
    /// The engines with a generator of the visitor's, if there is one.
    own: Option<EngineClient>,
) -> impl IntoView {
    let lang = use_lang();
    let (Some(engines), Some(route)) = (own.or_else(use_context::<EngineClient>), use_context::<Route>()) else {
        return ().into_any();
    };
    // A visitor's own generator has no choice of model or size.
    let active = if own.is_none() { use_active_model() } else { None };
    let weights = Signal::derive(move || {
        let active = active?;
        active.size.track();
        active.modality.track();
        active.pair()?.weights.rsplit('/').next()
    });
    let studio = Studio::open(engines, weights, route);
    let lead = tell!(lang, studio.lead, maker, judge);
    view! {
        <div class="studio">
            <div class="intro">
                <h1>{move || say!(lang, studio.title)}</h1>
                <p class="lead">{lead}</p>
            </div>
            {own.map(|own| view! { <OwnModelNotice own/> })}
            <EngineFailure engines/>
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
                <dataset::DatasetPanel studio/>
            </section>
            <div class="side">
                {active.map(|active| view! { <ModelChoice active/> })}
                <controls::Controls studio/>
                <directions::Directions studio/>
                {active.map(|active| view! { <SizeChoice active/> })}
                <device::DeviceChoice engines/>
            </div>
            <div class="more">
                <history::History studio/>
                <morph_view::MorphView studio/>
                <model::WeightsFacts engines/>
            </div>
            <detail::Detail studio/>
        </div>
    }
    .into_any()
}

/// Whether to draw the tumour masks.
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

/// Says that the scans come from a generator that the visitor trained; a button returns to the shipped one.
#[component]
fn OwnModelNotice(own: EngineClient) -> impl IntoView {
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
