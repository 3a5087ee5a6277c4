//! The privacy promise, and how anyone can check it.

use leptos::prelude::*;

use super::section::{AboutPart, AboutSection};
use crate::ui::offline::OfflineState;
use crate::ui::words::{say, use_lang};

/// The section on privacy.
#[component]
pub fn Privacy() -> impl IntoView {
    let lang = use_lang();
    let rules = policy();
    let rules = move || match &rules {
        Some(lines) => {
            let text = lines.iter().map(|line| format!("{line};")).collect::<Vec<_>>().join("\n");
            view! { <pre tabindex="0" lang="en" aria-label="Content-Security-Policy" role="region" data-testid="policy">{text}</pre> }.into_any()
        }
        None => view! { <p class="hint">{say!(lang, about.privacy.policy_missing)}</p> }.into_any(),
    };
    view! {
        <AboutSection part=AboutPart::Privacy>
            <p><strong>{move || say!(lang, about.privacy.promise)}</strong></p>
            <p>{move || say!(lang, about.privacy.server)}</p>
            <h3>{move || say!(lang, about.privacy.check)}</h3>
            <ol class="checks">
                <li>
                    <strong>{move || say!(lang, about.privacy.offline)}</strong>" "
                    {move || say!(lang, about.privacy.offline_text)}
                    <p class="hint"><OfflineState/></p>
                </li>
                <li>
                    <strong>{move || say!(lang, about.privacy.network)}</strong>" "
                    {move || say!(lang, about.privacy.network_text)}
                </li>
                <li>
                    <strong>{move || say!(lang, about.privacy.policy)}</strong>" "
                    {move || say!(lang, about.privacy.policy_text)}
                    {rules}
                </li>
            </ol>
            <h3>{move || say!(lang, about.privacy.own)}</h3>
            <p>{move || say!(lang, about.privacy.own_text)}</p>
            <h3>{move || say!(lang, about.privacy.camera)}</h3>
            <p>{move || say!(lang, about.privacy.camera_text)}</p>
            <h3>{move || say!(lang, about.privacy.stored)}</h3>
            <p>{move || say!(lang, about.privacy.stored_text)}</p>
            <h3>{move || say!(lang, about.privacy.remove)}</h3>
            <p>{move || say!(lang, about.privacy.remove_text)}</p>
        </AboutSection>
    }
}

/// The directives of the page's Content-Security-Policy, one each; none if the page has no policy.
fn policy() -> Option<Vec<String>> {
    let meta = document().query_selector("meta[http-equiv='Content-Security-Policy']").ok().flatten()?;
    let text = meta.get_attribute("content")?;
    let lines: Vec<String> =
        text.split(';').map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    Some(lines.into_iter().filter(|line| !line.is_empty()).collect())
}
