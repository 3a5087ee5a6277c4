//! What can be wrong with an NRRD file, and what to do about it.

use super::{MAX_FILE, MAX_HEADER, MAX_SAMPLES, MAX_SIDE, MAX_SPACING};

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NrrdError {
    /// Too large a file.
    #[error("the file has {0} bytes; at most {MAX_FILE} are read. Crop the volume")]
    TooLarge(usize),
    /// Another format.
    #[error("this is not an NRRD file of versions 1 to 5: export the volume as NRRD (.nrrd)")]
    NotNrrd,
    /// No empty line after the header.
    #[error("the header does not end within {MAX_HEADER} bytes: the file was cut off, or is not NRRD")]
    NoEnd,
    /// The header is not text.
    #[error("the header is not text in UTF-8 or ASCII: export the volume again")]
    NotText,
    /// A line without a colon.
    #[error("the header has a line that says nothing (`{0}`): export the volume again")]
    Line(String),
    /// A field twice.
    #[error("the header says `{0}` twice: export the volume again")]
    Twice(String),
    /// A field that must be there.
    #[error("the header has no field `{0}`{hint}", hint = hint(.0))]
    Missing(&'static str),
    /// A field whose value is not read.
    #[error("the header field `{field}` is `{found}`: {wanted}")]
    Field {
        /// Which field.
        field: &'static str,
        /// Start of its value.
        found: String,
        /// What is read.
        wanted: &'static str,
    },
    /// More samples than is sane.
    #[error("the volume claims {0:?} samples; at most {MAX_SIDE} a side and {MAX_SAMPLES} in all are read. Crop it")]
    Sizes([usize; 3]),
    /// No orientation.
    #[error("the volume's axes do not span space, or samples lie closer or farther than {MAX_SPACING} mm allows")]
    Directions,
    /// Between two orientations.
    #[error("the slices lie too far from the patient's axes: resample the volume to axial slices")]
    Oblique,
    /// Fewer or more samples than the header says.
    #[error("the samples should take {wanted} bytes but take {found}: the file was cut off or changed")]
    Length {
        /// What the header leads to.
        wanted: usize,
        /// What is there; one more than wanted stands for anything larger.
        found: usize,
    },
    /// Broken compression.
    #[error("the gzipped samples are damaged ({0}): export the volume again")]
    Gzip(String),
    /// Text that is no number.
    #[error("sample {0} is not a number: export the volume again")]
    Sample(usize),
    /// NaN or infinite.
    #[error("sample {0} is not a finite number: fill the holes of the volume and export it again")]
    NotFinite(usize),
}

/// What to do where a field is missing.
fn hint(field: &str) -> &'static str {
    match field {
        "space" | "space directions" => {
            ": it does not say how the patient lies. Export the volume again from a program that does, such as 3D Slicer"
        }
        _ => ": export the volume again",
    }
}

/// The start of a stranger's text, harmless in a terminal.
pub(super) fn quote(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}
