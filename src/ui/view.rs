//! The views of the site, and their names in the address.

use super::logic::address::Address;
use super::logic::models::{MODEL, SIZE};

/// A view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View {
    /// `#/`: how a GAN makes scans.
    Story,
    /// `#/spel`: the game.
    Game,
    /// `#/studio`: generate scans.
    Studio,
    /// `#/trainen`: train a GAN on one's own slices.
    Training,
    /// `#/lab`: whether fakes help another network.
    Lab,
    /// `#/les`: a lesson, a link for a class, and what the class did.
    Lesson,
    /// `#/over`: purpose, data, licences and privacy.
    About,
}

impl View {
    /// All views.
    pub const ALL: [View; 7] =
        [View::Story, View::Game, View::Studio, View::Training, View::Lab, View::Lesson, View::About];
    /// The views in the menu, in order. The lesson is for teachers: other pages link to it.
    pub const MENU: [View; 6] = [View::Story, View::Game, View::Studio, View::Training, View::Lab, View::About];

    /// Name in the address.
    pub fn slug(self) -> &'static str {
        match self {
            View::Story => "",
            View::Game => "spel",
            View::Studio => "studio",
            View::Training => "trainen",
            View::Lab => "lab",
            View::Lesson => "les",
            View::About => "over",
        }
    }

    /// The view in an address; the story for unknown names. Teachers abroad type `lesson`.
    pub fn of(address: &Address) -> Self {
        if address.view == "lesson" {
            return View::Lesson;
        }
        Self::ALL.into_iter().find(|view| view.slug() == address.view).unwrap_or(View::Story)
    }

    /// The address of this view, with the language of another address, and its model if this view has a choice of
    /// models.
    pub fn address(self, from: &Address) -> Address {
        let address = Address::of(self.slug()).with("lang", from.get("lang"));
        match self {
            View::Story | View::Lab | View::About => address,
            View::Training | View::Lesson => address.with(MODEL, from.get(MODEL)),
            View::Game | View::Studio => address.with(MODEL, from.get(MODEL)).with(SIZE, from.get(SIZE)),
        }
    }
}
