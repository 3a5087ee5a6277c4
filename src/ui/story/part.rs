//! The frame of one part of the story: a heading, a few words, and something live beside them.

use leptos::prelude::*;

use super::near::Near;

/// One part.
#[component]
pub fn Part(
    /// Name for tests and for its heading.
    name: &'static str,
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    /// Tells when it comes near.
    near: Near,
    /// The words.
    words: AnyView,
    /// What is live.
    children: Children,
) -> impl IntoView {
    let heading = format!("story-{name}");
    let labelled = heading.clone();
    view! {
        <section class=format!("part part-{name}") node_ref=near.node aria-labelledby=labelled data-testid=name>
            <div class="words">
                <h2 id=heading>{title}</h2>
                {words}
            </div>
            <div class="live">{children()}</div>
        </section>
    }
}
