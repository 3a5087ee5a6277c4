//! The elements for tags in translated texts: words in the colour of a network, and links.

use leptos::{children::ChildrenFn, prelude::*};

/// `<maker>`: a word for the generator, in its colour and shape.
pub fn maker(children: ChildrenFn) -> impl IntoView {
    view! { <span class="generator">{children()}</span> }
}

/// `<judge>`: a word for the discriminator, in its colour and shape.
pub fn judge(children: ChildrenFn) -> impl IntoView {
    view! { <span class="discriminator">{children()}</span> }
}

/// A link to another site or to a file of this one. Sends no referrer.
pub fn link(to: &'static str) -> impl Fn(ChildrenFn) -> AnyView + Clone {
    move |children| view! { <a href=to rel="noreferrer">{children()}</a> }.into_any()
}

/// A translated text with tags: `tell!(lang, story.hero.lead, maker, judge)`.
macro_rules! tell {
    ($lang:expr, $($key:ident).+ $(, $tag:ident)+) => {
        move || leptos_i18n::td!($lang.get(), $($key).+ $(, <$tag> = $crate::ui::markup::$tag)+)
    };
}
pub(crate) use tell;
