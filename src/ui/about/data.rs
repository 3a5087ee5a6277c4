//! Data sets, weights, code, font and packages, with their licences.

use leptos::prelude::*;

use super::section::{AboutPart, AboutSection};
use crate::ui::logic::models::Modality;
use crate::ui::markup::link;
use crate::ui::model_choice::model_name;
use crate::ui::real_scans::{RealScans, RealScansState, real_scans};
use crate::ui::words::{Lang, say, use_lang};

/// The T1 data set.
const DATA_SET: &str = "https://doi.org/10.6084/m9.figshare.1512427";
/// The FLAIR data set.
const FLAIR_SET: &str = "https://doi.org/10.1016/j.compbiomed.2019.05.002";
/// Licence of the font; a file of this site.
const TYPEFACE: &str = "fonts/OFL.txt";
/// Licences of all packages; a file that the build writes.
const LICENCES: &str = "licences.txt";

/// The section on data and licences.
#[component]
pub fn Data() -> impl IntoView {
    let lang = use_lang();
    let training = move || leptos_i18n::td!(lang.get(), about.data.training_text, <set> = link(DATA_SET));
    let flair = move || leptos_i18n::td!(lang.get(), about.data.training_flair, <set> = link(FLAIR_SET));
    let typeface = move || leptos_i18n::td!(lang.get(), about.data.font_text, <licence> = link(TYPEFACE));
    let crates = move || leptos_i18n::td!(lang.get(), about.data.crates_text, <list> = link(LICENCES));
    let weights = move || {
        let line = |modality: Modality| {
            let (model, licence) = (model_name(lang, modality), modality.model().licence);
            view! { <p>{say!(lang, about.data.weights_text, model = model, licence = licence)}</p> }
        };
        Modality::ALL.map(line).into_iter().collect_view()
    };
    let scans = Modality::ALL.map(|modality| (modality, real_scans(modality)));
    // Other packs are not downloaded just to be named here, only for a game.
    real_scans(Modality::default()).fetch_once();
    let scans = move || {
        let line = |(modality, scans): (Modality, RealScans)| {
            let asked = scans.state.with(|state| *state != RealScansState::Idle);
            asked.then(|| view! { <p>{model_name(lang, modality)}": "{real(lang, scans)}</p> })
        };
        scans.map(line).into_iter().collect_view()
    };
    let name = move |name: fn(Lang) -> &'static str| Signal::derive(move || name(lang).to_owned());
    view! {
        <AboutSection part=AboutPart::Data>
            <p>{move || say!(lang, about.data.lead)}</p>
            <dl class="facts wide" data-testid="licences">
                <Fact name=name(|lang| say!(lang, about.data.training))><p>{training}</p><p>{flair}</p></Fact>
                <Fact name=name(|lang| say!(lang, about.data.weights))>{weights}</Fact>
                <Fact name=name(|lang| say!(lang, about.data.real))>{scans}</Fact>
                <Fact name=name(|lang| say!(lang, about.data.code))>{move || say!(lang, about.data.code_text)}</Fact>
                <Fact name=name(|lang| say!(lang, about.data.font))>{typeface}</Fact>
                <Fact name=name(|lang| say!(lang, about.data.crates))>{crates}</Fact>
            </dl>
        </AboutSection>
    }
}

/// Source and licence of this site's real scans. A site owner may have added others.
fn real(lang: Lang, scans: RealScans) -> String {
    match scans.state.get() {
        RealScansState::Idle | RealScansState::Loading => say!(lang, about.data.real_waiting).to_owned(),
        RealScansState::Missing | RealScansState::Broken(_) => say!(lang, about.data.real_missing).to_owned(),
        RealScansState::Ready(pack) => {
            let (source, licence, attribution) = (pack.source.clone(), pack.licence.clone(), pack.attribution.clone());
            say!(lang, about.data.real_text, source = source, licence = licence, attribution = attribution)
        }
    }
}

/// One line of the list.
#[component]
fn Fact(
    /// The term.
    #[prop(into)]
    name: Signal<String>,
    /// Its description.
    children: Children,
) -> impl IntoView {
    view! { <div><dt>{name}</dt><dd>{children()}</dd></div> }
}
