//! A handful of real scans in one file, for the game.
//!
//! [`MAGIC`], the length of the header as a little-endian `u32`, the header as JSON ([`Header`]), then for every
//! slice `size * size` bytes of the picture and as many of the mask. Masks keep their soft edges, since the discriminator
//! learned from such. Nothing in a slice's bytes or place says what it is; the page shuffles again.

use crate::slice::MAX_CLASSES;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// First bytes of every pack; the last digit changes when the layout does.
pub const MAGIC: &[u8; 8] = b"HSPACK01";
/// Largest file, in bytes.
pub const MAX_FILE: usize = 16 << 20;
/// Largest header, in bytes.
pub const MAX_HEADER: usize = 1 << 20;
/// Sides that a slice may have, in pixels; multiples of 4, as all generated scans have.
pub const SIDES: std::ops::RangeInclusive<usize> = 16..=256;
/// Most slices.
pub const MAX_SLICES: usize = 512;

/// Bytes before the header.
const PREFIX: usize = MAGIC.len() + size_of::<u32>();

/// Real scans and where they come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// Side of every slice, in pixels.
    pub size: usize,
    /// Names of the classes, in the order of [`PackSlice::class`].
    pub classes: Vec<String>,
    /// What the scans are and where they can be found.
    pub source: String,
    /// Licence of the scans.
    pub licence: String,
    /// Whom to name.
    pub attribution: String,
    /// The scans.
    pub slices: Vec<PackSlice>,
}

/// One real scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackSlice {
    /// Index into [`Pack::classes`].
    pub class: usize,
    /// Number of the person within this pack: slices with the same number are of one head, and come in the order in which
    /// they lie in it.
    pub patient: u32,
    /// `size * size` bytes, row by row: 0 is black, 255 white.
    pub image: Vec<u8>,
    /// `size * size` bytes, row by row: 255 in the tumour, less at its edge, else 0.
    pub mask: Vec<u8>,
}

/// Why a pack cannot be read or written.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PackError {
    /// A web page, as servers send for a missing file.
    #[error("this is a web page, not a pack of scans. Is the file where it should be?")]
    WebPage,
    /// Another file.
    #[error("this is not a pack of scans, or one of another version. Make it again with `cargo xtask scans`")]
    NotAPack,
    /// Too large a file.
    #[error("the pack has {0} bytes; at most {MAX_FILE} are read. Take fewer or smaller slices")]
    TooLarge(usize),
    /// Too large a header.
    #[error("the header claims {0} bytes; at most {MAX_HEADER} are read. The file is damaged: make it again")]
    HeaderTooLarge(usize),
    /// Cut off, or with something behind.
    #[error("the pack should have {wanted} bytes but has {found}. It was cut off or changed: fetch it again")]
    Length {
        /// What the header leads to.
        wanted: usize,
        /// What is there.
        found: usize,
    },
    /// The header is not what it should be.
    #[error("the header is not readable ({0}). The file is damaged: make it again")]
    Header(String),
    /// A side that is not allowed.
    #[error("slices of {0} pixels a side: use a multiple of 4 from 16 to 256")]
    Side(usize),
    /// No classes, too many, one without a name or one twice.
    #[error("a pack needs 1 to {MAX_CLASSES} classes, each with its own name; here: {0:?}")]
    Classes(Vec<String>),
    /// No slices or too many.
    #[error("a pack holds 1 to {MAX_SLICES} slices, not {0}")]
    Slices(usize),
    /// A slice of a class that is not there.
    #[error("slice {slice} is of class number {class}, which has no name")]
    Class {
        /// Which slice.
        slice: usize,
        /// Its class.
        class: usize,
    },
    /// Pixels that do not fill the square.
    #[error("slice {0} does not have as many pixels as its side asks for")]
    Pixels(usize),
}

/// A square picture of `from` pixels a side brought down to `to`: each new pixel is the mean of a square of the old ones, as
/// the normalisation averages too. None where no whole squares fit.
pub fn shrunk(pixels: &[u8], from: usize, to: usize) -> Option<Vec<u8>> {
    if to == 0 || !from.is_multiple_of(to) || pixels.len() != from * from {
        return None;
    }
    let (step, area) = (from / to, (from / to).pow(2));
    let mean = |x: usize, y: usize| {
        let row = |dy: usize| &pixels[(y * step + dy) * from + x * step..][..step];
        let sum: usize = (0..step).flat_map(row).map(|&pixel| usize::from(pixel)).sum();
        ((sum + area / 2) / area) as u8
    };
    Some((0..to * to).map(|at| mean(at % to, at / to)).collect())
}

/// What stands before the pixels.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    size: usize,
    classes: Vec<String>,
    source: String,
    licence: String,
    attribution: String,
    slices: Vec<Entry>,
}

/// What the header says of a slice.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    class: usize,
    patient: u32,
}

impl Header {
    /// Bytes of one slice, once everything that the header says has been found sane.
    fn check(&self) -> Result<usize, PackError> {
        if !SIDES.contains(&self.size) || !self.size.is_multiple_of(4) {
            return Err(PackError::Side(self.size));
        }
        let classes = &self.classes;
        let named = |(index, name): (usize, &String)| !name.is_empty() && !classes[..index].contains(name);
        if classes.is_empty() || classes.len() > MAX_CLASSES || !classes.iter().enumerate().all(named) {
            return Err(PackError::Classes(classes.iter().take(MAX_CLASSES + 1).cloned().collect()));
        }
        if self.slices.is_empty() || self.slices.len() > MAX_SLICES {
            return Err(PackError::Slices(self.slices.len()));
        }
        for (slice, entry) in self.slices.iter().enumerate() {
            if entry.class >= classes.len() {
                return Err(PackError::Class { slice, class: entry.class });
            }
        }
        let cells = self.size * self.size;
        Ok(2 * cells)
    }
}

impl Pack {
    /// The same scans with fewer pixels, each the mean of a square of the old ones; none where no whole squares fit.
    pub fn smaller(&self, size: usize) -> Option<Self> {
        let shrink = |pixels: &[u8]| shrunk(pixels, self.size, size);
        let slice = |slice: &PackSlice| {
            Some(PackSlice { image: shrink(&slice.image)?, mask: shrink(&slice.mask)?, ..slice.clone() })
        };
        Some(Self { size, slices: self.slices.iter().map(slice).collect::<Option<_>>()?, ..self.clone() })
    }

    /// Reads a file, whoever made it.
    ///
    /// # Errors
    /// If it is not a whole pack within the limits; the error says what to do.
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
        let header: Header = serde_json::from_slice(header).map_err(|error| PackError::Header(error.to_string()))?;
        let stride = header.check()?;
        if body.len() != header.slices.len() * stride {
            return Err(short(PREFIX + length + header.slices.len() * stride));
        }
        let cells = header.size * header.size;
        let slice = |(entry, bytes): (Entry, &[u8])| PackSlice {
            class: entry.class,
            patient: entry.patient,
            image: bytes[..cells].to_vec(),
            mask: bytes[cells..].to_vec(),
        };
        Ok(Self {
            size: header.size,
            classes: header.classes,
            source: header.source,
            licence: header.licence,
            attribution: header.attribution,
            slices: header.slices.into_iter().zip(body.chunks_exact(stride)).map(slice).collect(),
        })
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// If the pack is beyond the limits or does not fit together; such a file would not be read.
    pub fn write(&self) -> Result<Vec<u8>, PackError> {
        let header = Header {
            size: self.size,
            classes: self.classes.clone(),
            source: self.source.clone(),
            licence: self.licence.clone(),
            attribution: self.attribution.clone(),
            slices: self.slices.iter().map(|slice| Entry { class: slice.class, patient: slice.patient }).collect(),
        };
        let stride = header.check()?;
        let cells = self.size * self.size;
        let filled = |slice: &PackSlice| slice.image.len() == cells && slice.mask.len() == cells;
        if let Some(index) = self.slices.iter().position(|slice| !filled(slice)) {
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
        for slice in &self.slices {
            bytes.extend(&slice.image);
            bytes.extend(&slice.mask);
        }
        Ok(bytes)
    }
}

/// What else it may be.
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
#[path = "pack_tests.rs"]
mod tests;
