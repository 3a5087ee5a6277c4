//! Name of the site, its views, and the other language.

use leptos::prelude::*;

use super::icon::Mark;
use crate::ui::logic::address::Address;
use crate::ui::route::{HOME, Route, Step};
use crate::ui::words::{say, use_lang};

/// The top of every view.
#[component]
pub fn Header() -> impl IntoView {
    let lang = use_lang();
    let Some(route) = use_context::<Route>() else { return ().into_any() };
    let home = move || Address::of(HOME).with("lang", route.address().get("lang")).to_string();
    let here = move || (route.address().view == HOME).then_some("page");
    let translated = move || route.address().with("lang", Some(lang.other()));
    let translate = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        route.go(translated(), Step::Replace);
    };
    view! {
        <header class="head">
            <a class="name" href=home><Mark/>{move || say!(lang, site.name)}</a>
            <nav aria-label=move || say!(lang, site.nav)>
                <a href=home aria-current=here>{move || say!(lang, site.studio)}</a>
            </nav>
            <a class="language" data-testid="language" href=move || translated().to_string() lang=move || lang.other()
                hreflang=move || lang.other() on:click=translate>
                {move || say!(lang, site.other_language)}
            </a>
        </header>
    }
    .into_any()
}
