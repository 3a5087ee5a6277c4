//! A slider with a button at each end.

use leptos::{ev::MouseEvent, prelude::*};

use crate::ui::page::icon::{Icon, Shape};

/// The slider.
#[component]
pub fn StepSlider(
    /// Accessible name.
    #[prop(into)]
    label: Signal<String>,
    /// The value in words.
    #[prop(into)]
    meaning: Signal<String>,
    /// The largest value; the smallest is 0.
    #[prop(into)]
    last: Signal<usize>,
    /// Steps per press of a button; 1 by default.
    #[prop(optional)]
    stride: Option<usize>,
    /// Accessible names of the buttons.
    #[prop(into)]
    buttons: Signal<[String; 2]>,
    /// The value.
    #[prop(into)]
    value: Signal<usize>,
    /// Called with each new value.
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
