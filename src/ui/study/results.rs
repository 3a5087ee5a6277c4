//! The codes of all readers, and the results of the study.

use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlInputElement;

use super::StudyState;
use crate::game::answers::Proportion;
use crate::game::interval::ConfidenceInterval;
use crate::statistics::Estimate;
use crate::study::join::{SheetProblem, join};
use crate::study::measures::{Analysis, ReaderMeasure, StudyResults};
use crate::study::report::{answers_csv, methods};
use crate::study::sheet::{Sheet, SheetError};
use crate::ui::copy_lines::CopyLines;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::reader::file_list;
use crate::ui::save::save;
use crate::ui::timer::yield_to_browser;
use crate::ui::words::{Lang, say, use_lang};

/// A field for the codes, what is wrong with them, and the results.
#[component]
pub fn Results(state: StudyState) -> impl IntoView {
    let lang = use_lang();
    let codes = state.codes;
    let joined = Memo::new(move |_| codes.with(|codes| join(codes)));
    let choose = move |event: leptos::ev::Event| {
        let files = file_list::selected(&event_target::<HtmlInputElement>(&event));
        leptos::task::spawn_local(async move {
            for file in files {
                let text =
                    JsFuture::from(file.file.text()).await.ok().and_then(|text| text.as_string()).unwrap_or_default();
                codes.update(|codes| {
                    let gap = if codes.is_empty() || codes.ends_with('\n') { "" } else { "\n" };
                    *codes = format!("{codes}{gap}{text}");
                });
            }
        });
    };
    let problems = move || {
        let item = |(line, problem): &(usize, SheetProblem)| {
            view! { <li data-line=line.to_string()>{problem_words(lang, *line, problem)}</li> }
        };
        joined.with(|joined| joined.problems.iter().map(item).collect_view())
    };
    // A memo, so that lines that do not count do not compute the results again.
    let sheets = Memo::new(move |_| joined.with(|joined| joined.sheets.clone()));
    let analysed = use_analysis(sheets);
    let found = move || analysed.get().and_then(|(sheets, results)| found(lang, sheets, results));
    let is_current = move || analysed.with(|found| found.as_ref().map_or(&[][..], |(of, _)| of) == sheets.get());
    view! {
        <section class="panel study-results" aria-labelledby="study-results" data-testid="study-results"
            data-readers=move || sheets.with(Vec::len).to_string() data-current=move || is_current().to_string()>
            <h2 id="study-results">{move || say!(lang, study.join.title)}</h2>
            <div class="field class-codes">
                <label for="study-codes">{move || say!(lang, study.join.codes)}</label>
                <textarea id="study-codes" data-testid="study-codes" rows="4" spellcheck="false" autocomplete="off"
                    prop:value=move || codes.get() on:input=move |event| codes.set(event_target_value(&event))></textarea>
                <label class="files">
                    <span>{move || say!(lang, study.join.files)}</span>
                    <input type="file" multiple data-testid="study-files" on:change=choose/>
                </label>
                <div role="status"><ul class="class-problems" data-testid="study-problems">{problems}</ul></div>
            </div>
            <p role="status" data-testid="study-analysing">
                {move || if is_current() { "" } else { say!(lang, study.join.analysing) }}
            </p>
            <p class="no-results" data-testid="study-no-results">{move || say!(lang, study.join.none)}</p>
            {found}
        </section>
    }
}

/// Milliseconds of analysis in one turn of the event loop.
const TURN: f64 = 20.0;
/// Bootstrap samples between two looks at the clock.
const AT_ONCE: usize = 5;

/// The results of these sheets, computed in short turns so that the page stays responsive: twenty readers of 200 cases take a
/// while. Until they are ready, the signal holds the earlier results. If the sheets change, the analysis starts anew.
fn use_analysis(sheets: Memo<Vec<Sheet>>) -> RwSignal<Option<(Vec<Sheet>, StudyResults)>> {
    let analysed = RwSignal::new(None);
    let turn = StoredValue::new(0_u32);
    Effect::new(move || {
        let sheets = sheets.get();
        turn.update_value(|turn| *turn += 1);
        let own = turn.get_value();
        let Some(mut analysis) = Analysis::new(sheets.clone()) else { return analysed.set(None) };
        leptos::task::spawn_local(async move {
            while !analysis.is_drawn() {
                yield_to_browser().await;
                if turn.try_get_value() != Some(own) {
                    return;
                }
                let end = js_sys::Date::now() + TURN;
                while !analysis.is_drawn() && js_sys::Date::now() < end {
                    analysis.draw(AT_ONCE);
                }
            }
            let _ = analysed.try_set(Some((sheets, analysis.results())));
        });
    });
    analysed
}

/// The results of these codes.
fn found(lang: Lang, sheets: Vec<Sheet>, results: StudyResults) -> Option<AnyView> {
    let first = sheets.first()?;
    let (mark, settings) = (first.study.clone(), first.settings);
    let text = methods(&sheets, &results);
    let name = format!("study-{mark}-answers.csv");
    let status = say!(lang, study.join.study, mark = mark, count = sheets.len(), readers = settings.readers);
    let partial: Vec<String> = results
        .readers
        .iter()
        .filter(|reader| reader.late + reader.missing > 0)
        .map(|reader| {
            let (number, answered, late, missing) = (reader.reader, reader.answered, reader.late, reader.missing);
            say!(
                lang,
                study.join.partial,
                reader = number,
                answered = answered,
                cases = settings.cases,
                late = late,
                missing = missing
            )
        })
        .collect();
    let measures = ReaderMeasure::ALL.into_iter().filter(|measure| results.means[*measure as usize].value.is_finite());
    let row = |measure: ReaderMeasure| {
        let cell = |estimate: &Estimate| view! { <td>{estimate_words(lang, estimate)}</td> };
        let own = results.readers.iter().map(|reader| cell(&reader.estimates[measure as usize])).collect_view();
        view! {
            <tr data-measure=format!("{measure:?}")>
                <th scope="row">{measure_name(lang, measure)}</th>{cell(&results.means[measure as usize])}{own}
            </tr>
        }
    };
    let heads = results.readers.iter().map(|reader| {
        view! { <th scope="col">{say!(lang, study.join.reader, reader = reader.reader)}</th> }
    });
    let agreement =
        results.kappa.value.is_finite().then(|| {
            say!(lang, study.join.kappa, cases = results.complete, value = estimate_words(lang, &results.kappa))
        });
    let case = |(index, share): (usize, &Proportion)| {
        let ConfidenceInterval { low, high } = ConfidenceInterval::wilson(*share);
        let value = share.part as f64 / share.whole as f64;
        view! {
            <tr>
                <th scope="row">{index + 1}</th>
                <td>{say!(lang, study.join.share, part = share.part, whole = share.whole)}</td>
                <td>{estimate_words(lang, &Estimate { value, low, high })}</td>
            </tr>
        }
    };
    let view = view! {
        <p data-testid="study-joined">{status}</p>
        {partial.into_iter().map(|words| view! { <p data-testid="study-partial">{words}</p> }).collect_view()}
        <div class="numbers study-table" tabindex="0" role="group" aria-label=say!(lang, study.join.title)>
            <table data-testid="study-table">
                <thead><tr>
                    <th scope="col">{say!(lang, study.join.measure)}</th><th scope="col">{say!(lang, study.join.mean)}</th>
                    {heads.collect_view()}
                </tr></thead>
                <tbody>{measures.map(row).collect_view()}</tbody>
            </table>
        </div>
        <p class="hint">{say!(lang, study.join.note)}</p>
        {agreement.map(|words| view! { <p data-testid="study-kappa">{words}</p> })}
        <details class="numbers">
            <summary>{say!(lang, study.join.cases)}</summary>
            <table data-testid="study-cases-table">
                <thead><tr>
                    <th scope="col">{say!(lang, study.join.case)}</th><th scope="col">{say!(lang, study.join.accuracy)}</th>
                    <th scope="col">"95%"</th>
                </tr></thead>
                <tbody>{results.cases.iter().enumerate().map(case).collect_view()}</tbody>
            </table>
        </details>
        <h3>{say!(lang, study.join.methods)}</h3>
        <CopyLines lines=Signal::derive(move || text.clone()) label=Signal::derive(move || say!(lang, study.join.methods))
            copy=Signal::derive(move || say!(lang, study.join.methods_copy)) name="study-methods"/>
        <div class="row">
            <button type="button" data-testid="study-csv" on:click=move |_| save(answers_csv(&sheets).as_bytes(), "text/csv", &name)>
                <Icon shape=Shape::Down/>{say!(lang, study.join.csv)}
            </button>
            <button type="button" data-testid="study-print" on:click=|_| drop(window().print())>
                <Icon shape=Shape::Print/>{say!(lang, study.join.print)}
            </button>
        </div>
    };
    Some(view.into_any())
}

/// A value and its interval.
fn estimate_words(lang: Lang, Estimate { value, low, high }: &Estimate) -> String {
    let number = |value: f64| lang.numbers().decimal(value, 2);
    if value.is_finite() {
        format!("{} ({} – {})", number(*value), number(*low), number(*high))
    } else {
        number(*value)
    }
}

fn measure_name(lang: Lang, measure: ReaderMeasure) -> &'static str {
    match measure {
        ReaderMeasure::Accuracy => say!(lang, study.join.accuracy),
        ReaderMeasure::Hits => say!(lang, study.join.hits),
        ReaderMeasure::FalseAlarms => say!(lang, study.join.alarms),
        ReaderMeasure::DPrime => "d′",
        ReaderMeasure::Criterion => "c",
        ReaderMeasure::Auc => "AUC",
        ReaderMeasure::Change => say!(lang, study.join.change),
    }
}

/// What is wrong with a line, and what to do.
fn problem_words(lang: Lang, line: usize, problem: &SheetProblem) -> String {
    match problem {
        SheetProblem::Sheet(SheetError::NotACode) => say!(lang, study.join.not_a_code, line = line),
        SheetProblem::Sheet(SheetError::Version(_)) => say!(lang, study.join.version, line = line),
        SheetProblem::Sheet(SheetError::Changed | SheetError::Inconsistent) => {
            say!(lang, study.join.changed, line = line)
        }
        SheetProblem::OtherStudy(mark) => say!(lang, study.join.other, line = line, mark = mark),
        SheetProblem::Same(first) => say!(lang, study.join.same, line = line, first = first),
        SheetProblem::ReaderTwice(reader, first) => {
            say!(lang, study.join.twice, line = line, reader = reader, first = first)
        }
    }
}
