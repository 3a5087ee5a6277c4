//! The view at `#/les`, for teachers: a link to a class game, what the class did in it, and a lesson around it.
//!
//! `link` makes the link. `results` reads the pupils' codes, which `scan` can take from QR codes; `scores`, `measures` and
//! `hardest` show the results. `plan` is the lesson and `paper` its version without devices. The scans of the game are made by
//! the game itself ([`super::game::state::Game`]), so that they are those that the pupils saw.

mod hardest;
mod link;
mod measures;
mod paper;
mod plan;
mod results;
mod scan;
mod scores;

use leptos::prelude::*;

use super::active_model::use_active_model;
use super::engine::client::EngineClient;
use super::failure::EngineFailure;
use super::game::state::Game;
use super::route::Route;
use super::view::View;
use super::words::{say, use_lang};

/// The codes that the teacher typed. They stay while other views are open, and are stored nowhere.
#[derive(Clone, Copy)]
struct Codes(RwSignal<String>);

/// Provides what outlives the view.
pub fn provide() {
    provide_context(Codes(RwSignal::new(String::new())));
}

/// What goes on paper.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Paper {
    /// Everything.
    #[default]
    All,
    /// The lesson.
    Lesson,
    /// The results of the class.
    Results,
}

impl Paper {
    fn name(self) -> &'static str {
        match self {
            Paper::All => "all",
            Paper::Lesson => "lesson",
            Paper::Results => "results",
        }
    }
}

/// Prints a part of the view.
#[derive(Debug, Clone, Copy)]
struct Printer(RwSignal<Paper>);

impl Printer {
    fn print(self, part: Paper) {
        self.0.set(part);
        // Only after the page shows that part alone.
        request_animation_frame(move || {
            // A browser without printing does nothing.
            let _ = window().print();
            self.0.try_set(Paper::All);
        });
    }
}

/// `#/les`: link, results and lesson.
#[component]
pub fn LessonView() -> impl IntoView {
    let lang = use_lang();
    let (Some(engines), Some(route), Some(active)) =
        (use_context::<EngineClient>(), use_context::<Route>(), use_active_model())
    else {
        return ().into_any();
    };
    let game = Game::open(engines, active, route, View::Lesson);
    let Codes(codes) = use_context().unwrap_or(Codes(RwSignal::new(String::new())));
    let paper = RwSignal::new(Paper::default());
    let printer = Printer(paper);
    view! {
        <div class="lesson-view" data-print=move || paper.get().name()
            data-ready=move || game.quiz.with(Option::is_some).to_string() data-testid="lesson">
            <div class="intro">
                <h1>{move || say!(lang, lesson.title)}</h1>
                <p class="lead">{move || say!(lang, lesson.lead)}</p>
            </div>
            <link::ClassLink game/>
            <EngineFailure engines/>
            <results::ClassResults game codes printer/>
            <plan::LessonPlan route printer/>
            <paper::PaperVersion/>
        </div>
    }
    .into_any()
}
