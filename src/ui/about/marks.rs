//! What the marks within a text turn into: the words of the two actors, and links.

use leptos::children::ChildrenFn;
use leptos::prelude::*;

/// A word for the generator.
pub fn maker(children: ChildrenFn) -> impl IntoView {
    view! { <span class="generator">{children()}</span> }
}

/// A word for the discriminator.
pub fn judge(children: ChildrenFn) -> impl IntoView {
    view! { <span class="discriminator">{children()}</span> }
}

/// A link to another site, which is not told where the visitor comes from, or to a file of this one.
pub fn link(to: &'static str) -> impl Fn(ChildrenFn) -> AnyView + Clone {
    move |children| view! { <a href=to rel="noreferrer">{children()}</a> }.into_any()
}
