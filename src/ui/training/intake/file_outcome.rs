//! The outcome of reading a file.

use crate::slices::decoded::{DecodedFile, Format, Refusal};

/// A file and its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileOutcome {
    /// Path of the file.
    pub path: String,
    /// Whether it was read.
    pub status: FileStatus,
}

/// Whether a file was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileStatus {
    /// It was read.
    Read {
        /// Its format.
        format: Format,
        /// Number of slices in it.
        slices: usize,
    },
    /// A table that names the person on each file.
    People,
    /// It was refused.
    Refused(Refusal),
}

impl FileOutcome {
    /// A file that was read.
    pub fn read(found: &DecodedFile) -> Self {
        Self { path: found.path.clone(), status: FileStatus::Read { format: found.format, slices: found.slices.len() } }
    }

    /// A table of persons.
    pub fn people(path: String) -> Self {
        Self { path, status: FileStatus::People }
    }

    /// A file that was refused.
    pub fn refused(path: String, refusal: Refusal) -> Self {
        Self { path, status: FileStatus::Refused(refusal) }
    }
}

/// The usual name of a format.
pub fn format_name(format: Format) -> &'static str {
    match format {
        Format::Png => "PNG",
        Format::Jpeg => "JPEG",
        Format::Bmp => "BMP",
        Format::Tiff => "TIFF",
        Format::Dicom => "DICOM",
        Format::Nifti => "NIfTI",
        Format::Nrrd => "NRRD",
    }
}
