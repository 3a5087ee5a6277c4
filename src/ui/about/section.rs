//! The sections of this view, and their names in the address: `#/over?deel=privacy`.

use leptos::prelude::*;

use crate::ui::words::{Lang, say, use_lang};

/// A section of the view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AboutPart {
    /// What the site is.
    What,
    /// Where worried people can turn.
    Worried,
    /// Model card of the weights in use.
    Card,
    /// Measures of the T1 models.
    T1ce,
    /// Measures of the FLAIR models.
    Flair,
    /// Data and licences.
    Data,
    /// Marks of generated pictures.
    Marks,
    /// Privacy, and how to check it.
    Privacy,
    /// Speed of this device.
    Speed,
    /// Details for a bug report.
    Diagnostics,
}

impl AboutPart {
    /// All sections, in order.
    pub const ALL: [AboutPart; 10] = [
        AboutPart::What,
        AboutPart::Worried,
        AboutPart::Card,
        AboutPart::T1ce,
        AboutPart::Flair,
        AboutPart::Data,
        AboutPart::Marks,
        AboutPart::Privacy,
        AboutPart::Speed,
        AboutPart::Diagnostics,
    ];

    /// Name in the address.
    pub fn slug(self) -> &'static str {
        match self {
            AboutPart::What => "wat",
            AboutPart::Worried => "zorgen",
            AboutPart::Card => "model",
            AboutPart::T1ce => "t1ce",
            AboutPart::Flair => "flair",
            AboutPart::Data => "licenties",
            AboutPart::Marks => "merk",
            AboutPart::Privacy => "privacy",
            AboutPart::Speed => "snelheid",
            AboutPart::Diagnostics => "melding",
        }
    }

    /// `id` of the heading.
    pub fn id(self) -> String {
        format!("part-{}", self.slug())
    }

    /// Short name, for the table of contents.
    pub fn short(self, lang: Lang) -> &'static str {
        match self {
            AboutPart::What => say!(lang, about.what.short),
            AboutPart::Worried => say!(lang, about.worried.title),
            AboutPart::Card => say!(lang, about.card.short),
            AboutPart::T1ce => say!(lang, model.t1ce),
            AboutPart::Flair => say!(lang, model.flair),
            AboutPart::Data => say!(lang, about.data.short),
            AboutPart::Marks => say!(lang, about.marks.short),
            AboutPart::Privacy => say!(lang, about.privacy.short),
            AboutPart::Speed => say!(lang, about.speed.short),
            AboutPart::Diagnostics => say!(lang, about.diagnostics.short),
        }
    }

    fn title(self, lang: Lang) -> &'static str {
        match self {
            AboutPart::What => say!(lang, about.what.title),
            AboutPart::Worried => say!(lang, about.worried.title),
            AboutPart::Card => say!(lang, about.card.title),
            AboutPart::T1ce => say!(lang, about.cards.t1ce),
            AboutPart::Flair => say!(lang, about.cards.flair),
            AboutPart::Data => say!(lang, about.data.title),
            AboutPart::Marks => say!(lang, about.marks.title),
            AboutPart::Privacy => say!(lang, about.privacy.title),
            AboutPart::Speed => say!(lang, about.speed.title),
            AboutPart::Diagnostics => say!(lang, about.diagnostics.title),
        }
    }
}

/// A section with its heading, which a link can scroll to.
#[component]
pub fn AboutSection(
    /// Which section.
    part: AboutPart,
    /// Its content.
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
