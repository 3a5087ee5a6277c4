//! Which train persons a repetition learns from.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What the experiment asks. The two are never mixed in one report: a generator that learned from 96 people brings the data of
/// 86 other people into "10 people and fakes".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// Does a generator made from other people's data help somebody with few people? Every repetition draws other persons.
    Sharing,
    /// Does a generator that saw only the same few people help? All repetitions have these persons.
    Stretching,
}

impl Question {
    /// The question in words.
    pub fn text(self) -> &'static str {
        match self {
            Self::Sharing => {
                "sharing: does a generator made from other people's data help somebody who has few people?"
            }
            Self::Stretching => "stretching: does a generator that saw only the same few people help?",
        }
    }
}

/// The train persons in the order in which they are taken: sorted by the SHA-256 of "lab " and the name, then taken from each
/// class in turn while it has any. The first n are the persons of an experiment with n, so a larger draw contains a smaller
/// one.
///
/// `repetition` puts its number before the name ("lab 3 NAME"), so that each repetition has another order. `None` gives the
/// fixed order that generators of [`Question::Stretching`] are trained with.
pub fn order(persons: &BTreeMap<&str, BTreeSet<usize>>, repetition: Option<usize>) -> Vec<String> {
    let key = |person: &str| {
        let text = match repetition {
            Some(number) => format!("lab {number} {person}"),
            None => format!("lab {person}"),
        };
        Sha256::digest(text.as_bytes())
    };
    let mut waiting: Vec<&str> = persons.keys().copied().collect();
    waiting.sort_by_cached_key(|person| key(person));
    let classes: BTreeSet<usize> = persons.values().flatten().copied().collect();
    let mut taken = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        for class in &classes {
            if let Some(place) = waiting.iter().position(|person| persons[person].contains(class)) {
                taken.push(waiting.remove(place).to_owned());
            }
        }
    }
    taken
}

/// The classes of each person, from a person and a class for each slice.
pub fn classes_by_person<'a>(slices: impl Iterator<Item = (&'a str, usize)>) -> BTreeMap<&'a str, BTreeSet<usize>> {
    let mut persons = BTreeMap::<&str, BTreeSet<usize>>::new();
    for (person, class) in slices {
        persons.entry(person).or_default().insert(class);
    }
    persons
}

#[cfg(test)]
mod tests {
    use super::*;

    fn persons(classes: &[&[usize]]) -> Vec<(String, BTreeSet<usize>)> {
        classes.iter().enumerate().map(|(index, own)| (format!("p{index}"), own.iter().copied().collect())).collect()
    }

    fn map(persons: &[(String, BTreeSet<usize>)]) -> BTreeMap<&str, BTreeSet<usize>> {
        persons.iter().map(|(person, own)| (person.as_str(), own.clone())).collect()
    }

    /// Generators are trained on the first persons of this order, so it must never change.
    #[test]
    fn the_fixed_order_never_changes() {
        let all = persons(&[&[0], &[0], &[0], &[1], &[1], &[1]]);
        // From Python: sorted(names, key=lambda name: hashlib.sha256(b"lab " + name.encode()).digest())
        assert_eq!(order(&map(&all), None), GOLDEN);
    }

    const GOLDEN: [&str; 6] = ["p1", "p3", "p2", "p5", "p0", "p4"];

    #[test]
    fn classes_take_turns_as_far_as_they_go() {
        let all = persons(&[&[0], &[0], &[0], &[0], &[0], &[1], &[1]]);
        let taken = order(&map(&all), None);
        let classes: Vec<usize> = taken.iter().map(|person| usize::from(person == "p5" || person == "p6")).collect();
        assert_eq!(classes, [0, 1, 0, 1, 0, 0, 0]);
    }

    #[test]
    fn a_person_with_two_classes_is_taken_once() {
        let all = persons(&[&[0, 1], &[0, 1], &[1], &[0, 1]]);
        let mut taken = order(&map(&all), Some(4));
        taken.sort();
        assert_eq!(taken, ["p0", "p1", "p2", "p3"]);
    }

    #[test]
    fn every_repetition_has_another_order() {
        let all = persons(&[&[0][..]; 30]);
        let first = |repetition| order(&map(&all), repetition)[..10].to_vec();
        assert_ne!(first(Some(0)), first(Some(1)));
        assert_ne!(first(Some(0)), first(None));
        assert_eq!(first(Some(1)), first(Some(1)));
    }
}
