//! The view at `#/over`: what the site is, what it is made from, and how to check what it says.

pub mod contents;
mod data;
mod diagnostics;
mod marks;
pub mod measures;
mod model_cards;
mod privacy;
mod scroll_anchor;
pub mod section;
mod speed;
mod weights;

use leptos::prelude::*;

use super::engine::client::EngineClient;
use super::logic::models::Modality;
use super::markup::{link, tell};
use super::route::Route;
use super::words::{say, use_lang};
use section::{AboutPart, AboutSection};

/// `#/over`: purpose and limits, model cards, licences, privacy, speed of the device, and details for bug reports.
#[component]
pub fn AboutView() -> impl IntoView {
    let lang = use_lang();
    let (Some(engines), Some(route)) = (use_context::<EngineClient>(), use_context::<Route>()) else {
        return ().into_any();
    };
    view! {
        <div class="about-view">
            <div class="intro">
                <h1>{move || say!(lang, about.title)}</h1>
                <p class="lead">{move || say!(lang, about.lead)}</p>
            </div>
            <contents::Contents route/>
            <What/>
            <Worried/>
            <weights::WeightsCard engines/>
            <model_cards::ModelCards modality=Modality::T1ce/>
            <model_cards::ModelCards modality=Modality::Flair/>
            <data::Data/>
            <marks::Marks/>
            <privacy::Privacy/>
            <speed::Speed engines/>
            <diagnostics::Diagnostics engines/>
        </div>
    }
    .into_any()
}

/// Health information by the Dutch College of General Practitioners.
const HEALTH: &str = "https://www.thuisarts.nl/";

/// What the site is and is not.
#[component]
fn What() -> impl IntoView {
    let lang = use_lang();
    let text = tell!(lang, about.what.text, maker, judge);
    view! {
        <AboutSection part=AboutPart::What>
            <p>{text}</p>
            <p>{move || say!(lang, about.what.audience)}</p>
            <p><strong>{move || say!(lang, about.what.not)}</strong>" "{move || say!(lang, about.what.limits)}</p>
        </AboutSection>
    }
}

/// Where worried people can turn.
#[component]
fn Worried() -> impl IntoView {
    let lang = use_lang();
    let worried = move || leptos_i18n::td!(lang.get(), about.worried.text, <site> = link(HEALTH));
    view! {
        <AboutSection part=AboutPart::Worried>
            <p class="worried">{worried}</p>
        </AboutSection>
    }
}
