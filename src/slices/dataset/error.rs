//! What can be wrong with a folder of slices, and what to do about it.

use std::path::PathBuf;

/// Why a data set cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// `slices.csv` cannot be opened.
    #[error("cannot open {path}: give a folder that holds slices.csv, image/ and mask/", path = path.display())]
    NoTable {
        /// Where it should be.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// `slices.csv` is not a table.
    #[error("slices.csv is not a well-formed table: every row needs as many fields as the first, in UTF-8")]
    BadTable(#[source] csv::Error),
    /// `slices.csv` lacks a column.
    #[error("slices.csv has no column \"{0}\": its first row must name file, patient, label and split")]
    MissingColumn(&'static str),
    /// No row says `train`.
    #[error("no row of slices.csv has split \"train\": there is nothing to learn from")]
    NoTrainRows,
    /// A label that only tested patients have.
    #[error("no train slice has the label \"{0}\", but some test slice does: move a patient or drop the rows")]
    EmptyClass(String),
    /// Something is wrong with one row or its files.
    #[error("slices.csv row {row} ({file}): {reason}")]
    Row {
        /// Line of the file; the one with the column names is 1.
        row: u64,
        /// What the row has in column `file`.
        file: String,
        /// What is wrong.
        #[source]
        reason: Box<Reason>,
    },
}

/// What is wrong with one row of `slices.csv`.
#[derive(Debug, thiserror::Error)]
pub enum Reason {
    /// An empty field.
    #[error("column \"{0}\" is empty: fill it in or delete the row")]
    EmptyField(&'static str),
    /// A path where a file name is expected.
    #[error("the file must be a name inside image/ and mask/, without folders")]
    NotAName,
    /// Listed twice.
    #[error("row {0} lists the same file: delete one of them")]
    Twice(u64),
    /// Neither train nor test.
    #[error("the split is \"{0}\": write train or test")]
    UnknownSplit(String),
    /// A patient in both.
    #[error("patient {patient} is in both train and test (see row {other}): put all of a patient's rows on one side")]
    BothSides {
        /// Who.
        patient: String,
        /// A row on the other side.
        other: u64,
    },
    /// No such file.
    #[error("cannot open {path}: put the file there or delete the row", path = path.display())]
    NotThere {
        /// Where it should be.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Not a PNG, broken, or too large.
    #[error("the file in {folder}/ is not a readable PNG of at most 4096 x 4096 pixels: export it again")]
    Unreadable {
        /// `image` or `mask`.
        folder: &'static str,
        /// What the decoder said.
        source: image::ImageError,
    },
    /// No pixels.
    #[error("the file in {folder}/ has no pixels: export it again")]
    Empty {
        /// `image` or `mask`.
        folder: &'static str,
    },
    /// Image and mask do not fit.
    #[error("the image is {} x {} pixels but its mask {} x {}: they must cover each other", image.0, image.1, mask.0, mask.1)]
    MaskSize {
        /// Width and height of the image.
        image: (usize, usize),
        /// Width and height of the mask.
        mask: (usize, usize),
    },
    /// Slices of one patient do not fit.
    #[error(
        "the slice is {} x {} pixels but another of this patient {} x {}: resample a patient's slices to one size",
        here.0, here.1, before.0, before.1
    )]
    OtherSize {
        /// Width and height of this slice.
        here: (usize, usize),
        /// Width and height of an earlier one.
        before: (usize, usize),
    },
}
