//! What the experiment found at full size.

use leptos::prelude::*;

use super::rows::{range, signed, verdict};
use crate::lab::setup::Learner;
use crate::lab::verdict::Verdict;
use crate::ui::logic::lab::full_size::{FullSizeResult, PERSONS, RESULTS, reach};
use crate::ui::words::{Lang, say, use_lang};

/// A list of results for each learner.
#[component]
pub fn FullSize() -> impl IntoView {
    let lang = use_lang();
    let list = move |learner: Learner, title: fn(Lang) -> &'static str| {
        let results: Vec<FullSizeResult> = RESULTS.into_iter().filter(|result| result.learner == learner).collect();
        let reach = reach(&results);
        let ends = move || [-reach, reach].map(|end| view! { <span>{signed(lang, end)}</span> }).collect_view();
        view! {
            <div class="lab-rows">
                <h3>{move || title(lang)}</h3>
                <ul>{results.iter().map(|result| row(lang, *result, reach)).collect_view()}</ul>
                <p class="lab-axis" aria-hidden="true">{ends}</p>
            </div>
        }
    };
    view! {
        <section class="panel" aria-labelledby="lab-full-size" data-testid="lab-full-size">
            <h2 id="lab-full-size">{move || say!(lang, lab.full_size.title)}</h2>
            <p>{move || say!(lang, lab.full_size.text, all = PERSONS[0] + PERSONS[1], test = PERSONS[1])}</p>
            {list(Learner::Classifier, |lang| say!(lang, lab.rows.accuracy))}
            <p class="hint">{move || say!(lang, lab.full_size.legend)}</p>
            <p>{move || say!(lang, lab.full_size.sharing)}</p>
            <p>{move || say!(lang, lab.full_size.program)}" "<code>"hersenscan lab"</code></p>
        </section>
    }
}

fn row(lang: Lang, result: FullSizeResult, reach: f64) -> impl IntoView {
    let place = move |value: f64| 50.0 + 50.0 * value / reach;
    let [from, to] = result.interval.map(place);
    let words = move || {
        let (difference, range) = (signed(lang, result.difference), range(lang, result.interval));
        let (mean, word) = (lang.numbers().percent(result.baseline), verdict(lang, result.verdict));
        say!(lang, lab.full_size.row, mean = mean, difference = difference, range = range, word = word)
    };
    view! {
        <li class="lab-arm" class:main=result.verdict != Verdict::Unclear data-verdict=result.verdict.label()>
            <p class="lab-arm-name">{move || say!(lang, lab.full_size.patients, count = result.patients)}</p>
            <p class="lab-arm-words">{words}</p>
            <div class="lab-track" aria-hidden="true">
                <span class="band" style:left=format!("{from:.2}%") style:width=format!("{:.2}%", to - from)></span>
                <span class="base" style:left="50%"></span>
                <span class="dot" style:left=format!("{:.2}%", place(result.difference))></span>
            </div>
        </li>
    }
}
