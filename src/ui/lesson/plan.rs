//! The lesson of 50 minutes: goals, time line, questions and answers.

use leptos::prelude::*;

use super::{Paper, Printer};
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::route::Route;
use crate::ui::view::View;
use crate::ui::words::{Lang, say, use_lang};

/// The lesson, and a button that prints it.
#[component]
pub fn LessonPlan(
    /// The address, for links to other views.
    route: Route,
    /// Prints the lesson.
    printer: Printer,
) -> impl IntoView {
    let lang = use_lang();
    let to = move |view: View| view.address(&route.address()).to_string();
    let steps = move || {
        let row = |[time, what, how]: [&'static str; 3]| {
            view! { <tr><td class="time">{time}</td><th scope="row">{what}</th><td>{how}</td></tr> }
        };
        steps(lang).map(row).into_iter().collect_view()
    };
    let questions = move || {
        let pair = |[question, answer]: [&'static str; 2]| {
            view! { <li><p class="question">{question}</p><p>{answer}</p></li> }
        };
        questions(lang).map(pair).into_iter().collect_view()
    };
    view! {
        <section class="lesson-plan" aria-labelledby="lesson-plan" data-testid="lesson-plan">
            <h2 id="lesson-plan">{move || say!(lang, lesson.plan.title)}</h2>
            <p>{move || say!(lang, lesson.plan.who)}</p>
            <button type="button" data-testid="lesson-print" on:click=move |_| printer.print(Paper::Lesson)>
                <Icon shape=Shape::Print/>{move || say!(lang, lesson.plan.print)}
            </button>
            <h3>{move || say!(lang, lesson.plan.goals)}</h3>
            <ul class="dots">
                <li>{move || say!(lang, lesson.plan.goal_networks)}</li>
                <li>{move || say!(lang, lesson.plan.goal_training)}</li>
                <li>{move || say!(lang, lesson.plan.goal_evidence)}</li>
            </ul>
            <p>{move || say!(lang, lesson.plan.aim)}</p>
            <h3>{move || say!(lang, lesson.plan.needs)}</h3>
            <ul class="dots">
                <li>{move || say!(lang, lesson.plan.need_devices)}</li>
                <li>{move || say!(lang, lesson.plan.need_before)}</li>
                <li>{move || say!(lang, lesson.plan.need_care)}</li>
            </ul>
            <h3>{move || say!(lang, lesson.plan.time)}</h3>
            <table class="time-line">
                <thead>
                    <tr>
                        <th scope="col">{move || say!(lang, lesson.plan.minutes)}</th>
                        <th scope="col">{move || say!(lang, lesson.plan.part)}</th>
                        <th scope="col">{move || say!(lang, lesson.plan.doing)}</th>
                    </tr>
                </thead>
                <tbody>{steps}</tbody>
            </table>
            <p class="lesson-links">
                <a href=move || to(View::Story)>{move || say!(lang, lesson.plan.to_story)}</a>
                <a href=move || to(View::Training)>{move || say!(lang, lesson.plan.to_training)}</a>
            </p>
            <h3>{move || say!(lang, lesson.plan.questions)}</h3>
            <ol class="questions">{questions}</ol>
        </section>
    }
}

/// Minutes, part, and what to do.
fn steps(lang: Lang) -> [[&'static str; 3]; 6] {
    [
        ["0 - 5", say!(lang, lesson.step.start), say!(lang, lesson.step.start_text)],
        ["5 - 17", say!(lang, lesson.step.play), say!(lang, lesson.step.play_text)],
        ["17 - 27", say!(lang, lesson.step.results), say!(lang, lesson.step.results_text)],
        ["27 - 32", say!(lang, lesson.step.how), say!(lang, lesson.step.how_text)],
        ["32 - 45", say!(lang, lesson.step.train), say!(lang, lesson.step.train_text)],
        ["45 - 50", say!(lang, lesson.step.end), say!(lang, lesson.step.end_text)],
    ]
}

/// Questions and answers.
fn questions(lang: Lang) -> [[&'static str; 2]; 6] {
    [
        [say!(lang, lesson.question.best), say!(lang, lesson.question.best_answer)],
        [say!(lang, lesson.question.errors), say!(lang, lesson.question.errors_answer)],
        [say!(lang, lesson.question.clues), say!(lang, lesson.question.clues_answer)],
        [say!(lang, lesson.question.learning), say!(lang, lesson.question.learning_answer)],
        [say!(lang, lesson.question.data), say!(lang, lesson.question.data_answer)],
        [say!(lang, lesson.question.use_of), say!(lang, lesson.question.use_of_answer)],
    ]
}
