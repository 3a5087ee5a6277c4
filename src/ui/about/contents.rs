//! The table of contents, and scrolling to the section in the address.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::scroll_anchor::ScrollAnchor;
use super::section::AboutPart;
use crate::ui::route::Route;
use crate::ui::view::View;
use crate::ui::words::{say, use_lang};

/// Name of the section parameter in the address.
pub const NAME: &str = "deel";

/// Links to the sections.
#[component]
pub fn Contents(
    /// The current address.
    route: Route,
) -> impl IntoView {
    let lang = use_lang();
    let anchor = ScrollAnchor::watch();
    follow(route, anchor);
    let link = move |part: AboutPart| {
        let to = move || View::About.address(&route.address()).with(NAME, Some(part.slug())).to_string();
        // A second click does not change the address, but must scroll as well.
        view! { <li><a href=to on:click=move |_| show(anchor, part)>{move || part.short(lang)}</a></li> }
    };
    view! {
        <nav class="contents" aria-label=move || say!(lang, about.contents)>
            <ul>{AboutPart::ALL.map(link).into_iter().collect_view()}</ul>
        </nav>
    }
}

/// Scrolls to the section in the address, now and when it changes.
fn follow(route: Route, anchor: ScrollAnchor) {
    let part = Memo::new(move |_| {
        let address = route.address();
        AboutPart::ALL.into_iter().find(|part| address.get(NAME) == Some(part.slug()))
    });
    Effect::new(move || match part.get() {
        // After the page has scrolled to the top of the view.
        Some(part) => request_animation_frame(move || show(anchor, part)),
        None => anchor.release(),
    });
}

fn show(anchor: ScrollAnchor, part: AboutPart) {
    let heading = document().get_element_by_id(&part.id());
    if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok()) {
        anchor.show(heading);
    }
}
