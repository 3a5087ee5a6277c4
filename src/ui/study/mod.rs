//! The view at `#/studie`: a reader study with the visitor's own pictures.
//!
//! `make` turns two folders into a study, `round` shows its cases to a reader, and `results` brings the codes of all readers
//! together. The rules and the numbers are in [`crate::study`].

mod make;
mod results;
mod round;
mod session;

use std::sync::Arc;

use leptos::prelude::*;

use super::reader::file_set::FileSet;
use super::words::{Lang, say, use_lang};
use crate::study::file::{Study, StudyFileError};
use crate::study::plan::TooFewPictures;
use crate::study::settings::StudySettings;
use session::ReadingSession;

/// The state of the view. It stays while other views are open, and is stored nowhere.
#[derive(Clone, Copy)]
struct StudyState {
    settings: RwSignal<StudySettings>,
    /// Real and generated pictures.
    folders: [FileSet; 2],
    study: RwSignal<Option<Arc<Study>>>,
    /// Why there is no study.
    problem: RwSignal<Option<Problem>>,
    session: RwSignal<Option<ReadingSession>>,
    /// The codes of the readers, one a line.
    codes: RwSignal<String>,
}

/// Why a study could not be made or opened.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Problem {
    TooFew(TooFewPictures),
    File(StudyFileError),
}

/// Provides the state that outlives the view.
pub fn provide() {
    provide_context(StudyState {
        settings: RwSignal::new(StudySettings::default()),
        folders: [FileSet::empty(), FileSet::empty()],
        study: RwSignal::new(None),
        problem: RwSignal::new(None),
        session: RwSignal::new(None),
        codes: RwSignal::new(String::new()),
    });
}

/// `#/studie`: make a study, read it, join the readers.
#[component]
pub fn StudyView() -> impl IntoView {
    let lang = use_lang();
    let Some(state) = use_context::<StudyState>() else { return ().into_any() };
    let reading = Memo::new(move |_| state.session.with(Option::is_some));
    view! {
        <div class="study-view" data-testid="study">
            <div class="intro">
                <h1>{move || say!(lang, study.title)}</h1>
                <p class="lead">{move || say!(lang, study.lead)}</p>
            </div>
            {move || match reading.get() {
                true => view! { <round::Round state/> }.into_any(),
                false => view! { <make::Make state/><make::Read state/><results::Results state/> }.into_any(),
            }}
        </div>
    }
    .into_any()
}

/// A list to choose a number from.
fn number_choice(
    id: &'static str,
    label: impl Fn() -> &'static str + Send + 'static,
    options: Vec<usize>,
    words: fn(Lang, usize) -> String,
    chosen: impl Fn() -> usize + Copy + Send + 'static,
    choose: impl Fn(usize) + 'static,
) -> AnyView {
    let lang = use_lang();
    let option = move |number: usize| {
        view! { <option value=number selected=move || chosen() == number>{move || words(lang, number)}</option> }
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select id=id data-testid=id on:change=move |event| {
                if let Ok(number) = event_target_value(&event).parse() {
                    choose(number);
                }
            }>{options.into_iter().map(option).collect_view()}</select>
        </div>
    }
    .into_any()
}
