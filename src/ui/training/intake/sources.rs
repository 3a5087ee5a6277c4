//! The three sources of slices: own files, the site's real scans, drawings.

use std::sync::Arc;

use leptos::prelude::*;

use super::files::OwnFiles;
use super::state::IntakeState;
use crate::slices::collection::{SliceSource, drawings};
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
            <DrawingsSource intake/>
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

#[component]
fn DrawingsSource(intake: IntakeState) -> impl IntoView {
    let lang = use_lang();
    view! {
        <div class="origin">
            <h3>{move || say!(lang, intake.drawings.title)}</h3>
            <p>{move || say!(lang, intake.drawings.text, count = drawings::COUNT)}</p>
            <button type="button" data-testid="use-drawings" class:primary=move || is_chosen(intake, SliceSource::Drawings)
                aria-pressed=move || is_chosen(intake, SliceSource::Drawings).to_string()
                disabled=move || intake.progress.with(Option::is_some) on:click=move |_| intake.use_drawings()>
                {move || say!(lang, intake.drawings.button)}
            </button>
            <p class="hint">{move || say!(lang, intake.drawings.hint)}</p>
        </div>
    }
}

/// Whether this source is on screen.
fn is_chosen(intake: IntakeState, source: SliceSource) -> bool {
    intake.with_collection(|collection| collection.source) == Some(source)
}
