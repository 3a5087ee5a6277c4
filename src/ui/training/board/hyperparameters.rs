//! The hyperparameters that can be changed during training, each within safe limits.

use leptos::prelude::*;

use crate::ui::logic::log_slider;
use crate::ui::training::trainer::{AUGMENTS, BATCHES, GAMMAS, RATES, Trainer, Tuning};
use crate::ui::words::{say, use_lang};

/// Highest position of the augmentation slider.
const AUGMENT_POSITIONS: u32 = 16;
/// Difference in batch size between two positions.
const BATCH_STEP: usize = 2;

/// Sliders for learning rate, augmentation, batch size and gradient penalty.
#[component]
pub fn HyperparameterControls(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    let tune = move |change: &dyn Fn(&mut Tuning)| {
        let mut tuning = trainer.tuning.get_untracked();
        change(&mut tuning);
        trainer.tune(tuning);
    };
    let tuning = trainer.tuning;
    let highest = *AUGMENTS.end();
    let augment = move |position: u32| f64::from(position) * highest / f64::from(AUGMENT_POSITIONS);
    let batch = |position: u32| BATCHES.start() + position as usize * BATCH_STEP;
    let percent = move |position: u32| {
        say!(lang, training.knobs.percent, percent = lang.numbers().decimal(augment(position) * 100.0, 0))
    };
    view! {
        <HyperparameterSlider testid="knob-rate" last=log_slider::STEPS
            label=Signal::derive(move || say!(lang, training.knobs.rate).to_owned())
            hint=Signal::derive(move || say!(lang, training.knobs.rate_hint).to_owned())
            position=Signal::derive(move || log_slider::position(tuning.get().rate, &RATES))
            words=move |position| lang.numbers().two_significant(log_slider::value(position, &RATES))
            set=move |position| tune(&|tuning| tuning.rate = log_slider::value(position, &RATES))/>
        <HyperparameterSlider testid="knob-augment" last=AUGMENT_POSITIONS
            label=Signal::derive(move || say!(lang, training.knobs.augment).to_owned())
            hint=Signal::derive(move || say!(lang, training.knobs.augment_hint).to_owned())
            position=Signal::derive(move || (tuning.get().augment / highest * f64::from(AUGMENT_POSITIONS)).round() as u32)
            words=percent set=move |position| tune(&|tuning| tuning.augment = augment(position))/>
        <HyperparameterSlider testid="knob-batch" last=((BATCHES.end() - BATCHES.start()) / BATCH_STEP) as u32
            label=Signal::derive(move || say!(lang, training.knobs.batch).to_owned())
            hint=Signal::derive(move || say!(lang, training.knobs.batch_hint).to_owned())
            position=Signal::derive(move || (tuning.get().batch.saturating_sub(*BATCHES.start()) / BATCH_STEP) as u32)
            words=move |position| batch(position).to_string() set=move |position| tune(&|tuning| tuning.batch = batch(position))/>
        <HyperparameterSlider testid="knob-gamma" last=log_slider::STEPS
            label=Signal::derive(move || say!(lang, training.knobs.gamma).to_owned())
            hint=Signal::derive(move || say!(lang, training.knobs.gamma_hint).to_owned())
            position=Signal::derive(move || log_slider::position(tuning.get().gamma, &GAMMAS))
            words=move |position| lang.numbers().two_significant(log_slider::value(position, &GAMMAS))
            set=move |position| tune(&|tuning| tuning.gamma = log_slider::value(position, &GAMMAS))/>
    }
}

/// A slider with label, value and hint. Its positions are indices; the caller maps them to values. The value is applied when
/// the slider is released.
#[component]
fn HyperparameterSlider(
    /// Name of the hyperparameter.
    #[prop(into)]
    label: Signal<String>,
    /// What it does.
    #[prop(into)]
    hint: Signal<String>,
    /// Name for tests.
    testid: &'static str,
    /// The highest position; the lowest is 0.
    last: u32,
    /// The position.
    #[prop(into)]
    position: Signal<u32>,
    /// The value at a position, in words.
    words: impl Fn(u32) -> String + Copy + Send + Sync + 'static,
    /// Called with the new position.
    set: impl Fn(u32) + 'static,
) -> impl IntoView {
    let (id, hint_id) = (format!("knob-{testid}"), format!("knob-{testid}-hint"));
    // The position while the slider is being moved.
    let moving = RwSignal::new(None::<u32>);
    let shown = move || words(moving.get().unwrap_or_else(|| position.get()));
    view! {
        <div class="slider">
            <label for=id.clone()>{label}</label>
            <output for=id.clone()>{shown}</output>
            <input type="range" id=id min="0" max=last step="1" data-testid=testid aria-describedby=hint_id.clone()
                aria-valuetext=shown prop:value=move || position.get().to_string()
                on:input=move |event| moving.set(event_target_value(&event).parse().ok())
                on:change=move |event| {
                    moving.set(None);
                    if let Ok(position) = event_target_value(&event).parse() {
                        set(position);
                    }
                }/>
            <p class="hint" id=hint_id>{hint}</p>
        </div>
    }
}

/// The panel with the sliders, shown once a training has started.
#[component]
pub fn HyperparameterPanel(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    view! {
        <section class="panel" aria-labelledby="knobs">
            <h2 id="knobs">{move || say!(lang, training.knobs.title)}</h2>
            <p>{move || say!(lang, training.knobs.lead)}</p>
            <HyperparameterControls trainer/>
        </section>
    }
}
