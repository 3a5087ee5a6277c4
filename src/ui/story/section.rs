//! The frame of a story section: heading, text, and live content.

use leptos::prelude::*;

use super::visibility::Visibility;

/// A section.
#[component]
pub fn StorySection(
    /// Name for tests, and for the id of the heading.
    name: &'static str,
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// Tracks whether the section is near the viewport.
    visibility: Visibility,
    /// The text.
    words: AnyView,
    /// The live content.
    children: Children,
) -> impl IntoView {
    let heading = format!("story-{name}");
    let labelled = heading.clone();
    view! {
        <section class=format!("part part-{name}") node_ref=visibility.node aria-labelledby=labelled data-testid=name>
            <div class="words">
                <h2 id=heading>{title}</h2>
                {words}
            </div>
            <div class="live">{children()}</div>
        </section>
    }
}
