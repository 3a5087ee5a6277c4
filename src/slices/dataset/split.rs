//! Which patients are kept aside to watch learning with.
//!
//! The choice depends on the patient's name alone, not on the order of rows or on a random seed, so it stays
//! the same when the folder grows and two runs can be compared.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::table::Row;

/// One patient of this many, on average, goes to validation.
const ONE_OF: u64 = 10;

/// Where a slice goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// To learn from.
    Train,
    /// To watch learning with.
    Validation,
    /// For the final numbers.
    Test,
}

/// The part of every row. A train patient goes to validation if [`drawn`] says so, in order of names, unless it
/// is the last one that trains some class.
pub(super) fn parts(rows: &[Row]) -> Vec<Part> {
    let mut labels: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.test) {
        labels.entry(&row.patient).or_default().insert(&row.label);
    }
    let mut teachers: BTreeMap<&str, usize> = BTreeMap::new();
    for &label in labels.values().flatten() {
        *teachers.entry(label).or_default() += 1;
    }
    let mut validation = BTreeSet::new();
    for (&patient, has) in labels.iter().filter(|(patient, _)| drawn(patient)) {
        if has.iter().all(|label| teachers.get(label).is_some_and(|&count| count > 1)) {
            validation.insert(patient);
            for label in has {
                teachers.entry(label).and_modify(|count| *count -= 1);
            }
        }
    }
    let part = |row: &Row| match (row.test, validation.contains(row.patient.as_str())) {
        (true, _) => Part::Test,
        (false, true) => Part::Validation,
        (false, false) => Part::Train,
    };
    rows.iter().map(part).collect()
}

/// The first eight bytes of the SHA-256 of the patient's name, as a big-endian number, are divisible by
/// [`ONE_OF`].
fn drawn(patient: &str) -> bool {
    let hash = Sha256::digest(patient.as_bytes());
    let number = hash.iter().take(8).fold(0u64, |number, &byte| number << 8 | u64::from(byte));
    number.is_multiple_of(ONE_OF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(count: usize, label: impl Fn(usize) -> &'static str) -> Vec<Row> {
        let row = |index: usize| Row {
            line: 2 + index as u64,
            file: format!("{index}.png"),
            patient: format!("patient {index}"),
            label: label(index).to_owned(),
            test: false,
        };
        (0..count).map(row).collect()
    }

    #[test]
    fn about_a_tenth_is_kept_aside_whatever_the_order() {
        let mut rows = rows(1000, |_| "glioma");
        let aside = |rows: &[Row]| -> BTreeSet<String> {
            let parts = parts(rows);
            let kept = rows.iter().zip(parts).filter(|(_, part)| *part == Part::Validation);
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
        assert!(parts(&rows).iter().all(|&part| part == Part::Train));
    }
}
