//! The cases, one after the other, and at the end the reader's file and code.

use std::sync::Arc;
use std::time::Duration;

use leptos::leptos_dom::helpers::set_interval_with_handle;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

use super::StudyState;
use super::session::{ReadingSession, Stage};
use crate::slice::Slice;
use crate::study::settings::StudyFormat;
use crate::ui::canvas::SliceCanvas;
use crate::ui::copy_lines::CopyLines;
use crate::ui::focus::focused_heading;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::save::save;
use crate::ui::words::{Lang, say, use_lang};

/// Time between two looks at the clock.
const TICK: Duration = Duration::from_millis(200);

/// The case on the screen, the examples, or the end.
#[component]
pub fn Round(state: StudyState) -> impl IntoView {
    let lang = use_lang();
    // What is on the screen. It does not change with the clock.
    let now = Memo::new(move |_| {
        state.session.with(|session| session.as_ref().map(|session| (session.place, session.stage)))
    });
    let heading = focused_heading(move || now.track());
    answer_with_keys(state);
    let read = move |read: &dyn Fn(&ReadingSession) -> String| {
        state.session.with(|session| session.as_ref().map(read).unwrap_or_default())
    };
    let title = move || {
        now.track();
        read(&|session| match session.stage {
            Stage::Examples => say!(lang, study.round.examples).to_owned(),
            Stage::Done => say!(lang, study.done.title, reader = session.reader),
            _ => say!(lang, study.round.case, place = session.place + 1, cases = session.study.settings.cases),
        })
    };
    let body = move || {
        let (_, stage) = now.get()?;
        let session = state.session.get_untracked()?;
        Some(match stage {
            Stage::Examples => examples(lang, state, &session),
            Stage::Done => done(lang, state, session),
            _ => case(lang, state, &session, stage),
        })
    };
    view! {
        <section class="panel study-round" data-testid="study-round" data-place=move || now.get().map(|(place, _)| place.to_string())>
            <h2 node_ref=heading tabindex="-1">{title}</h2>
            {body}
        </section>
    }
}

/// The pictures of a case, and the question about them.
fn case(lang: Lang, state: StudyState, session: &ReadingSession, stage: Stage) -> AnyView {
    let place = session.place + 1;
    let settings = session.study.settings;
    let pictures = session.case().map(|case| case.pictures.clone()).unwrap_or_default();
    let pair = pictures.len() == 2;
    let cards = pictures.into_iter().enumerate().map(|(index, pixels)| {
        let alt = move || match (pair, index) {
            (false, _) => say!(lang, study.round.alt, place = place),
            (true, 0) => say!(lang, study.round.left, place = place),
            (true, _) => say!(lang, study.round.right, place = place),
        };
        picture(pixels, Signal::derive(alt))
    });
    let button = |said: bool, words: &'static str, testid: &'static str| {
        view! {
            <button type="button" class="answer" data-testid=testid on:click=move |_| state.step(|session| session.choose(Some(said)))>
                {words}
            </button>
        }
    };
    let question = match stage {
        Stage::Sure(..) => {
            let rate = |sure: u8| {
                view! {
                    <button type="button" class="answer" data-testid=format!("study-sure-{sure}") on:click=move |_| state.step(|session| session.rate(sure))>
                        {sure.to_string()}
                    </button>
                }
            };
            let most = settings.confidence;
            view! {
                <p id="study-question">{say!(lang, study.round.sure, most = most)}</p>
                <div class="answers study-sure" role="group" aria-labelledby="study-question">{(1..=most).map(rate).collect_view()}</div>
            }
            .into_any()
        }
        _ => {
            let (words, first, second) = match settings.format {
                StudyFormat::Single => (say!(lang, study.round.single), say!(lang, game.real), say!(lang, game.fake)),
                StudyFormat::Pairs => (say!(lang, study.round.pairs), say!(lang, game.left), say!(lang, game.right)),
            };
            view! {
                <p id="study-question">{words}</p>
                <div class="answers" role="group" aria-labelledby="study-question">
                    {button(false, first, "study-first")}{button(true, second, "study-second")}
                </div>
                {(settings.seconds > 0).then(|| view! { <TimeLeft state/> })}
            }
            .into_any()
        }
    };
    view! {
        <div class="cards" class:one=!pair class:two=pair>{cards.collect_view()}</div>
        {question}
        <button type="button" class="quiet" data-testid="study-stop" on:click=move |_| state.step(|session| session.stage = Stage::Done)>
            {say!(lang, study.round.stop)}
        </button>
    }
    .into_any()
}

fn picture(pixels: Arc<Slice>, alt: Signal<String>) -> impl IntoView {
    view! {
        <div class="slide">
            <SliceCanvas testid="study-picture" bare=true pixels=Signal::derive(move || Some(Arc::clone(&pixels))) outline=false alt/>
        </div>
    }
}

fn examples(lang: Lang, state: StudyState, session: &ReadingSession) -> AnyView {
    let [reals, fakes] = session.study.examples.clone();
    let row = |words: &'static str, pictures: Vec<Arc<Slice>>| {
        let cards = pictures.into_iter().map(|pixels| picture(pixels, Signal::derive(move || words.to_owned())));
        view! { <h3>{words}</h3><div class="cards study-examples">{cards.collect_view()}</div> }
    };
    view! {
        <p>{say!(lang, study.round.examples_text)}</p>
        {row(say!(lang, game.real), reals)}
        {row(say!(lang, game.fake), fakes)}
        <button type="button" class="primary" data-testid="study-go-on" on:click=move |_| state.step(ReadingSession::leave_examples)>
            {say!(lang, study.round.go_on)}
        </button>
    }
    .into_any()
}

fn done(lang: Lang, state: StudyState, session: ReadingSession) -> AnyView {
    let (code, reader) = (session.sheet().code(), session.reader);
    let (lines, file, line) = (code.clone(), code.clone(), code);
    let add = move |_| {
        state.codes.update(|codes| {
            if !codes.contains(&line) {
                let gap = if codes.is_empty() || codes.ends_with('\n') { "" } else { "\n" };
                *codes = format!("{codes}{gap}{line}\n");
            }
        });
        state.session.set(None);
    };
    view! {
        <p>{say!(lang, study.done.text)}</p>
        <CopyLines lines=Signal::derive(move || lines.clone()) label=Signal::derive(move || say!(lang, study.done.label))
            copy=Signal::derive(move || say!(lang, study.done.copy)) name="study-code"/>
        <div class="row">
            <button type="button" class="primary" data-testid="study-answers" on:click=move |_| {
                save(format!("{file}\n").as_bytes(), "text/plain", &format!("reader-{reader}.txt"));
            }>
                <Icon shape=Shape::Down/>{say!(lang, study.done.save)}
            </button>
            <button type="button" data-testid="study-add" on:click=add>{say!(lang, study.done.add)}</button>
            <button type="button" data-testid="study-back" on:click=move |_| state.session.set(None)>{say!(lang, study.done.back)}</button>
        </div>
    }
    .into_any()
}

/// The time that is left. At its end the case counts as not answered in time.
#[component]
fn TimeLeft(state: StudyState) -> impl IntoView {
    let lang = use_lang();
    let left = move || state.session.with_untracked(|session| session.as_ref().and_then(ReadingSession::left));
    let shown = RwSignal::new(left());
    let tick = move || {
        shown.try_set(left());
        if left().is_some_and(|left| left <= 0.0) {
            state.step(|session| session.choose(None));
        }
    };
    if let Ok(handle) = set_interval_with_handle(tick, TICK) {
        on_cleanup(move || handle.clear());
    }
    let seconds = move || lang.numbers().decimal(shown.get().unwrap_or(0.0).max(0.0).ceil(), 0);
    view! { <p class="clock" data-testid="study-clock">{move || say!(lang, game.seconds, seconds = seconds())}</p> }
}

/// Arrow keys choose, digits say how sure, from anywhere in the view.
fn answer_with_keys(state: StudyState) {
    let listener = window_event_listener(ev::keydown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let within =
            |selector: &str| target.as_ref().is_some_and(|target| target.closest(selector).ok().flatten().is_some());
        if event.repeat()
            || event.ctrl_key()
            || event.alt_key()
            || event.meta_key()
            || within("input, select, textarea, pre")
        {
            return;
        }
        match event.key().as_str() {
            "ArrowLeft" => state.step(|session| session.choose(Some(false))),
            "ArrowRight" => state.step(|session| session.choose(Some(true))),
            digit => {
                if let Ok(sure) = digit.parse() {
                    state.step(|session| session.rate(sure));
                }
            }
        }
    });
    on_cleanup(move || listener.remove());
}
