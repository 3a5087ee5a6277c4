//! Reads volumes in NRRD files, the format of 3D Slicer and ITK (<https://teem.sourceforge.net/nrrd/format.html>).
//!
//! Supported are attached headers (`.nrrd`), three dimensions, the encodings raw, gzip and ascii, whole numbers and
//! floats, and a `space` that gives the orientation of the patient.

mod error;
mod header;
mod personal;
mod samples;

pub use error::NrrdError;
use header::NrrdHeader;

use super::decoded::{DecodedFile, Format, Refusal, UnsupportedFormat};
use super::limits::MAX_SAMPLES;
use super::volume::Volume;

/// Most bytes of a file for [`read`].
pub const MAX_FILE: usize = 256 << 20;
/// Most bytes of a header.
const MAX_HEADER: usize = 64 << 10;
/// Most samples of a volume for [`read`], the reader of the command line. The browser's limit is [`MAX_SAMPLES`].
const MAX_NATIVE_SAMPLES: usize = 64 << 20;

/// Reads a file on the command line.
///
/// # Errors
/// If the file is not a supported NRRD file, or is beyond a limit. The message says what to do.
pub fn read(bytes: &[u8]) -> Result<Volume, NrrdError> {
    read_at_most(bytes, MAX_NATIVE_SAMPLES)
}

/// Reads the file of a visitor.
///
/// # Errors
/// If the file is not a supported NRRD file, or is beyond a limit.
pub(super) fn open(path: &str, bytes: &[u8]) -> Result<DecodedFile, Refusal> {
    let volume = read_at_most(bytes, MAX_SAMPLES).map_err(refusal)?;
    Ok(DecodedFile { personal: personal::fields(bytes), ..volume.into_file(path, Format::Nrrd)? })
}

/// Reads a volume of at most `most` samples.
fn read_at_most(bytes: &[u8], most: usize) -> Result<Volume, NrrdError> {
    if bytes.len() > MAX_FILE {
        return Err(NrrdError::TooLarge(bytes.len()));
    }
    let (header, data) = NrrdHeader::read(bytes)?;
    let samples: usize = header.grid.sizes.iter().product();
    // Samples of 8 bytes count twice, as compressed data is unpacked as a whole.
    if samples * header.sample_type.bytes().div_ceil(4) > most {
        return Err(NrrdError::Sizes(header.grid.sizes));
    }
    let values = samples::read(&header, data)?;
    Ok(header.grid.reorient(&values))
}

/// The refusal for an error. The text of the error may quote the file, so it goes no further.
fn refusal(error: NrrdError) -> Refusal {
    use NrrdError as E;
    match error {
        E::TooLarge(_) => Refusal::TooLarge,
        E::Sizes(_) => Refusal::TooManyPixels,
        E::Oblique | E::Directions | E::Missing("space" | "space directions") => Refusal::Orientation,
        E::Field { field: "space" | "space directions" | "space origin", .. } => Refusal::Orientation,
        E::Field { field: "dimension", .. } => Refusal::Dimensions,
        E::Field { field: "type", .. } => Refusal::NotIntensities,
        E::Field { field: "encoding", .. } => Refusal::UnsupportedCoding,
        E::Field { field: "data file", .. } => Refusal::Unsupported(UnsupportedFormat::HeaderOnly),
        _ => Refusal::Damaged(Format::Nrrd),
    }
}

#[cfg(test)]
mod tests;
