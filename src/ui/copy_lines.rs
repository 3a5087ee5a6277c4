//! Lines of text with a button that copies them.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::ui::page::icon::{Icon, Shape};
use crate::ui::words::{say, use_lang};

/// Result of copying.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Copied {
    Not,
    Done,
    Refused,
}

/// The lines, in English, and the button.
#[component]
pub fn CopyLines(
    /// The lines.
    #[prop(into)]
    lines: Signal<String>,
    /// What they are, for screen readers.
    label: Signal<&'static str>,
    /// Text of the button.
    copy: Signal<&'static str>,
    /// `data-testid` of the lines, and the start of that of the button.
    name: &'static str,
) -> impl IntoView {
    let lang = use_lang();
    let copied = RwSignal::new(Copied::Not);
    let on_click = move |_| {
        let text = lines.get_untracked();
        leptos::task::spawn_local(async move {
            let done = write(&text).await.is_ok();
            // The view may be gone.
            copied.try_set(if done { Copied::Done } else { Copied::Refused });
            set_timeout(
                move || {
                    copied.try_set(Copied::Not);
                },
                Duration::from_secs(6),
            );
        });
    };
    let outcome = move || match copied.get() {
        Copied::Not => "",
        Copied::Done => say!(lang, about.diagnostics.copied),
        Copied::Refused => say!(lang, about.diagnostics.refused),
    };
    view! {
        <pre lang="en" tabindex="0" role="region" data-testid=name aria-label=label>{move || lines.get()}</pre>
        <div class="row">
            <button type="button" data-testid=format!("{name}-copy") on:click=on_click>
                <Icon shape=Shape::Link/>{copy}
            </button>
            <p class="outcome" role="status">{outcome}</p>
        </div>
    }
}

/// Copies a text. The clipboard needs a secure context.
async fn write(text: &str) -> Result<(), JsValue> {
    if !window().is_secure_context() {
        return Err(JsValue::NULL);
    }
    JsFuture::from(window().navigator().clipboard().write_text(text)).await.map(drop)
}
