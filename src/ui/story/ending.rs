//! The end of the story, with links to the other views.

use leptos::prelude::*;

use crate::ui::markup::tell;
use crate::ui::route::Route;
use crate::ui::view::View;
use crate::ui::words::{Lang, say, use_lang};

/// A link to each of the other views.
#[component]
pub fn Ending() -> impl IntoView {
    let lang = use_lang();
    let Some(route) = use_context::<Route>() else { return ().into_any() };
    let way = move |view: View| {
        let to = move || view.address(&route.address()).to_string();
        view! {
            <li><a class="next" class:primary=move || view == View::Game href=to>
                <strong>{move || words(lang, view)[0]}</strong><span>{move || words(lang, view)[1]}</span>
            </a></li>
        }
    };
    view! {
        <section class="ending" aria-labelledby="story-ending" data-testid="ending">
            <h2 id="story-ending">{move || say!(lang, story.ending.title)}</h2>
            <p>{tell!(lang, story.ending.text, maker, judge)}</p>
            <ul>{[View::Game, View::Studio, View::Training, View::Lab, View::About].map(way).into_iter().collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn words(lang: Lang, view: View) -> [&'static str; 2] {
    match view {
        View::Game => [say!(lang, story.ending.play), say!(lang, story.ending.play_text)],
        View::Studio => [say!(lang, story.ending.make), say!(lang, story.ending.make_text)],
        View::Training => [say!(lang, story.ending.train), say!(lang, story.ending.train_text)],
        View::Lab => [say!(lang, story.ending.lab), say!(lang, story.ending.lab_text)],
        View::Story | View::Lesson | View::Study | View::Measure | View::About => {
            [say!(lang, story.ending.about), say!(lang, story.ending.about_text)]
        }
    }
}
