//! What a stranger's file is, by its content and never by its name, and who reads it.

use super::limits::MAX_BYTES;
use super::open::{Format, Found, Other, Refusal};
use super::{dicom, nifti, picture, shown, zip};
use super::{identity, nrrd};

/// Hears what came out of a file: a picture or a volume, or which file was refused and why.
pub type Tell<'a> = &'a mut dyn FnMut(Result<Found, (String, Refusal)>);

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Slices(Format),
    Zip,
    Gzip,
    Other(Other),
    Nothing,
}

/// Reads a file, whoever made it; tells of each thing in it, and always of one at least.
pub fn open(path: &str, bytes: &[u8], tell: Tell) {
    match kind(bytes) {
        Kind::Zip if bytes.len() <= MAX_BYTES => zip::open(path, bytes, tell),
        _ => tell(one(path, bytes).map_err(|refusal| (path.to_owned(), refusal))),
    }
}

/// Reads a file that is no ZIP file.
pub(super) fn one(path: &str, bytes: &[u8]) -> Result<Found, Refusal> {
    if bytes.len() > MAX_BYTES {
        return Err(Refusal::TooLarge);
    }
    match kind(bytes) {
        Kind::Slices(Format::Dicom) => dicom::open(path, bytes),
        Kind::Slices(Format::Nifti) => nifti::open(path, bytes),
        Kind::Slices(Format::Nrrd) => volume(path, bytes),
        Kind::Slices(format) => picture::open(path, format, bytes),
        Kind::Gzip => nifti::open_packed(path, bytes),
        Kind::Zip => Err(Refusal::Nested),
        Kind::Other(other) => Err(Refusal::Other(other)),
        Kind::Nothing if bytes.is_empty() => Err(Refusal::Empty),
        Kind::Nothing => Err(Refusal::Unknown),
    }
}

/// An NRRD file.
fn volume(path: &str, bytes: &[u8]) -> Result<Found, Refusal> {
    let volume = nrrd::Volume::read_at_most(bytes, super::limits::MAX_SAMPLES).map_err(refused)?;
    let mut found = Found::of_volume(path, Format::Nrrd, &volume)?;
    found.personal = identity::of_nrrd(bytes);
    Ok(found)
}

/// Its own words may quote the file, so only the kind of error goes on.
fn refused(error: nrrd::NrrdError) -> Refusal {
    use nrrd::NrrdError as E;
    match error {
        E::TooLarge(_) => Refusal::TooLarge,
        E::Sizes(_) => Refusal::TooBig,
        E::Oblique | E::Directions | E::Missing("space" | "space directions") => Refusal::Orientation,
        E::Field { field: "space" | "space directions" | "space origin", .. } => Refusal::Orientation,
        E::Field { field: "dimension", .. } => Refusal::Dimensions,
        E::Field { field: "type", .. } | E::NotFinite(_) => Refusal::Numbers,
        E::Field { field: "encoding", .. } => Refusal::Coding,
        E::Field { field: "data file", .. } => Refusal::Other(Other::HeaderOnly),
        _ => Refusal::Damaged(Format::Nrrd),
    }
}

impl Found {
    /// What was read of a file, before anything is known of it.
    pub(super) fn new(path: &str, format: Format) -> Self {
        Self {
            path: path.to_owned(),
            format,
            slices: Vec::new(),
            volume: false,
            group: None,
            position: None,
            plane: None,
            personal: Vec::new(),
            burnt_in: false,
            labels: false,
        }
    }

    /// All slices of an upright volume, at one brightness.
    pub(super) fn of_volume(path: &str, format: Format, volume: &nrrd::Volume) -> Result<Self, Refusal> {
        if volume.sizes[0].min(volume.sizes[1]) < super::limits::MIN_SIDE {
            return Err(Refusal::TooSmall);
        }
        let window = shown::Window::of(&volume.values).ok_or(Refusal::Blank)?;
        let mut found = Self::new(path, format);
        found.labels = shown::labels(volume.values.iter().copied());
        found.slices = match found.labels {
            true => shown::slices(volume, shown::area),
            false => shown::slices(volume, |value| window.byte(value)),
        };
        found.volume = found.slices.len() > 1;
        found.plane = Some(super::open::Plane::Axial);
        Ok(found)
    }
}

pub(super) fn kind(bytes: &[u8]) -> Kind {
    let at = |place: usize, words: &[u8]| bytes.get(place..).is_some_and(|rest| rest.starts_with(words));
    let format = |format| Kind::Slices(format);
    let other = Kind::Other;
    match () {
        // First, as its 128 bytes before the mark may look like anything.
        () if at(128, b"DICM") || at(0, b"\x02\0\0\0") || at(0, b"\x02\0\x02\0") => format(Format::Dicom),
        () if at(0, b"\x89PNG\r\n\x1a\n") => format(Format::Png),
        () if at(0, b"\xff\xd8\xff") => format(Format::Jpeg),
        () if at(0, b"BM") && bitmap(bytes) => format(Format::Bmp),
        () if at(0, b"II*\0") || at(0, b"MM\0*") => format(Format::Tiff),
        () if at(0, b"NRRD000") => format(Format::Nrrd),
        () if at(344, b"n+1\0") => format(Format::Nifti),
        () if at(344, b"ni1\0") => other(Other::HeaderOnly),
        () if at(4, b"n+2\0") || at(4, b"ni2\0") => other(Other::Nifti2),
        () if at(0, b"PK\x03\x04") || at(0, b"PK\x05\x06") => Kind::Zip,
        () if at(0, b"\x1f\x8b") => Kind::Gzip,
        () if at(0, b"GIF8") => other(Other::Gif),
        () if at(0, b"RIFF") && at(8, b"WEBP") => other(Other::WebP),
        () if at(4, b"ftyphei") || at(4, b"ftypmif") || at(4, b"ftypavi") => other(Other::Heic),
        () if at(4, b"ftyp") || at(0, b"RIFF") || at(0, b"\x1a\x45\xdf\xa3") => other(Other::Video),
        () if at(0, b"%PDF") => other(Other::Pdf),
        () if at(0, b"7z\xbc\xaf\x27\x1c") || at(0, b"Rar!") || at(257, b"ustar") => other(Other::Archive),
        () if at(0, b"\xfd7zXZ") || at(0, b"BZh") || at(0, b"\x28\xb5\x2f\xfd") => other(Other::Archive),
        () if at(0, b"MATLAB 5") || at(0, b"\x89HDF") => other(Other::Matlab),
        () if text(bytes) => other(Other::Text),
        () => Kind::Nothing,
    }
}

/// Two letters are too little to tell: the length of the header must be one that there is.
fn bitmap(bytes: &[u8]) -> bool {
    matches!(bytes.get(14..18), Some([12 | 16 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0]))
}

/// Whether it starts as words do.
fn text(bytes: &[u8]) -> bool {
    let start = bytes.get(..512).unwrap_or(bytes);
    let readable = match std::str::from_utf8(start) {
        Ok(_) => true,
        // The cut may lie within a letter.
        Err(error) => error.error_len().is_none() && error.valid_up_to() > 0,
    };
    !start.is_empty() && readable && !start.iter().any(|byte| *byte < 9 || (14..27).contains(byte))
}

#[cfg(test)]
#[path = "../../tests/hostile/forge.rs"]
pub(super) mod forge;
#[cfg(test)]
mod tests;
