//! From what is chosen to what is learned from.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::collection::Collection;
use super::head::{Head, Slice};
use super::split::{By, split};
use super::{FEWEST, SetProblem, Source, TrainingSet};
use crate::slice::LabelledSlice;

/// What is chosen, by itself: the collection may change on.
#[derive(Debug, Clone)]
pub struct Selection {
    /// Where it comes from.
    pub source: Source,
    /// Names of the classes that have slices.
    pub classes: Vec<String>,
    /// How many people or heads, as far as known; lone pictures are one each.
    pub heads: usize,
    /// How it was decided what is held out.
    pub by: By,
    entries: Vec<Entry>,
}

/// A slice of the selection.
#[derive(Debug, Clone)]
struct Entry {
    slice: Slice,
    head: Arc<Head>,
    class: usize,
    held_out: bool,
}

impl Selection {
    /// What is chosen of a collection.
    ///
    /// # Errors
    /// If that is too little to learn from.
    pub fn of(collection: &Collection) -> Result<Self, SetProblem> {
        let slices = collection.learned();
        match slices.len() {
            0 => return Err(SetProblem::Empty),
            found if found < FEWEST => return Err(SetProblem::TooFew { found }),
            _ => {}
        }
        let heads: Vec<Arc<Head>> = collection.heads.iter().cloned().map(Arc::new).collect();
        let people: Vec<Option<u64>> = slices.iter().map(|slice| heads[slice.head].person).collect();
        let (held, by) = split(&people);
        let used: BTreeSet<usize> = slices.iter().map(|slice| slice.class).collect();
        let classes: Vec<String> = used.iter().filter_map(|class| collection.classes.get(*class).cloned()).collect();
        let number = |class: usize| used.iter().position(|used| *used == class).unwrap_or(0);
        let people: BTreeSet<(u64, usize)> = slices
            .iter()
            .map(|slice| heads[slice.head].person.map_or((0, slice.head), |person| (person, usize::MAX)))
            .collect();
        let entries = slices
            .iter()
            .zip(held)
            .map(|(slice, held_out)| Entry {
                slice: (*slice).clone(),
                head: Arc::clone(&heads[slice.head]),
                class: number(slice.class),
                held_out,
            })
            .collect();
        Ok(Self { source: collection.source, classes: names(classes), heads: people.len(), by, entries })
    }

    /// How many slices.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none; never, as fewer than [`FEWEST`] are no selection.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many are held out.
    pub fn held_out(&self) -> usize {
        self.entries.iter().filter(|entry| entry.held_out).count()
    }

    /// How many have a mask in which something is drawn.
    pub fn masks(&self) -> usize {
        let drawn =
            |entry: &&Entry| entry.slice.mask.as_ref().is_some_and(|mask| mask.pixels().iter().any(|&it| it > 0));
        self.entries.iter().filter(drawn).count()
    }

    /// The set at a side in pixels.
    pub fn set(&self, size: usize) -> TrainingSet {
        let labelled =
            |entry: &Entry| LabelledSlice { class: entry.class, slice: entry.head.slice(&entry.slice, size) };
        let part = |held_out: bool| self.entries.iter().filter(|it| it.held_out == held_out).map(labelled).collect();
        TrainingSet {
            size,
            classes: self.classes.clone(),
            train: part(false),
            held_out: part(true),
            masks: self.masks() > 0,
            source: self.source,
            volumes: self.heads,
        }
    }
}

/// Names that are none, or there already, get a number.
fn names(given: Vec<String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in given {
        let name = name.trim().to_owned();
        let mut unique = name.clone();
        let mut number = names.len() + 1;
        while unique.is_empty() || names.contains(&unique) {
            unique = format!("{name} {number}").trim().to_owned();
            number += 1;
        }
        names.push(unique);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_have_names_of_their_own() {
        let given = ["a", " a ", "", "a", ""].map(str::to_owned).to_vec();
        assert_eq!(names(given), ["a", "a 2", "3", "a 4", "5"]);
    }
}
