//! The slices that the visitor brought and chose. The state lives as long as the page; nothing of it is stored.

use std::collections::HashSet;
use std::sync::Arc;

use leptos::prelude::*;

use super::file_outcome::FileOutcome;
use crate::slices::class_table::ClassTable;
use crate::slices::collection::Collection;
use crate::slices::collection::SliceSource;
use crate::slices::collection::choice::HeadKey;
use crate::slices::collection::drawings::{self, Drawing};
use crate::slices::collection::file::CollectionFile;
use crate::slices::collection::selection::Selection;
use crate::slices::collection::selection::SelectionError;
use crate::slices::collection::shapes;
use crate::slices::decoded::Refusal;
use crate::slices::pack::Pack;
use crate::slices::people::PeopleTable;
use crate::ui::reader::{FileReaderClient, FileReaderEvent, NamedFile};
use crate::ui::training::trainer::{Trainer, TrainingData};

/// Drawings made in one turn of the event loop.
const DRAWINGS_PER_TURN: usize = 10;

/// What a click on a slice does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClickAction {
    /// Excludes it, or includes it again.
    Exclude,
    /// Assigns it to this class.
    Assign(usize),
}

/// Progress of reading files or making drawings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntakeProgress {
    /// What is being read or drawn.
    pub source: SliceSource,
    /// Files or drawings done so far.
    pub done: usize,
    /// Files or drawings in total.
    pub total: usize,
}

/// Files, tables and outcomes of a read in progress.
#[derive(Default)]
struct ReadSoFar {
    files: Vec<CollectionFile>,
    people: Vec<PeopleTable>,
    classes: Vec<ClassTable>,
    outcomes: Vec<FileOutcome>,
}

/// The state of the intake.
#[derive(Clone, Copy)]
pub struct IntakeState {
    /// The slices on screen, with the visitor's choices; none before anything was read.
    pub collection: RwSignal<Option<Collection>>,
    /// The included slices as a training set, or why they cannot be one.
    pub selection: RwSignal<Result<Arc<Selection>, SelectionError>>,
    /// The outcome of each file that was read.
    pub outcomes: RwSignal<Vec<FileOutcome>>,
    /// Set while files are read or drawings are made.
    pub progress: RwSignal<Option<IntakeProgress>>,
    /// What a click on a slice does.
    pub click_action: RwSignal<ClickAction>,
    /// The volume in the crop dialog, while that is open.
    pub cropping: RwSignal<Option<HeadKey>>,
    /// The visitor's own files, while another source is on screen.
    pub own: RwSignal<Option<Collection>>,
    /// Whether the folder that was chosen last holds no files.
    pub empty_folder: RwSignal<bool>,
    /// What the read in progress gave so far.
    pending: StoredValue<ReadSoFar>,
    reader: StoredValue<Option<FileReaderClient>, LocalStorage>,
}

impl IntakeState {
    /// Provides the state as context, and passes each new selection to the trainer.
    pub fn provide(trainer: Trainer) {
        let intake = Self {
            collection: RwSignal::new(None),
            selection: RwSignal::new(Err(SelectionError::Empty)),
            outcomes: RwSignal::new(Vec::new()),
            progress: RwSignal::new(None),
            click_action: RwSignal::new(ClickAction::Exclude),
            cropping: RwSignal::new(None),
            own: RwSignal::new(None),
            empty_folder: RwSignal::new(false),
            pending: StoredValue::new(ReadSoFar::default()),
            reader: StoredValue::new_local(None),
        };
        Effect::new(move || {
            let selection = intake
                .collection
                .with(|collection| collection.as_ref().map_or(Err(SelectionError::Empty), Selection::of).map(Arc::new));
            trainer.intake.set(selection.as_ref().ok().map(|selection| training_data(Arc::clone(selection))));
            intake.selection.set(selection);
        });
        provide_context(intake);
    }

    /// Reads a visitor's files and adds them to those read before.
    pub fn read(self, files: Vec<NamedFile>) {
        self.empty_folder.set(files.is_empty());
        if files.is_empty() || self.progress.with_untracked(Option::is_some) {
            return;
        }
        self.progress.set(Some(IntakeProgress { source: SliceSource::Own, done: 0, total: files.len() }));
        self.pending.set_value(ReadSoFar::default());
        if self.reader.with_value(Option::is_none) {
            self.reader.set_value(Some(FileReaderClient::new(move |event| self.on_reader_event(event))));
        }
        self.reader.with_value(|reader| {
            if let Some(reader) = reader {
                reader.read(files);
            }
        });
    }

    /// Cancels the read in progress and keeps the files read so far.
    pub fn stop_reading(self) {
        self.reader.with_value(|reader| {
            if let Some(reader) = reader {
                reader.cancel();
            }
        });
        self.finish();
    }

    fn on_reader_event(self, event: FileReaderEvent) {
        if self.progress.with_untracked(|progress| progress.is_none_or(|progress| progress.source != SliceSource::Own))
        {
            return;
        }
        match event {
            FileReaderEvent::Progress { done, total } => {
                self.progress.set(Some(IntakeProgress { source: SliceSource::Own, done, total }))
            }
            FileReaderEvent::Refused { path, refusal } => {
                self.pending.update_value(|read| read.outcomes.push(FileOutcome::refused(path, refusal)))
            }
            FileReaderEvent::Found(found) => self.pending.update_value(|read| {
                read.outcomes.push(FileOutcome::read(&found));
                read.files.push(CollectionFile::new(found));
            }),
            FileReaderEvent::People(table) => self.pending.update_value(|read| {
                read.outcomes.push(FileOutcome::people(table.path.clone()));
                read.people.push(table);
            }),
            FileReaderEvent::Classes(table) => self.pending.update_value(|read| read.classes.push(table)),
            // Slices are asked for, not codes.
            FileReaderEvent::Code { .. } => {}
            FileReaderEvent::Finished => self.finish(),
        }
    }

    /// Adds the files read so far to the collection.
    fn finish(self) {
        if self.progress.with_untracked(|progress| progress.is_none_or(|progress| progress.source != SliceSource::Own))
        {
            return;
        }
        let ReadSoFar { files, people, classes, mut outcomes } =
            self.pending.try_update_value(std::mem::take).unwrap_or_default();
        let mut collection = self.take_own();
        let mut over_limit = HashSet::new();
        for file in files {
            let path = file.path.clone();
            if !collection.add(file) {
                over_limit.insert(path);
            }
        }
        for outcome in outcomes.iter_mut().filter(|outcome| over_limit.contains(&outcome.path)) {
            *outcome = FileOutcome::refused(outcome.path.clone(), Refusal::TooManySlices);
        }
        people.iter().for_each(|table| collection.add_people(table));
        classes.into_iter().for_each(|table| collection.add_classes(table));
        collection.arrange();
        self.outcomes.update(|all| all.extend(outcomes));
        let empty = collection.slices.is_empty();
        self.show((!empty).then_some(collection));
        self.progress.set(None);
    }

    /// The visitor's own files, on screen or put aside; a new collection if there are none.
    fn take_own(self) -> Collection {
        let shown =
            self.collection.with_untracked(|shown| shown.as_ref().filter(|it| it.source == SliceSource::Own).cloned());
        let put_aside = || self.own.try_update(Option::take).flatten();
        shown.or_else(put_aside).unwrap_or_else(|| Collection::new(SliceSource::Own))
    }

    /// Shows the visitor's own files again.
    pub fn use_own(self) {
        if self.source() != Some(SliceSource::Own)
            && let Some(own) = self.own.try_update(Option::take).flatten()
        {
            self.show(Some(own));
        }
    }

    /// Shows the site's real scans.
    pub fn use_real(self, pack: &Pack) {
        // Also if real scans are on screen already: these may be of another modality.
        if self.source() != Some(SliceSource::Real) {
            self.put_aside();
        }
        self.show(Some(Collection::real(pack)));
    }

    /// Makes drawings of heads, or of something else, a few in each turn of the event loop, and shows them.
    pub fn use_drawn(self, source: SliceSource) {
        if self.source() != Some(source) && self.progress.with_untracked(Option::is_none) {
            self.draw(source, Vec::new());
        }
    }

    fn draw(self, source: SliceSource, mut drawn: Vec<Drawing>) {
        let heads = source == SliceSource::Drawings;
        let (done, total) = (drawn.len(), if heads { drawings::COUNT } else { shapes::COUNT });
        if done < total {
            drawn.extend((done..(done + DRAWINGS_PER_TURN).min(total)).map(|number| match heads {
                true => drawings::draw(number, drawings::SIDE),
                false => shapes::draw(number, shapes::SIDE),
            }));
            self.progress.set(Some(IntakeProgress { source, done: drawn.len(), total }));
            set_timeout(move || self.draw(source, drawn), std::time::Duration::ZERO);
            return;
        }
        self.put_aside();
        self.show(Some(if heads { drawings::collection(drawn) } else { shapes::collection(drawn) }));
        self.progress.set(None);
    }

    /// The source of the slices on screen.
    pub fn source(self) -> Option<SliceSource> {
        self.collection.with_untracked(|collection| collection.as_ref().map(|it| it.source))
    }

    fn put_aside(self) {
        if self.source() == Some(SliceSource::Own) {
            self.own.set(self.collection.try_update(Option::take).flatten());
        }
    }

    fn show(self, collection: Option<Collection>) {
        self.click_action.set(ClickAction::Exclude);
        self.cropping.set(None);
        self.collection.set(collection);
    }

    /// Drops all slices and outcomes.
    pub fn forget(self) {
        if self.progress.with_untracked(Option::is_some) {
            self.stop_reading();
        }
        self.own.set(None);
        self.outcomes.set(Vec::new());
        self.show(None);
    }

    /// Changes the collection on screen.
    pub fn change(self, change: impl FnOnce(&mut Collection)) {
        self.collection.update(|collection| {
            if let Some(collection) = collection {
                change(collection);
            }
        });
    }

    /// Reads a value from the collection on screen, and tracks it.
    pub fn with_collection<T>(self, look: impl FnOnce(&Collection) -> T) -> Option<T> {
        self.collection.with(|collection| collection.as_ref().map(look))
    }
}

/// The selection as the trainer needs it.
fn training_data(selection: Arc<Selection>) -> TrainingData {
    TrainingData {
        slices: selection.len(),
        classes: selection.classes.clone(),
        masks: selection.masks() > 0,
        source: selection.source,
        selection: Arc::clone(&selection),
        make: Arc::new(move |size| selection.set(size)),
    }
}
