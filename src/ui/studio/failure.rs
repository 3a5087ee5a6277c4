//! What went wrong, in words, with one button to go on.

use leptos::{html::Section, prelude::*};

use crate::ui::engine::supervisor::{Phase, Supervisor};
use crate::ui::logic::trouble::Trouble;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::words::{Lang, say, use_lang};

/// The panel; there only while something is wrong.
#[component]
pub fn FailurePanel(
    /// The engines.
    supervisor: Supervisor,
) -> impl IntoView {
    let lang = use_lang();
    let node = NodeRef::<Section>::new();
    // It may come while the visitor looks at something further down.
    Effect::new(move || {
        if let Some(panel) = node.get() {
            panel.scroll_into_view();
        }
    });
    let report = move || match supervisor.phase.get() {
        Phase::Failed(report) => Some(report),
        _ => None,
    };
    move || {
        let report = report()?;
        let (title, text) = explain(lang, report.trouble);
        let go_on = match report.trouble {
            Trouble::GpuLost => say!(lang, trouble.on_cpu),
            _ => say!(lang, trouble.again),
        };
        Some(view! {
            <section node_ref=node class="failure" role="alert" data-testid="failure">
                <h2><Icon shape=Shape::Warning/>{title}</h2>
                <p>{text}</p>
                <button type="button" class="primary" data-testid="continue" on:click=move |_| supervisor.resume()>
                    {go_on}
                </button>
                <details><summary>{say!(lang, trouble.detail)}</summary><p lang="en"><code>{report.detail}</code></p></details>
            </section>
        })
    }
}

fn explain(lang: Lang, trouble: Trouble) -> (&'static str, &'static str) {
    match trouble {
        Trouble::WeightsMissing => (say!(lang, trouble.weights_missing), say!(lang, trouble.weights_missing_text)),
        Trouble::WeightsBroken => (say!(lang, trouble.weights_broken), say!(lang, trouble.weights_broken_text)),
        Trouble::Engine => (say!(lang, trouble.engine), say!(lang, trouble.engine_text)),
        Trouble::Silence => (say!(lang, trouble.timeout), say!(lang, trouble.timeout_text)),
        Trouble::Wrong => (say!(lang, trouble.wrong), say!(lang, trouble.wrong_text)),
        Trouble::GpuLost => (say!(lang, trouble.gpu_lost), say!(lang, trouble.gpu_lost_text)),
    }
}
