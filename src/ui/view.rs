//! The views of the site, and their names in the address.

use super::logic::address::Address;
use super::logic::models::{MODEL, SIZE};

/// One view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View {
    /// `#/`: how two networks make fake scans, told in short parts.
    Story,
    /// `#/spel`: real or fake?
    Game,
    /// `#/studio`: make scans.
    Studio,
    /// `#/trainen`: train a GAN on slices of one's own.
    Training,
    /// `#/over`: what this is, what it is made from, how to check it.
    About,
}

impl View {
    /// All, in the order of the menu.
    pub const ALL: [View; 5] = [View::Story, View::Game, View::Studio, View::Training, View::About];

    /// Its name in the address.
    pub fn slug(self) -> &'static str {
        match self {
            View::Story => "",
            View::Game => "spel",
            View::Studio => "studio",
            View::Training => "trainen",
            View::About => "over",
        }
    }

    /// The view that an address names; the story for a name that there is not.
    pub fn of(address: &Address) -> Self {
        Self::ALL.into_iter().find(|view| view.slug() == address.view).unwrap_or(View::Story)
    }

    /// The start of this view, in the language of another address, and with its model where this view has a choice of them.
    pub fn address(self, from: &Address) -> Address {
        let address = Address::of(self.slug()).with("lang", from.get("lang"));
        match self {
            View::Story | View::About => address,
            View::Training => address.with(MODEL, from.get(MODEL)),
            View::Game | View::Studio => address.with(MODEL, from.get(MODEL)).with(SIZE, from.get(SIZE)),
        }
    }
}
