//! The score of a visitor or of a school class, beside those of published reader studies.

use leptos::prelude::*;

use crate::game::answers::Proportion;
use crate::game::interval::ConfidenceInterval;
use crate::game::reader_studies::{ReaderGroup, ReaderStudy, STUDIES, StudyImage, StudyMaterial, StudyMetric};
use crate::ui::words::{Lang, say, use_lang};

/// A table with a drawn bar and the numbers in each row.
#[component]
pub fn ReaderStudies(
    /// Who played.
    who: Signal<String>,
    /// On what.
    about: Signal<String>,
    /// Right answers.
    right: Signal<Proportion>,
) -> impl IntoView {
    let lang = use_lang();
    let you = move || {
        let right = right.get();
        let interval = ConfidenceInterval::wilson(right);
        let share = right.fraction() * 100.0;
        let spread = (interval.low * 100.0, interval.high * 100.0);
        let value = say!(lang, game.percent, percent = lang.numbers().decimal(share, 0));
        view! {
            <tr class="you">
                <th scope="row">{who.get()}<span class="hint">{about.get()}</span></th>
                <td><PercentBar points=vec![share] spread=Some(spread)/><span>{value}</span></td>
            </tr>
        }
    };
    let material = move |material: StudyMaterial| {
        let name = match material {
            StudyMaterial::Brain => say!(lang, game.study.on_brains),
            StudyMaterial::Medical => say!(lang, game.study.on_medical),
            StudyMaterial::Faces => say!(lang, game.study.on_faces),
        };
        let studies = STUDIES.iter().filter(move |study| study.material == material);
        view! {
            <tbody>
                <tr class="material"><th scope="rowgroup" colspan="2">{name}</th></tr>
                {studies.map(|study| row(lang, study)).collect_view()}
            </tbody>
        }
    };
    let rows = move || StudyMaterial::ALL.map(material).into_iter().collect_view();
    view! {
        <section class="readers" data-testid="readers" aria-labelledby="readers">
            <h3 id="readers">{move || say!(lang, game.readers)}</h3>
            <p>{move || say!(lang, game.readers_lead)}</p>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{move || say!(lang, game.who)}</th>
                        <th scope="col">{move || say!(lang, game.how_often)}</th>
                    </tr>
                </thead>
                <tbody>{you}</tbody>
                {rows}
            </table>
            <p class="hint">{move || say!(lang, game.readers_note)}</p>
        </section>
    }
}

/// The row of one study.
fn row(lang: Lang, study: &'static ReaderStudy) -> impl IntoView {
    let picture = match study.picture {
        StudyImage::BrainT1 => say!(lang, game.study.brain_t1),
        StudyImage::BrainTumour => say!(lang, game.study.brain_tumour),
        StudyImage::BodyCt => say!(lang, game.study.body_ct),
        StudyImage::Heart => say!(lang, game.study.heart),
        StudyImage::XRay => say!(lang, game.study.x_ray),
        StudyImage::ChestXRay => say!(lang, game.study.chest_x_ray),
        StudyImage::Colonoscopy => say!(lang, game.study.colonoscopy),
        StudyImage::Medical => say!(lang, game.study.medical),
        StudyImage::Face => say!(lang, game.study.face),
    };
    let count = study.readers.to_string();
    let who = match (study.reader, study.readers) {
        (ReaderGroup::Doctors, 0) => say!(lang, game.study.doctors_some).to_owned(),
        (ReaderGroup::Doctors, _) => say!(lang, game.study.doctors, count = count),
        (ReaderGroup::Gastroenterologists, _) => say!(lang, game.study.gastroenterologists, count = count),
        (ReaderGroup::Public, _) => say!(lang, game.study.public, count = count),
        (ReaderGroup::Program, _) => say!(lang, game.study.program).to_owned(),
    };
    let network = if study.network.is_empty() { String::new() } else { format!(", {}", study.network) };
    let numbers: Vec<String> = study.percent.iter().map(|value| percent(lang, *value)).collect();
    let value = say!(lang, game.percent, percent = numbers.join(", "));
    let counted = (study.counted == StudyMetric::Spotted).then(|| say!(lang, game.study.spotted_only));
    let taught = study.taught.map(|value| say!(lang, game.study.taught, percent = percent(lang, value)));
    let points: Vec<f64> = study.percent.to_vec();
    view! {
        <tr>
            <th scope="row">
                {who}
                <span class="hint">{format!("{picture}{network}. {}, {}", study.name, study.source)}</span>
            </th>
            <td><PercentBar points spread=None/><span>{value}</span><span class="hint">{counted}" "{taught}</span></td>
        </tr>
    }
}

/// A percentage with one decimal, or none for whole numbers.
fn percent(lang: Lang, value: f64) -> String {
    lang.numbers().decimal(value, usize::from(value.fract() != 0.0))
}

/// Dots on a line from 0 to 100 %, with a mark at 50 %. Decoration: the numbers stand beside it.
#[component]
pub fn PercentBar(
    /// Values in percent.
    points: Vec<f64>,
    /// Bounds of an interval, in percent.
    spread: Option<(f64, f64)>,
) -> impl IntoView {
    let whisker = spread.map(|(low, high)| {
        view! { <line class="spread" x1=low x2=high y1="4" y2="4"/> }
    });
    let dots = points.into_iter().map(|at| view! { <circle cx=at cy="4" r="2"/> }).collect_view();
    view! {
        <svg class="bar-line" viewBox="-3 0 106 8" aria-hidden="true">
            <line class="axis" x1="0" x2="100" y1="4" y2="4"/>
            <line class="half" x1="50" x2="50" y1="0.5" y2="7.5"/>
            {whisker}
            {dots}
        </svg>
    }
}
