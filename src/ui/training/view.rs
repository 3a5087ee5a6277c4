//! The view and its place on the page.

use leptos::prelude::*;

use super::trainer::Trainer;
use super::{board, intake};
use crate::ui::logic::models::{MODEL, Modality};
use crate::ui::route::Route;
use crate::ui::words::{say, use_lang};

/// Makes the training, and the slices that were brought for it, available to the page: both outlive a walk through the site.
pub fn provide() {
    intake::IntakeState::provide(Trainer::provide());
}

/// `#/trainen`: train a GAN on one's own slices.
#[component]
pub fn TrainingView() -> impl IntoView {
    let lang = use_lang();
    let Some(trainer) = use_context::<Trainer>() else { return ().into_any() };
    let route = use_context::<Route>();
    Effect::new(move || {
        let address = route.map(Route::address).filter(|address| address.get(MODEL).is_some());
        if let Some(modality) = address.map(|address| Modality::read(&address)) {
            trainer.plan.update(|plan| plan.modality = modality);
        }
    });
    view! {
        <div class="training">
            <div class="intro">
                <h1>{move || say!(lang, training.title)}</h1>
                <p class="lead">{move || say!(lang, training.lead)}</p>
            </div>
            <intake::Intake trainer/>
            <board::Board trainer/>
        </div>
    }
    .into_any()
}
