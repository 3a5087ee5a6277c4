//! Errors of the data set reader, with what the user can do.

use std::path::PathBuf;

/// Why a data set cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// `slices.csv` cannot be opened.
    #[error("cannot open {path}: give a folder that holds slices.csv, image/ and mask/", path = path.display())]
    NoTable {
        /// Path of the file.
        path: PathBuf,
        /// Error of the system.
        source: std::io::Error,
    },
    /// `slices.csv` is not a well-formed table.
    #[error("slices.csv is not a well-formed table: every row needs as many fields as the first, in UTF-8")]
    BadTable(#[source] csv::Error),
    /// `slices.csv` lacks a column.
    #[error("slices.csv has no column \"{0}\": its first row must name file, patient, label and split")]
    MissingColumn(&'static str),
    /// No row has split `train`.
    #[error("no row of slices.csv has split \"train\": there is nothing to learn from")]
    NoTrainRows,
    /// Only test rows have a label.
    #[error("no train slice has the label \"{0}\", but some test slice does: move a patient or drop the rows")]
    EmptyClass(String),
    /// A row or its files are wrong.
    #[error("slices.csv row {row} ({file}): {reason}")]
    Row {
        /// Line in the file. The column names are in line 1.
        row: u64,
        /// Value of the column `file`.
        file: String,
        /// The error.
        #[source]
        reason: Box<RowError>,
    },
}

/// Why a row of `slices.csv` cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RowError {
    /// A field is empty.
    #[error("column \"{0}\" is empty: fill it in or delete the row")]
    EmptyField(&'static str),
    /// The file has a folder in its name.
    #[error("the file must be a name inside image/ and mask/, without folders")]
    NotAName,
    /// Another row has the same file.
    #[error("row {0} lists the same file: delete one of them")]
    Twice(u64),
    /// The split is neither train nor test.
    #[error("the split is \"{0}\": write train or test")]
    UnknownSplit(String),
    /// A patient is in train and test.
    #[error("patient {patient} is in both train and test (see row {other}): put all of a patient's rows on one side")]
    BothSides {
        /// Name of the patient.
        patient: String,
        /// A row in the other part.
        other: u64,
    },
    /// An examination belongs to two persons.
    #[error("{examination} is of person {here} here, and of person {before} in row {other}: correct one of them")]
    TwoPersons {
        /// Value of the column `patient`.
        examination: String,
        /// Value of the column `person`.
        here: String,
        /// The other person.
        before: String,
        /// A row of the other person.
        other: u64,
    },
    /// The file does not exist.
    #[error("cannot open {path}: put the file there or delete the row", path = path.display())]
    NotThere {
        /// Path of the file.
        path: PathBuf,
        /// Error of the system.
        source: std::io::Error,
    },
    /// The file is not a PNG, is damaged, or is too large.
    #[error("the file in {folder}/ is not a readable PNG of at most 4096 x 4096 pixels: export it again")]
    Unreadable {
        /// `image` or `mask`.
        folder: &'static str,
        /// Error of the decoder.
        source: image::ImageError,
    },
    /// The picture has no pixels.
    #[error("the file in {folder}/ has no pixels: export it again")]
    Empty {
        /// `image` or `mask`.
        folder: &'static str,
    },
    /// Image and mask have different sizes.
    #[error("the image is {} x {} pixels but its mask {} x {}: they must have the same size", image.0, image.1, mask.0, mask.1)]
    MaskSize {
        /// Width and height of the image.
        image: (usize, usize),
        /// Width and height of the mask.
        mask: (usize, usize),
    },
    /// Slices of one examination have different sizes.
    #[error(
        "the slice is {} x {} pixels but another of this patient {} x {}: resample a patient's slices to one size",
        here.0, here.1, before.0, before.1
    )]
    OtherSize {
        /// Width and height of this slice.
        here: (usize, usize),
        /// Width and height of an earlier slice.
        before: (usize, usize),
    },
}
