//! What moves by itself.

use std::time::Duration;

use leptos::{ev, prelude::*};

/// Ticks while `running` says so and someone can see the page.
pub fn keep_time(running: Signal<bool>, tempo: Duration, tick: impl Fn() + Clone + 'static) {
    let timer = StoredValue::new(None::<IntervalHandle>);
    let hidden = RwSignal::new(document().hidden());
    let stop = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    Effect::new(move || {
        stop();
        if running.get() && !hidden.get() {
            timer.set_value(set_interval_with_handle(tick.clone(), tempo).ok());
        }
    });
    let listener = window_event_listener(ev::Custom::<ev::Event>::new("visibilitychange"), move |_| {
        hidden.set(document().hidden());
    });
    on_cleanup(move || {
        stop();
        listener.remove();
    });
}

/// Whether the visitor asked their system for less motion.
pub fn wants_stillness() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)");
    query.ok().flatten().is_some_and(|query| query.matches())
}
