//! Header: name of the site, menu, and language.

use leptos::prelude::*;

use super::icon::Logo;
use crate::ui::route::{Navigation, Route};
use crate::ui::view::View;
use crate::ui::words::{Lang, say, use_lang};

/// The header of every view.
#[component]
pub fn PageHeader() -> impl IntoView {
    let lang = use_lang();
    let Some(route) = use_context::<Route>() else { return ().into_any() };
    let to = move |view: View| view.address(&route.address()).to_string();
    let link = move |view: View| {
        view! {
            <a href=move || to(view) aria-current=move || (route.view() == view).then_some("page")>
                {move || name(lang, view)}
            </a>
        }
    };
    let translated = move || route.address().with("lang", Some(lang.other()));
    let translate = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        route.go(translated(), Navigation::Replace);
    };
    view! {
        <header class="head">
            <a class="name" href=move || to(View::Story)><Logo/>{move || say!(lang, site.name)}</a>
            <nav aria-label=move || say!(lang, site.nav)>
                {View::MENU.map(link).into_iter().collect_view()}
            </nav>
            <a class="language" data-testid="language" href=move || translated().to_string() lang=move || lang.other()
                hreflang=move || lang.other() on:click=translate>
                {move || say!(lang, site.other_language)}
            </a>
        </header>
    }
    .into_any()
}

/// Name of a view in the menu.
pub fn name(lang: Lang, view: View) -> String {
    match view {
        View::Story => say!(lang, site.story),
        View::Game => say!(lang, site.game),
        View::Studio => say!(lang, site.studio),
        View::Training => say!(lang, site.training),
        View::Lab => say!(lang, site.lab),
        View::Lesson => say!(lang, site.lesson),
        View::Study => say!(lang, site.study),
        View::Measure => say!(lang, site.measure),
        View::About => say!(lang, site.about),
    }
    .to_owned()
}
