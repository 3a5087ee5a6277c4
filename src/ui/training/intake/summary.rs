//! What will be learned from, in numbers.

use std::sync::Arc;

use leptos::prelude::*;

use super::classes::{class_label, letter};
use super::state::IntakeState;
use crate::slices::collection::SliceSource;
use crate::slices::collection::selection::Selection;
use crate::slices::collection::selection::{MIN_SLICES, SelectionError};
use crate::slices::collection::split::{MIN_TO_SPLIT, SplitBy};
use crate::ui::words::{say, use_lang};

/// A line for when the rest is folded away.
#[component]
pub fn SummaryLine(
    /// What was chosen.
    intake: IntakeState,
) -> impl IntoView {
    let lang = use_lang();
    let words = move || match intake.selection.get() {
        Ok(selection) => say!(lang, intake.summary.short, slices = selection.len(), held_out = selection.held_out()),
        Err(_) => say!(lang, intake.summary.none).to_owned(),
    };
    view! { <p>{words}</p> }
}

/// The numbers, what is held out and why, and a way to forget everything.
#[component]
pub fn Summary(
    /// What was chosen.
    intake: IntakeState,
) -> impl IntoView {
    let lang = use_lang();
    let facts = move |selection: Arc<Selection>| {
        let fact = |name: String, value: String| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
        let known = selection.split_by == SplitBy::Heads && selection.source != SliceSource::Drawings;
        let count = (selection.len() - selection.held_out()).to_string();
        let masks = match selection.masks() {
            0 => say!(lang, intake.summary.no_masks).to_owned(),
            some => say!(lang, intake.summary.some_masks, count = some),
        };
        let note = match (selection.source, selection.split_by) {
            (_, SplitBy::NotSplit) => say!(lang, intake.summary.nothing_held_out, enough = MIN_TO_SPLIT),
            (SliceSource::Drawings, _) => say!(lang, intake.summary.drawings_held_out).to_owned(),
            (_, SplitBy::Heads) => say!(lang, intake.summary.heads_held_out).to_owned(),
            (_, SplitBy::Blocks) => say!(lang, intake.summary.rows_held_out).to_owned(),
        };
        let classes = intake
            .about(|it| {
                let count = |class: usize| it.training_slices().iter().filter(|slice| slice.class == class).count();
                let line =
                    |class: usize| format!("{} {}: {}", letter(class), class_label(lang, it, class), count(class));
                (0..it.classes.len()).filter(|class| count(*class) > 0).map(line).collect::<Vec<_>>()
            })
            .unwrap_or_default();
        view! {
            <dl class="facts">
                {fact(say!(lang, intake.summary.learned).to_owned(), count)}
                {fact(say!(lang, intake.summary.held_out).to_owned(), selection.held_out().to_string())}
                {known.then(|| fact(say!(lang, intake.summary.heads).to_owned(), selection.heads.to_string()))}
                {(classes.len() > 1).then(|| fact(say!(lang, intake.summary.classes).to_owned(), classes.join(", ")))}
                {fact(say!(lang, intake.summary.masks).to_owned(), masks)}
            </dl>
            <p class="hint">{note}</p>
        }
    };
    let body = move || match intake.selection.get() {
        Ok(selection) => facts(selection).into_any(),
        Err(SelectionError::Empty) => view! { <p class="problem">{say!(lang, intake.summary.none)}</p> }.into_any(),
        Err(SelectionError::TooFew { found }) => view! {
            <p class="problem">{say!(lang, intake.summary.too_few, found = found, fewest = MIN_SLICES)}</p>
        }
        .into_any(),
    };
    view! {
        <section class="panel sum" data-testid="intake-summary" aria-labelledby="sum"
            data-slices=move || intake.selection.with(|it| it.as_ref().map_or(0, |it| it.len()))
            data-held-out=move || intake.selection.with(|it| it.as_ref().map_or(0, |it| it.held_out()))
            data-heads=move || intake.selection.with(|it| it.as_ref().map_or(0, |it| it.heads))
            data-masks=move || intake.selection.with(|it| it.as_ref().map_or(0, |it| it.masks()))>
            <h3 id="sum">{move || say!(lang, intake.summary.title)}</h3>
            {body}
            <div class="row">
                <button type="button" data-testid="forget-slices" on:click=move |_| intake.forget()>
                    {move || say!(lang, intake.forget)}
                </button>
                <span class="hint">{move || say!(lang, intake.forget_hint)}</span>
            </div>
        </section>
    }
}
