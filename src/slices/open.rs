//! What comes out of a stranger's file: slices, or the reason why not.
//!
//! Types only, for who reads and for who shows; reading itself is `sniff`.

use serde::{Deserialize, Serialize};

use super::raster::Raster;

/// A picture or a volume that was read. Of the file's own words nothing is left but which kinds there were.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Where it was: `folder/a.png`, or `a.zip/x.png`.
    pub path: String,
    /// What it was.
    pub format: Format,
    /// All of one size, at most [`KEPT_SIDE`](super::limits::KEPT_SIDE) a side. Those of a volume are axial if the file
    /// says how the head lies: from the feet up, faces up, at one brightness. They travel as bytes of their own.
    #[serde(skip)]
    pub slices: Vec<Raster>,
    /// Whether the slices are of one head, in order.
    pub volume: bool,
    /// The same number for files of one series; its upper half is the same for those of one patient. It is cut from a
    /// hash: nothing that it was made from can be read back.
    #[serde(with = "halves")]
    pub group: Option<u64>,
    /// Where along the head a single slice lies, in millimetres, to order those of one group.
    pub position: Option<f32>,
    /// Which way it is cut, if the file says so.
    pub plane: Option<Plane>,
    /// Which kinds of personal fields the file holds.
    pub personal: Vec<Personal>,
    /// Whether it says, or looks as if, text is drawn into the pixels.
    pub burnt_in: bool,
    /// Whether it looks like drawn areas rather than a scan.
    pub labels: bool,
}

/// A number of 64 bits on its way through a browser, whose own numbers hold 53: as two of 32.
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
#[allow(missing_docs)] // each is its own name
pub enum Format {
    Png,
    Jpeg,
    Bmp,
    Tiff,
    Dicom,
    Nifti,
    Nrrd,
}

/// Which way a slice is cut through the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Plane {
    /// Level, as if a hat were lifted.
    Axial,
    /// From ear to ear.
    Coronal,
    /// From nose to neck: shows the profile of the face.
    Sagittal,
}

/// A kind of personal field. Values never leave the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Personal {
    /// Of the patient.
    Name,
    /// Or age.
    BirthDate,
    /// Numbers of patient, visit or request.
    PatientId,
    /// Or telephone.
    Address,
    /// Or department.
    Hospital,
    /// Or whoever made or read the scan.
    Physician,
    /// When the scan was made.
    Dates,
    /// Words that somebody typed.
    FreeText,
    /// Serial number or name of the scanner or camera, or where it stood.
    Device,
}

/// Why nothing came out of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// No bytes.
    Empty,
    /// Nothing that is known.
    Unknown,
    /// Known, and not read.
    Other(Other),
    /// Cut off, changed, or not what it says.
    Damaged(Format),
    /// A ZIP file, or an entry of one, that is cut off or changed.
    DamagedZip,
    /// More bytes than [`MAX_BYTES`](super::limits::MAX_BYTES).
    TooLarge,
    /// Unpacks into more than [`MAX_BYTES`](super::limits::MAX_BYTES).
    Bursts,
    /// A side longer than [`MAX_SIDE`](super::limits::MAX_SIDE), or too many samples in all.
    TooBig,
    /// A side shorter than [`MIN_SIDE`](super::limits::MIN_SIDE).
    TooSmall,
    /// One file more than [`MAX_FILES`](super::limits::MAX_FILES).
    TooMany,
    /// Slices beyond [`MAX_READ`](super::limits::MAX_READ).
    TooManySlices,
    /// A ZIP file in a ZIP file.
    Nested,
    /// Needs a password.
    Locked,
    /// Packed or coded in a way that is not read.
    Coding,
    /// A DICOM file in colour.
    Colour,
    /// A DICOM file that is a photo of a screen, or of another device than a scanner.
    Capture,
    /// A DICOM file without a picture.
    NoPicture,
    /// Numbers that are no brightness: complex ones or vectors.
    Numbers,
    /// Not two or three dimensions.
    Dimensions,
    /// Does not say how the head lies, or between two ways.
    Orientation,
    /// All pixels are alike.
    Blank,
    /// The browser could not read it: gone, locked, or a folder.
    Unreadable,
    /// Took longer than [`MAX_MILLIS`](super::limits::MAX_MILLIS).
    TooSlow,
    /// Took more memory than the reader has, or felled it.
    TooHeavy,
    /// The reader itself did not start.
    NoReader,
}

/// A format that is known and not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // each is its own name
pub enum Other {
    Gif,
    WebP,
    Heic,
    Pdf,
    Text,
    Archive,
    Video,
    Matlab,
    /// The second version of NIfTI.
    Nifti2,
    /// A header whose pixels are in another file.
    HeaderOnly,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_survive_a_browsers_numbers() {
        for group in [None, Some(0), Some(u64::MAX), Some(0x1234_5678_9ABC_DEF0)] {
            let found = Found {
                path: "a".to_owned(),
                format: Format::Dicom,
                slices: Vec::new(),
                volume: false,
                group,
                position: Some(1.5),
                plane: Some(Plane::Sagittal),
                personal: vec![Personal::Name],
                burnt_in: false,
                labels: false,
            };
            let sent = serde_json::to_value(&found).unwrap();
            let halves = sent["group"].as_array().cloned().unwrap_or_default();
            assert!(halves.iter().all(|half| half.as_u64().is_some_and(|half| half <= u32::MAX.into())), "{sent}");
            assert_eq!(serde_json::from_value::<Found>(sent).unwrap(), found);
        }
    }
}
