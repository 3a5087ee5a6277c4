//! What the experiment found at full size.

use leptos::prelude::*;

use super::rows::{measure, range, signed, verdict};
use crate::lab::draw::Question;
use crate::lab::setup::Learner;
use crate::lab::verdict::Verdict;
use crate::ui::logic::lab::full_size::{FullSizeResult, PERSONS, RESULTS, reach, side};
use crate::ui::words::{Lang, say, use_lang};

/// The results of each question, in a list for each learner.
#[component]
pub fn FullSize() -> impl IntoView {
    let lang = use_lang();
    let list = move |results: Vec<FullSizeResult>, learner: Learner| {
        let reach = reach(&results);
        let ends = move || [-reach, reach].map(|end| view! { <span>{signed(lang, end)}</span> }).collect_view();
        view! {
            <div class="lab-rows">
                <h4>{move || measure(lang, learner)}</h4>
                <ul>{results.iter().map(|result| row(lang, *result, reach)).collect_view()}</ul>
                <p class="lab-axis" aria-hidden="true">{ends}</p>
            </div>
        }
    };
    let lists = move |question: Question| {
        let of = |learner: Learner| {
            let fits = |result: &FullSizeResult| (result.question, result.learner) == (question, learner);
            RESULTS.into_iter().filter(fits).collect::<Vec<_>>()
        };
        let learners = [Learner::Classifier, Learner::Segmenter].map(|learner| (of(learner), learner));
        learners
            .into_iter()
            .filter(|(results, _)| !results.is_empty())
            .map(|(results, learner)| list(results, learner))
            .collect_view()
    };
    view! {
        <section class="panel" aria-labelledby="lab-full-size" data-testid="lab-full-size">
            <h2 id="lab-full-size">{move || say!(lang, lab.full_size.title)}</h2>
            <p>{move || say!(lang, lab.full_size.text, all = PERSONS[0] + PERSONS[1], test = PERSONS[1])}</p>
            <p class="hint">{move || say!(lang, lab.full_size.legend)}</p>
            <h3>{move || say!(lang, lab.full_size.sharing)}</h3>
            <p>{move || say!(lang, lab.full_size.sharing_text, size = side(Question::Sharing))}</p>
            {lists(Question::Sharing)}
            <p>{move || say!(lang, lab.full_size.sharing_note, all = PERSONS[0])}</p>
            <h3>{move || say!(lang, lab.full_size.stretching)}</h3>
            <p>{move || say!(lang, lab.full_size.stretching_text, size = side(Question::Stretching))}</p>
            {lists(Question::Stretching)}
            <p>{move || say!(lang, lab.full_size.stretching_note)}</p>
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
