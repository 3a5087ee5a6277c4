//! The view at `#/`: how a GAN makes scans, in short sections with live examples.

mod ending;
mod engine_client;
pub mod evidence;
mod hero;
mod interpolation;
mod layers;
mod real_scans;
mod scarcity;
mod section;
mod small_experiment;
mod stages;
mod step_slider;
mod training_loop;
mod tumour_types;
mod verdict;
mod visibility;

use leptos::prelude::*;

use super::engine::client::EngineClient;
use super::failure::EngineFailureBar;
use engine_client::Story;

/// The whole story.
#[component]
pub fn StoryView() -> impl IntoView {
    let Some(engines) = use_context::<EngineClient>() else { return ().into_any() };
    let story = Story::open(engines);
    view! {
        <div class="story" data-testid="story">
            <hero::Hero story/>
            <tumour_types::TumourTypesPart story/>
            <scarcity::ScarcityPart/>
            <training_loop::TrainingLoopPart story/>
            <layers::LayersPart story/>
            <stages::StagesPart story/>
            <verdict::VerdictPart story/>
            <interpolation::InterpolationPart story/>
            <evidence::EvidencePart/>
            <ending::Ending/>
            <EngineFailureBar engines=story.engines/>
        </div>
    }
    .into_any()
}
