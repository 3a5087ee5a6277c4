//! Keeps [`Address`] and the browser's address bar the same.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsValue;

use super::logic::address::Address;
use super::view::View;

/// Whether the back button returns to where the visitor was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A new place: the back button returns here.
    Push,
    /// The same place, a bit different.
    Replace,
}

/// Where the visitor is, for every part of the page.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    address: RwSignal<Address>,
}

impl Route {
    /// Reads the address bar and follows it until the current owner is cleaned up.
    pub fn follow() -> Self {
        let route = Self { address: RwSignal::new(read()) };
        // Covers links, typing in the bar, and back and forward; `go` itself fires none.
        let listener = window_event_listener(ev::hashchange, move |_| {
            let now = read();
            if route.address.with_untracked(|address| *address != now) {
                route.address.set(now);
            }
        });
        on_cleanup(move || listener.remove());
        route
    }

    /// The address, as a value to react to.
    pub fn address(self) -> Address {
        self.address.get()
    }

    /// The view that it names, as a value to react to.
    pub fn view(self) -> View {
        self.address.with(View::of)
    }

    /// The address now.
    pub fn address_untracked(self) -> Address {
        self.address.get_untracked()
    }

    /// Goes to an address, unless the visitor is there.
    pub fn go(self, address: Address, step: Step) {
        if address == read() && self.address.with_untracked(|now| *now == address) {
            return;
        }
        let location = location();
        let path = location.pathname().unwrap_or_default();
        let search = location.search().unwrap_or_default();
        let url = format!("{path}{search}{address}");
        // A browser may refuse (too many steps a second, a page from a file): the page itself goes on.
        let _ = window().history().and_then(|history| match step {
            Step::Push => history.push_state_with_url(&JsValue::NULL, "", Some(&url)),
            Step::Replace => history.replace_state_with_url(&JsValue::NULL, "", Some(&url)),
        });
        if self.address.with_untracked(|now| *now != address) {
            self.address.set(address);
        }
    }
}

fn read() -> Address {
    let mut address = Address::parse(&location().hash().unwrap_or_default());
    // `?lang=en` before the `#` is what people type and what search engines can link to.
    let search = location().search().unwrap_or_default();
    if address.get("lang").is_none() && search.contains("lang=en") {
        address.set("lang", Some("en".to_owned()));
    }
    address
}
