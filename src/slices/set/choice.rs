//! What a visitor says about slices and heads.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::slices::raster::Square;

/// A slice: which file that was read, and which of its slices. Stays the same when files are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SliceKey {
    /// Number of the file.
    pub file: usize,
    /// Number of the slice in it.
    pub slice: usize,
}

/// A head: what its slices have in common. Stays the same when files are added.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum HeadKey {
    /// Files that say they belong together.
    Series {
        /// What they share.
        group: u64,
        /// Width and height, which one head has only one of.
        size: (usize, usize),
    },
    /// Pictures of a folder.
    Folder {
        /// Its path.
        path: String,
        /// Width and height.
        size: (usize, usize),
    },
    /// A file by itself.
    File(usize),
}

impl HeadKey {
    /// The same number for heads of one person, as far as the key knows.
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

/// What the folders of pictures stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folders {
    /// A class each.
    Classes,
    /// A person each.
    Heads,
}

/// What is chosen for one slice; what is not, follows from the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SliceChoice {
    /// Its class.
    pub class: Option<usize>,
    /// Whether it stays out.
    pub out: Option<bool>,
}

/// What is chosen for a head; what is not, follows from the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HeadChoice {
    /// Its class.
    pub class: Option<usize>,
    /// First and last slice.
    pub range: Option<(usize, usize)>,
    /// One of how many slices is taken.
    pub every: Option<usize>,
    /// What is cut out.
    pub crop: Option<Square>,
}
