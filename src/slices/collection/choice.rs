//! Choices of the visitor about slices and heads, and the keys that they are stored under.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::slices::raster::Square;

/// Identifies a slice. Stays the same when files are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SliceKey {
    /// Index of the file.
    pub file: usize,
    /// Index of the slice in the file.
    pub slice: usize,
}

/// Identifies a head by what its slices have in common. Stays the same when files are added.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum HeadKey {
    /// Files of one series and size.
    Series {
        /// See [`DecodedFile::group`](crate::slices::decoded::DecodedFile::group).
        group: u64,
        /// Width and height of the slices. All slices of a head have the same.
        size: (usize, usize),
    },
    /// Pictures of one size, in one folder or of one person by their names or a table.
    Folder {
        /// Path of the folder, or the person. Empty for pictures that are of one person because the visitor says so.
        path: String,
        /// Width and height of the slices.
        size: (usize, usize),
    },
    /// The slices of one file, by its index.
    File(usize),
}

impl HeadKey {
    /// Equal for heads of one person, as far as the keys tell.
    pub(super) fn person(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        match self {
            HeadKey::Series { group, .. } => (0, group).hash(&mut hasher),
            HeadKey::Folder { path, .. } => (1, path).hash(&mut hasher),
            HeadKey::File(file) => (2, file).hash(&mut hasher),
        }
        hasher.finish()
    }
}

/// What the folders of pictures mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FolderMeaning {
    /// Each folder is a class.
    Classes,
    /// Each folder is a person.
    Heads,
}

/// Choices about one slice. `None` means that the visitor chose nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SliceChoice {
    /// Its class.
    pub class: Option<usize>,
    /// Whether it is excluded.
    pub excluded: Option<bool>,
}

/// Choices about a head. `None` means that the visitor chose nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HeadChoice {
    /// Class of its slices.
    pub class: Option<usize>,
    /// First and last slice in range.
    pub range: Option<(usize, usize)>,
    /// Step from one used slice to the next: 1 uses all slices, 2 every second one.
    pub step: Option<usize>,
    /// The region to use.
    pub crop: Option<Square>,
}
