//! The sources of slices: own files, the site's real scans, drawings of heads, and drawings of something else.

use std::sync::Arc;

use leptos::prelude::*;

use super::files::OwnFiles;
use super::state::IntakeState;
use crate::slices::collection::{SliceSource, drawings, shapes};
use crate::slices::pack::Pack;
use crate::ui::logic::models::Modality;
use crate::ui::model_choice::model_name;
use crate::ui::real_scans::{RealScansState, real_scans};
use crate::ui::training::trainer::Trainer;
use crate::ui::words::{say, use_lang};

/// One card for each source.
#[component]
pub fn Sources(
    /// State of the intake.
    intake: IntakeState,
) -> impl IntoView {
    let lang = use_lang();
    view! {
        <p class="hint">{move || say!(lang, intake.stays)}</p>
        <div class="origins">
            <OwnFiles intake/>
            <RealScansSource intake/>
            <DrawnSource intake source=SliceSource::Drawings/>
            <DrawnSource intake source=SliceSource::Shapes/>
        </div>
    }
}

#[component]
fn RealScansSource(intake: IntakeState) -> impl IntoView {
    let lang = use_lang();
    let trainer = use_context::<Trainer>();
    let modality =
        Memo::new(move |_| trainer.map(|trainer| trainer.plan.with(|plan| plan.modality)).unwrap_or_default());
    let all = Modality::ALL.map(real_scans);
    let scans = move || {
        let index = Modality::ALL.iter().position(|other| *other == modality.get()).unwrap_or_default();
        all[index]
    };
    Effect::new(move || scans().fetch_once());
    let count_people =
        |pack: &Pack| pack.slices.iter().map(|slice| slice.patient).collect::<std::collections::HashSet<_>>().len();
    let ready = move |pack: Arc<Pack>| {
        let (count, people) = (pack.slices.len(), count_people(&pack));
        let credit = {
            let pack = Arc::clone(&pack);
            move || {
                let (source, attribution, licence) = (&pack.source, &pack.attribution, &pack.licence);
                say!(lang, intake.real.credit, source = source, attribution = attribution, licence = licence)
            }
        };
        let class = move |source| if is_chosen(intake, source) { "primary" } else { "" };
        view! {
            <p>{move || say!(lang, intake.real.text, count = count, people = people)}</p>
            <button type="button" data-testid="use-real" class=move || class(SliceSource::Real)
                aria-pressed=move || is_chosen(intake, SliceSource::Real).to_string()
                disabled=move || intake.progress.with(Option::is_some) on:click=move |_| intake.use_real(&pack)>
                {move || say!(lang, intake.real.button)}
            </button>
            <p class="hint">{credit}</p>
        }
    };
    let content = move || match scans().state.get() {
        RealScansState::Ready(pack) => ready(pack).into_any(),
        RealScansState::Idle | RealScansState::Loading => {
            view! { <p>{move || say!(lang, intake.real.loading)}</p> }.into_any()
        }
        RealScansState::Missing => {
            view! { <p data-testid="no-real">{move || say!(lang, intake.real.missing)}</p> }.into_any()
        }
        RealScansState::Broken(detail) => view! {
            <p>{move || say!(lang, game.broken)}</p>
            <button type="button" on:click=move |_| scans().fetch()>{move || say!(lang, trouble.again)}</button>
            <details>
                <summary>{move || say!(lang, trouble.detail)}</summary>
                <p lang="en"><code>{detail}</code></p>
            </details>
        }
        .into_any(),
    };
    view! {
        <div class="origin">
            <h3>{move || say!(lang, intake.real.title)}</h3>
            <p class="soft">{move || model_name(lang, modality.get())}</p>
            {content}
        </div>
    }
}

/// Drawings of heads, or of something else.
#[component]
fn DrawnSource(intake: IntakeState, source: SliceSource) -> impl IntoView {
    let lang = use_lang();
    let heads = source == SliceSource::Drawings;
    let [title, text, button, hint] = if heads {
        let text = move || say!(lang, intake.drawings.text, count = drawings::COUNT);
        [
            Signal::derive(move || say!(lang, intake.drawings.title).to_owned()),
            Signal::derive(text),
            Signal::derive(move || say!(lang, intake.drawings.button).to_owned()),
            Signal::derive(move || say!(lang, intake.drawings.hint).to_owned()),
        ]
    } else {
        [
            Signal::derive(move || say!(lang, intake.shapes.title).to_owned()),
            Signal::derive(move || say!(lang, intake.shapes.text, count = shapes::COUNT)),
            Signal::derive(move || say!(lang, intake.shapes.button).to_owned()),
            Signal::derive(move || say!(lang, intake.shapes.hint).to_owned()),
        ]
    };
    view! {
        <div class="origin">
            <h3>{title}</h3>
            <p>{text}</p>
            <button type="button" data-testid=if heads { "use-drawings" } else { "use-shapes" }
                class:primary=move || is_chosen(intake, source)
                aria-pressed=move || is_chosen(intake, source).to_string()
                disabled=move || intake.progress.with(Option::is_some) on:click=move |_| intake.use_drawn(source)>
                {button}
            </button>
            <p class="hint">{hint}</p>
        </div>
    }
}

/// Whether this source is on screen.
fn is_chosen(intake: IntakeState, source: SliceSource) -> bool {
    intake.with_collection(|collection| collection.source) == Some(source)
}
