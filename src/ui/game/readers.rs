//! The visitor's score beside those of readers in published studies.

use leptos::prelude::*;

use super::state::Game;
use crate::game::interval::Interval;
use crate::game::readers::{Counted, Picture, Reader, STUDIES, Study};
use crate::ui::words::{Lang, say, use_lang};

/// A table with a bar in each row; the numbers stand beside the bars.
#[component]
pub fn Readers(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let you = move || {
        let right = game.right();
        let interval = Interval::of(right);
        let share = right.fraction() * 100.0;
        let spread = (interval.low * 100.0, interval.high * 100.0);
        let about = say!(lang, game.you_about, count = right.whole.to_string());
        let value = say!(lang, game.percent, percent = format!("{share:.0}"));
        view! {
            <tr class="you">
                <th scope="row">{say!(lang, game.you)}<span class="hint">{about}</span></th>
                <td><Bar points=vec![share] spread=Some(spread)/><span>{value}</span></td>
            </tr>
        }
    };
    let rows = move || STUDIES.iter().map(|study| row(lang, study)).collect_view();
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
                <tbody>{you}{rows}</tbody>
            </table>
            <p class="hint">{move || say!(lang, game.readers_note)}</p>
        </section>
    }
}

/// One study.
fn row(lang: Lang, study: &'static Study) -> impl IntoView {
    let picture = match study.picture {
        Picture::BrainT1 => say!(lang, game.study.brain_t1),
        Picture::BrainTumour => say!(lang, game.study.brain_tumour),
        Picture::BodyCt => say!(lang, game.study.body_ct),
        Picture::Heart => say!(lang, game.study.heart),
        Picture::Medical => say!(lang, game.study.medical),
        Picture::Face => say!(lang, game.study.face),
    };
    let count = study.readers.to_string();
    let who = match (study.reader, study.readers) {
        (Reader::Doctors, 0) => say!(lang, game.study.doctors_some).to_owned(),
        (Reader::Doctors, _) => say!(lang, game.study.doctors, count = count),
        (Reader::Public, _) => say!(lang, game.study.public, count = count),
        (Reader::Program, _) => say!(lang, game.study.program).to_owned(),
    };
    let network = if study.network.is_empty() { String::new() } else { format!(", {}", study.network) };
    let numbers: Vec<String> = study.percent.iter().map(|percent| comma(lang, *percent)).collect();
    let value = say!(lang, game.percent, percent = numbers.join(", "));
    let counted = (study.counted == Counted::Spotted).then(|| say!(lang, game.study.spotted_only));
    let taught = study.taught.map(|percent| say!(lang, game.study.taught, percent = comma(lang, percent)));
    let points: Vec<f64> = study.percent.to_vec();
    view! {
        <tr>
            <th scope="row">
                {who}
                <span class="hint">{format!("{picture}{network}. {}, {}", study.name, study.source)}</span>
            </th>
            <td><Bar points spread=None/><span>{value}</span><span class="hint">{counted}" "{taught}</span></td>
        </tr>
    }
}

/// A number as the studies give it, with a decimal comma in Dutch.
fn comma(lang: Lang, percent: f64) -> String {
    let text = if percent.fract() == 0.0 { format!("{percent:.0}") } else { format!("{percent:.1}") };
    if lang.code() == "nl" { text.replace('.', ",") } else { text }
}

/// Dots on a line from 0 to 100 %, with a mark at half. Decoration: the numbers stand beside it.
#[component]
fn Bar(points: Vec<f64>, spread: Option<(f64, f64)>) -> impl IntoView {
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
