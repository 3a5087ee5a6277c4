//! Files that were read, what the visitor says about them, and the heads and slices that follow from both.
//!
//! What follows is laid out anew ([`Collection::arrange`]) whenever files come or a choice concerns more than one slice;
//! choices are kept under keys that stay the same.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::Source;
use super::choice::{Folders, HeadChoice, HeadKey, SliceChoice, SliceKey};
use super::file::File;
use super::head::{Head, Out, Slice};
use crate::slice::MAX_CLASSES;
use crate::slices::limits::{MAX_READ, MAX_SLICES};
use crate::slices::normalise::Framing;
use crate::slices::open::Personal;
use crate::slices::pack::Pack;
use crate::slices::raster::{Raster, Square};

/// Name of the class of slices that nobody divided.
pub const UNDIVIDED: &str = "slices";

/// Slices and all that is chosen about them.
#[derive(Debug, Clone)]
pub struct Collection {
    /// Where they come from.
    pub source: Source,
    /// Names of the classes.
    pub classes: Vec<String>,
    /// Heads, in the order of their names.
    pub heads: Vec<Head>,
    /// Their slices.
    pub slices: Vec<Slice>,
    /// Masks without a picture that fits.
    pub lone_masks: Vec<LoneMask>,
    /// What folders stand for; none if they tell nothing.
    pub folders: Option<Folders>,
    pub(super) files: Vec<File>,
    pub(super) slice_choices: HashMap<SliceKey, SliceChoice>,
    pub(super) head_choices: HashMap<HeadKey, HeadChoice>,
    pub(super) folder_choice: Option<Folders>,
    pub(super) folder_classes: HashMap<String, usize>,
    pub(super) framings: HashMap<HeadKey, (FramedBy, Framing)>,
    pub(super) masks: HashMap<usize, (Vec<usize>, Vec<Arc<Raster>>)>,
    places: HashMap<SliceKey, usize>,
    settled: HashSet<usize>,
}

/// A mask that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoneMask {
    /// Its file.
    pub path: String,
    /// Its picture is there, and of another size.
    pub other_size: bool,
}

/// What there is to warn of in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Number of the file.
    pub file: usize,
    /// Where it was.
    pub path: String,
    /// Kinds of personal fields that it holds.
    pub personal: Vec<Personal>,
    /// Text may be drawn into the pixels.
    pub burnt_in: bool,
    /// It shows the profile of a face.
    pub sagittal: bool,
}

/// What a framing was measured on: range, crop, number of slices.
pub(super) type FramedBy = ((usize, usize), Option<Square>, usize);

impl Collection {
    /// An empty one.
    pub fn new(source: Source) -> Self {
        Self {
            source,
            classes: vec![UNDIVIDED.to_owned()],
            heads: Vec::new(),
            slices: Vec::new(),
            lone_masks: Vec::new(),
            folders: None,
            files: Vec::new(),
            slice_choices: HashMap::new(),
            head_choices: HashMap::new(),
            folder_choice: None,
            folder_classes: HashMap::new(),
            framings: HashMap::new(),
            masks: HashMap::new(),
            places: HashMap::new(),
            settled: HashSet::new(),
        }
    }

    /// The real scans of a site.
    pub fn real(pack: &Pack) -> Self {
        let raster = |pixels: &[u8]| Raster::new(pack.size, pack.size, pixels.to_vec()).ok();
        let file = |(index, slice): (usize, &crate::slices::pack::PackSlice)| {
            let (image, mask) = (raster(&slice.image)?, raster(&slice.mask)?);
            Some(File::ready(format!("{index}"), image, mask, slice.class, Some(u64::from(slice.patient))))
        };
        Self::ready(Source::Real, pack.classes.clone(), pack.slices.iter().enumerate().filter_map(file).collect())
    }

    /// Slices that are normalised already.
    pub(super) fn ready(source: Source, classes: Vec<String>, files: Vec<File>) -> Self {
        let mut collection = Self { classes, files, ..Self::new(source) };
        collection.arrange();
        collection
    }

    /// Takes what was read. False if there is no room for its slices; [`arrange`](Self::arrange) shows them.
    pub fn add(&mut self, file: File) -> bool {
        let fits = file.slices.len() <= self.room();
        if fits {
            self.files.push(file);
        }
        fits
    }

    /// For how many slices there is room.
    pub fn room(&self) -> usize {
        MAX_READ.saturating_sub(self.files.iter().map(|file| file.slices.len()).sum())
    }

    /// Lays out heads and slices by what was read and chosen.
    pub fn arrange(&mut self) {
        super::arrange::arrange(self);
        self.places = self.slices.iter().enumerate().map(|(index, slice)| (slice.key, index)).collect();
    }

    /// Where a slice is among the slices.
    pub fn place(&self, key: SliceKey) -> Option<usize> {
        self.places.get(&key).copied()
    }

    /// A slice and its head.
    pub fn slice(&self, key: SliceKey) -> Option<(&Slice, &Head)> {
        let slice = self.slices.get(self.place(key)?)?;
        Some((slice, self.heads.get(slice.head)?))
    }

    /// A head.
    pub fn head(&self, key: &HeadKey) -> Option<&Head> {
        self.heads.iter().find(|head| head.key == *key)
    }

    /// The slices within the ranges of their heads: what the visitor looks at.
    pub fn taken(&self) -> impl Iterator<Item = &Slice> {
        self.heads.iter().flat_map(Head::taken).filter_map(|index| self.slices.get(index))
    }

    /// The slices to learn from. Of more than [`MAX_SLICES`], evenly some.
    pub fn learned(&self) -> Vec<&Slice> {
        let all: Vec<&Slice> = self.taken().filter(|slice| slice.out.is_none()).collect();
        let count = all.len();
        if count <= MAX_SLICES {
            return all;
        }
        (0..MAX_SLICES).map(|index| all[index * count / MAX_SLICES]).collect()
    }

    /// Leaves a slice out, or takes it in again.
    pub fn toggle(&mut self, key: SliceKey) {
        let Some(slice) = self.place(key).and_then(|index| self.slices.get_mut(index)) else { return };
        let out = slice.out.is_none();
        slice.out = out.then_some(Out::Visitor);
        self.slice_choices.entry(key).or_default().out = Some(out);
    }

    /// Gives one slice a class.
    pub fn classify(&mut self, key: SliceKey, class: usize) {
        let count = self.classes.len();
        let Some(slice) = self.place(key).and_then(|index| self.slices.get_mut(index)) else { return };
        if class < count {
            slice.class = class;
            self.slice_choices.entry(key).or_default().class = Some(class);
        }
    }

    /// Changes what is chosen for a head.
    pub fn choose(&mut self, key: &HeadKey, change: impl FnOnce(&mut HeadChoice)) {
        let choice = self.head_choices.entry(key.clone()).or_default();
        let before = choice.class;
        change(choice);
        if choice.class != before {
            // The class of the head is meant for all its slices.
            let slices = self.head(key).map(|head| head.slices.clone()).unwrap_or_default();
            let keys: Vec<SliceKey> =
                slices.filter_map(|index| self.slices.get(index)).map(|slice| slice.key).collect();
            keys.iter().for_each(|key| self.slice_choices.entry(*key).or_default().class = None);
        }
        self.arrange();
    }

    /// Says what folders stand for. Classes are made anew.
    pub fn set_folders(&mut self, folders: Folders) {
        self.folder_choice = Some(folders);
        self.folder_classes.clear();
        self.classes = vec![UNDIVIDED.to_owned()];
        self.slice_choices.values_mut().for_each(|choice| choice.class = None);
        self.head_choices.values_mut().for_each(|choice| choice.class = None);
        self.arrange();
    }

    /// One class more, if there may be.
    pub fn add_class(&mut self, name: String) {
        if self.classes.len() < MAX_CLASSES {
            self.classes.push(name);
        }
    }

    /// Another name for a class.
    pub fn rename_class(&mut self, class: usize, name: String) {
        if let Some(old) = self.classes.get_mut(class) {
            *old = name;
        }
    }

    /// Takes a class away; its slices go to the first of the others. The last one stays.
    pub fn remove_class(&mut self, class: usize) {
        if self.classes.len() < 2 || class >= self.classes.len() {
            return;
        }
        self.classes.remove(class);
        let moved = |old: usize| match old.cmp(&class) {
            std::cmp::Ordering::Less => old,
            std::cmp::Ordering::Equal => 0,
            std::cmp::Ordering::Greater => old - 1,
        };
        self.slice_choices.values_mut().for_each(|choice| choice.class = choice.class.map(moved));
        self.head_choices.values_mut().for_each(|choice| choice.class = choice.class.map(moved));
        self.folder_classes.values_mut().for_each(|folder| *folder = moved(*folder));
        self.files.iter_mut().for_each(|file| file.class = file.class.map(moved));
        self.arrange();
    }

    /// Where the masks were that are laid over slices.
    pub fn masks_in_use(&self) -> HashSet<String> {
        let files = self.masks.values().flat_map(|(files, _)| files);
        files.filter_map(|file| self.files.get(*file)).map(|file| file.path.clone()).collect()
    }

    /// What there is to warn of, in files about which nothing was decided yet.
    pub fn warnings(&self) -> Vec<Warning> {
        let open = self.files.iter().enumerate().filter(|(index, _)| !self.settled.contains(index));
        let warning = |(index, file): (usize, &File)| Warning {
            file: index,
            path: file.path.clone(),
            personal: file.personal.clone(),
            burnt_in: file.burnt_in,
            sagittal: file.sagittal,
        };
        open.map(warning).filter(|it| !it.personal.is_empty() || it.burnt_in || it.sagittal).collect()
    }

    /// The visitor decided about these files: they stay, or are left out.
    pub fn settle(&mut self, files: &[usize], keep: bool) {
        self.settled.extend(files);
        if keep {
            return;
        }
        let wanted: HashSet<usize> = files.iter().copied().collect();
        for slice in self.slices.iter_mut().filter(|slice| wanted.contains(&slice.key.file)) {
            slice.out = Some(Out::Visitor);
            self.slice_choices.entry(slice.key).or_default().out = Some(true);
        }
    }

    /// The head that a file's slices are of.
    pub fn head_of(&self, file: usize) -> Option<&Head> {
        self.slice(SliceKey { file, slice: 0 }).map(|(_, head)| head)
    }
}

#[cfg(test)]
#[path = "collection_tests.rs"]
mod tests;
