//! The section on the model in use: metadata of the weights, architecture and limits.

use std::sync::Arc;

use leptos::prelude::*;

use super::section::{AboutPart, AboutSection};
use crate::engine::making::protocol::ModelInfo;
use crate::ui::engine::{client::EngineClient, engines::Phase};
use crate::ui::names::class_name;
use crate::ui::words::{Lang, say, use_lang};

/// The section.
#[component]
pub fn WeightsCard(
    /// The engines.
    engines: EngineClient,
) -> impl IntoView {
    let lang = use_lang();
    let facts = move || match (engines.model.get(), engines.phase.get()) {
        (Some(model), _) => own(lang, &model).into_any(),
        (None, Phase::Failed(_)) => view! { <p class="hint">{say!(lang, about.card.missing)}</p> }.into_any(),
        (None, _) => view! { <p class="hint">{say!(lang, about.card.waiting)}</p> }.into_any(),
    };
    view! {
        <AboutSection part=AboutPart::Card>
            <p>{move || say!(lang, about.card.lead)}</p>
            <div data-testid="model-card">{facts}</div>

            <h3>{move || say!(lang, about.card.network)}</h3>
            <p>{move || say!(lang, about.card.network_text)}</p>
            <p>{move || say!(lang, about.card.meaning_text)}</p>
            <p>{move || say!(lang, about.card.data_text)}</p>

            <h3>{move || say!(lang, about.card.bounds)}</h3>
            <ul class="points">
                <li>{move || say!(lang, about.card.bounds_care)}</li>
                <li>{move || say!(lang, about.card.bounds_ai)}</li>
                <li>{move || say!(lang, about.card.bounds_pretend)}</li>
                <li>{move || say!(lang, about.card.bounds_trace)}</li>
                <li>{move || say!(lang, about.card.bounds_money)}</li>
            </ul>

            <h3>{move || say!(lang, about.card.anonymous)}</h3>
            <p>{move || say!(lang, about.card.anonymous_text)}</p>
        </AboutSection>
    }
}

/// Metadata of the weights.
fn own(lang: Lang, model: &Arc<ModelInfo>) -> impl IntoView + use<> {
    let kimg = lang.number(f64::from(model.kimg));
    let size = model.size.to_string();
    let classes: Vec<String> = model.classes.iter().map(|key| class_name(lang, key)).collect();
    view! {
        <dl class="facts">
            <div>
                <dt>{say!(lang, model.preset)}</dt>
                <dd>{say!(lang, model.preset_value, preset = model.preset.clone(), size = size)}</dd>
            </div>
            <div><dt>{say!(lang, about.card.classes)}</dt><dd>{classes.join(", ")}</dd></div>
            // Names and attribution from the file, in English.
            <div><dt>{say!(lang, model.dataset)}</dt><dd lang="en">{model.dataset.clone()}</dd></div>
            <div><dt>{say!(lang, model.training)}</dt><dd>{say!(lang, model.kimg, count = kimg)}</dd></div>
            <div><dt>{say!(lang, model.date)}</dt><dd>{model.date.clone()}</dd></div>
            <div><dt>{say!(lang, model.licence)}</dt><dd>{model.licence.clone()}</dd></div>
            <div><dt>{say!(lang, model.attribution)}</dt><dd lang="en">{model.attribution.clone()}</dd></div>
            <div><dt>{say!(lang, model.sha256)}</dt><dd class="fingerprint">{model.sha256.clone()}</dd></div>
        </dl>
    }
}
