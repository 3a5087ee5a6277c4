//! The morph on screen: two ends, what lies between, a button and a slider.

use std::time::Duration;

use leptos::{ev, prelude::*};

use super::canvas::ScanCanvas;
use super::morph::{Morph, STEPS};
use super::state::Studio;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::words::{say, use_lang};

/// Time a step stays while playing: two seconds from end to end.
const TEMPO: Duration = Duration::from_millis(60);

/// From one scan to another.
#[component]
pub fn MorphView(
    /// The studio.
    studio: Studio,
) -> impl IntoView {
    let lang = use_lang();
    let morph = Morph::new(studio);
    keep_time(morph);
    let percent = move || (morph.position.get() * 100 / (STEPS - 1)).to_string();
    let alt = move || say!(lang, morph.alt, percent = percent());
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
                    on:click=move |_| morph.toggle(!wants_stillness())>
                    {move || view! { <Icon shape=play_shape()/> }}{play_words}
                </button>
                <input type="range" data-testid="morph-scrub" min="0" max=STEPS - 1 step="1"
                    aria-label=move || say!(lang, morph.position) aria-valuetext=move || format!("{} %", percent())
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

/// One of the two scans that it goes between.
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

/// Moves it while it plays, and pauses when nobody can see it.
fn keep_time(morph: Morph) {
    let timer = StoredValue::new(None::<IntervalHandle>);
    let stop = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    Effect::new(move || {
        stop();
        if morph.playing.get() {
            timer.set_value(set_interval_with_handle(move || morph.advance(), TEMPO).ok());
        }
    });
    let hidden = window_event_listener(ev::Custom::<ev::Event>::new("visibilitychange"), move |_| {
        if document().hidden() {
            morph.playing.set(false);
        }
    });
    on_cleanup(move || {
        stop();
        hidden.remove();
    });
}

/// Whether the visitor asked their system for less motion.
fn wants_stillness() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)");
    query.ok().flatten().is_some_and(|query| query.matches())
}
