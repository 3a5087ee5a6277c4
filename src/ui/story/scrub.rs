//! A slider with a button at either end, for who would rather press than drag.

use leptos::{ev::MouseEvent, prelude::*};

use crate::ui::page::icon::{Icon, Shape};

/// The slider.
#[component]
pub fn Scrub(
    /// Its name.
    #[prop(into)]
    label: Signal<String>,
    /// What its value means.
    #[prop(into)]
    meaning: Signal<String>,
    /// Its last step; the first is 0.
    #[prop(into)]
    last: Signal<usize>,
    /// Steps that a button takes.
    #[prop(optional)]
    stride: Option<usize>,
    /// Names of the buttons.
    #[prop(into)]
    buttons: Signal<[String; 2]>,
    /// Where it is.
    #[prop(into)]
    value: Signal<usize>,
    /// Hears where it goes.
    go: impl Fn(usize) + Copy + 'static,
    /// Name for tests.
    testid: &'static str,
) -> impl IntoView {
    let stride = stride.unwrap_or(1);
    let back = move |_: MouseEvent| go(value.get_untracked().saturating_sub(stride));
    let forth = move |_: MouseEvent| go((value.get_untracked() + stride).min(last.get_untracked()));
    let (at_start, at_end) = (move || value.get() == 0, move || value.get() >= last.get());
    view! {
        <div class="scrub">
            <button type="button" class="round" aria-label=move || buttons.get()[0].clone() disabled=at_start
                on:click=back>
                <Icon shape=Shape::Left/>
            </button>
            <input type="range" data-testid=testid min="0" max=move || last.get() step="1" aria-label=label
                aria-valuetext=meaning prop:value=move || value.get().to_string()
                on:input=move |event| {
                    if let Ok(value) = event_target_value(&event).parse() {
                        go(value);
                    }
                }/>
            <button type="button" class="round" aria-label=move || buttons.get()[1].clone()
                disabled=at_end on:click=forth>
                <Icon shape=Shape::Right/>
            </button>
        </div>
    }
}
