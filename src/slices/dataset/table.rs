//! `slices.csv`: one row a slice, checked before any picture is opened.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::path::Path;

use super::error::{DatasetError, Reason};

/// What a row says.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) file: String,
    pub(super) patient: String,
    pub(super) label: String,
    pub(super) test: bool,
}

impl Row {
    pub(super) fn error(&self, reason: Reason) -> DatasetError {
        DatasetError::Row { row: self.line, file: self.file.clone(), reason: Box::new(reason) }
    }
}

/// The rows of the table in `dir`, in order. At least one of them is for training.
pub(super) fn read(dir: &Path) -> Result<Vec<Row>, DatasetError> {
    let path = dir.join("slices.csv");
    let file = File::open(&path).map_err(|source| DatasetError::NoTable { path, source })?;
    let mut table = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(file);
    let headers = table.headers().map_err(DatasetError::BadTable)?.clone();
    let column = |name: &'static str| {
        // Spreadsheets put a byte order mark before the first name.
        let found = headers.iter().position(|header| header.trim_start_matches('\u{feff}') == name);
        found.map(|index| (name, index)).ok_or(DatasetError::MissingColumn(name))
    };
    let columns = [column("file")?, column("patient")?, column("label")?, column("split")?];
    let mut rows = Vec::new();
    for record in table.records() {
        rows.push(row(&record.map_err(DatasetError::BadTable)?, columns)?);
    }
    check_together(&rows)?;
    Ok(rows)
}

fn row(record: &csv::StringRecord, columns: [(&'static str, usize); 4]) -> Result<Row, DatasetError> {
    let line = record.position().map_or(0, csv::Position::line);
    let [file, patient, label, split] = columns.map(|(_, index)| record.get(index).unwrap_or_default().to_owned());
    let row = Row { line, file, patient, label, test: split == "test" };
    for (name, index) in columns {
        if record.get(index).unwrap_or_default().is_empty() {
            return Err(row.error(Reason::EmptyField(name)));
        }
    }
    if row.file.contains(['/', '\\']) || row.file == ".." {
        return Err(row.error(Reason::NotAName));
    }
    if split != "train" && split != "test" {
        return Err(row.error(Reason::UnknownSplit(split)));
    }
    Ok(row)
}

/// What no row can show alone: files listed twice, patients on both sides, nothing to learn from.
fn check_together(rows: &[Row]) -> Result<(), DatasetError> {
    let mut files = HashMap::new();
    let mut patients = HashMap::new();
    for row in rows {
        if let Some(other) = files.insert(&row.file, row.line) {
            return Err(row.error(Reason::Twice(other)));
        }
        let &mut (test, other) = patients.entry(&row.patient).or_insert((row.test, row.line));
        if test != row.test {
            return Err(row.error(Reason::BothSides { patient: row.patient.clone(), other }));
        }
    }
    if rows.iter().all(|row| row.test) { Err(DatasetError::NoTrainRows) } else { Ok(()) }
}

/// The labels that occur, sorted; each must be among the train rows.
pub(super) fn classes(rows: &[Row]) -> Result<Vec<String>, DatasetError> {
    let labels = |test: bool| rows.iter().filter(move |row| row.test == test).map(|row| &row.label);
    let learned: BTreeSet<&String> = labels(false).collect();
    match labels(true).find(|label| !learned.contains(label)) {
        Some(label) => Err(DatasetError::EmptyClass(label.clone())),
        None => Ok(learned.into_iter().cloned().collect()),
    }
}

/// For each patient the indices of its rows.
pub(super) fn by_patient(rows: &[Row]) -> Vec<Vec<usize>> {
    let mut patients: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        patients.entry(&row.patient).or_default().push(index);
    }
    patients.into_values().collect()
}
