//! The heads of which a part can be taken.

use leptos::prelude::*;

use super::stack::StackPanel;
use super::state::IntakeState;
use crate::ui::words::{say, use_lang};

/// Heads up to which the panels are open.
const FEW: usize = 2;

/// A panel for each head with many slices.
#[component]
pub fn Stacks(
    /// What was read.
    intake: IntakeState,
) -> impl IntoView {
    let lang = use_lang();
    let stacks = Memo::new(move |_| {
        let keys = |it: &crate::slices::collection::Collection| {
            it.heads.iter().filter(|head| head.is_stack).map(|head| head.key.clone()).collect::<Vec<_>>()
        };
        intake.about(keys).unwrap_or_default()
    });
    let few = move || stacks.with(|stacks| stacks.len() <= FEW);
    view! {
        <Show when=move || stacks.with(|stacks| !stacks.is_empty())>
            <section class="stacks" data-testid="volumes" aria-labelledby="stacks">
                <h3 id="stacks">{move || say!(lang, intake.stack.title)}</h3>
                <p>{move || say!(lang, intake.stack.text)}</p>
                <For each=move || stacks.get() key=|key| key.clone() let:key>
                    <StackPanel intake key open=few()/>
                </For>
            </section>
        </Show>
    }
}
