//! Keeps [`Address`] and the browser's address bar in sync.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsValue;

use super::logic::address::Address;
use super::logic::models::{complete_game_link, complete_lesson};
use super::view::View;

/// How a change of address enters the browser's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Navigation {
    /// As a new entry, which the back button returns to.
    Push,
    /// In place of the current entry.
    Replace,
}

/// The current address, shared by all parts of the page.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    address: RwSignal<Address>,
}

impl Route {
    /// Reads the address bar and follows it until the current owner is cleaned up.
    pub fn follow() -> Self {
        let route = Self { address: RwSignal::new(complete(with_language(take_search()))) };
        // Links, typed addresses, back and forward. `go` fires no such event.
        let listener = window_event_listener(ev::hashchange, move |_| {
            let now = complete(read());
            if route.address.with_untracked(|address| *address != now) {
                route.address.set(now);
            }
        });
        on_cleanup(move || listener.remove());
        route
    }

    /// The address, as a reactive value.
    pub fn address(self) -> Address {
        self.address.get()
    }

    /// The view in the address, as a reactive value.
    pub fn view(self) -> View {
        self.address.with(View::of)
    }

    /// The address, without tracking.
    pub fn address_untracked(self) -> Address {
        self.address.get_untracked()
    }

    /// Changes the address, unless it is the current one.
    pub fn go(self, address: Address, step: Navigation) {
        if address == read() && self.address.with_untracked(|now| *now == address) {
            return;
        }
        let location = location();
        let path = location.pathname().unwrap_or_default();
        let search = location.search().unwrap_or_default();
        let url = format!("{path}{search}{address}");
        // A browser may refuse (too many changes per second, a page opened from a file): the page works without it.
        let _ = window().history().and_then(|history| match step {
            Navigation::Push => history.push_state_with_url(&JsValue::NULL, "", Some(&url)),
            Navigation::Replace => history.replace_state_with_url(&JsValue::NULL, "", Some(&url)),
        });
        if self.address.with_untracked(|now| *now != address) {
            self.address.set(address);
        }
    }
}

fn read() -> Address {
    with_language(Address::parse(&location().hash().unwrap_or_default()))
}

/// Completes a link with the settings that its view needs.
fn complete(address: Address) -> Address {
    match View::of(&address) {
        View::Game => complete_game_link(address),
        View::Lesson => complete_lesson(address),
        _ => address,
    }
}

/// `?lang=en` before the `#` is what people type and what search engines can link to.
fn with_language(mut address: Address) -> Address {
    let search = location().search().unwrap_or_default();
    if address.get("lang").is_none() && search.contains("lang=en") {
        address.set("lang", Some("en".to_owned()));
    }
    address
}

/// Moves parameters such as `?game=123` from before the `#` into the fragment, where the page keeps them. A game without
/// a view means the view of the game.
fn take_search() -> Address {
    let location = location();
    let mut address = Address::parse(&location.hash().unwrap_or_default());
    let search = location.search().unwrap_or_default();
    let rest = address.take_search(&search);
    if rest != search {
        if address.view.is_empty() && address.get("game").is_some() {
            address.view = View::Game.slug().to_owned();
        }
        let url = format!("{}{rest}{address}", location.pathname().unwrap_or_default());
        // If the browser refuses, the address bar keeps the parameters before the `#` too.
        let _ = window().history().and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&url)));
    }
    address
}
