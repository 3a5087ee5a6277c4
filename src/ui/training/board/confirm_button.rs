//! Confirmation of what cannot be undone: a dialog, and a button that opens it.

use leptos::{html::Dialog, prelude::*};

use crate::ui::words::{say, use_lang};

/// A button that asks for confirmation.
#[component]
pub fn ConfirmButton(
    /// Label of the button, and of the answer that confirms.
    #[prop(into)]
    label: Signal<String>,
    /// The question: it says what will be lost.
    #[prop(into)]
    question: Signal<String>,
    /// Name for tests. The answers add `-yes` and `-no`.
    testid: &'static str,
    /// Called after confirmation.
    act: impl Fn() + Clone + 'static,
) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    view! {
        <button type="button" data-testid=testid on:click=move |_| open(dialog)>{label}</button>
        <ConfirmDialog dialog label question testid act/>
    }
}

/// Opens a [`ConfirmDialog`].
pub fn open(dialog: NodeRef<Dialog>) {
    if let Some(dialog) = dialog.get_untracked() {
        let _ = dialog.show_modal();
    }
}

/// A question in a modal dialog of the browser, which also handles the keyboard focus.
#[component]
pub fn ConfirmDialog(
    /// The dialog element, for [`open`].
    dialog: NodeRef<Dialog>,
    /// Label of the answer that confirms.
    #[prop(into)]
    label: Signal<String>,
    /// The question: it says what will be lost.
    #[prop(into)]
    question: Signal<String>,
    /// Name for tests. The answers add `-yes` and `-no`.
    testid: &'static str,
    /// Called after confirmation.
    act: impl Fn() + Clone + 'static,
) -> impl IntoView {
    let lang = use_lang();
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let yes = move |_| {
        close();
        act();
    };
    view! {
        <dialog node_ref=dialog class="confirm" aria-label=question>
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
