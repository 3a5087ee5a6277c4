//! Turns the chosen slices of a collection into a training set.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::head::{CollectionSlice, Head};
use super::split::{SplitBy, split};
use super::{Collection, SliceSource};
use crate::slice::{LabelledSlice, PersonSlice};

/// Fewest slices of a training set.
pub const MIN_SLICES: usize = 8;

/// Slices to train with, all of one size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainingSet {
    /// Side of each slice in pixels.
    pub size: usize,
    /// Names of the classes, 1 to 8.
    pub classes: Vec<String>,
    /// Slices to train with.
    pub train: Vec<LabelledSlice>,
    /// Held-out slices, to check the training with. No head or patient is in both parts. May be empty.
    pub held_out: Vec<LabelledSlice>,
    /// Whether any slice has a mask.
    pub masks: bool,
    /// Origin of the slices.
    pub source: SliceSource,
    /// Number of heads or patients, as far as known.
    pub heads: usize,
}

/// Why a training set cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SelectionError {
    /// No slices are chosen.
    #[error("no slices are chosen")]
    Empty,
    /// Fewer than [`MIN_SLICES`] slices are chosen.
    #[error("{found} slices are too few: choose at least {MIN_SLICES}")]
    TooFew {
        /// Number of chosen slices.
        found: usize,
    },
}

/// The chosen slices of a collection at one moment. Later changes of the collection do not affect it.
#[derive(Debug, Clone)]
pub struct Selection {
    /// Origin of the slices.
    pub source: SliceSource,
    /// Names of the classes that have slices.
    pub classes: Vec<String>,
    /// Number of people or heads, as far as known. A single picture counts as one.
    pub heads: usize,
    /// How the held-out slices were chosen.
    pub split_by: SplitBy,
    slices: Vec<SelectedSlice>,
}

#[derive(Debug, Clone)]
struct SelectedSlice {
    slice: CollectionSlice,
    head: Arc<Head>,
    /// Index into [`Selection::classes`].
    class: usize,
    held_out: bool,
}

impl SelectedSlice {
    fn person(&self) -> String {
        match self.head.person {
            Some(person) => format!("person {person:x}"),
            None => format!("head {}", self.slice.head),
        }
    }
}

impl Selection {
    /// The chosen slices of a collection.
    ///
    /// # Errors
    /// If there are fewer than [`MIN_SLICES`].
    pub fn of(collection: &Collection) -> Result<Self, SelectionError> {
        let slices = collection.training_slices();
        match slices.len() {
            0 => return Err(SelectionError::Empty),
            found if found < MIN_SLICES => return Err(SelectionError::TooFew { found }),
            _ => {}
        }
        let heads: Vec<Arc<Head>> = collection.heads.iter().cloned().map(Arc::new).collect();
        let of_whom: Vec<_> = slices.iter().map(|slice| (heads[slice.head].person, slice.class)).collect();
        let (held_out, split_by) = split(&of_whom);
        let used: BTreeSet<usize> = slices.iter().map(|slice| slice.class).collect();
        let classes: Vec<String> = used.iter().filter_map(|class| collection.classes.get(*class).cloned()).collect();
        let index = |class: usize| used.iter().position(|used| *used == class).unwrap_or(0);
        let people: BTreeSet<(u64, usize)> = slices
            .iter()
            .map(|slice| heads[slice.head].person.map_or((0, slice.head), |person| (person, usize::MAX)))
            .collect();
        let slices = slices
            .iter()
            .zip(held_out)
            .map(|(slice, held_out)| SelectedSlice {
                slice: (*slice).clone(),
                head: Arc::clone(&heads[slice.head]),
                class: index(slice.class),
                held_out,
            })
            .collect();
        Ok(Self { source: collection.source, classes: unique_names(classes), heads: people.len(), split_by, slices })
    }

    /// Number of slices.
    pub fn len(&self) -> usize {
        self.slices.len()
    }

    /// Always false: a selection has at least [`MIN_SLICES`].
    pub fn is_empty(&self) -> bool {
        self.slices.is_empty()
    }

    /// Number of held-out slices.
    pub fn held_out(&self) -> usize {
        self.slices.iter().filter(|selected| selected.held_out).count()
    }

    /// Number of slices whose mask marks a tumour.
    pub fn masks(&self) -> usize {
        self.slices.iter().filter(|selected| selected.slice.has_tumour() == Some(true)).count()
    }

    /// Number of slices with an empty mask: they show no tumour.
    pub fn empty_masks(&self) -> usize {
        self.slices.iter().filter(|selected| selected.slice.has_tumour() == Some(false)).count()
    }

    /// For each slice its person, its class, and whether its mask marks a tumour. A head whose person is not known counts as
    /// a person.
    pub fn people(&self) -> impl Iterator<Item = (String, usize, bool)> {
        self.slices
            .iter()
            .map(|selected| (selected.person(), selected.class, selected.slice.has_tumour() == Some(true)))
    }

    /// A slice with `size * size` pixels, and its person. None if there is no slice with this index.
    pub fn person_slice(&self, index: usize, size: usize) -> Option<PersonSlice> {
        let selected = self.slices.get(index)?;
        let slice = selected.head.slice(&selected.slice, size);
        let labelled = LabelledSlice { class: selected.class, slice };
        Some(PersonSlice { person: selected.person(), labelled })
    }

    /// Images of at most `most` slices, `size * size` pixels each, spread evenly over all.
    pub fn images(&self, most: usize, size: usize) -> impl Iterator<Item = Vec<u8>> {
        let count = self.slices.len().min(most);
        let spread = (0..count).filter_map(move |index| self.slices.get(index * self.slices.len() / count));
        spread.map(move |selected| selected.head.image(&selected.slice, size).into_pixels())
    }

    /// The training set with slices of `size * size` pixels.
    pub fn set(&self, size: usize) -> TrainingSet {
        let labelled = |selected: &SelectedSlice| LabelledSlice {
            class: selected.class,
            slice: selected.head.slice(&selected.slice, size),
        };
        let part = |held_out: bool| self.slices.iter().filter(|it| it.held_out == held_out).map(labelled).collect();
        TrainingSet {
            size,
            classes: self.classes.clone(),
            train: part(false),
            held_out: part(true),
            masks: self.masks() > 0,
            source: self.source,
            heads: self.heads,
        }
    }
}

/// The names without surrounding blanks. An empty or repeated name gets a number.
fn unique_names(given: Vec<String>) -> Vec<String> {
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
    fn every_class_gets_its_own_name() {
        let given = ["a", " a ", "", "a", ""].map(str::to_owned).to_vec();
        assert_eq!(unique_names(given), ["a", "a 2", "3", "a 4", "5"]);
    }
}
