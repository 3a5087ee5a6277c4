//! Files of the visitor that are used together, and what the page says about them.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::DragEvent;

use super::file_list;
use super::words::{personal_fields, words};
use super::{FileReaderClient, FileReaderEvent, NamedFile};
use crate::slices::class_table::ClassTable;
use crate::slices::decoded::{DecodedFile, Refusal};
use crate::slices::people::PeopleTable;
use crate::ui::logic::own_slices::OwnSlices;
use crate::ui::page::icon::{Icon, Shape};
use crate::ui::words::{say, use_lang};

/// Files, tables and refusals since reading began.
#[derive(Default)]
struct Fresh {
    files: Vec<DecodedFile>,
    people: Vec<PeopleTable>,
    classes: Vec<ClassTable>,
    /// Path of each refused file, and why.
    refused: Vec<(String, Refusal)>,
}

/// A set of files. Reading other files replaces it.
#[derive(Clone, Copy)]
pub struct FileSet {
    /// The files that were read last; `None` before, and while files are being read.
    pub files: RwSignal<Option<OwnSlices>>,
    /// Whether files are being read.
    pub reading: RwSignal<bool>,
    /// Whether the last folder that was chosen or dropped had no files.
    empty: RwSignal<bool>,
    /// What was read since reading began.
    fresh: StoredValue<Fresh>,
    reader: StoredValue<Option<FileReaderClient>, LocalStorage>,
}

impl FileSet {
    /// An empty set.
    pub fn empty() -> Self {
        let set = Self {
            files: RwSignal::new(None),
            reading: RwSignal::new(false),
            empty: RwSignal::new(false),
            fresh: StoredValue::new(Default::default()),
            reader: StoredValue::new_local(None),
        };
        set.reader.set_value(Some(FileReaderClient::new(move |event| set.on_event(event))));
        set
    }

    /// Reads other files in place of the earlier ones.
    pub fn read(self, files: Vec<NamedFile>) {
        self.empty.set(files.is_empty());
        if files.is_empty() {
            return;
        }
        self.reader.with_value(|reader| {
            let Some(reader) = reader else { return };
            // A cancelled reader finishes. Its files do not count.
            self.reading.set(false);
            reader.cancel();
            self.fresh.set_value(Default::default());
            self.files.set(None);
            self.reading.set(true);
            reader.read(files);
        });
    }

    fn on_event(self, event: FileReaderEvent) {
        match event {
            // Nobody asked for codes.
            FileReaderEvent::Progress { .. } | FileReaderEvent::Code { .. } => {}
            FileReaderEvent::Classes(table) => self.fresh.update_value(|fresh| fresh.classes.push(table)),
            FileReaderEvent::People(table) => self.fresh.update_value(|fresh| fresh.people.push(table)),
            FileReaderEvent::Found(file) => self.fresh.update_value(|fresh| fresh.files.push(file)),
            FileReaderEvent::Refused { path, refusal } => {
                self.fresh.update_value(|fresh| fresh.refused.push((path, refusal)));
            }
            FileReaderEvent::Finished => {
                if self.reading.get_untracked() {
                    let Fresh { files, people, classes, refused } =
                        self.fresh.try_update_value(std::mem::take).unwrap_or_default();
                    self.reading.set(false);
                    self.files.set(Some(OwnSlices::new(files, &people, classes, refused)));
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
    }

    /// Reads files and folders that were dropped.
    pub fn take_dropped(self, event: &DragEvent) {
        event.prevent_default();
        let Some(data) = event.data_transfer() else { return };
        let dropped = file_list::dropped(data.unchecked_ref());
        leptos::task::spawn_local(async move { self.read(dropped.files().await) });
    }

    /// Whether files are being read, or the visitor has to answer warnings.
    pub fn is_waiting(self) -> bool {
        self.reading.get() || self.is_asking()
    }

    /// Whether the visitor must still answer warnings.
    pub fn is_asking(self) -> bool {
        self.files.with(|files| files.as_ref().is_some_and(|files| !files.warnings().is_empty()))
    }
}

/// Warnings about personal data, with the question whether to use those files, and the reasons for refused files.
#[component]
pub fn FileReport(
    /// The files.
    set: FileSet,
    /// Start of the `id` and `data-testid` of each part.
    name: &'static str,
) -> impl IntoView {
    let lang = use_lang();
    let warnings =
        Memo::new(move |_| set.files.with(|files| files.as_ref().map(OwnSlices::warnings).unwrap_or_default()));
    let asking = Memo::new(move |_| set.is_asking());
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
    let refused = move || set.files.with(|files| files.as_ref().map(|files| files.refused.clone()).unwrap_or_default());
    let item = move |(path, refusal): (String, Refusal)| {
        let about = move || {
            let (wrong, remedy) = words(lang, &refusal);
            format!("{wrong} {remedy}")
        };
        view! { <li><span class="file-name">{path}</span>" "{about}</li> }
    };
    view! {
        <p class="problem" role="status" data-testid=format!("{name}-empty")>
            {move || set.empty.get().then(|| say!(lang, intake.own.empty_folder))}
        </p>
        <Show when=move || asking.get()>
            <div class="panel warning" role="group" aria-labelledby=format!("{name}-warning") data-testid=format!("{name}-warning")>
                <h3 id=format!("{name}-warning")><Icon shape=Shape::Warning/>" "{move || say!(lang, intake.warning.title)}</h3>
                <Show when=fields>
                    <p>{move || personal_fields(lang, &warnings.get())}</p>
                    <p>{move || say!(lang, intake.warning.dropped)}</p>
                </Show>
                <ul class="seen">{seen}</ul>
                <p>{move || say!(lang, intake.warning.question)}</p>
                <div class="row">
                    <button type="button" data-testid=format!("{name}-leave-out") on:click=move |_| set.decide(false)>
                        {move || say!(lang, intake.warning.leave_out)}
                    </button>
                    <button type="button" data-testid=format!("{name}-keep") on:click=move |_| set.decide(true)>
                        {move || say!(lang, intake.warning.go_on)}
                    </button>
                </div>
            </div>
        </Show>
        <Show when=move || !refused().is_empty()>
            <ul data-testid=format!("{name}-refused")>{move || refused().into_iter().map(item).collect_view()}</ul>
        </Show>
    }
}
