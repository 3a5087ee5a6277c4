//! The view that tells what this is, what it is made from, and how to check what it says.

mod card;
mod contents;
mod data;
mod diagnostics;
mod facts;
mod marks;
mod measures;
mod model_cards;
mod part;
mod policy;
mod privacy;
mod what;

use leptos::prelude::*;

use super::engine::client::EngineClient;
use super::logic::models::Modality;
use super::route::Route;
use super::words::{say, use_lang};

/// `#/over`: what this is and is not, model card, licences, privacy, and lines for who reports a fault.
#[component]
pub fn AboutView() -> impl IntoView {
    let lang = use_lang();
    let (Some(supervisor), Some(route)) = (use_context::<EngineClient>(), use_context::<Route>()) else {
        return ().into_any();
    };
    view! {
        <div class="about-view">
            <div class="intro">
                <h1>{move || say!(lang, about.title)}</h1>
                <p class="lead">{move || say!(lang, about.lead)}</p>
            </div>
            <contents::Contents route/>
            <what::What/>
            <card::Card supervisor/>
            <model_cards::ModelCards modality=Modality::T1ce/>
            <model_cards::ModelCards modality=Modality::Flair/>
            <data::Data/>
            <privacy::Privacy/>
            <diagnostics::Diagnostics supervisor/>
        </div>
    }
    .into_any()
}
