//! What can be changed while it learns, each within sane ends.

use leptos::prelude::*;

use super::knob::HyperparameterSlider;
use crate::ui::logic::log_slider;
use crate::ui::training::trainer::{AUGMENTS, BATCHES, GAMMAS, RATES, Trainer, Tuning};
use crate::ui::words::{say, use_lang};

/// Places on the slider of the augmentation.
const AUGMENT_PLACES: u32 = 16;
/// Slices a step from one place to the next.
const BATCH_STEP: usize = 2;

/// Learning rate, augmentation, slices a step, regularisation.
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
    let augment = move |place: u32| f64::from(place) * highest / f64::from(AUGMENT_PLACES);
    let batch = |place: u32| BATCHES.start() + place as usize * BATCH_STEP;
    let percent = move |place: u32| {
        say!(lang, training.knobs.percent, percent = lang.numbers().decimal(augment(place) * 100.0, 0))
    };
    view! {
        <HyperparameterSlider testid="knob-rate" last=log_slider::STEPS
            label=Signal::derive(move || say!(lang, training.knobs.rate).to_owned())
            hint=Signal::derive(move || say!(lang, training.knobs.rate_hint).to_owned())
            place=Signal::derive(move || log_slider::place(tuning.get().rate, &RATES))
            words=move |place| lang.numbers().two_significant(log_slider::value(place, &RATES))
            turn=move |place| tune(&|tuning| tuning.rate = log_slider::value(place, &RATES))/>
        <HyperparameterSlider testid="knob-augment" last=AUGMENT_PLACES
            label=Signal::derive(move || say!(lang, training.knobs.augment).to_owned())
            hint=Signal::derive(move || say!(lang, training.knobs.augment_hint).to_owned())
            place=Signal::derive(move || (tuning.get().augment / highest * f64::from(AUGMENT_PLACES)).round() as u32)
            words=percent turn=move |place| tune(&|tuning| tuning.augment = augment(place))/>
        <HyperparameterSlider testid="knob-batch" last=((BATCHES.end() - BATCHES.start()) / BATCH_STEP) as u32
            label=Signal::derive(move || say!(lang, training.knobs.batch).to_owned())
            hint=Signal::derive(move || say!(lang, training.knobs.batch_hint).to_owned())
            place=Signal::derive(move || (tuning.get().batch.saturating_sub(*BATCHES.start()) / BATCH_STEP) as u32)
            words=move |place| batch(place).to_string() turn=move |place| tune(&|tuning| tuning.batch = batch(place))/>
        <HyperparameterSlider testid="knob-gamma" last=log_slider::STEPS
            label=Signal::derive(move || say!(lang, training.knobs.gamma).to_owned())
            hint=Signal::derive(move || say!(lang, training.knobs.gamma_hint).to_owned())
            place=Signal::derive(move || log_slider::place(tuning.get().gamma, &GAMMAS))
            words=move |place| lang.numbers().two_significant(log_slider::value(place, &GAMMAS))
            turn=move |place| tune(&|tuning| tuning.gamma = log_slider::value(place, &GAMMAS))/>
    }
}

/// The knobs of a training that was started.
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
