//! From two folders to a study, and from a study to a reader.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlInputElement;

use super::session::ReadingSession;
use super::{Problem, StudyState, number_choice};
use crate::study::file::{SourcePicture, Study, StudyFileError};
use crate::study::plan::plan;
use crate::study::report::cases_csv;
use crate::study::settings::{EXAMPLES, StudyFormat, StudySettings};
use crate::ui::check_field::CheckField;
use crate::ui::logic::own_slices::OwnSlices;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::reader::file_list;
use crate::ui::reader::folder_field::folder_field;
use crate::ui::save::save;
use crate::ui::words::{Lang, say, use_lang};

/// The settings and the folders.
#[component]
pub fn Make(state: StudyState) -> impl IntoView {
    let lang = use_lang();
    let settings = state.settings;
    let format = move |format: StudyFormat| {
        let words = move || match format {
            StudyFormat::Single => say!(lang, study.make.single),
            StudyFormat::Pairs => say!(lang, study.make.pairs),
        };
        view! {
            <label class="radio">
                <input type="radio" name="study-format" data-testid=format!("study-{format:?}")
                    prop:checked=move || settings.with(|settings| settings.format == format)
                    on:change=move |_| settings.update(|settings| settings.format = format)/>
                <span>{words}</span>
            </label>
        }
    };
    let plain = |_: Lang, number: usize| number.to_string();
    let limit = |lang: Lang, number: usize| match number {
        0 => say!(lang, study.make.no_limit).to_owned(),
        _ => say!(lang, study.make.limit, count = number),
    };
    let scale = |lang: Lang, number: usize| match number {
        0 => say!(lang, study.make.no_scale).to_owned(),
        _ => say!(lang, study.make.scale, count = number),
    };
    let waits = move || state.folders.iter().any(|set| set.is_waiting() || set.files.with(Option::is_none));
    let problem = move || match state.problem.get() {
        Some(Problem::TooFew(few)) if few.generated => {
            say!(lang, study.make.few_fake, found = few.found, needed = few.needed)
        }
        Some(Problem::TooFew(few)) => say!(lang, study.make.few_real, found = few.found, needed = few.needed),
        _ => String::new(),
    };
    view! {
        <section class="panel study-make" aria-labelledby="study-make">
            <h2 id="study-make">{move || say!(lang, study.make.title)}</h2>
            <p>{move || say!(lang, study.make.text)}</p>
            <div class="origins">
                {folder_field(state.folders[0], "study-real", move || say!(lang, study.make.real))}
                {folder_field(state.folders[1], "study-fake", move || say!(lang, study.make.fake))}
            </div>
            <fieldset class="choice">
                <legend>{move || say!(lang, study.make.format)}</legend>
                <div class="radios">{format(StudyFormat::Single)}{format(StudyFormat::Pairs)}</div>
            </fieldset>
            <div class="study-form">
                {number_choice("study-cases", move || say!(lang, study.make.cases), StudySettings::CASES.to_vec(), plain,
                    move || settings.with(|settings| settings.cases), move |cases| settings.update(|settings| settings.cases = cases))}
                {number_choice("study-readers", move || say!(lang, study.make.readers), (1..=StudySettings::MAX_READERS).collect(), plain,
                    move || settings.with(|settings| settings.readers), move |readers| settings.update(|settings| settings.readers = readers))}
                {number_choice("study-seconds", move || say!(lang, study.make.seconds), StudySettings::SECONDS.map(|one| one as usize).to_vec(), limit,
                    move || settings.with(|settings| settings.seconds as usize), move |seconds| settings.update(|settings| settings.seconds = seconds as u32))}
                {number_choice("study-confidence", move || say!(lang, study.make.confidence), StudySettings::CONFIDENCE.map(usize::from).to_vec(), scale,
                    move || settings.with(|settings| usize::from(settings.confidence)), move |steps| settings.update(|settings| settings.confidence = steps as u8))}
                <div class="field">
                    <label for="study-seed">{move || say!(lang, study.make.seed)}</label>
                    <input type="number" id="study-seed" data-testid="study-seed" min="0" max="4294967295" step="1"
                        prop:value=move || settings.with(|settings| settings.seed.to_string())
                        on:change=move |event| settings.update(|settings| settings.seed = event_target_value(&event).parse().unwrap_or(1))/>
                </div>
            </div>
            <div class="choice">
                <CheckField testid="study-clues" label=Signal::derive(move || say!(lang, study.make.clues).to_owned())
                    hint=Signal::derive(move || say!(lang, study.make.clues_hint, count = EXAMPLES))
                    checked=Signal::derive(move || settings.with(|settings| settings.clues))
                    change=move |clues| settings.update(|settings| settings.clues = clues)/>
            </div>
            <button type="button" class="primary" data-testid="study-make" disabled=waits on:click=move |_| make(state)>
                {move || say!(lang, study.make.button)}
            </button>
            <p class="problem" role="status" data-testid="study-problem">{problem}</p>
        </section>
    }
}

fn make(state: StudyState) {
    let settings = state.settings.get_untracked();
    let pictures = state
        .folders
        .map(|set| set.files.with_untracked(|files| files.as_ref().map(OwnSlices::pictures).unwrap_or_default()));
    let groups = pictures.each_ref().map(|all| all.iter().map(|one: &SourcePicture| one.group).collect::<Vec<_>>());
    let made = plan(&settings, [&groups[0], &groups[1]]).map_err(Problem::TooFew);
    take(state, made.map(|plan| Study::new(settings, &plan, [&pictures[0], &pictures[1]])));
}

fn take(state: StudyState, made: Result<Study, Problem>) {
    state.problem.set(made.as_ref().err().copied());
    state.study.set(made.ok().map(Arc::new));
}

/// The study, and a reader for it.
#[component]
pub fn Read(state: StudyState) -> impl IntoView {
    let lang = use_lang();
    let reader = RwSignal::new(1_usize);
    let open = move |event: leptos::ev::Event| {
        let file = file_list::selected(&event_target::<HtmlInputElement>(&event)).pop();
        leptos::task::spawn_local(async move {
            let Some(file) = file else { return };
            let bytes = JsFuture::from(file.file.array_buffer()).await;
            let bytes = bytes.map(|buffer| js_sys::Uint8Array::new(&buffer).to_vec()).unwrap_or_default();
            take(state, Study::read(&bytes).map_err(Problem::File));
        });
    };
    let status = move || match (state.study.get(), state.problem.get()) {
        (Some(study), _) => {
            say!(lang, study.read.ready, mark = study.mark, cases = study.settings.cases, side = study.side)
        }
        (None, Some(Problem::File(StudyFileError::NotAStudy))) => say!(lang, study.read.not_a_study).to_owned(),
        (None, Some(Problem::File(StudyFileError::Version(_)))) => say!(lang, study.read.version).to_owned(),
        (None, Some(Problem::File(StudyFileError::Changed))) => say!(lang, study.read.changed).to_owned(),
        (None, _) => say!(lang, study.read.none).to_owned(),
    };
    let begin = move |_| {
        if let Some(study) = state.study.get_untracked() {
            let reader = reader.get_untracked().min(study.settings.readers);
            state.session.set(Some(ReadingSession::new(study, reader)));
        }
    };
    let ready = move |study: Arc<Study>| {
        let (file, list) = (Arc::clone(&study), Arc::clone(&study));
        let named = study.cases.iter().any(|case| !case.paths.is_empty());
        view! {
            <div class="row">
                <button type="button" data-testid="study-save" on:click=move |_| {
                    save(&file.write(), "application/octet-stream", &format!("study-{}.hersenscan", file.mark));
                }>
                    <Icon shape=Shape::Down/>{move || say!(lang, study.read.save)}
                </button>
                {named.then(|| view! {
                    <button type="button" data-testid="study-list" on:click=move |_| {
                        save(cases_csv(&list).as_bytes(), "text/csv", &format!("study-{}-cases.csv", list.mark));
                    }>
                        <Icon shape=Shape::Down/>{move || say!(lang, study.read.list)}
                    </button>
                })}
            </div>
            <p class="hint">{move || say!(lang, study.read.save_hint)}</p>
            <div class="study-form">
                {number_choice("study-reader", move || say!(lang, study.read.reader), (1..=study.settings.readers).collect(),
                    |_, number| number.to_string(), move || reader.get(), move |number| reader.set(number))}
            </div>
            <button type="button" class="primary" data-testid="study-start" on:click=begin>
                <Icon shape=Shape::Play/>{move || say!(lang, study.read.start)}
            </button>
        }
    };
    view! {
        <section class="panel study-read" aria-labelledby="study-read">
            <h2 id="study-read">{move || say!(lang, study.read.title)}</h2>
            <p role="status" data-testid="study-status" data-study=move || state.study.with(|study| study.as_ref().map(|study| study.mark.clone()))>
                {status}
            </p>
            {move || state.study.get().map(ready)}
            <label class="files">
                <span>{move || say!(lang, study.read.open)}</span>
                <input type="file" data-testid="study-open" on:change=open/>
            </label>
        </section>
    }
}
