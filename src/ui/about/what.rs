//! What the site is, what it is not, and where worried people turn.

use leptos::prelude::*;

use super::marks::{judge, link, maker};
use super::part::{Part, Section};
use crate::ui::words::{say, use_lang};

/// Explained by the general practitioners of the Netherlands.
const HEALTH: &str = "https://www.thuisarts.nl/";

/// The first part.
#[component]
pub fn What() -> impl IntoView {
    let lang = use_lang();
    let text = move || leptos_i18n::td!(lang.get(), about.what.text, <maker> = maker, <judge> = judge);
    let worried = move || leptos_i18n::td!(lang.get(), about.worried.text, <site> = link(HEALTH));
    view! {
        <Section part=Part::What>
            <p>{text}</p>
            <p>{move || say!(lang, about.what.audience)}</p>
            <p><strong>{move || say!(lang, about.what.not)}</strong>" "{move || say!(lang, about.what.limits)}</p>
            <div class="worried">
                <h3>{move || say!(lang, about.worried.title)}</h3>
                <p>{worried}</p>
            </div>
        </Section>
    }
}
