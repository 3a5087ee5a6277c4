//! Reads and checks `slices.csv`, which has one row for each slice.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use super::error::{DatasetError, RowError};

/// A row of the table.
#[derive(Debug)]
pub(super) struct TableRow {
    pub(super) line: u64,
    pub(super) file: String,
    pub(super) patient: String,
    pub(super) label: String,
    pub(super) test: bool,
}

impl TableRow {
    pub(super) fn error(&self, reason: RowError) -> DatasetError {
        DatasetError::Row { row: self.line, file: self.file.clone(), reason: Box::new(reason) }
    }
}

/// The rows of the table in the folder `dir`, in order. At least one is for training.
pub(super) fn read(dir: &Path) -> Result<Vec<TableRow>, DatasetError> {
    let path = dir.join("slices.csv");
    let text = fs::read(&path).map_err(|source| DatasetError::NoTable { path, source })?;
    let delimiter = delimiter(&text);
    let mut table = csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(&text[..]);
    let headers = table.headers().map_err(DatasetError::BadTable)?.clone();
    let column = |name: &'static str| {
        // Spreadsheets write a byte order mark before the first name.
        let found = headers.iter().position(|header| header.trim_start_matches('\u{feff}') == name);
        found.map(|index| (name, index)).ok_or(DatasetError::MissingColumn(name))
    };
    let columns = [column("file")?, column("patient")?, column("label")?, column("split")?];
    let mut rows = Vec::new();
    for record in table.records() {
        rows.push(row(&record.map_err(DatasetError::BadTable)?, columns)?);
    }
    check_rows(&rows)?;
    Ok(rows)
}

/// The character between fields: spreadsheets write semicolons where numbers have a decimal comma, as in Dutch.
fn delimiter(table: &[u8]) -> u8 {
    let header = table.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| header.iter().filter(|byte| **byte == wanted).count();
    if count(b';') > count(b',') { b';' } else { b',' }
}

fn row(record: &csv::StringRecord, columns: [(&'static str, usize); 4]) -> Result<TableRow, DatasetError> {
    let line = record.position().map_or(0, csv::Position::line);
    let [file, patient, label, split] = columns.map(|(_, index)| record.get(index).unwrap_or_default().to_owned());
    let row = TableRow { line, file, patient, label, test: split == "test" };
    for (name, index) in columns {
        if record.get(index).unwrap_or_default().is_empty() {
            return Err(row.error(RowError::EmptyField(name)));
        }
    }
    if row.file.contains(['/', '\\']) || row.file == ".." {
        return Err(row.error(RowError::NotAName));
    }
    if split != "train" && split != "test" {
        return Err(row.error(RowError::UnknownSplit(split)));
    }
    Ok(row)
}

/// Checks the rows together: no file twice, no patient on both sides of the split, at least one row for training.
fn check_rows(rows: &[TableRow]) -> Result<(), DatasetError> {
    let mut files = HashMap::new();
    let mut patients = HashMap::new();
    for row in rows {
        if let Some(other) = files.insert(&row.file, row.line) {
            return Err(row.error(RowError::Twice(other)));
        }
        let &mut (test, other) = patients.entry(&row.patient).or_insert((row.test, row.line));
        if test != row.test {
            return Err(row.error(RowError::BothSides { patient: row.patient.clone(), other }));
        }
    }
    if rows.iter().all(|row| row.test) { Err(DatasetError::NoTrainRows) } else { Ok(()) }
}

/// The labels, sorted.
///
/// # Errors
/// If only test rows have a label.
pub(super) fn classes(rows: &[TableRow]) -> Result<Vec<String>, DatasetError> {
    let labels = |test: bool| rows.iter().filter(move |row| row.test == test).map(|row| &row.label);
    let trained: BTreeSet<&String> = labels(false).collect();
    match labels(true).find(|label| !trained.contains(label)) {
        Some(label) => Err(DatasetError::EmptyClass(label.clone())),
        None => Ok(trained.into_iter().cloned().collect()),
    }
}

/// The indices of the rows of each patient.
pub(super) fn by_patient(rows: &[TableRow]) -> Vec<Vec<usize>> {
    let mut patients: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        patients.entry(&row.patient).or_default().push(index);
    }
    patients.into_values().collect()
}
