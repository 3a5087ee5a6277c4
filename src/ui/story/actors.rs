//! Words that name an actor wear its colour and shape.

use leptos::{children::ChildrenFn, prelude::*};

/// The generator's words.
pub fn maker(children: ChildrenFn) -> impl IntoView {
    view! { <span class="generator">{children()}</span> }
}

/// The discriminator's words.
pub fn judge(children: ChildrenFn) -> impl IntoView {
    view! { <span class="discriminator">{children()}</span> }
}

/// A text of the story in which actors are named: `tell!(lang, story.hero.lead, maker, judge)`.
macro_rules! tell {
    ($lang:expr, $($key:ident).+ $(, $actor:ident)+) => {
        move || leptos_i18n::td!($lang.get(), $($key).+ $(, <$actor> = $crate::ui::story::actors::$actor)+)
    };
}
pub(super) use tell;
