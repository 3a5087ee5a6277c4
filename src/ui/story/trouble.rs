//! What the visitor sees when the engine failed: one bar for all parts, out of the way of the words.

use leptos::prelude::*;

use super::desk::Story;
use crate::ui::engine::supervisor::Phase;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::route::Route;
use crate::ui::view::View;
use crate::ui::words::{say, use_lang};

/// The bar; there only while something is wrong.
#[component]
pub fn TroubleBar(
    /// What all parts know.
    story: Story,
) -> impl IntoView {
    let lang = use_lang();
    let Some(route) = use_context::<Route>() else { return ().into_any() };
    let failed = Memo::new(move |_| story.supervisor.phase.with(|phase| matches!(phase, Phase::Failed(_))));
    view! {
        <div role="alert">
            <Show when=move || failed.get()>
                <div class="story-trouble" data-testid="story-trouble">
                    <p><Icon shape=Shape::Warning/>{move || say!(lang, story.trouble.text)}</p>
                    <div class="tools">
                        <button type="button" class="primary" data-testid="story-retry" on:click=move |_| story.supervisor.resume()>
                            {move || say!(lang, story.trouble.again)}
                        </button>
                        <a href=move || View::Studio.address(&route.address()).to_string()>{move || say!(lang, story.trouble.more)}</a>
                    </div>
                </div>
            </Show>
        </div>
    }
    .into_any()
}
