//! The forecast: what this device will reach in a few minutes, from the speed of the warm-up steps.

use leptos::prelude::*;

use crate::ui::logic::forecast::{ExpectedQuality, MINUTES, Milestone, Start};
use crate::ui::logic::numbers::round_count;
use crate::ui::training::trainer::{DeviceKind, Forecast, Pause, StartChoice, Trainer, TrainingPhase};
use crate::ui::words::{Lang, say, use_lang};

/// Folder of the pictures: four scans of a training at each level. `cargo xtask minutes --levels` makes them.
const LEVELS: &str = "levels/";

/// The card. It is shown from the end of the warm-up until the first step.
#[component]
pub fn ForecastCard(
    /// The training.
    trainer: Trainer,
) -> impl IntoView {
    let lang = use_lang();
    let waiting = move || {
        trainer.phase.with(|phase| matches!(phase, TrainingPhase::Paused(Pause::Asked | Pause::Hidden)))
            && trainer.counts.with(|counts| counts.steps == 0)
    };
    let forecast = Memo::new(move |_| waiting().then(|| trainer.forecast.get()).flatten());
    let fresh = move || trainer.plan.with(|plan| plan.start == StartChoice::Random);
    let start = move || match (fresh(), trainer.judged.get()) {
        (true, _) => Start::Random,
        (false, false) => Start::Trained,
        (false, true) => Start::Judged,
    };
    move || {
        let forecast = forecast.get()?;
        let rows =
            MINUTES.map(|minutes| row(lang, Milestone::after(minutes, forecast.step_millis, forecast.batch, start())));
        let basis = if fresh() {
            say!(lang, training.forecast.basis_nothing)
        } else {
            say!(lang, training.forecast.basis_trained)
        };
        Some(view! {
            <section class="panel forecast" data-testid="forecast" data-rate=forecast.images_per_second() aria-labelledby="forecast">
                <h3 id="forecast">{say!(lang, training.forecast.title)}</h3>
                <p>{measured_speed(lang, trainer, forecast)}</p>
                <dl class="facts">{rows}</dl>
                <p class="hint">{basis}" "{say!(lang, training.forecast.not_a_promise)}</p>
            </section>
        })
    }
}

/// The measured speed of this device, in words.
fn measured_speed(lang: Lang, trainer: Trainer, forecast: Forecast) -> String {
    let (seconds, rate) = (lang.number(forecast.step_millis / 1000.0), lang.number(forecast.images_per_second()));
    let on_card = trainer.device.with(|device| device.as_ref().is_some_and(|device| device.kind == DeviceKind::Gpu));
    let batch = forecast.batch;
    // On a fast GPU a step takes a few milliseconds.
    if forecast.step_millis < 100.0 {
        let millis = lang.number(forecast.step_millis);
        return say!(lang, training.forecast.measured_millis, batch = batch, millis = millis, rate = rate);
    }
    match on_card {
        true => say!(lang, training.forecast.measured_gpu, batch = batch, seconds = seconds, rate = rate),
        false => say!(lang, training.forecast.measured_cpu, batch = batch, seconds = seconds, rate = rate),
    }
}

fn row(lang: Lang, milestone: Milestone) -> impl IntoView {
    let Milestone { minutes, steps, images, quality } = milestone;
    let after = match minutes {
        1 => say!(lang, training.forecast.after_one).to_owned(),
        minutes => say!(lang, training.forecast.after, minutes = minutes),
    };
    let (steps, images) =
        (lang.numbers().grouped(round_count(steps, 2)), lang.numbers().grouped(round_count(images, 2)));
    view! {
        <div data-minutes=minutes>
            <dt>{after}</dt>
            <dd>
                <strong>{quality_words(lang, quality)}</strong>" "
                <span class="hint">{say!(lang, training.forecast.by_then, steps = steps, images = images)}</span>
                {quality.picture().map(|name| view! {
                    <img src=format!("{LEVELS}{name}.webp") alt=say!(lang, training.forecast.picture)
                        width="256" height="64" loading="lazy" data-level=name/>
                })}
            </dd>
        </div>
    }
}

fn quality_words(lang: Lang, quality: ExpectedQuality) -> &'static str {
    match quality {
        ExpectedQuality::Noise => say!(lang, training.forecast.noise),
        ExpectedQuality::Blobs => say!(lang, training.forecast.blobs),
        ExpectedQuality::HeadSized => say!(lang, training.forecast.head_sized),
        ExpectedQuality::Heads => say!(lang, training.forecast.heads),
        ExpectedQuality::Lesions => say!(lang, training.forecast.lesions),
        ExpectedQuality::AsBefore => say!(lang, training.forecast.as_before),
        ExpectedQuality::Soft => say!(lang, training.forecast.soft),
        ExpectedQuality::Brightness => say!(lang, training.forecast.brightness),
        ExpectedQuality::Classes => say!(lang, training.forecast.classes),
    }
}
