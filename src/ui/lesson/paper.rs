//! The lesson without devices: two teams play the networks with drawn cards.

use leptos::prelude::*;

use crate::ui::markup::tell;
use crate::ui::words::{say, use_lang};

/// Rounds of the paper game.
const ROUNDS: usize = 5;

/// Roles, recipe, rules, a form for the score, and questions.
#[component]
pub fn PaperVersion() -> impl IntoView {
    let lang = use_lang();
    let columns = move || (1..=ROUNDS).map(|round| view! { <th scope="col">{round}</th> }).collect_view();
    let cells = move || (1..=ROUNDS).map(|_| view! { <td></td> }).collect_view();
    let steps = move || {
        let steps = [
            say!(lang, lesson.paper.step_draw),
            say!(lang, lesson.paper.step_mix),
            say!(lang, lesson.paper.step_judge),
            say!(lang, lesson.paper.step_learn),
            say!(lang, lesson.paper.step_again),
        ];
        steps.map(|words| view! { <li>{words}</li> }).into_iter().collect_view()
    };
    let questions = move || {
        let questions = [
            [say!(lang, lesson.paper.better), say!(lang, lesson.paper.better_answer)],
            [say!(lang, lesson.paper.same), say!(lang, lesson.paper.same_answer)],
            [say!(lang, lesson.paper.shortcut), say!(lang, lesson.paper.shortcut_answer)],
        ];
        let pair = |[question, answer]: [&'static str; 2]| {
            view! { <li><p class="question">{question}</p><p>{answer}</p></li> }
        };
        questions.map(pair).into_iter().collect_view()
    };
    view! {
        <section class="paper-version" aria-labelledby="paper-version" data-testid="paper-version">
            <h2 id="paper-version">{move || say!(lang, lesson.paper.title)}</h2>
            <p>{tell!(lang, lesson.paper.lead, maker, judge)}</p>
            <h3>{move || say!(lang, lesson.paper.roles)}</h3>
            <ul class="dots">
                <li>{move || say!(lang, lesson.paper.world)}</li>
                <li>{tell!(lang, lesson.paper.generator, maker)}</li>
                <li>{tell!(lang, lesson.paper.discriminator, judge)}</li>
            </ul>
            <p>{move || say!(lang, lesson.paper.needs)}</p>
            <h3>{move || say!(lang, lesson.paper.round)}</h3>
            <ol class="numbers-list">{steps}</ol>
            <table class="score-form">
                <caption>{move || say!(lang, lesson.paper.score)}</caption>
                <thead><tr><th scope="col">{move || say!(lang, lesson.paper.round_number)}</th>{columns}</tr></thead>
                <tbody>
                    <tr><th scope="row">{move || say!(lang, lesson.paper.right_of_8)}</th>{cells}</tr>
                    <tr><th scope="row">{move || say!(lang, lesson.paper.believed_of_4)}</th>{cells}</tr>
                </tbody>
            </table>
            <div class="recipe">
                <h3>{move || say!(lang, lesson.paper.recipe)}</h3>
                <p>{move || say!(lang, lesson.paper.recipe_text)}</p>
                <RecipeCards/>
            </div>
            <h3>{move || say!(lang, lesson.paper.after)}</h3>
            <ol class="questions">{questions}</ol>
        </section>
    }
}

/// Three cards that follow the recipe.
#[component]
fn RecipeCards() -> impl IntoView {
    let lang = use_lang();
    let card = |(folds, dot): (usize, (f64, f64))| {
        let fold = move |index: usize| {
            let y = 30.0 + 44.0 * (index as f64 + 0.5) / folds as f64;
            format!("M24 {y}q6 -5 10 0t10 0M56 {y}q6 5 10 0t10 0")
        };
        view! {
            <svg viewBox="0 0 100 100">
                <path d="M50 6C78 6 90 32 90 54S74 94 50 94 10 76 10 54 22 6 50 6zM50 8V92"/>
                {(0..folds).map(|index| view! { <path d=fold(index)/> }).collect_view()}
                <circle cx=dot.0 cy=dot.1 r="4"/>
            </svg>
        }
    };
    let cards = [(3, (34.0, 80.0)), (5, (66.0, 22.0)), (4, (70.0, 82.0))];
    view! {
        <div class="recipe-cards" role="img" aria-label=move || say!(lang, lesson.paper.cards_alt)>
            {cards.map(card).into_iter().collect_view()}
        </div>
    }
}
