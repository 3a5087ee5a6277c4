//! A small experiment of the lab, in the story: the visitor says what they expect, and it begins.

use leptos::prelude::*;

use crate::lab::arm::Arm;
use crate::lab::drawn_people::TESTERS;
use crate::lab::setup::{FakeSource, Learner};
use crate::ui::lab::Lab;
use crate::ui::lab::form::expectation;
use crate::ui::lab::people::CohortSlices;
use crate::ui::lab::{outcome, rows};
use crate::ui::logic::lab::settings::{Expectation, LabSettings, LabSource};
use crate::ui::words::{say, use_lang};

/// Drawn people, because every site has them. The full experiment of the lab has twice as many repetitions, and more steps.
const SMALL: LabSettings = LabSettings {
    source: LabSource::Drawings,
    learner: Learner::Classifier,
    maker: FakeSource::Others,
    patients: Some(10),
    repetitions: 5,
    scale: Some((32, 100)),
    each: 20,
    share: 50,
    seed: 1,
};

/// The question, a button for each expectation, and what the experiment finds. Nothing if the lab is in use for another experiment.
#[component]
pub fn SmallExperiment() -> impl IntoView {
    let lang = use_lang();
    let lab = use_context::<Lab>()?;
    let begun = Memo::new(move |_| lab.asked.get() == Some(SMALL));
    let free = Memo::new(move |_| lab.asked.with(Option::is_none));
    let text = move || {
        let (patients, programs) = (SMALL.patients.unwrap_or_default(), SMALL.repetitions * Arm::ALL.len());
        say!(lang, story.evidence.trial_text, patients = patients, programs = programs, testers = TESTERS)
    };
    let expect = move |expected: Expectation| {
        let start = move |_| {
            lab.expected.set(Some(expected));
            lab.start(SMALL, CohortSlices::Drawn);
        };
        view! { <button type="button" on:click=start>{move || expectation(lang, expected)}</button> }
    };
    Some(view! {
        <Show when=move || begun.get() || free.get()>
            <div class="small-experiment lab-run sheet" data-testid="small-experiment">
                <h3>{move || say!(lang, story.evidence.trial)}</h3>
                <Show when=move || begun.get() fallback=move || view! {
                    <p>{text}</p>
                    <div class="row" role="group" aria-label=move || say!(lang, lab.form.expect)>
                        {Expectation::ALL.map(expect).into_iter().collect_view()}
                    </div>
                }>
                    <outcome::LabProgress lab/>
                    <outcome::Conclusion lab/>
                    <rows::Rows lab/>
                    <rows::RowNumbers lab/>
                </Show>
            </div>
        </Show>
    })
}
