//! Reads and checks `slices.csv`, which has one row for each slice.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use super::error::{DatasetError, RowError};

/// A row of the table. `patient` is who was scanned, and `examination` is when: the columns `person` and `patient`.
#[derive(Debug)]
pub(super) struct TableRow {
    pub(super) line: u64,
    pub(super) file: String,
    pub(super) patient: String,
    pub(super) examination: String,
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
    let text = without_separator_line(&text);
    let delimiter = delimiter(text);
    let mut table = csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(text);
    let headers = table.headers().map_err(DatasetError::BadTable)?.clone();
    // Spreadsheets write a byte order mark before the first name.
    let find =
        |name: &str| headers.iter().position(|header| header.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name));
    let column = |name: &'static str| find(name).map(|index| (name, index)).ok_or(DatasetError::MissingColumn(name));
    let columns = [column("file")?, column("patient")?, column("label")?, column("split")?];
    let person = find("person");
    let mut rows = Vec::new();
    for record in table.records() {
        rows.push(row(&record.map_err(DatasetError::BadTable)?, columns, person)?);
    }
    check_rows(&rows)?;
    Ok(rows)
}

/// The table without a first line `sep=;`, which some programs write for spreadsheets.
fn without_separator_line(table: &[u8]) -> &[u8] {
    let body = table.strip_prefix(b"\xef\xbb\xbf").unwrap_or(table);
    match body.iter().position(|byte| *byte == b'\n') {
        Some(end) if body.starts_with(b"sep=") => &body[end + 1..],
        _ => table,
    }
}

/// The character between fields. Spreadsheets write semicolons where numbers have a decimal comma, as in Dutch, and tabs when
/// a table is copied.
fn delimiter(table: &[u8]) -> u8 {
    let header = table.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| header.iter().filter(|byte| **byte == wanted).count();
    // The last of several that come equally often: a comma.
    [b'\t', b';', b','].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

fn row(
    record: &csv::StringRecord,
    columns: [(&'static str, usize); 4],
    person: Option<usize>,
) -> Result<TableRow, DatasetError> {
    let line = record.position().map_or(0, csv::Position::line);
    let [file, examination, label, split] = columns.map(|(_, index)| record.get(index).unwrap_or_default().to_owned());
    let person = person.and_then(|index| record.get(index)).filter(|name| !name.is_empty());
    let patient = person.unwrap_or(&examination).to_owned();
    let row = TableRow { line, file, patient, examination, label, test: split == "test" };
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

/// Checks the rows together: no file twice, no patient on both sides of the split, no examination of two patients, at least
/// one row for training.
fn check_rows(rows: &[TableRow]) -> Result<(), DatasetError> {
    let mut files = HashMap::new();
    let mut patients = HashMap::new();
    let mut examinations = HashMap::new();
    for row in rows {
        if let Some(other) = files.insert(&row.file, row.line) {
            return Err(row.error(RowError::Twice(other)));
        }
        let &mut (test, other) = patients.entry(&row.patient).or_insert((row.test, row.line));
        if test != row.test {
            return Err(row.error(RowError::BothSides { patient: row.patient.clone(), other }));
        }
        let &mut (patient, other) = examinations.entry(&row.examination).or_insert((&row.patient, row.line));
        if *patient != row.patient {
            let [here, before] = [&row.patient, patient].map(Clone::clone);
            return Err(row.error(RowError::TwoPersons { examination: row.examination.clone(), here, before, other }));
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

/// The indices of the rows of each examination.
pub(super) fn by_examination(rows: &[TableRow]) -> Vec<Vec<usize>> {
    let mut examinations: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        examinations.entry(&row.examination).or_default().push(index);
    }
    examinations.into_values().collect()
}
