//! A labelled slider.

use leptos::prelude::*;

use crate::ui::words::use_lang;

/// A slider with name and value.
#[component]
pub fn Slider(
    /// Its label.
    #[prop(into)]
    label: Signal<String>,
    /// Smallest and largest value.
    range: (f32, f32),
    /// The value.
    #[prop(into)]
    value: Signal<f32>,
    /// A short explanation.
    #[prop(into, optional)]
    hint: Option<Signal<String>>,
    /// Name for tests.
    #[prop(into)]
    testid: String,
    /// Called with each value; the flag is true when the slider is released.
    slide: impl Fn(f32, bool) + Clone + 'static,
) -> impl IntoView {
    let lang = use_lang();
    let id = format!("slider-{testid}");
    let hint_id = hint.map(|_| format!("{id}-hint"));
    let report = move |event: &web_sys::Event, rested: bool| {
        if let Ok(value) = event_target_value(event).parse() {
            slide(value, rested);
        }
    };
    let moved = report.clone();
    let shown = move || {
        let value = value.get();
        let sign = if value > 0.0 && range.0 < 0.0 { "+" } else { "" };
        format!("{sign}{}", lang.number(f64::from(value)))
    };
    let described = hint_id.clone();
    view! {
        <div class="slider">
            <label for=id.clone()>{label}</label>
            <output for=id.clone()>{shown}</output>
            <input type="range" id=id min=range.0 max=range.1 step="0.1" data-testid=testid.clone() aria-describedby=described
                prop:value=move || value.get().to_string() aria-valuetext=shown
                on:input=move |event| moved(event.as_ref(), false)
                on:change=move |event| report(event.as_ref(), true)/>
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
        </div>
    }
}
