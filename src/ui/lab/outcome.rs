//! Progress of the experiment, and its conclusion in one sentence.

use leptos::prelude::*;

use super::about::{about, smallest};
use super::client::Lab;
use super::form::expectation;
use super::rows::signed;
use super::state::{LabPhase, LabState};
use crate::lab::draw::Question;
use crate::lab::setup::LabSetup;
use crate::lab::verdict::{MIN_REPETITIONS, Verdict};
use crate::ui::failure::{FailureNotice, explain_lab};
use crate::ui::logic::lab::results::{Conclusion as Found, conclusion};
use crate::ui::logic::numbers::clock;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::words::{Lang, say, use_lang};

/// What is going on, the time that is left, and the button to stop and to go on.
#[component]
pub fn LabProgress(
    /// The experiment.
    lab: Lab,
) -> impl IntoView {
    let lang = use_lang();
    let phase = Memo::new(move |_| lab.state.with(|state| state.phase.clone()));
    let setup = Memo::new(move |_| lab.state.with(|state| state.setup.clone()));
    let words = move || {
        if lab.gathering.get() {
            return say!(lang, lab.phase.preparing).to_owned();
        }
        match phase.get() {
            LabPhase::Idle => String::new(),
            LabPhase::Measuring => say!(lang, lab.phase.measuring).to_owned(),
            LabPhase::Preparing => say!(lang, lab.phase.preparing).to_owned(),
            LabPhase::Running => lab.state.with(|state| {
                let (done, all, workers) = (state.runs.len(), state.all(), state.workers);
                match state.seconds_left() {
                    Some(left) => {
                        say!(lang, lab.phase.running, done = done, all = all, left = clock(left), workers = workers)
                    }
                    None => say!(lang, lab.phase.first, all = all, workers = workers),
                }
            }),
            LabPhase::Hidden => say!(lang, lab.phase.hidden).to_owned(),
            LabPhase::Stopped => say!(lang, lab.phase.stopped).to_owned(),
            LabPhase::Finished => say!(lang, lab.phase.finished, all = lab.state.with(|state| state.all())),
            LabPhase::Failed { .. } => String::new(),
        }
    };
    let active = move || phase.with(LabPhase::is_active);
    let may_resume = move || matches!(phase.get(), LabPhase::Stopped | LabPhase::Failed { problem: None, .. });
    let failed = move || match phase.get() {
        LabPhase::Failed { problem, detail } => Some(view! {
            <FailureNotice text=Signal::derive(move || explain_lab(lang, problem)) detail testid="lab-failed"/>
        }),
        _ => None,
    };
    let settings = move || {
        let (setup, settings) = (setup.get()?, lab.asked.get()?);
        let smallest = lab.state.with(LabState::smallest_effect).map(|effect| smallest(lang, effect));
        let sentences = about(lang, &settings, &setup).into_iter().chain(smallest);
        Some(sentences.map(|sentence| view! { <li>{sentence}</li> }).collect_view())
    };
    view! {
        <p data-testid="lab-progress" data-phase=move || slug(&phase.get())>{words}</p>
        <progress aria-label=move || say!(lang, lab.run.title).to_owned() max=move || lab.state.with(|state| state.all().max(1)).to_string()
            value=move || lab.state.with(|state| state.runs.len()).to_string()></progress>
        {failed}
        <div class="row">
            <button type="button" data-testid="lab-stop" hidden=move || !active() on:click=move |_| lab.stop()>
                <Icon shape=Shape::Pause/>{move || say!(lang, lab.run.stop)}
            </button>
            <button type="button" data-testid="lab-go-on" hidden=move || !may_resume() on:click=move |_| lab.resume()>
                <Icon shape=Shape::Play/>{move || say!(lang, lab.run.go_on)}
            </button>
        </div>
        <p class="hint" data-testid="lab-question" data-question=move || setup.get().map(|setup| match setup.maker.question() {
            Question::Sharing => "sharing",
            Question::Stretching => "stretching",
        })>{move || setup.get().map(|setup| question(lang, &setup))}</p>
        <details>
            <summary>{move || say!(lang, lab.run.settings)}</summary>
            <ul class="lab-list" data-testid="lab-about">{settings}</ul>
        </details>
    }
}

/// The question in words.
fn question(lang: Lang, setup: &LabSetup) -> String {
    match setup.maker.question() {
        Question::Sharing => say!(lang, lab.run.sharing, patients = setup.patients),
        Question::Stretching => say!(lang, lab.run.stretching, patients = setup.patients),
    }
}

fn slug(phase: &LabPhase) -> &'static str {
    match phase {
        LabPhase::Idle => "idle",
        LabPhase::Measuring => "measuring",
        LabPhase::Preparing => "preparing",
        LabPhase::Running => "running",
        LabPhase::Hidden => "hidden",
        LabPhase::Stopped => "stopped",
        LabPhase::Finished => "finished",
        LabPhase::Failed { .. } => "failed",
    }
}

/// What the experiment says, in one sentence that follows from the interval.
#[component]
pub fn Conclusion(
    /// The experiment.
    lab: Lab,
) -> impl IntoView {
    let lang = use_lang();
    let found = Memo::new(move |_| {
        lab.state.with(|state| {
            let settled = matches!(state.phase, LabPhase::Finished | LabPhase::Stopped);
            settled.then(|| conclusion(&state.units, &state.results, state.whole()))
        })
    });
    let points = move |[low, high]: [f64; 2]| {
        let number = |value: f64| lang.number(100.0 * value);
        (number(low), number(high))
    };
    let sentence = move || match found.get()? {
        Found::TooEarly => Some(say!(lang, lab.verdict.too_early, fewest = MIN_REPETITIONS)),
        Found::CannotTell(count) => Some(say!(lang, lab.verdict.cannot_tell, count = count)),
        Found::Word(Verdict::Helps, range) => {
            let (low, high) = points(range);
            Some(say!(lang, lab.verdict.helps, low = low, high = high))
        }
        Found::Word(Verdict::Hurts, [low, high]) => {
            let (low, high) = points([-high, -low]);
            Some(say!(lang, lab.verdict.hurts, low = low, high = high))
        }
        Found::Word(Verdict::Unclear, range) => {
            let [low, high] = range.map(|end| signed(lang, end));
            Some(say!(lang, lab.verdict.unclear, low = low, high = high))
        }
    };
    let word = move || match found.get()? {
        Found::TooEarly | Found::CannotTell(_) => Some(Verdict::Unclear.label()),
        Found::Word(verdict, _) => Some(verdict.label()),
    };
    let early = move || {
        let stopped =
            lab.state.with(|state| (state.phase == LabPhase::Stopped).then(|| (state.whole(), state.all() / 5)));
        stopped.map(|(done, all)| say!(lang, lab.verdict.early, done = done, all = all))
    };
    let expected = move || {
        let expected = lab.guess.get().filter(|_| found.get().is_some())?;
        Some(say!(lang, lab.verdict.expected, words = expectation(lang, expected)))
    };
    view! {
        <div class="lab-verdict" role="status" data-testid="lab-verdict" data-verdict=word>
            <p class="verdict">{sentence}</p>
            <p class="hint">{early}</p>
            <p class="hint">{expected}</p>
        </div>
    }
}
