//! The section on the marks in this site's files, and what such marks can and cannot do.

use leptos::prelude::*;

use super::section::{AboutPart, AboutSection};
use crate::ui::words::{say, use_lang};

/// The command that prints the mark of a picture.
const COMMAND: &str = "exiftool -DigitalSourceType 0000.png";

/// The section on marks.
#[component]
pub fn Marks() -> impl IntoView {
    let lang = use_lang();
    view! {
        <AboutSection part=AboutPart::Marks>
            <p>{move || say!(lang, about.marks.lead)}</p>
            <h3>{move || say!(lang, about.marks.inside)}</h3>
            <ul class="points" data-testid="marks">
                <li>{move || say!(lang, about.marks.inside_picture)}</li>
                <li>{move || say!(lang, about.marks.inside_recipe)}</li>
                <li>{move || say!(lang, about.marks.inside_zip)}</li>
                <li>{move || say!(lang, about.marks.inside_not)}</li>
            </ul>
            <h3>{move || say!(lang, about.marks.can)}</h3>
            <p>{move || say!(lang, about.marks.can_text)}</p>
            <pre tabindex="0" lang="en" aria-label="ExifTool" role="region">{COMMAND}</pre>
            <h3>{move || say!(lang, about.marks.cannot)}</h3>
            <ul class="points">
                <li>{move || say!(lang, about.marks.cannot_stay)}</li>
                <li>{move || say!(lang, about.marks.cannot_absent)}</li>
                <li>{move || say!(lang, about.marks.cannot_proof)}</li>
                <li>{move || say!(lang, about.marks.cannot_pixels)}</li>
            </ul>
        </AboutSection>
    }
}
