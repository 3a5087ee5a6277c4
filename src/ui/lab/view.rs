//! The view.

use leptos::prelude::*;

use super::client::Lab;
use super::{export, form, full_size, limits, outcome, rows};
use crate::ui::active_model::saves_data;
use crate::ui::logic::lab::settings::{LabSettings, LabSource};
use crate::ui::logic::models::Modality;
use crate::ui::route::Route;
use crate::ui::words::{say, use_lang};

/// The view at `#/lab`.
#[component]
pub fn LabView() -> impl IntoView {
    let lang = use_lang();
    let (Some(lab), Some(route)) = (use_context::<Lab>(), use_context::<Route>()) else { return ().into_any() };
    // A link with settings fills in the form; without any, the form stays as it was left.
    let settings = Memo::new(move |_| {
        let address = route.address();
        (address.get("source").is_some() || address.get("n").is_some()).then(|| LabSettings::read(&address))
    });
    Effect::new(move || match settings.get() {
        Some(settings) => {
            lab.source_is_default.set(false);
            lab.form.set(Some(settings));
        }
        None if lab.form.with_untracked(Option::is_none) => {
            // Real scans are downloaded, which a visitor who saves data did not ask for.
            let source = if saves_data() { LabSource::Drawings } else { LabSource::Real(Modality::T1ce) };
            lab.source_is_default.set(true);
            lab.form.set(Some(LabSettings::of(source)));
        }
        None => {}
    });
    let begun = Memo::new(move |_| lab.state.with(|state| state.setup.is_some()) || lab.gathering.get());
    view! {
        <div class="lab-view">
            <div class="intro">
                <h1>{move || say!(lang, lab.title)}</h1>
                <p class="lead">{move || say!(lang, lab.lead)}</p>
            </div>
            <form::LabForm lab/>
            <Show when=move || begun.get()>
                <section class="panel lab-run" aria-labelledby="lab-run">
                    <h2 id="lab-run" tabindex="-1">{move || say!(lang, lab.run.title)}</h2>
                    <outcome::LabProgress lab/>
                    <outcome::Conclusion lab/>
                    <rows::Rows lab/>
                    <rows::RowNumbers lab/>
                    <export::Export lab/>
                </section>
            </Show>
            <full_size::FullSize/>
            <limits::Limits/>
        </div>
    }
    .into_any()
}
