//! The frame around every view: header, view, footer.

mod header;
pub mod icon;

use leptos::prelude::*;

use super::engine::supervisor::Supervisor;
use super::route::Route;
use super::studio::StudioView;
use super::words::{Lang, say};
use header::Header;

/// The whole page.
#[component]
pub fn Page() -> impl IntoView {
    let route = Route::follow();
    let lang = Lang::follow(route);
    provide_context(route);
    provide_context(lang);
    provide_context(Supervisor::start());

    view! {
        <a class="skip" href="#main" on:click=skip>{move || say!(lang, site.skip)}</a>
        <Header/>
        <main id="main" tabindex="-1"><StudioView/></main>
        <footer class="foot">
            <p><strong>{move || say!(lang, site.footer)}</strong></p>
            <p>{move || say!(lang, site.private)}</p>
        </footer>
    }
}

/// Moves the focus itself, since the fragment of the address belongs to the view.
fn skip(event: leptos::ev::MouseEvent) {
    use wasm_bindgen::JsCast;
    event.prevent_default();
    let main = document().get_element_by_id("main");
    if let Some(main) = main.and_then(|main| main.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = main.focus();
    }
}
