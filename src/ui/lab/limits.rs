//! The limits of the experiment, and what others found.

use leptos::prelude::*;

use crate::ui::story::evidence::Studies;
use crate::ui::words::{say, use_lang};

/// Both.
#[component]
pub fn Limits() -> impl IntoView {
    let lang = use_lang();
    view! {
        <section class="panel lab-limits" aria-labelledby="lab-limits">
            <h2 id="lab-limits">{move || say!(lang, lab.limits.title)}</h2>
            <ul class="lab-list">
                <li>{move || say!(lang, lab.limits.small)}</li>
                <li>{move || say!(lang, lab.limits.unclear)}</li>
                <li>{move || say!(lang, lab.limits.same_source)}</li>
                <li>{move || say!(lang, lab.limits.generator)}</li>
                <li>{move || say!(lang, lab.limits.tables)}</li>
            </ul>
        </section>
        <section class="panel" aria-labelledby="lab-method">
            <h2 id="lab-method">{move || say!(lang, lab.method.title)}</h2>
            <ul class="lab-list">
                <li>{move || say!(lang, lab.method.arms)}</li>
                <li>{move || say!(lang, lab.method.people)}</li>
                <li>{move || say!(lang, lab.method.leak)}</li>
                <li>{move || say!(lang, lab.method.interval)}</li>
            </ul>
        </section>
        <section class="lab-studies" aria-labelledby="lab-studies">
            <h2 id="lab-studies">{move || say!(lang, lab.limits.studies)}</h2>
            <Studies/>
        </section>
    }
}
