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
    /// `#/studie`: a reader study with the visitor's own pictures.
    Study,
    /// `#/meten`: the visitor's own sets of pictures are compared.
    Measure,
    /// `#/over`: purpose, data, licences and privacy.
    About,
}

impl View {
    /// All views.
    pub const ALL: [View; 9] = [
        View::Story,
        View::Game,
        View::Studio,
        View::Training,
        View::Lab,
        View::Lesson,
        View::Study,
        View::Measure,
        View::About,
    ];
    /// The views in the menu, in order. The lesson is for teachers, the study and the measurement for researchers: the footer links
    /// to them.
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
            View::Study => "studie",
            View::Measure => "meten",
            View::About => "over",
        }
    }

    /// The view in an address; the story for unknown names. Visitors abroad type `lesson`, `study` and `measure`.
    pub fn of(address: &Address) -> Self {
        match address.view.as_str() {
            "lesson" => View::Lesson,
            "study" => View::Study,
            "measure" => View::Measure,
            name => Self::ALL.into_iter().find(|view| view.slug() == name).unwrap_or(View::Story),
        }
    }

    /// The address of this view, with the language of another address, and its model if this view has a choice of
    /// models.
    pub fn address(self, from: &Address) -> Address {
        let address = Address::of(self.slug()).with("lang", from.get("lang"));
        match self {
            View::Story | View::Lab | View::Study | View::Measure | View::About => address,
            View::Training | View::Lesson => address.with(MODEL, from.get(MODEL)),
            View::Game | View::Studio => address.with(MODEL, from.get(MODEL)).with(SIZE, from.get(SIZE)),
        }
    }
}
