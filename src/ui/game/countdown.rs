//! An optional countdown for each round. It pauses while the tab is hidden.

use std::time::Duration;

use leptos::leptos_dom::helpers::set_interval_with_handle;
use leptos::prelude::*;

use super::state::{Game, SECONDS};
use crate::ui::words::{say, use_lang};

/// Time between two updates.
const TICK: Duration = Duration::from_millis(200);

/// The time left for this round, if the visitor switched the countdown on.
#[component]
pub fn Countdown(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let left = RwSignal::new(SECONDS);
    let runs = Memo::new(move |_| {
        let open = game.quiz.with(Option::is_some) && game.round().is_some() && !game.is_answered();
        (game.timed.get() && open).then(|| game.round()).flatten()
    });
    Effect::new(move || {
        if runs.get().is_none() {
            return;
        }
        left.set(SECONDS);
        let seen = StoredValue::new(now());
        let tick = move || {
            let passed = now() - seen.try_get_value().unwrap_or_default();
            seen.try_set_value(now());
            if document().hidden() {
                return;
            }
            left.update(|left| *left -= passed);
            if left.get_untracked() <= 0.0 {
                game.choose(None);
            }
        };
        if let Ok(handle) = set_interval_with_handle(tick, TICK) {
            on_cleanup(move || handle.clear());
        }
    });
    let seconds = move || left.get().max(0.0).ceil();
    view! {
        <Show when=move || game.timed.get()>
            <p class="clock" data-testid="clock">
                <progress max=SECONDS value=move || left.get().max(0.0).to_string() aria-hidden="true"></progress>
                <span>{move || say!(lang, game.seconds, seconds = lang.numbers().decimal(seconds(), 0))}</span>
            </p>
        </Show>
    }
}

/// Seconds since the page was opened.
fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now() / 1000.0)
}
