//! A checkbox with its name and an explanation.

use leptos::prelude::*;

/// The checkbox and, as another element after it, the explanation, which has the `id` of the test with `-hint` after it.
#[component]
pub fn CheckField(
    /// `data-testid` of the checkbox.
    testid: &'static str,
    /// Its name.
    #[prop(into)]
    label: Signal<String>,
    /// The explanation.
    #[prop(into)]
    hint: Signal<String>,
    /// Whether it is ticked.
    #[prop(into)]
    checked: Signal<bool>,
    /// Whether it cannot be used.
    #[prop(into, optional)]
    disabled: Signal<bool>,
    /// Called with each change.
    change: impl Fn(bool) + 'static,
) -> impl IntoView {
    let id = format!("{testid}-hint");
    view! {
        <label class="check">
            <input type="checkbox" data-testid=testid aria-describedby=id.clone() disabled=disabled prop:checked=checked
                on:change=move |event| change(event_target_checked(&event))/>
            <span>{label}</span>
        </label>
        <p class="hint" id=id>{hint}</p>
    }
}
