//! One slider of the knobs: a place on it stands for a number that only its owner knows.

use leptos::prelude::*;

/// A slider with its name, its value in words and what it does. It is turned when the hand lets go.
#[component]
pub fn HyperparameterSlider(
    /// Its name.
    #[prop(into)]
    label: Signal<String>,
    /// What it does.
    #[prop(into)]
    hint: Signal<String>,
    /// Name for tests.
    testid: &'static str,
    /// The last place; the first is 0.
    last: u32,
    /// Where it is.
    #[prop(into)]
    place: Signal<u32>,
    /// What a place stands for.
    words: impl Fn(u32) -> String + Copy + Send + Sync + 'static,
    /// Hears the new place.
    turn: impl Fn(u32) + 'static,
) -> impl IntoView {
    let (id, hint_id) = (format!("knob-{testid}"), format!("knob-{testid}-hint"));
    // While a hand moves it: where it is then.
    let held = RwSignal::new(None::<u32>);
    let shown = move || words(held.get().unwrap_or_else(|| place.get()));
    view! {
        <div class="slider">
            <label for=id.clone()>{label}</label>
            <output for=id.clone()>{shown}</output>
            <input type="range" id=id min="0" max=last step="1" data-testid=testid aria-describedby=hint_id.clone()
                aria-valuetext=shown prop:value=move || place.get().to_string()
                on:input=move |event| held.set(event_target_value(&event).parse().ok())
                on:change=move |event| {
                    held.set(None);
                    if let Ok(place) = event_target_value(&event).parse() {
                        turn(place);
                    }
                }/>
            <p class="hint" id=hint_id>{hint}</p>
        </div>
    }
}
