//! One slice of the contact sheet: a button that excludes it, includes it, or assigns it to a class.

use std::sync::Arc;

use leptos::prelude::*;

use super::classes::{class_label, letter};
use super::paint_queue;
use super::state::{ClickAction, IntakeState};
use crate::slices::collection::choice::SliceKey;
use crate::slices::collection::head::{CollectionSlice, Exclusion};
use crate::ui::canvas::SliceCanvas;
use crate::ui::words::{Lang, say, use_lang};

/// Side of a slice on the sheet, in pixels. Training slices are not larger.
pub const SIDE: usize = 64;

/// What a tile shows besides the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct TileState {
    class: usize,
    out: Option<Exclusion>,
}

/// The button of one slice.
#[component]
pub fn Tile(
    /// State of the intake.
    intake: IntakeState,
    /// The slice.
    key: SliceKey,
    /// The slice that the Tab key reaches.
    current: RwSignal<Option<SliceKey>>,
) -> impl IntoView {
    let lang = use_lang();
    let state = Memo::new(move |_| {
        intake
            .with_collection(|it| it.slice(key).map(|(slice, _)| TileState { class: slice.class, out: slice.excluded }))
            .flatten()
    });
    // All that the picture depends on.
    let look = Memo::new(move |_| {
        intake.with_collection(|it| it.slice(key).map(|(slice, head)| (head.framing, slice.mask.clone()))).flatten()
    });
    let picture = RwSignal::new(None);
    Effect::new(move || {
        // Reads the memo: a memo that nobody reads is never computed, and would not notify.
        if look.with(Option::is_none) {
            return;
        }
        paint_queue::enqueue(move || {
            let drawn = intake.collection.try_with_untracked(|it| {
                it.as_ref()?.slice(key).map(|(slice, head)| Arc::new(head.slice(slice, SIDE)))
            });
            if let Some(Some(drawn)) = drawn {
                // The tile may be gone by now.
                picture.try_set(Some(drawn));
            }
        });
    });
    let out = move || state.get().and_then(|state| state.out);
    let several = Memo::new(move |_| intake.with_collection(|it| it.classes.len() > 1).unwrap_or(false));
    let badge = move || several.get().then(|| state.get().map(|state| letter(state.class))).flatten();
    let alt = Signal::derive(move || {
        let path =
            intake.collection.with_untracked(|it| it.as_ref()?.slice(key).map(|(slice, _)| slice_name(lang, slice)));
        let class = several
            .get()
            .then(|| intake.with_collection(|it| state.get().map(|state| class_label(lang, it, state.class))));
        let class = class.flatten().flatten();
        let out = out().map(|out| exclusion_reason(lang, out).to_owned());
        [path, class, out].into_iter().flatten().collect::<Vec<_>>().join(", ")
    });
    let click = move |_| {
        current.set(Some(key));
        match intake.click_action.get_untracked() {
            ClickAction::Exclude => intake.change(|it| it.toggle(key)),
            ClickAction::Assign(class) => intake.change(|it| it.set_class(key, class)),
        }
    };
    view! {
        <li>
            <button type="button" class="card tile" data-testid="tile" data-class=move || state.get().map(|state| state.class)
                class:out=move || out().is_some() aria-pressed=move || out().is_none().to_string()
                tabindex=move || if current.get() == Some(key) { "0" } else { "-1" }
                on:focus=move |_| current.set(Some(key)) on:click=click>
                <SliceCanvas pixels=picture outline=Signal::derive(|| true) alt/>
                {move || badge().map(|letter| view! { <span class="letter" aria-hidden="true">{letter.to_string()}</span> })}
            </button>
        </li>
    }
}

/// File of the slice, and its number in that file unless it is the first.
fn slice_name(lang: Lang, slice: &CollectionSlice) -> String {
    match slice.key.slice {
        0 => slice.path.clone(),
        at => say!(lang, intake.sheet.name, file = slice.path, number = at + 1),
    }
}

/// Why a slice is excluded, in words.
fn exclusion_reason(lang: Lang, out: Exclusion) -> &'static str {
    match out {
        Exclusion::ByVisitor => say!(lang, intake.sheet.out),
        Exclusion::Duplicate { .. } => say!(lang, intake.sheet.duplicate),
        Exclusion::Blank => say!(lang, intake.sheet.blank),
    }
}
