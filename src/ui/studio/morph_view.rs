//! The morph: two ends, the scan between them, a button and a slider.

use std::time::Duration;

use leptos::prelude::*;

use super::canvas::ScanCanvas;
use super::morph::{Morph, STEPS};
use super::state::Studio;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::timer::{prefers_reduced_motion, use_interval};
use crate::ui::words::{say, use_lang};

/// Time for each step while playing: two seconds from end to end.
const STEP_TIME: Duration = Duration::from_millis(60);

/// The section.
#[component]
pub fn MorphView(
    /// The studio.
    studio: Studio,
) -> impl IntoView {
    let lang = use_lang();
    let morph = Morph::new(studio);
    use_interval(morph.playing.into(), STEP_TIME, move || morph.advance());
    let part = move || morph.position.get() as f64 / (STEPS - 1) as f64;
    let alt = move || say!(lang, morph.alt, percent = lang.numbers().decimal(100.0 * part(), 0));
    let play_words = move || match (morph.making.get(), morph.playing.get()) {
        (true, _) => say!(lang, morph.making),
        (false, true) => say!(lang, morph.pause),
        (false, false) => say!(lang, morph.play),
    };
    let play_shape = move || if morph.playing.get() { Shape::Pause } else { Shape::Play };
    let hint = move || match morph.is_pointless() {
        false => say!(lang, morph.pick),
        true => say!(lang, morph.same),
    };
    view! {
        <section class="morph" aria-labelledby="morph">
            <h2 id="morph">{move || say!(lang, morph.title)}</h2>
            <p>{move || say!(lang, morph.lead)}</p>
            <div class="stage">
                <End morph end=0/>
                <div class="between">
                    <ScanCanvas testid="morph-scan" scan=Signal::derive(move || morph.shown()) overlay=studio.overlay
                        alt=Signal::derive(alt)/>
                </div>
                <End morph end=1/>
            </div>
            <div class="transport">
                <button type="button" data-testid="morph-play" disabled=move || morph.making.get() || !morph.is_possible()
                    on:click=move |_| morph.toggle(!prefers_reduced_motion())>
                    {move || view! { <Icon shape=play_shape()/> }}{play_words}
                </button>
                <input type="range" data-testid="morph-scrub" min="0" max=STEPS - 1 step="1"
                    aria-label=move || say!(lang, morph.position) aria-valuetext=move || lang.numbers().percent(part())
                    disabled=move || !morph.is_possible() prop:value=move || morph.position.get().to_string()
                    on:input=move |event| {
                        if let Ok(position) = event_target_value(&event).parse() {
                            morph.scrub(position);
                        }
                    }/>
            </div>
            <p class="hint">{hint}</p>
        </section>
    }
}

/// One of the two ends.
#[component]
fn End(morph: Morph, end: usize) -> impl IntoView {
    let lang = use_lang();
    let name = move || if end == 0 { say!(lang, morph.start) } else { say!(lang, morph.end) };
    let scan = Signal::derive(move || morph.ends.with(|ends| ends[end].clone()));
    let seed = move || scan.get().map(|scan| say!(lang, scan.seed, seed = scan.seed.to_string()));
    view! {
        <figure class="end">
            <ScanCanvas scan overlay=false alt=Signal::derive(move || name().to_owned())/>
            <figcaption><span>{name}</span><span class="seed">{seed}</span></figcaption>
        </figure>
    }
}
