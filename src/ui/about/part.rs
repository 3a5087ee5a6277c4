//! The parts of this view, and their names in the address: `#/over?deel=privacy`.

use leptos::prelude::*;

use crate::ui::words::{Lang, say, use_lang};

/// One part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    What,
    Card,
    T1ce,
    Flair,
    Data,
    Privacy,
    Diagnostics,
}

impl Part {
    /// All, in their order.
    pub const ALL: [Part; 7] =
        [Part::What, Part::Card, Part::T1ce, Part::Flair, Part::Data, Part::Privacy, Part::Diagnostics];

    /// Its name in the address.
    pub fn slug(self) -> &'static str {
        match self {
            Part::What => "wat",
            Part::Card => "model",
            Part::T1ce => "t1ce",
            Part::Flair => "flair",
            Part::Data => "licenties",
            Part::Privacy => "privacy",
            Part::Diagnostics => "melding",
        }
    }

    /// The `id` of its heading.
    pub fn id(self) -> String {
        format!("part-{}", self.slug())
    }

    /// What the list at the top calls it.
    pub fn short(self, lang: Lang) -> &'static str {
        match self {
            Part::What => say!(lang, about.what.short),
            Part::Card => say!(lang, about.card.short),
            Part::T1ce => say!(lang, model.t1ce),
            Part::Flair => say!(lang, model.flair),
            Part::Data => say!(lang, about.data.short),
            Part::Privacy => say!(lang, about.privacy.short),
            Part::Diagnostics => say!(lang, about.diagnostics.short),
        }
    }

    fn title(self, lang: Lang) -> &'static str {
        match self {
            Part::What => say!(lang, about.what.title),
            Part::Card => say!(lang, about.card.title),
            Part::T1ce => say!(lang, about.cards.t1ce),
            Part::Flair => say!(lang, about.cards.flair),
            Part::Data => say!(lang, about.data.title),
            Part::Privacy => say!(lang, about.privacy.title),
            Part::Diagnostics => say!(lang, about.diagnostics.title),
        }
    }
}

/// A part with its heading, which a link can bring the visitor to.
#[component]
pub fn Section(
    /// Which one.
    part: Part,
    /// What it says.
    children: Children,
) -> impl IntoView {
    let lang = use_lang();
    view! {
        <section class="about-part" aria-labelledby=part.id()>
            <h2 id=part.id() tabindex="-1">{move || part.title(lang)}</h2>
            {children()}
        </section>
    }
}
