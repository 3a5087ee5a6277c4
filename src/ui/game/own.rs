//! The visitor's own slices in place of the real scans. The reader worker reads them, and only this tab keeps them.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::{Element, HtmlInputElement};

use super::real_set::RealSet;
use super::state::Game;
use crate::game::quiz::MIN_PEOPLE;
use crate::slices::decoded::{DecodedFile, Refusal};
use crate::ui::logic::own_slices::OwnSlices as Files;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::reader::words::{personal_fields, words};
use crate::ui::reader::{NamedFile, ReaderClient, ReaderEvent};
use crate::ui::words::{say, use_lang};

/// What became of the files.
#[derive(Debug, Clone, Copy, PartialEq)]
enum UploadStatus {
    /// No files were chosen.
    None,
    /// The files are being read.
    Reading,
    /// The visitor has to answer the warnings.
    Asking,
    /// Slices in use, and files that were left out.
    Used(usize, usize),
    /// Slices that were read, and files that were left out.
    TooFew(usize, usize),
}

/// Files that were read, and refused files with the reason.
type Fresh = (Vec<DecodedFile>, Vec<(String, Refusal)>);

/// The state of the file field.
#[derive(Clone, Copy)]
struct Upload {
    game: Game,
    outcome: RwSignal<UploadStatus>,
    /// The files that were read last.
    files: RwSignal<Option<Files>>,
    /// What was read since reading began.
    fresh: StoredValue<Fresh>,
    reader: StoredValue<Option<ReaderClient>, LocalStorage>,
}

impl Upload {
    fn new(game: Game) -> Self {
        let upload = Self {
            game,
            outcome: RwSignal::new(UploadStatus::None),
            files: RwSignal::new(None),
            fresh: StoredValue::new(Default::default()),
            reader: StoredValue::new_local(None),
        };
        upload.reader.set_value(Some(ReaderClient::new(move |event| upload.on_event(event))));
        upload
    }

    /// Reads other files in place of the earlier ones.
    fn read(self, files: Vec<NamedFile>) {
        self.reader.with_value(|reader| {
            let Some(reader) = reader else { return };
            // A cancelled reader finishes. Its files do not count.
            self.outcome.set(UploadStatus::None);
            reader.cancel();
            self.fresh.set_value(Default::default());
            self.files.set(None);
            self.outcome.set(UploadStatus::Reading);
            reader.read(files);
        });
    }

    fn on_event(self, event: ReaderEvent) {
        match event {
            // A game repeats no slice, whoever is on it, so a table of persons changes nothing.
            ReaderEvent::Progress { .. } | ReaderEvent::People(_) => {}
            ReaderEvent::Found(file) => self.fresh.update_value(|(files, _)| files.push(file)),
            ReaderEvent::Refused { path, refusal } => {
                self.fresh.update_value(|(_, refused)| refused.push((path, refusal)));
            }
            ReaderEvent::Finished => {
                if self.outcome.get_untracked() == UploadStatus::Reading {
                    let (files, refused) = self.fresh.try_update_value(std::mem::take).unwrap_or_default();
                    self.files.set(Some(Files::new(files, refused)));
                    self.settle();
                }
            }
        }
    }

    /// The visitor's answer to the warnings.
    fn decide(self, keep: bool) {
        self.files.update(|files| {
            if let Some(files) = files {
                files.resolve_warnings(keep);
            }
        });
        self.settle();
    }

    /// Uses the slices, unless there are open warnings or too few slices.
    fn settle(self) {
        let size = self.game.engines.model.with_untracked(|model| model.as_ref().map(|model| model.size));
        let (outcome, slices) = self.files.with_untracked(|files| match (files, size) {
            (Some(files), _) if !files.warnings().is_empty() => (UploadStatus::Asking, None),
            (Some(files), Some(size)) => {
                let slices = files.slices(size);
                let (used, left_out) = (slices.len(), files.left_out());
                let enough = used >= MIN_PEOPLE;
                let outcome =
                    if enough { UploadStatus::Used(used, left_out) } else { UploadStatus::TooFew(used, left_out) };
                (outcome, enough.then_some(slices))
            }
            _ => (UploadStatus::None, None),
        });
        self.outcome.set(outcome);
        if let Some(slices) = slices {
            self.game.own.set(Some(Arc::new(RealSet::own(slices.into_iter().map(Arc::new).collect()))));
        }
    }

    /// Goes back to the site's scans.
    fn remove(self) {
        self.game.own.set(None);
        self.files.set(None);
        self.outcome.set(UploadStatus::None);
    }
}

/// A file field, folded away, and a way back to the site's scans.
#[component]
pub fn OwnSlices(
    /// The game.
    game: Game,
) -> impl IntoView {
    let lang = use_lang();
    let upload = Upload::new(game);
    let choose = move |event: leptos::ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        let list = input.files();
        let files = list.iter().flat_map(|list| (0..list.length()).filter_map(|index| list.get(index)));
        let files: Vec<NamedFile> = files.map(|file| NamedFile { path: file.name(), file }).collect();
        if !files.is_empty() {
            upload.read(files);
        }
        // The same files can be chosen again.
        input.set_value("");
    };
    let status = move || match upload.outcome.get() {
        UploadStatus::None | UploadStatus::Asking => String::new(),
        UploadStatus::Reading => say!(lang, game.own_reading).to_owned(),
        UploadStatus::Used(used, left_out) => {
            say!(lang, game.own_used, used = used.to_string(), left_out = left_out.to_string())
        }
        UploadStatus::TooFew(used, left_out) => {
            let (used, left_out) = (used.to_string(), left_out.to_string());
            say!(lang, game.own_too_few, used = used, left_out = left_out, needed = MIN_PEOPLE.to_string())
        }
    };
    view! {
        <details class="own" prop:open=move || game.own_open.get()
            on:toggle=move |event| game.own_open.set(event_target::<Element>(&event).has_attribute("open"))>
            <summary>{move || say!(lang, game.own)}</summary>
            <p id="own-hint">{move || say!(lang, game.own_text, least = MIN_PEOPLE.to_string())}</p>
            <label class="files">
                <span>{move || say!(lang, game.own_choose)}</span>
                <input type="file" multiple id="own-files" data-testid="own-files" aria-describedby="own-hint" on:change=choose/>
            </label>
            <p role="status" data-testid="own-status">{status}</p>
            <Show when=move || upload.outcome.get() == UploadStatus::Asking><Warnings upload/></Show>
            <Refused upload/>
            <Show when=move || game.own.with(Option::is_some)>
                <button type="button" data-testid="own-remove" on:click=move |_| upload.remove()>
                    {move || say!(lang, game.own_remove)}
                </button>
            </Show>
        </details>
    }
}

/// What the files tell about a person, and whether to use them.
#[component]
fn Warnings(upload: Upload) -> impl IntoView {
    let lang = use_lang();
    let warnings =
        Memo::new(move |_| upload.files.with(|files| files.as_ref().map(Files::warnings).unwrap_or_default()));
    let fields = move || warnings.with(|all| all.iter().any(|warning| !warning.personal.is_empty()));
    let seen = move || {
        let visible = warnings.get().into_iter().filter(|warning| warning.burned_in || warning.sagittal);
        let about = |text: bool, face: bool| {
            let text = text.then(|| say!(lang, intake.warning.text));
            let face = face.then(|| say!(lang, intake.warning.face));
            [text, face].into_iter().flatten().collect::<Vec<_>>().join(" ")
        };
        visible
            .map(|it| view! { <li><span class="file-name">{it.path}</span>" "{about(it.burned_in, it.sagittal)}</li> })
            .collect_view()
    };
    view! {
        <div class="panel warning" role="group" aria-labelledby="own-warning" data-testid="own-warning">
            <h3 id="own-warning"><Icon shape=Shape::Warning/>" "{move || say!(lang, intake.warning.title)}</h3>
            <Show when=fields>
                <p>{move || personal_fields(lang, &warnings.get())}</p>
                <p>{move || say!(lang, intake.warning.dropped)}</p>
            </Show>
            <ul class="seen">{seen}</ul>
            <p>{move || say!(lang, intake.warning.question)}</p>
            <div class="row">
                <button type="button" data-testid="own-leave-out" on:click=move |_| upload.decide(false)>
                    {move || say!(lang, intake.warning.leave_out)}
                </button>
                <button type="button" data-testid="own-keep" on:click=move |_| upload.decide(true)>
                    {move || say!(lang, intake.warning.go_on)}
                </button>
            </div>
        </div>
    }
}

/// Why files were refused.
#[component]
fn Refused(upload: Upload) -> impl IntoView {
    let lang = use_lang();
    let refused =
        move || upload.files.with(|files| files.as_ref().map(|files| files.refused.clone()).unwrap_or_default());
    let item = move |(path, refusal): (String, Refusal)| {
        let about = move || {
            let (wrong, remedy) = words(lang, &refusal);
            format!("{wrong} {remedy}")
        };
        view! { <li><span class="file-name">{path}</span>" "{about}</li> }
    };
    view! {
        <Show when=move || !refused().is_empty()>
            <ul data-testid="own-refused">{move || refused().into_iter().map(item).collect_view()}</ul>
        </Show>
    }
}
