//! Failures of the workers, in words and with what the visitor can do, for all views.

use leptos::{html::Section, prelude::*};

use super::engine::client::EngineClient;
use super::engine::engines::Phase;
use super::logic::trouble::{EngineRole, Remedy, Trouble, TroubleReport};
use super::measure::state::MeasureProblem;
use super::page::icon::{Icon, Shape};
use super::route::Route;
use super::view::View;
use super::words::{Lang, say, use_lang};
use crate::engine::lab::protocol::LabProblem;

/// Title and text of a problem.
pub fn explain(lang: Lang, role: EngineRole, trouble: Trouble) -> (&'static str, &'static str) {
    use EngineRole::{Making, Training};
    match (role, trouble) {
        (Making, Trouble::WeightsMissing) => {
            (say!(lang, trouble.weights_missing), say!(lang, trouble.weights_missing_text))
        }
        (Making, Trouble::WeightsBroken) => {
            (say!(lang, trouble.weights_broken), say!(lang, trouble.weights_broken_text))
        }
        (Making, Trouble::Crashed | Trouble::Refused | Trouble::JudgeMissing) => {
            (say!(lang, trouble.engine), say!(lang, trouble.engine_text))
        }
        (Making, Trouble::Silence) => (say!(lang, trouble.timeout), say!(lang, trouble.timeout_text)),
        (Making, Trouble::WrongNumbers) => (say!(lang, trouble.wrong), say!(lang, trouble.wrong_text)),
        (Making, Trouble::GpuLost | Trouble::NoGpu) => {
            (say!(lang, trouble.gpu_lost), say!(lang, trouble.gpu_lost_text))
        }
        (Training, Trouble::WeightsMissing) => {
            (say!(lang, training.loss.weights_missing), say!(lang, training.loss.weights_missing_text))
        }
        (Training, Trouble::WeightsBroken) => {
            (say!(lang, training.loss.weights_broken), say!(lang, training.loss.weights_broken_text))
        }
        (Training, Trouble::JudgeMissing) => (say!(lang, training.loss.judge), say!(lang, training.loss.judge_text)),
        (Training, Trouble::Crashed | Trouble::WrongNumbers) => {
            (say!(lang, training.loss.worker), say!(lang, training.loss.worker_text))
        }
        (Training, Trouble::Silence) => (say!(lang, training.loss.silence), say!(lang, training.loss.silence_text)),
        (Training, Trouble::GpuLost) => (say!(lang, training.loss.device), say!(lang, training.loss.device_text)),
        (Training, Trouble::NoGpu) => (say!(lang, training.loss.no_gpu), say!(lang, training.loss.no_gpu_text)),
        (Training, Trouble::Refused) => (say!(lang, training.loss.refused), say!(lang, training.loss.refused_text)),
    }
}

/// Why an experiment of the lab cannot go on, and what to do. None if its workers were lost.
pub fn explain_lab(lang: Lang, problem: Option<LabProblem>) -> &'static str {
    match problem {
        None => say!(lang, lab.trouble.lost),
        Some(LabProblem::Leak) => say!(lang, lab.trouble.leak),
        Some(LabProblem::TooFew) => say!(lang, lab.trouble.too_few),
        Some(LabProblem::NoMasks) => say!(lang, lab.trouble.no_masks),
        Some(LabProblem::OtherClasses) => say!(lang, lab.trouble.other_classes),
        Some(LabProblem::OtherPersons) => say!(lang, lab.trouble.other_persons),
        Some(LabProblem::Weights) => say!(lang, lab.trouble.weights),
        Some(LabProblem::Other) => say!(lang, lab.trouble.other),
    }
}

/// Why a measurement cannot go on, and what to do.
pub fn explain_measurement(lang: Lang, problem: MeasureProblem) -> &'static str {
    match problem {
        MeasureProblem::Network => say!(lang, measure.no_network),
        MeasureProblem::Lost => say!(lang, measure.lost),
        MeasureProblem::Other => say!(lang, measure.other),
    }
}

/// A failure inside a panel that has its own buttons.
#[component]
pub fn FailureNotice(
    /// What happened, and what to do.
    #[prop(into)]
    text: Signal<&'static str>,
    /// Technical words, English.
    detail: String,
    /// Test id of the notice.
    testid: &'static str,
) -> impl IntoView {
    view! {
        <div class="failure" role="alert" data-testid=testid>
            <p><Icon shape=Shape::Warning/>{text}</p>
            <TechnicalDetail detail/>
        </div>
    }
}

/// Technical words for those who report a failure.
#[component]
fn TechnicalDetail(detail: String) -> impl IntoView {
    let lang = use_lang();
    view! {
        <details><summary>{move || say!(lang, trouble.detail)}</summary><p lang="en"><code>{detail}</code></p></details>
    }
}

/// A problem in words, with a button for each remedy.
#[component]
pub fn FailurePanel(
    /// What happened.
    report: TroubleReport,
    /// Which engine stopped.
    role: EngineRole,
    /// Whether it may have used the graphics card.
    on_gpu: bool,
    /// Test id of the panel.
    testid: &'static str,
    /// Test ids of the buttons: to try again, and to use the processor.
    button_testids: [&'static str; 2],
    /// Called with the remedy that the visitor chooses.
    on_remedy: impl Fn(Remedy) + Copy + 'static,
) -> impl IntoView {
    let lang = use_lang();
    let TroubleReport { trouble, detail } = report;
    let (title, text) = explain(lang, role, trouble);
    let title = view! { <Icon shape=Shape::Warning/>{title} };
    let heading = match role {
        EngineRole::Making => view! { <h2>{title}</h2> }.into_any(),
        EngineRole::Training => view! { <h3>{title}</h3> }.into_any(),
    };
    let button = |(place, remedy): (usize, &Remedy)| {
        let (remedy, class) = (*remedy, if place == 0 { "primary" } else { "" });
        let (testid, label) = match remedy {
            Remedy::TryAgain => (button_testids[0], say!(lang, trouble.again)),
            Remedy::UseProcessor => (button_testids[1], say!(lang, trouble.on_cpu)),
        };
        view! { <button type="button" class=class data-testid=testid on:click=move |_| on_remedy(remedy)>{label}</button> }
    };
    let node = NodeRef::<Section>::new();
    if role == EngineRole::Making {
        // It may come while the visitor looks at something further down.
        Effect::new(move || {
            if let Some(panel) = node.get() {
                panel.scroll_into_view();
            }
        });
    }
    view! {
        <section node_ref=node class="failure" role="alert" data-testid=testid>
            {heading}
            <p>{text}</p>
            <div class="row">{trouble.remedies(role, on_gpu).iter().enumerate().map(button).collect_view()}</div>
            <TechnicalDetail detail/>
        </section>
    }
}

/// The panel for the engines that make scans. It is there only after a failure.
#[component]
pub fn EngineFailure(
    /// The engines.
    engines: EngineClient,
) -> impl IntoView {
    move || match engines.phase.get() {
        Phase::Failed(report) => Some(view! {
            <FailurePanel report role=EngineRole::Making on_gpu=true testid="failure" button_testids=["continue"; 2]
                on_remedy=move |_| engines.resume()/>
        }),
        _ => None,
    }
}

/// A bar below the page for the views where scans are only part of the text. It is there only after a failure.
#[component]
pub fn EngineFailureBar(
    /// The engines.
    engines: EngineClient,
) -> impl IntoView {
    let lang = use_lang();
    let Some(route) = use_context::<Route>() else { return ().into_any() };
    let failed = Memo::new(move |_| engines.phase.with(|phase| matches!(phase, Phase::Failed(_))));
    view! {
        <div role="alert">
            <Show when=move || failed.get()>
                <div class="story-trouble" data-testid="story-trouble">
                    <p><Icon shape=Shape::Warning/>{move || say!(lang, story.trouble.text)}</p>
                    <div class="tools">
                        <button type="button" class="primary" data-testid="story-retry" on:click=move |_| engines.resume()>
                            {move || say!(lang, story.trouble.again)}
                        </button>
                        <a href=move || View::Studio.address(&route.address()).to_string()>{move || say!(lang, story.trouble.more)}</a>
                    </div>
                </div>
            </Show>
        </div>
    }
    .into_any()
}
