//! The view at `#/`: how two networks make fake scans, told in short parts, each beside something live.

mod actors;
mod between;
mod desk;
mod duel;
mod ending;
mod evidence;
mod hero;
mod layers;
mod near;
mod part;
mod real;
mod scarce;
mod score;
mod scrub;
mod slice;
mod stages;
pub mod timer;
mod verdict;

use leptos::prelude::*;

use super::engine::client::EngineClient;
use super::failure::EngineFailureBar;
use desk::Story;

/// The whole story, from a scan of nobody to the game.
#[component]
pub fn StoryView() -> impl IntoView {
    let Some(supervisor) = use_context::<EngineClient>() else { return ().into_any() };
    let story = Story::open(supervisor);
    view! {
        <div class="story" data-testid="story">
            <hero::Hero story/>
            <slice::SlicePart story/>
            <scarce::ScarcePart/>
            <duel::DuelPart story/>
            <layers::LayersPart story/>
            <stages::StagesPart story/>
            <verdict::VerdictPart story/>
            <between::BetweenPart story/>
            <evidence::EvidencePart/>
            <ending::Ending/>
            <EngineFailureBar engines=story.supervisor/>
        </div>
    }
    .into_any()
}
