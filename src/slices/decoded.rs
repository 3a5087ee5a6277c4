//! What reading a file gives: its slices, or the reason why it was refused.

use serde::{Deserialize, Serialize};

use super::people::TableProblem;
use super::raster::Raster;

/// A picture or volume that was read. It holds no text of the file, only which kinds of personal fields there were.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecodedFile {
    /// Path of the file: `folder/a.png`, or `a.zip/x.png` for an entry of a ZIP file.
    pub path: String,
    /// Format of the file.
    pub format: Format,
    /// The slices, at least one. All have the same size, at most [`MAX_KEPT_SIDE`](super::limits::MAX_KEPT_SIDE) pixels a
    /// side. If the file gives the orientation of a volume, its slices are axial, ordered from the feet up, with the face
    /// up. The slices of a volume share one intensity window. They are not serialised: the reader sends them as bytes.
    #[serde(skip)]
    pub slices: Vec<Raster>,
    /// Whether the slices are one head, in order.
    pub volume: bool,
    /// Equal for files of one series. The upper 32 bits are equal for files of one patient. Cut from a SHA-256 hash, so
    /// the identifiers cannot be read back.
    #[serde(with = "halves")]
    pub group: Option<u64>,
    /// Position of a single slice along its normal in millimetres, or its number, to sort the slices of one group.
    pub position: Option<f32>,
    /// Plane of the slices, if the file gives it.
    pub plane: Option<Plane>,
    /// The stored values that became black and white, unless they are grey levels of 8 bits. The slices of a head are brought to a
    /// common range.
    pub window: Option<[f32; 2]>,
    /// Kinds of personal fields in the file, sorted, each once.
    pub personal: Vec<PersonalField>,
    /// Whether the file says, or the pixels suggest, that text is drawn into the image.
    pub burned_in: bool,
    /// Whether this looks like a segmentation mask instead of a scan. Then every pixel above 0 is marked. A picture keeps its
    /// grey levels, as it may be a dark scan among others.
    pub labels: bool,
}

impl DecodedFile {
    /// A file without slices and without any property.
    pub(crate) fn new(path: &str, format: Format) -> Self {
        Self {
            path: path.to_owned(),
            format,
            slices: Vec::new(),
            volume: false,
            group: None,
            position: None,
            plane: None,
            window: None,
            personal: Vec::new(),
            burned_in: false,
            labels: false,
        }
    }
}

/// Serialises a 64-bit number as two of 32 bits: numbers in JavaScript are exact to 53 bits only.
mod halves {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(number: &Option<u64>, to: S) -> Result<S::Ok, S::Error> {
        number.map(|number| [(number >> 32) as u32, number as u32]).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
        let halves = Option::<[u32; 2]>::deserialize(from)?;
        Ok(halves.map(|[upper, lower]| u64::from(upper) << 32 | u64::from(lower)))
    }
}

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // the names say it
pub enum Format {
    Png,
    Jpeg,
    Bmp,
    Tiff,
    Dicom,
    Nifti,
    Nrrd,
}

/// Anatomical plane of a slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Plane {
    /// Horizontal: perpendicular to the line from feet to head.
    Axial,
    /// Perpendicular to the line from back to front.
    Coronal,
    /// Perpendicular to the line from right to left. Shows the profile of the face.
    Sagittal,
}

/// A kind of personal field. The values themselves never leave the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PersonalField {
    /// Name of the patient.
    Name,
    /// Date of birth or age.
    BirthDate,
    /// Identifier of the patient, the study or the request.
    PatientId,
    /// Address, telephone number or place.
    Address,
    /// Hospital or department.
    Hospital,
    /// Physician, or operator of the scanner.
    Physician,
    /// Date of the scan.
    Dates,
    /// Free text.
    FreeText,
    /// Serial number or name of the scanner or camera.
    Device,
}

impl PersonalField {
    /// The given kinds sorted, each once.
    #[cfg(any(feature = "read", feature = "pack"))]
    pub(super) fn unique(kinds: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut kinds: Vec<Self> = kinds.into_iter().collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}

/// Why a file was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// The file has no bytes.
    Empty,
    /// The format is not recognised.
    Unknown,
    /// The format is recognised and not supported.
    Unsupported(UnsupportedFormat),
    /// A text file that is not a table of persons.
    Table(TableProblem),
    /// The file is truncated, changed or inconsistent.
    Damaged(Format),
    /// A ZIP file, or an entry of one, is truncated or changed.
    DamagedZip,
    /// The file has more than [`MAX_FILE_BYTES`](super::limits::MAX_FILE_BYTES).
    TooLarge,
    /// The file unpacks into more than [`MAX_FILE_BYTES`](super::limits::MAX_FILE_BYTES).
    UnpacksTooLarge,
    /// A side is longer than [`MAX_SIDE`](super::limits::MAX_SIDE), or there are too many samples.
    TooManyPixels,
    /// A side is shorter than [`MIN_SIDE`](super::limits::MIN_SIDE).
    TooSmall,
    /// There are more files than [`MAX_FILES`](super::limits::MAX_FILES).
    TooManyFiles,
    /// There are more slices than [`MAX_SLICES_READ`](super::limits::MAX_SLICES_READ).
    TooManySlices,
    /// A ZIP file inside a ZIP file.
    NestedZip,
    /// The file needs a password.
    Encrypted,
    /// The compression or pixel encoding is not supported.
    UnsupportedCoding,
    /// A DICOM file with colour pixels.
    Colour,
    /// A colour image that was captured from a screen.
    ScreenCapture,
    /// A DICOM file with many slices side by side in one image, as Siemens scanners write.
    Mosaic,
    /// A DICOM file without pixels.
    NoPixels,
    /// The samples are not intensities: complex numbers, vectors or colours.
    NotIntensities,
    /// The volume does not have two or three dimensions.
    Dimensions,
    /// The file does not give the orientation, or it is too oblique.
    Orientation,
    /// All pixels are equal.
    Blank,
    /// The browser could not read the file: it is gone, locked, or a folder.
    Unreadable,
    /// Reading took longer than [`MAX_MILLIS`](super::limits::MAX_MILLIS).
    TooSlow,
    /// Reading needed more memory than the reader has, or crashed it.
    OutOfMemory,
    /// The reader did not start.
    ReaderFailed,
}

/// A format that is recognised and not supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // the names say it
pub enum UnsupportedFormat {
    Gif,
    WebP,
    Heic,
    Pdf,
    Text,
    Archive,
    Video,
    Matlab,
    /// A FreeSurfer volume, `.mgh` or `.mgz`.
    FreeSurfer,
    /// A header whose samples are in another file.
    HeaderOnly,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_of_64_bits_survives_javascript() {
        for group in [None, Some(0), Some(u64::MAX), Some(0x1234_5678_9ABC_DEF0)] {
            let file = DecodedFile {
                group,
                position: Some(1.5),
                plane: Some(Plane::Sagittal),
                personal: vec![PersonalField::Name],
                ..DecodedFile::new("a", Format::Dicom)
            };
            let sent = serde_json::to_value(&file).unwrap();
            let halves = sent["group"].as_array().cloned().unwrap_or_default();
            assert!(halves.iter().all(|half| half.as_u64().is_some_and(|half| half <= u32::MAX.into())), "{sent}");
            assert_eq!(serde_json::from_value::<DecodedFile>(sent).unwrap(), file);
        }
    }
}
