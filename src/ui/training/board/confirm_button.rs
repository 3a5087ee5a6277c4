//! A button for what cannot be undone: it asks first.

use leptos::{html::Dialog, prelude::*};

use crate::ui::words::{say, use_lang};

/// The button and its question. The browser's own dialog keeps the focus inside and gives it back.
#[component]
pub fn ConfirmButton(
    /// What it does.
    #[prop(into)]
    label: Signal<String>,
    /// What is lost.
    #[prop(into)]
    question: Signal<String>,
    /// Name for tests; that of the answer is the same with `-yes`.
    testid: &'static str,
    /// Does it.
    act: impl Fn() + Clone + 'static,
) -> impl IntoView {
    let lang = use_lang();
    let node = NodeRef::<Dialog>::new();
    let open = move |_| {
        if let Some(dialog) = node.get_untracked() {
            let _ = dialog.show_modal();
        }
    };
    let close = move || {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    let yes = move |_| {
        close();
        act();
    };
    view! {
        <button type="button" data-testid=testid on:click=open>{label}</button>
        <dialog node_ref=node class="confirm" aria-label=question>
            <p>{question}</p>
            <div class="row">
                <button type="button" data-testid=format!("{testid}-no") on:click=move |_| close()>
                    {move || say!(lang, training.confirm.no)}
                </button>
                <button type="button" class="primary" data-testid=format!("{testid}-yes") on:click=yes>{label}</button>
            </div>
        </dialog>
    }
}
