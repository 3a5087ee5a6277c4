//! Chooses the validation patients.

use std::collections::{BTreeMap, BTreeSet};

use super::table::TableRow;
use crate::slices::validation::is_drawn;

/// Part of the data set that a slice is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DatasetPart {
    /// For training.
    Train,
    /// To check the training with.
    Validation,
    /// For the final measurements.
    Test,
}

/// The part of each row. A train patient goes to validation if [`is_drawn`], in order of the names, unless it is the last
/// train patient of some class.
pub(super) fn parts(rows: &[TableRow]) -> Vec<DatasetPart> {
    let mut labels: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.test) {
        labels.entry(&row.patient).or_default().insert(&row.label);
    }
    let mut train_patients: BTreeMap<&str, usize> = BTreeMap::new();
    for &label in labels.values().flatten() {
        *train_patients.entry(label).or_default() += 1;
    }
    let mut validation = BTreeSet::new();
    for (&patient, has) in labels.iter().filter(|(patient, _)| is_drawn(patient)) {
        if has.iter().all(|label| train_patients.get(label).is_some_and(|&count| count > 1)) {
            validation.insert(patient);
            for label in has {
                train_patients.entry(label).and_modify(|count| *count -= 1);
            }
        }
    }
    let part = |row: &TableRow| match (row.test, validation.contains(row.patient.as_str())) {
        (true, _) => DatasetPart::Test,
        (false, true) => DatasetPart::Validation,
        (false, false) => DatasetPart::Train,
    };
    rows.iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(count: usize, label: impl Fn(usize) -> &'static str) -> Vec<TableRow> {
        let row = |index: usize| TableRow {
            line: 2 + index as u64,
            file: format!("{index}.png"),
            patient: format!("patient {index}"),
            examination: format!("patient {index}"),
            label: label(index).to_owned(),
            test: false,
        };
        (0..count).map(row).collect()
    }

    #[test]
    fn about_a_tenth_goes_to_validation_in_any_order() {
        let mut rows = rows(1000, |_| "glioma");
        let aside = |rows: &[TableRow]| -> BTreeSet<String> {
            let parts = parts(rows);
            let kept = rows.iter().zip(parts).filter(|(_, part)| *part == DatasetPart::Validation);
            kept.map(|(row, _)| row.patient.clone()).collect()
        };
        let first = aside(&rows);
        assert!((70..130).contains(&first.len()));
        rows.reverse();
        assert_eq!(aside(&rows), first);
    }

    #[test]
    fn the_last_patient_of_a_class_stays_in_train() {
        let rows = rows(200, |index| Box::leak(format!("class {index}").into_boxed_str()));
        assert!(parts(&rows).iter().all(|&part| part == DatasetPart::Train));
    }
}
