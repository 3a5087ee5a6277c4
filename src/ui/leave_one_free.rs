//! The choice to leave one core of the processor free, for making scans and for training alike.

use leptos::prelude::*;

use super::engine::client::{EngineClient, processor};
use super::words::{say, use_lang};

/// A checkbox, if the processor has several cores to use.
#[component]
pub fn LeaveOneFree(
    /// The engines, which keep the choice.
    engines: EngineClient,
) -> impl IntoView {
    let lang = use_lang();
    (processor().workers(false) > 1).then(|| {
        view! {
            <label class="check">
                <input type="checkbox" data-testid="leave-one-free" prop:checked=engines.leaves_one_free
                    on:change=move |event| engines.leave_one_free(event_target_checked(&event))/>
                <span>{move || say!(lang, device.leave_one_free)}</span>
            </label>
        }
    })
}
