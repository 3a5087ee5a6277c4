//! The visitor's own slices in place of the real scans. The reader worker reads them, and only this tab keeps them.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::{Element, HtmlInputElement};

use super::real_set::RealSet;
use super::state::Game;
use crate::game::quiz::{MIN_FOR_TWO_HALVES, MIN_PEOPLE};
use crate::ui::reader::file_list;
use crate::ui::reader::file_set::{FileReport, FileSet};
use crate::ui::words::{say, use_lang};

/// The outcome of reading the files.
#[derive(Debug, Clone, Copy, PartialEq)]
enum UploadStatus {
    /// No files were chosen, or the visitor has to answer the warnings.
    None,
    /// The files are being read.
    Reading,
    /// Slices in use, files that were left out, and whether all slices are of one person.
    Used(usize, usize, bool),
    /// Slices that were read, and files that were left out.
    TooFew(usize, usize),
}

/// Uses the slices, unless there are open warnings or too few slices.
fn settle(game: Game, set: FileSet) -> UploadStatus {
    if set.reading.get() {
        return UploadStatus::Reading;
    }
    let size = game.engines.model.with_untracked(|model| model.as_ref().map(|model| model.size));
    set.files.with(|files| match (files, size) {
        (Some(files), Some(size)) if files.warnings().is_empty() => {
            let slices = files.slices(size);
            let (used, left_out) = (slices.len(), files.left_out());
            if used < MIN_PEOPLE {
                return UploadStatus::TooFew(used, left_out);
            }
            let own = RealSet::own(slices);
            let one = own.repeats_people;
            game.own.set(Some(Arc::new(own)));
            UploadStatus::Used(used, left_out, one)
        }
        _ => UploadStatus::None,
    })
}

/// A file field, folded away, and a way back to the site's scans.
#[component]
pub fn OwnSlices(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let set = FileSet::empty();
    let outcome = RwSignal::new(UploadStatus::None);
    Effect::new(move || outcome.set(settle(game, set)));
    let choose =
        move |event: leptos::ev::Event| set.read(file_list::selected(&event_target::<HtmlInputElement>(&event)));
    let remove = move || {
        game.own.set(None);
        set.files.set(None);
    };
    let status = move || match outcome.get() {
        UploadStatus::None => String::new(),
        UploadStatus::Reading => say!(lang, game.own_reading).to_owned(),
        UploadStatus::Used(used, left_out, one) => {
            let words = say!(lang, game.own_used, used = used.to_string(), left_out = left_out.to_string());
            if one { format!("{words} {}", say!(lang, game.own_one_person)) } else { words }
        }
        UploadStatus::TooFew(used, left_out) => {
            let (used, left_out) = (used.to_string(), left_out.to_string());
            say!(lang, game.own_too_few, used = used, left_out = left_out, needed = MIN_PEOPLE.to_string())
        }
    };
    view! {
        <details class="own" on:dragover=move |event| event.prevent_default()
            on:drop=move |event| set.take_dropped(&event) prop:open=move || game.own_open.get()
            on:toggle=move |event| game.own_open.set(event_target::<Element>(&event).has_attribute("open"))>
            <summary>{move || say!(lang, game.own)}</summary>
            <p id="own-hint" data-testid="own-text">{move || say!(lang, game.own_text, least = MIN_PEOPLE.to_string(), halves = MIN_FOR_TWO_HALVES.to_string())}</p>
            <label class="files">
                <span>{move || say!(lang, game.own_choose)}</span>
                <input type="file" multiple id="own-files" data-testid="own-files" aria-describedby="own-hint" on:change=choose/>
            </label>
            <p role="status" data-testid="own-status">{status}</p>
            <FileReport set name="own"/>
            <Show when=move || game.own.with(Option::is_some)>
                <button type="button" data-testid="own-remove" on:click=move |_| remove()>
                    {move || say!(lang, game.own_remove)}
                </button>
            </Show>
        </details>
    }
}
