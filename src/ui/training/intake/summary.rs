//! The training set in numbers.

use std::sync::Arc;

use leptos::prelude::*;

use super::classes::{class_label, letter};
use super::state::IntakeState;
use crate::slices::collection::selection::Selection;
use crate::slices::collection::selection::{MIN_SLICES, SelectionError};
use crate::slices::collection::split::{MIN_TO_SPLIT, SplitBy};
use crate::slices::collection::{Collection, SliceSource};
use crate::ui::logic::set_warnings::SetWarnings;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::words::{Lang, say, use_lang};

/// Maximum number of sizes that a warning lists.
const LISTED_SIZES: usize = 4;

/// One line, shown while the intake is collapsed.
#[component]
pub fn SummaryLine(
    /// State of the intake.
    intake: IntakeState,
) -> impl IntoView {
    let lang = use_lang();
    let words = move || match intake.selection.get() {
        Ok(selection) => say!(lang, intake.summary.short, slices = selection.len(), held_out = selection.held_out()),
        Err(_) => say!(lang, intake.summary.none).to_owned(),
    };
    view! { <p>{words}</p> }
}

/// The numbers, what is held out and why, and a button that drops all slices.
#[component]
pub fn SelectionSummary(
    /// State of the intake.
    intake: IntakeState,
) -> impl IntoView {
    let lang = use_lang();
    let facts = move |selection: Arc<Selection>| {
        let fact = |name: String, value: String| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
        let known = selection.split_by == SplitBy::Heads && !selection.source.is_drawn();
        let count = (selection.len() - selection.held_out()).to_string();
        let masks = match (selection.masks(), selection.empty_masks()) {
            (0, _) => say!(lang, intake.summary.no_masks).to_owned(),
            (some, 0) => say!(lang, intake.summary.some_masks, count = some),
            (some, empty) => say!(lang, intake.summary.empty_masks, count = some, empty = empty),
        };
        let note = match (selection.source, selection.split_by) {
            (_, SplitBy::NotSplit) => say!(lang, intake.summary.nothing_held_out, enough = MIN_TO_SPLIT),
            (SliceSource::Drawings | SliceSource::Shapes, _) => say!(lang, intake.summary.drawings_held_out).to_owned(),
            (_, SplitBy::Heads) => say!(lang, intake.summary.heads_held_out).to_owned(),
            (_, SplitBy::Blocks) => say!(lang, intake.summary.rows_held_out).to_owned(),
            (_, SplitBy::BlocksOfHeads) => say!(lang, intake.summary.rows_of_known).to_owned(),
        };
        let classes = intake
            .with_collection(|it| {
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
            {set_warnings(lang, intake)}
        }
    };
    let content = move || match intake.selection.get() {
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
            {content}
            <div class="row">
                <button type="button" data-testid="forget-slices" on:click=move |_| intake.forget()>
                    {move || say!(lang, intake.forget)}
                </button>
                <span class="hint">{move || say!(lang, intake.forget_hint)}</span>
            </div>
        </section>
    }
}

/// Warnings about a set that can be used, but will give poor results.
fn set_warnings(lang: Lang, intake: IntakeState) -> impl IntoView {
    let look = |it: &Collection| {
        let slices = it.training_slices().into_iter();
        let warnings =
            SetWarnings::of(slices.map(|slice| (slice.class, (slice.raster.width(), slice.raster.height()))));
        let classes: Vec<String> =
            warnings.single_slice_classes.iter().map(|class| class_label(lang, it, *class)).collect();
        (warnings.sizes, classes)
    };
    let (sizes, classes) = intake.with_collection(look).unwrap_or_default();
    let line = |testid: &'static str, text: String| {
        view! { <p class="warning" data-testid=testid><Icon shape=Shape::Warning/><span>{text}</span></p> }
    };
    let listed = sizes.iter().take(LISTED_SIZES).map(|(width, height)| format!("{width} × {height}"));
    let listed = listed.chain((sizes.len() > LISTED_SIZES).then(|| "…".to_owned())).collect::<Vec<_>>().join(", ");
    let mixed =
        (!sizes.is_empty()).then(|| line("mixed-sizes", say!(lang, intake.summary.mixed_sizes, sizes = listed)));
    let single = classes
        .into_iter()
        .map(|class| line("single-slice-class", say!(lang, intake.summary.single_slice, class = class)))
        .collect_view();
    view! {
        {mixed}
        {single}
    }
}
