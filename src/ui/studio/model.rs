//! Metadata of the weights.

use leptos::prelude::*;

use crate::ui::engine::client::EngineClient;
use crate::ui::words::{say, use_lang};

/// A folded list: data set, licence, amount of training, and hash of the weights.
#[component]
pub fn WeightsFacts(
    /// The engines.
    engines: EngineClient,
) -> impl IntoView {
    let lang = use_lang();
    let facts = move || {
        let model = engines.model.get()?;
        let kimg = lang.number(f64::from(model.kimg));
        let size = model.size.to_string();
        Some(view! {
            <dl class="facts">
                <div><dt>{say!(lang, model.dataset)}</dt><dd>{model.dataset.clone()}</dd></div>
                <div><dt>{say!(lang, model.attribution)}</dt><dd>{model.attribution.clone()}</dd></div>
                <div><dt>{say!(lang, model.licence)}</dt><dd>{model.licence.clone()}</dd></div>
                <div><dt>{say!(lang, model.training)}</dt><dd>{say!(lang, model.kimg, count = kimg)}</dd></div>
                <div>
                    <dt>{say!(lang, model.preset)}</dt>
                    <dd>{say!(lang, model.preset_value, preset = model.preset.clone(), size = size)}</dd>
                </div>
                <div><dt>{say!(lang, model.date)}</dt><dd>{model.date.clone()}</dd></div>
                <div><dt>{say!(lang, model.sha256)}</dt><dd class="fingerprint">{model.sha256.clone()}</dd></div>
            </dl>
        })
    };
    view! {
        <details class="about" hidden=move || engines.model.with(Option::is_none)>
            <summary>{move || say!(lang, model.title)}</summary>
            {facts}
        </details>
    }
}
