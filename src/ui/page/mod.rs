//! The frame around every view: header, view, footer.

mod header;
pub mod icon;

use leptos::prelude::*;

use super::about::AboutView;
use super::active_model::ActiveModel;
use super::embed::{EmbedMessage, post_to_embedder};
use super::game::{self, GameView};
use super::lab::{Lab, LabView};
use super::lesson::{self, LessonView};
use super::measure::{MeasureView, Measurement};
use super::real_scans::RealScans;
use super::route::Route;
use super::story::StoryView;
use super::studio::StudioView;
use super::study::{self, StudyView};
use super::training::{self, TrainingView};
use super::update::Update;
use super::view::View;
use super::words::{Lang, say};
use header::PageHeader;

/// The whole page.
#[component]
pub fn Page() -> impl IntoView {
    let route = Route::follow();
    let lang = Lang::follow(route);
    provide_context(route);
    provide_context(lang);
    ActiveModel::provide(route);
    RealScans::provide();
    training::provide();
    game::provide();
    Lab::provide();
    lesson::provide();
    study::provide();
    Measurement::provide();
    follow_view(route, lang);
    let view = Memo::new(move |_| route.view());

    Effect::new(move || post_to_embedder(&EmbedMessage::Ready { view: view.get().slug() }));
    let whole = move || format!("./{}", route.address());
    let teachers = move || View::Lesson.address(&route.address()).to_string();
    let [study, measure] = [View::Study, View::Measure].map(|view| move || view.address(&route.address()).to_string());
    let check = move || View::About.address(&route.address()).with("deel", Some("privacy")).to_string();

    view! {
        <a class="skip" href="#main" on:click=skip>{move || say!(lang, site.skip)}</a>
        <PageHeader/>
        <Update/>
        <main id="main" tabindex="-1">
            {move || match view.get() {
                View::Story => view! { <StoryView/> }.into_any(),
                View::Game => view! { <GameView/> }.into_any(),
                View::Studio => view! { <StudioView/> }.into_any(),
                View::Training => view! { <TrainingView/> }.into_any(),
                View::Lab => view! { <LabView/> }.into_any(),
                View::Lesson => view! { <LessonView/> }.into_any(),
                View::Study => view! { <StudyView/> }.into_any(),
                View::Measure => view! { <MeasureView/> }.into_any(),
                View::About => view! { <AboutView/> }.into_any(),
            }}
        </main>
        <footer class="foot">
            <p><strong>{move || say!(lang, site.footer)}</strong></p>
            <p>{move || say!(lang, site.private)}" "<a href=check>{move || say!(lang, site.check)}</a></p>
            // Shown in a frame only, which has no header.
            <p class="whole"><a href=whole target="_blank" rel="noopener">{move || say!(lang, site.whole)}</a></p>
            <p class="for-teachers"><a href=teachers>{move || say!(lang, site.for_teachers)}</a></p>
            <p class="for-teachers">{move || say!(lang, site.for_researchers)}" "
                <a href=study>{move || say!(lang, site.study)}</a>" "<a href=measure>{move || say!(lang, site.measure)}</a></p>
        </footer>
    }
}

/// Sets the document title, and moves scroll position and focus to the top of each new view.
fn follow_view(route: Route, lang: Lang) {
    let view = Memo::new(move |_| route.view());
    Effect::new(move || {
        let title = match view.get() {
            View::Story => say!(lang, site.title).to_owned(),
            other => format!("{} - {}", header::name(lang, other), say!(lang, site.name)),
        };
        document().set_title(&title);
    });
    Effect::new(move |before: Option<View>| {
        let now = view.get();
        if before.is_some_and(|before| before != now) {
            // Focus first: it may scroll.
            focus_main();
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
        now
    });
}

/// Moves the focus to the content. A plain link cannot do it, because the fragment of the address names the view.
fn skip(event: leptos::ev::MouseEvent) {
    event.prevent_default();
    focus_main();
}

fn focus_main() {
    use wasm_bindgen::JsCast;
    let main = document().get_element_by_id("main");
    if let Some(main) = main.and_then(|main| main.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = main.focus();
    }
}
