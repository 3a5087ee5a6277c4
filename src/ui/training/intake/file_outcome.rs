//! What became of a file.

use crate::slices::decoded::{DecodedFile, Format, Refusal};

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileOutcome {
    /// Where it was.
    pub path: String,
    /// What became of it.
    pub status: FileStatus,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileStatus {
    /// It was read.
    Read {
        /// What it is.
        format: Format,
        /// How many slices it has.
        slices: usize,
    },
    /// It was not.
    Refused(Refusal),
}

impl FileOutcome {
    /// A file that was read.
    pub fn read(found: &DecodedFile) -> Self {
        Self { path: found.path.clone(), status: FileStatus::Read { format: found.format, slices: found.slices.len() } }
    }

    /// A file that was not.
    pub fn refused(path: String, refusal: Refusal) -> Self {
        Self { path, status: FileStatus::Refused(refusal) }
    }
}

/// What people call a format.
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
