//! Opens the file of a visitor: detects its format and passes it to the reader of that format.

use super::class_table::{self, ClassTable};
use super::decoded::{DecodedFile, Format, Refusal, UnsupportedFormat};
use super::detect::{FileKind, detect};
use super::limits::MAX_FILE_BYTES;
use super::people::{self, PeopleTable};
use super::raster::Raster;
use super::{dicom, nifti, nrrd, picture, zip};
use crate::mark;

/// What was read from a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Opened {
    /// A picture or a volume.
    Scan(DecodedFile),
    /// A table that names the person on each file.
    People(PeopleTable),
    /// The table of a download of this program, which gives the classes.
    Classes(ClassTable),
    /// A description of a download of this program, which holds nothing to use.
    Description,
}

/// What was read, or the path of a refused file and the reason.
pub type OpenResult = Result<Opened, (String, Refusal)>;

/// Reads a file. Calls `on_outcome` once, or for a ZIP file once for each entry; never zero times.
pub fn open_file(path: &str, bytes: &[u8], on_outcome: &mut dyn FnMut(OpenResult)) {
    if detect(bytes) != FileKind::Zip || bytes.len() > MAX_FILE_BYTES {
        return on_outcome(open_single(path, bytes).map_err(|refusal| (path.to_owned(), refusal)));
    }
    let read = zip::for_each_entry(bytes, &mut |name, entry| {
        let path = format!("{path}/{name}");
        let outcome = entry.and_then(|bytes| open_single(&path, &bytes));
        on_outcome(outcome.map_err(|refusal| (path, refusal)));
    });
    if let Err(refusal) = read {
        on_outcome(Err((path.to_owned(), refusal)));
    }
}

/// Reads a file that is not a ZIP file.
fn open_single(path: &str, bytes: &[u8]) -> Result<Opened, Refusal> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(Refusal::TooLarge);
    }
    let scan = match detect(bytes) {
        FileKind::Unsupported(UnsupportedFormat::Text) if mark::is_description(path, bytes) => {
            return Ok(Opened::Description);
        }
        FileKind::Unsupported(UnsupportedFormat::Text) | FileKind::Unknown
            if !bytes.is_empty() && people::is_table(path) =>
        {
            if let Some(classes) = class_table::parse(path, bytes) {
                return Ok(Opened::Classes(classes));
            }
            return people::parse(path, bytes).map(Opened::People).map_err(Refusal::Table);
        }
        FileKind::Image(Format::Dicom) => dicom::open(path, bytes),
        FileKind::Image(Format::Nifti) => nifti::open(path, bytes),
        FileKind::Image(Format::Nrrd) => nrrd::open(path, bytes),
        FileKind::Image(format) => picture::open(path, format, bytes),
        FileKind::Gzip => nifti::open_gzip(path, bytes),
        FileKind::Zip => Err(Refusal::NestedZip),
        FileKind::Unsupported(format) => Err(Refusal::Unsupported(format)),
        FileKind::Unknown if bytes.is_empty() => Err(Refusal::Empty),
        FileKind::Unknown => Err(Refusal::Unknown),
    };
    scan.map(Opened::Scan)
}

/// Opens a photograph: a PNG, JPEG, BMP or TIFF picture.
///
/// # Errors
/// If it is something else, damaged, or beyond a limit.
pub fn open_photo(bytes: &[u8]) -> Result<Raster, Refusal> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(Refusal::TooLarge);
    }
    match detect(bytes) {
        FileKind::Image(format @ (Format::Png | Format::Jpeg | Format::Bmp | Format::Tiff)) => {
            picture::open_photo(format, bytes)
        }
        FileKind::Unsupported(format) => Err(Refusal::Unsupported(format)),
        _ if bytes.is_empty() => Err(Refusal::Empty),
        _ => Err(Refusal::Unknown),
    }
}

#[cfg(test)]
impl Opened {
    /// The picture or volume; a table is an error of the test.
    pub(super) fn scan(self) -> DecodedFile {
        match self {
            Self::Scan(file) => file,
            other => panic!("{other:?} is no picture"),
        }
    }
}

#[cfg(test)]
mod tests;
