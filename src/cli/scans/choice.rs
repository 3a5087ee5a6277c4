//! Which slices a game gets: as many of each class, spread over people, none without a tumour to find.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// A normalised slice that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) class: usize,
    pub(super) patient: String,
    /// Tells slices of a patient apart; sorts as they lie in the head.
    pub(super) name: String,
    pub(super) image: Vec<u8>,
    pub(super) mask: Vec<u8>,
}

/// Smallest tumour, as part of the head in the slice: a tap must be able to find it.
const SMALLEST: f32 = 0.003;

/// Mask pixels are tumour from this up.
const INSIDE: u8 = 128;

/// At most `most` slices. The same candidates give the same slices in the same order, in whatever
/// order they come. The order of people is that of hashes, and says nothing; one person's slices keep theirs.
pub(super) fn choose(candidates: Vec<Candidate>, classes: usize, most: usize) -> Vec<Candidate> {
    let mut groups: Vec<BTreeMap<[u8; 32], Vec<Candidate>>> = vec![BTreeMap::new(); classes];
    for slice in candidates {
        if let Some(group) = groups.get_mut(slice.class) {
            group.entry(hash(&slice.patient, "")).or_default().push(slice);
        }
    }
    let mut chosen: Vec<Candidate> = groups.into_iter().flat_map(|group| of_class(group, most / classes)).collect();
    chosen.sort_by_cached_key(|slice| hash(&slice.patient, &slice.name));
    in_order(chosen)
}

/// Each person's slices in the order in which they lie in the head, on the places that the person has.
fn in_order(chosen: Vec<Candidate>) -> Vec<Candidate> {
    let people: Vec<String> = chosen.iter().map(|slice| slice.patient.clone()).collect();
    let mut waiting: BTreeMap<String, Vec<Candidate>> = BTreeMap::new();
    for slice in chosen {
        waiting.entry(slice.patient.clone()).or_default().push(slice);
    }
    for slices in waiting.values_mut() {
        slices.sort_by(|a, b| b.name.cmp(&a.name));
    }
    people.iter().filter_map(|patient| waiting.get_mut(patient)?.pop()).collect()
}

/// At most `most` slices of people of one class.
fn of_class(group: BTreeMap<[u8; 32], Vec<Candidate>>, most: usize) -> Vec<Candidate> {
    let marked = |slice: &Candidate| slice.mask.iter().any(|&pixel| pixel >= INSIDE);
    // A class of healthy slices has no tumours to look for.
    let healthy = !group.values().flatten().any(marked);
    let mut people: Vec<Vec<Candidate>> = group.into_values().collect();
    for slices in &mut people {
        slices.retain(|slice| healthy || share(slice) >= SMALLEST);
        slices.sort_by(|a, b| a.name.cmp(&b.name));
    }
    let counts = shared_out(&people.iter().map(Vec::len).collect::<Vec<_>>(), most);
    people.into_iter().zip(counts).flat_map(|(slices, count)| evenly(slices, count)).collect()
}

/// The tumour as a part of the head.
fn share(slice: &Candidate) -> f32 {
    let count = |pixels: &[u8], least: u8| pixels.iter().filter(|&&pixel| pixel >= least).count() as f32;
    count(&slice.mask, INSIDE) / count(&slice.image, 1).max(1.0)
}

/// How many each gets of `most`, none more than it has, by giving one to each in turn.
fn shared_out(has: &[usize], most: usize) -> Vec<usize> {
    let mut gets = vec![0; has.len()];
    let mut left = most;
    while left > 0 && gets.iter().zip(has).any(|(gets, has)| gets < has) {
        for (gets, _) in gets.iter_mut().zip(has).filter(|(gets, has)| **gets < **has) {
            if left > 0 {
                *gets += 1;
                left -= 1;
            }
        }
    }
    gets
}

/// `count` of them, as far apart as they can be.
fn evenly(slices: Vec<Candidate>, count: usize) -> Vec<Candidate> {
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

    fn slice(class: usize, patient: &str, index: usize, tumour: usize) -> Candidate {
        let mask = (0..1000).map(|cell| if cell < tumour { 200 } else { 127 }).collect();
        Candidate { class, patient: patient.to_owned(), name: format!("{index:03}"), image: vec![9; 1000], mask }
    }

    fn count(chosen: &[Candidate], of: impl Fn(&Candidate) -> bool) -> usize {
        chosen.iter().filter(|slice| of(slice)).count()
    }

    #[test]
    fn classes_and_people_get_equal_shares() {
        let mut slices = Vec::new();
        slices.extend((0..50).map(|index| slice(0, "Ann", index, 10)));
        slices.extend((0..3).map(|index| slice(0, "Bob", index, 10)));
        slices.extend((0..50).map(|index| slice(1, "Cas", index, 10)));
        let chosen = choose(slices, 2, 20);
        assert_eq!((chosen.len(), count(&chosen, |slice| slice.class == 0)), (20, 10));
        assert_eq!(count(&chosen, |slice| slice.patient == "Bob"), 3);
        // Seven of fifty, and not those at an end.
        let of_ann = chosen.iter().filter(|slice| slice.patient == "Ann");
        let places: Vec<&str> = of_ann.map(|slice| slice.name.as_str()).collect();
        assert_eq!(places, ["003", "010", "017", "025", "032", "039", "046"], "in the order in which they lie");
    }

    #[test]
    fn the_order_does_not_depend_on_the_folder_and_shows_nothing() {
        let mut slices: Vec<Candidate> = (0..60).map(|index| slice(index / 30, &format!("{index}"), 0, 10)).collect();
        let first = choose(slices.clone(), 2, 60);
        slices.reverse();
        assert_eq!(choose(slices, 2, 60), first);
        let changes = first.windows(2).filter(|pair| pair[0].class != pair[1].class).count();
        assert!((15..45).contains(&changes), "{changes}");
    }

    #[test]
    fn slices_with_too_little_tumour_are_left_out_unless_nobody_is_ill() {
        let slices = |tumour| (0..4).map(|index| slice(0, "Ann", index, tumour * index)).collect::<Vec<_>>();
        let names = |chosen: &[Candidate]| count(chosen, |slice| slice.name != "003");
        let chosen = choose(slices(1), 1, 9);
        assert_eq!((chosen.len(), names(&chosen)), (1, 0), "three of a thousand are enough, two are not");
        assert_eq!(choose(slices(0), 1, 9).len(), 4);
    }
}
