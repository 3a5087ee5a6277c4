//! Errors of the NRRD reader, with what the user can do.

use super::{MAX_FILE, MAX_HEADER, MAX_NATIVE_SAMPLES};
use crate::slices::limits::MAX_SIDE;
use crate::slices::orientation::{MAX_SPACING, OrientationError};

/// Why an NRRD file cannot be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NrrdError {
    /// The file is larger than [`MAX_FILE`].
    #[error("the file has {0} bytes; at most {MAX_FILE} are read. Crop the volume")]
    TooLarge(usize),
    /// The file does not begin as an NRRD file.
    #[error("this is not an NRRD file of version 1 to 5: export the volume as NRRD (.nrrd)")]
    NotNrrd,
    /// No empty line ends the header.
    #[error("the header does not end within {MAX_HEADER} bytes: the file is truncated, or is not NRRD")]
    NoEnd,
    /// The header is not UTF-8.
    #[error("the header is not text in UTF-8 or ASCII: export the volume again")]
    NotText,
    /// A line of the header has no colon.
    #[error("the header has a line without a field name (`{0}`): export the volume again")]
    Line(String),
    /// A field occurs twice.
    #[error("the header has the field `{0}` twice: export the volume again")]
    Twice(String),
    /// A required field is missing.
    #[error("the header has no field `{0}`{hint}", hint = hint(.0))]
    Missing(&'static str),
    /// A field has a value that is not supported.
    #[error("the header field `{field}` is `{found}`: {wanted}")]
    Field {
        /// Name of the field.
        field: &'static str,
        /// First characters of its value.
        found: String,
        /// The supported values.
        wanted: &'static str,
    },
    /// The volume is beyond the limits.
    #[error(
        "the volume has {0:?} samples; at most {MAX_SIDE} a side and {MAX_NATIVE_SAMPLES} in all are read. Crop it"
    )]
    Sizes([usize; 3]),
    /// The space directions are unusable.
    #[error(
        "the volume's axes do not span space, or its samples are closer or farther apart than {MAX_SPACING} mm allows"
    )]
    Directions,
    /// The orientation is too oblique.
    #[error("the slices are too oblique to the patient's axes: resample the volume to axial slices")]
    Oblique,
    /// There are fewer or more samples than the header says.
    #[error("the samples should take {wanted} bytes but take {found}: the file is truncated or was changed")]
    Length {
        /// Bytes that the header asks for.
        wanted: usize,
        /// Bytes in the file; `wanted + 1` stands for any larger number.
        found: usize,
    },
    /// The gzip stream is damaged.
    #[error("the gzipped samples are damaged ({0}): export the volume again")]
    Gzip(String),
    /// A sample of the ascii encoding is not a number.
    #[error("sample {0} is not a number: export the volume again")]
    Sample(usize),
}

impl From<OrientationError> for NrrdError {
    fn from(error: OrientationError) -> Self {
        match error {
            OrientationError::Directions => Self::Directions,
            OrientationError::Oblique => Self::Oblique,
        }
    }
}

/// What to do if this field is missing.
fn hint(field: &str) -> &'static str {
    match field {
        "space" | "space directions" => {
            ": the orientation of the patient is unknown. Export the volume again from a program that writes it, such as 3D Slicer"
        }
        _ => ": export the volume again",
    }
}

/// The first 40 characters of a text from the file, without control characters, which could steer a terminal.
pub(super) fn quote(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}
