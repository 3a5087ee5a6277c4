//! What the visitor brought and chose, for as long as the page lives. Nothing of it is stored.

use std::collections::HashSet;
use std::sync::Arc;

use leptos::prelude::*;

use super::file_outcome::FileOutcome;
use crate::slices::collection::Collection;
use crate::slices::collection::SliceSource;
use crate::slices::collection::choice::HeadKey;
use crate::slices::collection::drawings::{self, Drawing};
use crate::slices::collection::file::CollectionFile;
use crate::slices::collection::selection::Selection;
use crate::slices::collection::selection::SelectionError;
use crate::slices::decoded::Refusal;
use crate::slices::pack::Pack;
use crate::ui::reader::{NamedFile, ReaderClient, ReaderEvent};
use crate::ui::training::trainer::{Trainer, TrainingData};

/// Drawings made before the page may answer somebody.
const AT_ONCE: usize = 10;

/// What a click on a slice does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClickAction {
    /// Leaves it out, or takes it in again.
    Exclude,
    /// Gives it a class.
    Assign(usize),
}

/// Something is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntakeProgress {
    /// What.
    pub source: SliceSource,
    /// Files or drawings that are done.
    pub done: usize,
    /// In all.
    pub total: usize,
}

/// The state of the intake.
#[derive(Clone, Copy)]
pub struct IntakeState {
    /// What is being chosen from.
    pub collection: RwSignal<Option<Collection>>,
    /// What of it would be learned from.
    pub selection: RwSignal<Result<Arc<Selection>, SelectionError>>,
    /// What became of each file.
    pub lines: RwSignal<Vec<FileOutcome>>,
    /// What is on its way.
    pub busy: RwSignal<Option<IntakeProgress>>,
    /// What a click on a slice does.
    pub click_action: RwSignal<ClickAction>,
    /// The head that is being cropped.
    pub cropping: RwSignal<Option<HeadKey>>,
    /// The visitor's own files while others are looked at.
    pub own: RwSignal<Option<Collection>>,
    /// Files that were read since reading began.
    fresh: StoredValue<(Vec<CollectionFile>, Vec<FileOutcome>)>,
    reader: StoredValue<Option<ReaderClient>, LocalStorage>,
}

impl IntakeState {
    /// Makes it available to everything within, and keeps the training informed.
    pub fn provide(trainer: Trainer) {
        let intake = Self {
            collection: RwSignal::new(None),
            selection: RwSignal::new(Err(SelectionError::Empty)),
            lines: RwSignal::new(Vec::new()),
            busy: RwSignal::new(None),
            click_action: RwSignal::new(ClickAction::Exclude),
            cropping: RwSignal::new(None),
            own: RwSignal::new(None),
            fresh: StoredValue::new((Vec::new(), Vec::new())),
            reader: StoredValue::new_local(None),
        };
        Effect::new(move || {
            let selection = intake
                .collection
                .with(|collection| collection.as_ref().map_or(Err(SelectionError::Empty), Selection::of).map(Arc::new));
            trainer.intake.set(selection.as_ref().ok().map(|selection| intaken(Arc::clone(selection))));
            intake.selection.set(selection);
        });
        provide_context(intake);
    }

    /// Reads a visitor's files. Those read before stay.
    pub fn read(self, files: Vec<NamedFile>) {
        if files.is_empty() || self.busy.with_untracked(Option::is_some) {
            return;
        }
        self.busy.set(Some(IntakeProgress { source: SliceSource::Own, done: 0, total: files.len() }));
        self.fresh.set_value((Vec::new(), Vec::new()));
        if self.reader.with_value(Option::is_none) {
            self.reader.set_value(Some(ReaderClient::new(move |heard| self.hear(heard))));
        }
        self.reader.with_value(|reader| {
            if let Some(reader) = reader {
                reader.read(files);
            }
        });
    }

    /// Reads no further; what was read stays.
    pub fn stop_reading(self) {
        self.reader.with_value(|reader| {
            if let Some(reader) = reader {
                reader.cancel();
            }
        });
        self.finish();
    }

    fn hear(self, heard: ReaderEvent) {
        if self.busy.with_untracked(|busy| busy.is_none_or(|busy| busy.source != SliceSource::Own)) {
            return;
        }
        match heard {
            ReaderEvent::Progress { done, total } => {
                self.busy.set(Some(IntakeProgress { source: SliceSource::Own, done, total }))
            }
            ReaderEvent::Refused { path, refusal } => {
                self.fresh.update_value(|(_, lines)| lines.push(FileOutcome::refused(path, refusal)))
            }
            ReaderEvent::Found(found) => self.fresh.update_value(|(files, lines)| {
                lines.push(FileOutcome::read(&found));
                files.push(CollectionFile::new(found));
            }),
            ReaderEvent::Finished => self.finish(),
        }
    }

    /// Takes in what was read.
    fn finish(self) {
        if self.busy.with_untracked(|busy| busy.is_none_or(|busy| busy.source != SliceSource::Own)) {
            return;
        }
        let (files, mut lines) = self.fresh.try_update_value(std::mem::take).unwrap_or_default();
        let mut collection = self.take_own();
        let mut full = HashSet::new();
        for file in files {
            let path = file.path.clone();
            if !collection.add(file) {
                full.insert(path);
            }
        }
        for line in lines.iter_mut().filter(|line| full.contains(&line.path)) {
            *line = FileOutcome::refused(line.path.clone(), Refusal::TooManySlices);
        }
        collection.arrange();
        self.lines.update(|all| all.extend(lines));
        let none = collection.slices.is_empty();
        self.show((!none).then_some(collection));
        self.busy.set(None);
    }

    /// The visitor's own files, wherever they are.
    fn take_own(self) -> Collection {
        let shown =
            self.collection.with_untracked(|shown| shown.as_ref().filter(|it| it.source == SliceSource::Own).cloned());
        let aside = || self.own.try_update(Option::take).flatten();
        shown.or_else(aside).unwrap_or_else(|| Collection::new(SliceSource::Own))
    }

    /// Goes back to the visitor's own files.
    pub fn use_own(self) {
        if self.source() != Some(SliceSource::Own)
            && let Some(own) = self.own.try_update(Option::take).flatten()
        {
            self.show(Some(own));
        }
    }

    /// Takes the site's real scans.
    pub fn use_real(self, pack: &Pack) {
        // Also when they are there already: they may be of another kind of picture.
        if self.source() != Some(SliceSource::Real) {
            self.put_aside();
        }
        self.show(Some(Collection::real(pack)));
    }

    /// Draws heads, a few at a time.
    pub fn use_drawings(self) {
        if self.source() != Some(SliceSource::Drawings) && self.busy.with_untracked(Option::is_none) {
            self.draw(Vec::with_capacity(drawings::COUNT));
        }
    }

    fn draw(self, mut drawn: Vec<Drawing>) {
        let done = drawn.len();
        if done < drawings::COUNT {
            drawn.extend((done..(done + AT_ONCE).min(drawings::COUNT)).map(|it| drawings::draw(it, drawings::SIDE)));
            self.busy.set(Some(IntakeProgress {
                source: SliceSource::Drawings,
                done: drawn.len(),
                total: drawings::COUNT,
            }));
            set_timeout(move || self.draw(drawn), std::time::Duration::ZERO);
            return;
        }
        self.put_aside();
        self.show(Some(drawings::collection(drawn)));
        self.busy.set(None);
    }

    /// Where what is shown comes from.
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

    /// Forgets all that was brought.
    pub fn forget(self) {
        if self.busy.with_untracked(Option::is_some) {
            self.stop_reading();
        }
        self.own.set(None);
        self.lines.set(Vec::new());
        self.show(None);
    }

    /// Changes what is chosen.
    pub fn change(self, change: impl FnOnce(&mut Collection)) {
        self.collection.update(|collection| {
            if let Some(collection) = collection {
                change(collection);
            }
        });
    }

    /// Something about what is shown, as a value to react to.
    pub fn about<T>(self, look: impl FnOnce(&Collection) -> T) -> Option<T> {
        self.collection.with(|collection| collection.as_ref().map(look))
    }
}

/// What the training needs to know.
fn intaken(selection: Arc<Selection>) -> TrainingData {
    TrainingData {
        slices: selection.len(),
        classes: selection.classes.clone(),
        masks: selection.masks() > 0,
        source: selection.source,
        make: Arc::new(move |size| selection.set(size)),
    }
}
