//! Real scans for the game and the lab, packed in one file.
//!
//! The file holds [`MAGIC`], the length of the header as a little-endian `u32`, the header as JSON ([`PackHeader`]), and for
//! each slice `size * size` bytes of the image followed by as many of the mask. Masks keep their soft edges, as the
//! discriminator was trained on those.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::limits::MAX_SLICES;
use crate::slice::{LabelledSlice, MAX_CLASSES, Slice};

/// First bytes of every pack. The last digit is the version of the layout.
pub const MAGIC: &[u8; 8] = b"HSPACK01";
/// Most bytes of a pack.
pub const MAX_FILE: usize = 16 << 20;
/// Most bytes of its header.
pub const MAX_HEADER: usize = 1 << 20;
/// Sides of a slice in pixels. They must be multiples of 4, as those of generated scans are.
pub const SIDES: std::ops::RangeInclusive<usize> = 16..=256;

/// Bytes before the header.
const PREFIX: usize = MAGIC.len() + size_of::<u32>();

/// Real scans with their origin and licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// Side of every slice, in pixels.
    pub size: usize,
    /// Names of the classes, indexed by [`LabelledSlice::class`].
    pub classes: Vec<String>,
    /// What the scans are and where they can be found.
    pub source: String,
    /// Licence of the scans.
    pub licence: String,
    /// Whom to credit.
    pub attribution: String,
    /// What the data set calls its patients, indexed by [`PackSlice::patient`]. Empty in a pack that names nobody.
    pub names: Vec<String>,
    /// The scans.
    pub slices: Vec<PackSlice>,
}

/// One real scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackSlice {
    /// Number of the patient within this pack. The slices of one patient come in their order in the head.
    pub patient: u32,
    /// The pixels and the class, an index into [`Pack::classes`].
    pub labelled: LabelledSlice,
}

/// Why a pack cannot be read or written.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PackError {
    /// The file is a web page, which servers send for a missing file.
    #[error("this is a web page, not a pack of scans. Check that the file is on the server")]
    WebPage,
    /// The file is something else.
    #[error("this is not a pack of scans, or it has another version. Make it again with `cargo xtask scans`")]
    NotAPack,
    /// The file is larger than [`MAX_FILE`].
    #[error("the pack has {0} bytes; at most {MAX_FILE} are read. Take fewer or smaller slices")]
    TooLarge(usize),
    /// The header is larger than [`MAX_HEADER`].
    #[error("the header claims {0} bytes; at most {MAX_HEADER} are read. The file is damaged: make it again")]
    HeaderTooLarge(usize),
    /// The file is shorter or longer than its header says.
    #[error("the pack should have {wanted} bytes but has {found}. It is truncated or was changed: download it again")]
    Length {
        /// Bytes that the header asks for.
        wanted: usize,
        /// Bytes in the file.
        found: usize,
    },
    /// The header is not valid JSON, or lacks a field.
    #[error("the header cannot be read ({0}). The file is damaged: make it again")]
    Header(String),
    /// The side is not allowed.
    #[error("the slices have {0} pixels a side: use a multiple of 4 from 16 to 256")]
    Side(usize),
    /// There are no classes or too many, or a name is empty or repeated.
    #[error("a pack needs 1 to {MAX_CLASSES} classes with different names, not {0:?}")]
    Classes(Vec<String>),
    /// A name of a patient is empty, repeated or missing.
    #[error(
        "a pack names all of its patients, each with another name, or nobody: make it again with `cargo xtask scans`"
    )]
    Names,
    /// There are no slices or too many.
    #[error("a pack holds 1 to {MAX_SLICES} slices, not {0}")]
    Slices(usize),
    /// A slice has a class that does not exist.
    #[error("slice {slice} has class number {class}, which does not exist")]
    Class {
        /// Index of the slice.
        slice: usize,
        /// Its class.
        class: usize,
    },
    /// An image or mask does not have `size * size` pixels.
    #[error("slice {0} does not have size * size pixels")]
    Pixels(usize),
}

/// The header of the file.
#[derive(Debug, Serialize, Deserialize)]
struct PackHeader {
    size: usize,
    classes: Vec<String>,
    source: String,
    licence: String,
    attribution: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    names: Vec<String>,
    slices: Vec<SliceRecord>,
}

/// A slice in the header.
#[derive(Debug, Serialize, Deserialize)]
struct SliceRecord {
    class: usize,
    patient: u32,
}

impl PackHeader {
    /// Checks all limits. Returns the bytes of one slice with its mask.
    fn check(&self) -> Result<usize, PackError> {
        if !SIDES.contains(&self.size) || !self.size.is_multiple_of(4) {
            return Err(PackError::Side(self.size));
        }
        let classes = &self.classes;
        let is_new = |(index, name): (usize, &String)| !name.is_empty() && !classes[..index].contains(name);
        if classes.is_empty() || classes.len() > MAX_CLASSES || !classes.iter().enumerate().all(is_new) {
            return Err(PackError::Classes(classes.iter().take(MAX_CLASSES + 1).cloned().collect()));
        }
        if self.slices.is_empty() || self.slices.len() > MAX_SLICES {
            return Err(PackError::Slices(self.slices.len()));
        }
        let (names, different) = (&self.names, self.names.iter().collect::<BTreeSet<_>>().len());
        let is_named = |record: &SliceRecord| (record.patient as usize) < names.len();
        let complete =
            different == names.len() && !names.iter().any(String::is_empty) && self.slices.iter().all(is_named);
        if !names.is_empty() && !complete {
            return Err(PackError::Names);
        }
        for (slice, record) in self.slices.iter().enumerate() {
            if record.class >= classes.len() {
                return Err(PackError::Class { slice, class: record.class });
            }
        }
        Ok(2 * self.size * self.size)
    }
}

impl Pack {
    /// The same scans with `size` pixels a side. See [`Slice::downscale`].
    pub fn downscale(&self, size: usize) -> Option<Self> {
        let slice = |PackSlice { patient, labelled: LabelledSlice { class, slice } }: &PackSlice| {
            let labelled = LabelledSlice { class: *class, slice: slice.downscale(size)? };
            Some(PackSlice { patient: *patient, labelled })
        };
        Some(Self { size, slices: self.slices.iter().map(slice).collect::<Option<_>>()?, ..self.clone() })
    }

    /// Reads a file from any source.
    ///
    /// # Errors
    /// If the file is not a complete pack within the limits. The message says what to do.
    pub fn read(bytes: &[u8]) -> Result<Self, PackError> {
        if bytes.len() > MAX_FILE {
            return Err(PackError::TooLarge(bytes.len()));
        }
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| not_a_pack(bytes))?;
        let short = |wanted| PackError::Length { wanted, found: bytes.len() };
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(short(PREFIX))?;
        let length = u32::from_le_bytes(*length) as usize;
        if length > MAX_HEADER {
            return Err(PackError::HeaderTooLarge(length));
        }
        let (header, body) = rest.split_at_checked(length).ok_or(short(PREFIX + length))?;
        let header: PackHeader =
            serde_json::from_slice(header).map_err(|error| PackError::Header(error.to_string()))?;
        let stride = header.check()?;
        if body.len() != header.slices.len() * stride {
            return Err(short(PREFIX + length + header.slices.len() * stride));
        }
        let slices = Slice::split(body, header.slices.len(), header.size).map_err(|_| short(bytes.len()))?;
        let slice = |(SliceRecord { class, patient }, slice): (SliceRecord, Slice)| PackSlice {
            patient,
            labelled: LabelledSlice { class, slice },
        };
        Ok(Self {
            size: header.size,
            classes: header.classes,
            source: header.source,
            licence: header.licence,
            attribution: header.attribution,
            names: header.names,
            slices: header.slices.into_iter().zip(slices).map(slice).collect(),
        })
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// If [`Pack::read`] would refuse the file.
    pub fn write(&self) -> Result<Vec<u8>, PackError> {
        let record = |slice: &PackSlice| SliceRecord { class: slice.labelled.class, patient: slice.patient };
        let header = PackHeader {
            size: self.size,
            classes: self.classes.clone(),
            source: self.source.clone(),
            licence: self.licence.clone(),
            attribution: self.attribution.clone(),
            names: self.names.clone(),
            slices: self.slices.iter().map(record).collect(),
        };
        let stride = header.check()?;
        if let Some(index) = self.slices.iter().position(|slice| !slice.labelled.slice.has_size(self.size)) {
            return Err(PackError::Pixels(index));
        }
        let json = serde_json::to_vec(&header).map_err(|error| PackError::Header(error.to_string()))?;
        let length = u32::try_from(json.len()).ok().filter(|_| json.len() <= MAX_HEADER);
        let length = length.ok_or(PackError::HeaderTooLarge(json.len()))?;
        let total = PREFIX + json.len() + self.slices.len() * stride;
        if total > MAX_FILE {
            return Err(PackError::TooLarge(total));
        }
        let mut bytes = Vec::with_capacity(total);
        bytes.extend(MAGIC);
        bytes.extend(length.to_le_bytes());
        bytes.extend(json);
        bytes.extend(Slice::concat(self.slices.iter().map(|slice| &slice.labelled.slice)));
        Ok(bytes)
    }
}

/// The error for a file that does not begin with [`MAGIC`].
fn not_a_pack(bytes: &[u8]) -> PackError {
    if bytes.trim_ascii_start().starts_with(b"<") {
        PackError::WebPage
    } else if MAGIC.starts_with(bytes) {
        PackError::Length { wanted: PREFIX, found: bytes.len() }
    } else {
        PackError::NotAPack
    }
}

#[cfg(test)]
mod tests;
