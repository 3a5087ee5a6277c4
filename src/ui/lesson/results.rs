//! The results of the class, from the codes that the teacher types.

use leptos::prelude::*;

use super::{Paper, Printer, hardest, measures, scan, scores};
use crate::game::class_code::{CodeError, LENGTH};
use crate::game::class_results::{ClassGame, ClassReading, ClassSummary, LineProblem};
use crate::game::settings::GameMode;
use crate::ui::game::reader_studies::ReaderStudies;
use crate::ui::game::state::Game;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::save::save;
use crate::ui::words::{Lang, say, use_lang};

/// A field for the codes, what is wrong with them, and the results.
#[component]
pub fn ClassResults(
    /// The game of the class.
    game: Game,
    /// The codes, one a line.
    codes: RwSignal<String>,
    /// Prints the results.
    printer: Printer,
) -> impl IntoView {
    let lang = use_lang();
    let class = Memo::new(move |_| game.class_game());
    let reading = Memo::new(move |_| match class.get() {
        Some(class) => codes.with(|text| class.read(text)),
        None => ClassReading::default(),
    });
    let found = Memo::new(move |_| {
        let class = class.get()?;
        reading.with(|reading| (!reading.pupils.is_empty()).then(|| class.summarise(&reading.pupils)))
    });
    let status = move || {
        if class.with(Option::is_none) {
            return if game.obstacle.with(Option::is_some) {
                say!(lang, lesson.class.impossible).to_owned()
            } else {
                say!(lang, lesson.class.waiting).to_owned()
            };
        }
        let (read, skipped) = reading.with(|reading| (reading.pupils.len(), reading.problems.len()));
        match (read, skipped) {
            (0, 0) => say!(lang, lesson.class.none).to_owned(),
            (_, 0) => say!(lang, lesson.class.read, count = read),
            _ => format!(
                "{} {}",
                say!(lang, lesson.class.read, count = read),
                say!(lang, lesson.class.skipped, count = skipped)
            ),
        }
    };
    let problem = move |line: usize| {
        let seed = game.settings.with(|settings| settings.seed);
        let found = reading.with(|reading| reading.problems.iter().find(|(other, _)| *other == line).copied());
        found.map(|(line, problem)| problem_words(lang, line, problem, seed))
    };
    let problems = move || {
        let seed = game.settings.with(|settings| settings.seed);
        let item = |(line, problem): &(usize, LineProblem)| {
            view! { <li data-line=line.to_string()>{problem_words(lang, *line, *problem, seed)}</li> }
        };
        reading.with(|reading| reading.problems.iter().map(item).collect_view())
    };
    let table = move |_| {
        let class = class.get_untracked();
        if let Some(class) = class {
            let text = reading.with_untracked(|reading| class.csv(&reading.pupils));
            let seed = game.settings.with_untracked(|settings| settings.seed);
            save(text.as_bytes(), "text/csv", &format!("hersenscan-class-{seed}.csv"));
        }
    };
    // The parts that follow are drawn anew only if the class or its answers change.
    let shown = Memo::new(move |_| Some((class.get()?, found.get()?)));
    view! {
        <section class="panel class-results" aria-labelledby="class-results" data-testid="class-results"
            data-pupils=move || reading.with(|reading| reading.pupils.len().to_string())>
            <h2 id="class-results">{move || say!(lang, lesson.class.title)}</h2>
            <div class="field class-codes">
                <label for="class-codes">{move || say!(lang, lesson.class.codes)}</label>
                <p class="hint" id="class-codes-hint">{move || say!(lang, lesson.class.text)}</p>
                <textarea id="class-codes" data-testid="class-codes" rows="8" spellcheck="false" autocomplete="off"
                    autocapitalize="characters" aria-describedby="class-codes-hint" placeholder="K7PM-3XQA-9TBE"
                    prop:value=move || codes.get() on:input=move |event| codes.set(event_target_value(&event))></textarea>
                <scan::ScanCodes codes problem=Callback::new(problem)/>
                <p role="status" data-testid="class-status" data-impossible=move || game.obstacle.with(Option::is_some).to_string()>
                    {status}
                </p>
                <ul class="class-problems" data-testid="class-problems">{problems}</ul>
            </div>
            {move || shown.get().map(|(class, summary)| view! { <Found game class summary/> })}
            <Show when=move || found.with(Option::is_some)>
                <div class="row">
                    <button type="button" data-testid="class-csv" on:click=table>
                        <Icon shape=Shape::Down/>{move || say!(lang, lesson.class.csv)}
                    </button>
                    <button type="button" data-testid="class-print" on:click=move |_| printer.print(Paper::Results)>
                        <Icon shape=Shape::Print/>{move || say!(lang, lesson.class.print)}
                    </button>
                </div>
            </Show>
        </section>
    }
}

/// The results of these codes.
#[component]
fn Found(game: Game, class: ClassGame, summary: ClassSummary) -> impl IntoView {
    let lang = use_lang();
    let rivals = (class.mode != GameMode::Tumour).then(|| {
        let (pupils, right) = (summary.pupils, summary.right);
        let about = Signal::derive(move || say!(lang, lesson.class.us_about, pupils = pupils, count = right.whole));
        view! {
            <ReaderStudies who=Signal::derive(move || say!(lang, lesson.class.us).to_owned()) about
                right=Signal::derive(move || right)/>
        }
    });
    view! {
        <scores::Scores summary=summary.clone()/>
        <measures::Measures game summary=summary.clone()/>
        <hardest::Hardest game class summary=summary.clone()/>
        {rivals}
    }
}

/// What is wrong with a line, and what to do.
fn problem_words(lang: Lang, line: usize, problem: LineProblem, seed: u32) -> String {
    match problem {
        LineProblem::Code(CodeError::Character(sign)) => {
            say!(lang, lesson.class.problem.character, line = line, sign = sign)
        }
        LineProblem::Code(CodeError::Length(found)) => {
            say!(lang, lesson.class.problem.length, line = line, found = found, needed = LENGTH)
        }
        LineProblem::Code(CodeError::Check) => say!(lang, lesson.class.problem.check, line = line),
        LineProblem::OtherGame => say!(lang, lesson.class.problem.other, line = line, seed = seed),
        LineProblem::Double(first) => say!(lang, lesson.class.problem.double, line = line, first = first),
    }
}
