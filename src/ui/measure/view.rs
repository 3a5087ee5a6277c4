//! The folders, the button, and the progress of the measurement.

use leptos::prelude::*;

use super::client::Measurement;
use super::report::MeasureReport;
use super::sets::SetProblem;
use super::state::MeasurePhase;
use crate::evaluate::task::{SliceSet, TooFewSlices};
use crate::ui::failure::{FailureNotice, explain_measurement};
use crate::ui::logic::numbers::clock;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::reader::folder_field::folder_field;
use crate::ui::route::Route;
use crate::ui::view::View;
use crate::ui::words::{Lang, say, use_lang};

/// The view at `#/meten`.
#[component]
pub fn MeasureView() -> impl IntoView {
    let lang = use_lang();
    let Some(measurement) = use_context::<Measurement>() else { return ().into_any() };
    let [real, generated, learned] = measurement.folders;
    let waits = move || {
        let missing = [real, generated].into_iter().any(|set| set.files.with(Option::is_none));
        missing || measurement.folders.iter().any(|set| set.is_waiting()) || measurement.is_active()
    };
    let problem = move || measurement.problem.get().map(|problem| problem_words(lang, &problem)).unwrap_or_default();
    view! {
        <div class="measure-view" data-testid="measure">
            <div class="intro">
                <h1>{move || say!(lang, measure.title)}</h1>
                <p class="lead">{move || say!(lang, measure.lead)}</p>
            </div>
            <section class="panel measure-make" aria-labelledby="measure-make">
                <h2 id="measure-make">{move || say!(lang, measure.folders)}</h2>
                <div class="origins">
                    {folder_field(real, "measure-real", move || say!(lang, measure.real))}
                    {folder_field(generated, "measure-fake", move || say!(lang, measure.fake))}
                    {folder_field(learned, "measure-learned", move || say!(lang, measure.learned))}
                </div>
                <p class="hint">{move || say!(lang, measure.learned_hint)}</p>
                <p class="hint">{move || say!(lang, measure.persons_hint)}</p>
                <button type="button" class="primary" data-testid="measure-start" disabled=waits on:click=move |_| measurement.start()>
                    <Icon shape=Shape::Play/>{move || say!(lang, measure.start)}
                </button>
                <p class="hint">{move || say!(lang, measure.start_hint)}</p>
                <p class="problem" role="status" data-testid="measure-problem">{problem}</p>
            </section>
            <MeasureProgress measurement/>
            {move || measurement.state.with(|state| state.result.clone()).map(|result| view! { <MeasureReport result/> })}
        </div>
    }
    .into_any()
}

/// A link to the view.
#[component]
pub fn MeasureLink() -> impl IntoView {
    let lang = use_lang();
    let route = use_context::<Route>();
    let to = move || View::Measure.address(&route.map(Route::address).unwrap_or_default()).to_string();
    view! { <p><a href=to>{move || say!(lang, measure.link)}</a></p> }
}

/// What is going on, the time that is left, and the button to stop and to go on.
#[component]
fn MeasureProgress(measurement: Measurement) -> impl IntoView {
    let lang = use_lang();
    let state = measurement.state;
    let phase = Memo::new(move |_| state.with(|state| state.phase.clone()));
    let begun = move || measurement.gathering.get() || phase.get() != MeasurePhase::Idle;
    let words = move || match (measurement.gathering.get(), phase.get()) {
        (true, _) | (_, MeasurePhase::Preparing) => say!(lang, measure.preparing).to_owned(),
        (_, MeasurePhase::Running) => state.with(|state| match state.seconds_left {
            Some(left) => say!(lang, measure.left, left = clock(left), workers = state.workers),
            None => say!(lang, measure.timing).to_owned(),
        }),
        (_, MeasurePhase::Finishing) => say!(lang, measure.finishing).to_owned(),
        (_, MeasurePhase::Stopped) => say!(lang, measure.stopped).to_owned(),
        (_, MeasurePhase::Finished) => say!(lang, measure.finished).to_owned(),
        (_, MeasurePhase::Idle | MeasurePhase::Failed { .. }) => String::new(),
    };
    let failed = move || match phase.get() {
        MeasurePhase::Failed { problem, detail } => Some(view! {
            <FailureNotice text=Signal::derive(move || explain_measurement(lang, problem)) detail testid="measure-failed"/>
        }),
        _ => None,
    };
    let may_resume = move || phase.with(MeasurePhase::may_resume);
    view! {
        <Show when=begun>
            <section class="panel measure-run" aria-labelledby="measure-run">
                <h2 id="measure-run">{move || say!(lang, measure.progress)}</h2>
                <p data-testid="measure-progress" data-phase=move || slug(&phase.get())>{words}</p>
                <progress aria-label=move || say!(lang, measure.progress).to_owned() max=move || state.with(|state| state.all.max(1)).to_string()
                    value=move || state.with(|state| state.done).to_string()></progress>
                {failed}
                <div class="row">
                    <button type="button" data-testid="measure-stop" hidden=move || !phase.with(MeasurePhase::is_active)
                        on:click=move |_| measurement.stop()>
                        <Icon shape=Shape::Pause/>{move || say!(lang, measure.stop)}
                    </button>
                    <button type="button" data-testid="measure-go-on" hidden=move || !may_resume() on:click=move |_| measurement.resume()>
                        <Icon shape=Shape::Play/>{move || say!(lang, measure.go_on)}
                    </button>
                </div>
            </section>
        </Show>
    }
}

fn slug(phase: &MeasurePhase) -> &'static str {
    match phase {
        MeasurePhase::Idle => "idle",
        MeasurePhase::Preparing => "preparing",
        MeasurePhase::Running => "running",
        MeasurePhase::Finishing => "finishing",
        MeasurePhase::Stopped => "stopped",
        MeasurePhase::Finished => "finished",
        MeasurePhase::Failed { .. } => "failed",
    }
}

/// What is wrong with the folders, and what to do.
fn problem_words(lang: Lang, problem: &SetProblem) -> String {
    let kind = |set: SliceSet| match set {
        SliceSet::Test => say!(lang, measure.real),
        SliceSet::Generated => say!(lang, measure.fake),
        SliceSet::Train => say!(lang, measure.learned),
    };
    match problem {
        SetProblem::Empty(set) => say!(lang, measure.empty, folder = kind(*set)),
        SetProblem::NotSquare(path) => say!(lang, measure.not_square, path = path),
        SetProblem::TooFew(TooFewSlices::Slices { set, found, needed }) => {
            say!(lang, measure.few_slices, folder = kind(*set), found = found, needed = needed)
        }
        SetProblem::TooFew(TooFewSlices::Persons { set, found, needed }) => {
            say!(lang, measure.few_persons, folder = kind(*set), found = found, needed = needed)
        }
        SetProblem::TooFew(TooFewSlices::Uneven) => say!(lang, measure.uneven).to_owned(),
    }
}
