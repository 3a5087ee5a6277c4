//! Selects the slices of a pack. For the game: equal numbers for each class, spread over patients, all with a visible tumour.
//! For the lab: equal numbers for each person.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::slice::LabelledSlice;

/// A normalised slice that can be selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) patient: String,
    /// Unique within a patient. Sorting by name gives the anatomical order.
    pub(super) name: String,
    pub(super) labelled: LabelledSlice,
}

/// Smallest area of a tumour, as a fraction of the head in the slice. A player must be able to tap on it.
const MIN_TUMOUR_FRACTION: f32 = 0.003;

/// Lowest value of a mask pixel within the tumour.
const INSIDE: u8 = 128;

/// Selects at most `most` slices, `most / classes` of each class.
///
/// The result does not depend on the order of the candidates. Patients come in the order of a hash, so their order
/// carries no information. The slices of one patient stay in anatomical order.
pub(super) fn select(candidates: Vec<Candidate>, classes: usize, most: usize) -> Vec<Candidate> {
    let mut groups: Vec<BTreeMap<[u8; 32], Vec<Candidate>>> = vec![BTreeMap::new(); classes];
    for slice in candidates {
        if let Some(group) = groups.get_mut(slice.labelled.class) {
            group.entry(hash(&slice.patient, "")).or_default().push(slice);
        }
    }
    let mut selected: Vec<Candidate> =
        groups.into_iter().flat_map(|group| select_of_class(group, most / classes)).collect();
    selected.sort_by_cached_key(|slice| hash(&slice.patient, &slice.name));
    restore_anatomical_order(selected)
}

/// Selects at most `most / persons` slices of each person, with equal distances between them. Persons come in the order of
/// `persons`, slices in anatomical order.
pub(super) fn select_by_person(mut candidates: Vec<Candidate>, persons: &[String], most: usize) -> Vec<Candidate> {
    let each = most / persons.len().max(1);
    candidates.sort_by(|a, b| a.name.cmp(&b.name));
    let of = |person: &String| {
        let own: Vec<Candidate> = candidates.iter().filter(|slice| slice.patient == *person).cloned().collect();
        let count = own.len().min(each.max(1));
        spread_evenly(own, count)
    };
    persons.iter().flat_map(of).collect()
}

/// Sorts the slices of each patient among the positions that this patient occupies.
fn restore_anatomical_order(selected: Vec<Candidate>) -> Vec<Candidate> {
    let patients: Vec<String> = selected.iter().map(|slice| slice.patient.clone()).collect();
    let mut waiting: BTreeMap<String, Vec<Candidate>> = BTreeMap::new();
    for slice in selected {
        waiting.entry(slice.patient.clone()).or_default().push(slice);
    }
    for slices in waiting.values_mut() {
        slices.sort_by(|a, b| b.name.cmp(&a.name));
    }
    patients.iter().filter_map(|patient| waiting.get_mut(patient)?.pop()).collect()
}

/// Selects at most `most` slices of one class, as evenly over patients as possible.
fn select_of_class(group: BTreeMap<[u8; 32], Vec<Candidate>>, most: usize) -> Vec<Candidate> {
    let marked = |slice: &Candidate| slice.labelled.slice.mask.iter().any(|&pixel| pixel >= INSIDE);
    // A class of healthy slices has no tumour anywhere, so the size of the tumour does not count there.
    let healthy = !group.values().flatten().any(marked);
    let mut patients: Vec<Vec<Candidate>> = group.into_values().collect();
    for slices in &mut patients {
        slices.retain(|slice| healthy || tumour_fraction(slice) >= MIN_TUMOUR_FRACTION);
        slices.sort_by(|a, b| a.name.cmp(&b.name));
    }
    let quotas = distribute(most, &patients.iter().map(Vec::len).collect::<Vec<_>>());
    patients.into_iter().zip(quotas).flat_map(|(slices, quota)| spread_evenly(slices, quota)).collect()
}

/// Area of the tumour as a fraction of the head in the slice.
fn tumour_fraction(slice: &Candidate) -> f32 {
    let count = |pixels: &[u8], least: u8| pixels.iter().filter(|&&pixel| pixel >= least).count() as f32;
    let slice = &slice.labelled.slice;
    count(&slice.mask, INSIDE) / count(&slice.image, 1).max(1.0)
}

/// Distributes `most` items one at a time in turn. Nobody gets more than `available`.
fn distribute(most: usize, available: &[usize]) -> Vec<usize> {
    let mut quotas = vec![0; available.len()];
    let mut left = most;
    while left > 0 && quotas.iter().zip(available).any(|(quota, available)| quota < available) {
        for (quota, _) in quotas.iter_mut().zip(available).filter(|(quota, available)| **quota < **available) {
            if left > 0 {
                *quota += 1;
                left -= 1;
            }
        }
    }
    quotas
}

/// Selects `count` slices with equal distances between them.
fn spread_evenly(slices: Vec<Candidate>, count: usize) -> Vec<Candidate> {
    let length = slices.len();
    let wanted: Vec<usize> = (0..count).map(|index| (2 * index + 1) * length / (2 * count)).collect();
    slices.into_iter().enumerate().filter(|(index, _)| wanted.contains(index)).map(|(_, slice)| slice).collect()
}

fn hash(patient: &str, name: &str) -> [u8; 32] {
    Sha256::new().chain_update(patient).chain_update([0]).chain_update(name).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slice::Slice;

    fn slice(class: usize, patient: &str, index: usize, tumour: usize) -> Candidate {
        let mask = (0..1000).map(|cell| if cell < tumour { 200 } else { 127 }).collect();
        let slice = Slice { size: 0, image: vec![9; 1000], mask };
        Candidate { patient: patient.to_owned(), name: format!("{index:03}"), labelled: LabelledSlice { class, slice } }
    }

    fn count(selected: &[Candidate], of: impl Fn(&Candidate) -> bool) -> usize {
        selected.iter().filter(|slice| of(slice)).count()
    }

    #[test]
    fn classes_and_patients_get_equal_shares() {
        let mut slices = Vec::new();
        slices.extend((0..50).map(|index| slice(0, "Ann", index, 10)));
        slices.extend((0..3).map(|index| slice(0, "Bob", index, 10)));
        slices.extend((0..50).map(|index| slice(1, "Cas", index, 10)));
        let selected = select(slices, 2, 20);
        assert_eq!((selected.len(), count(&selected, |slice| slice.labelled.class == 0)), (20, 10));
        assert_eq!(count(&selected, |slice| slice.patient == "Bob"), 3);
        // Seven of fifty, none at either end.
        let of_ann = selected.iter().filter(|slice| slice.patient == "Ann");
        let places: Vec<&str> = of_ann.map(|slice| slice.name.as_str()).collect();
        assert_eq!(places, ["003", "010", "017", "025", "032", "039", "046"], "anatomical order");
    }

    #[test]
    fn the_order_depends_on_neither_the_input_nor_the_class() {
        let mut slices: Vec<Candidate> = (0..60).map(|index| slice(index / 30, &format!("{index}"), 0, 10)).collect();
        let first = select(slices.clone(), 2, 60);
        slices.reverse();
        assert_eq!(select(slices, 2, 60), first);
        let changes = first.windows(2).filter(|pair| pair[0].labelled.class != pair[1].labelled.class).count();
        assert!((15..45).contains(&changes), "{changes}");
    }

    #[test]
    fn every_person_of_the_lab_gets_an_equal_share() {
        let mut slices: Vec<Candidate> = (0..9).rev().map(|index| slice(0, "Ann", index, 0)).collect();
        slices.extend([slice(1, "Bob", 0, 10), slice(1, "Cas", 0, 10), slice(1, "Cas", 1, 10)]);
        let persons = ["Cas", "Ann"].map(str::to_owned);
        let places = |most| {
            let selected = select_by_person(slices.clone(), &persons, most);
            selected.iter().map(|slice| format!("{} {}", slice.patient, slice.name)).collect::<Vec<_>>()
        };
        assert_eq!(places(7), ["Cas 000", "Cas 001", "Ann 001", "Ann 004", "Ann 007"]);
        assert_eq!(places(1), ["Cas 001", "Ann 004"], "nobody is left out");
    }

    #[test]
    fn slices_with_too_little_tumour_are_left_out_unless_the_class_is_healthy() {
        let slices = |tumour| (0..4).map(|index| slice(0, "Ann", index, tumour * index)).collect::<Vec<_>>();
        let names = |selected: &[Candidate]| count(selected, |slice| slice.name != "003");
        let selected = select(slices(1), 1, 9);
        assert_eq!((selected.len(), names(&selected)), (1, 0), "three of a thousand are enough, two are not");
        assert_eq!(select(slices(0), 1, 9).len(), 4);
    }
}
