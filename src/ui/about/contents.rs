//! The list of parts at the top, and the way to the one that the address names.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::part::Part;
use crate::ui::route::Route;
use crate::ui::view::View;
use crate::ui::words::{say, use_lang};

/// Name of the part in the query.
const NAME: &str = "deel";

/// Links to the parts.
#[component]
pub fn Contents(
    /// Where the visitor is.
    route: Route,
) -> impl IntoView {
    let lang = use_lang();
    follow(route);
    let link = move |part: Part| {
        let to = move || View::About.address(&route.address()).with(NAME, Some(part.slug())).to_string();
        // A second click on the same link changes no address, and should bring the visitor there all the same.
        view! { <li><a href=to on:click=move |_| show(part)>{move || part.short(lang)}</a></li> }
    };
    view! {
        <nav class="contents" aria-label=move || say!(lang, about.contents)>
            <ul>{Part::ALL.map(link).into_iter().collect_view()}</ul>
        </nav>
    }
}

/// Brings the visitor to the part that the address names, now and when it changes.
fn follow(route: Route) {
    let part = Memo::new(move |_| {
        let address = route.address();
        Part::ALL.into_iter().find(|part| address.get(NAME) == Some(part.slug()))
    });
    Effect::new(move || {
        if let Some(part) = part.get() {
            // After the frame around the view has put its top in sight.
            request_animation_frame(move || show(part));
        }
    });
}

fn show(part: Part) {
    let heading = document().get_element_by_id(&part.id());
    if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok()) {
        heading.scroll_into_view();
        // So that a screen reader, and the Tab key, go on from there.
        let _ = heading.focus();
    }
}
