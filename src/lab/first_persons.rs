//! The first persons of the lab's fixed order in a data folder. Generators of
//! [stretching](super::draw::Question::Stretching) learn from them.

use thiserror::Error;

use super::draw::{classes_by_person, order};
use crate::slices::dataset::{Dataset, DatasetSlice};

/// Why persons cannot be drawn.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum FirstPersonsError {
    /// There are too few.
    #[error("{wanted} persons are wanted, and the data has only {found} train persons: take fewer")]
    TooFew {
        /// Persons wanted.
        wanted: usize,
        /// Train persons in the data.
        found: usize,
    },
    /// A weights card separates names by commas.
    #[error("person {0:?} has a comma in the name, which a weights card cannot hold: rename it")]
    Comma(String),
    /// No person has a class.
    #[error("none of these {persons} persons has the class {class}: take more")]
    MissingClass {
        /// Persons drawn.
        persons: usize,
        /// The class.
        class: String,
    },
}

/// Keeps the slices of `count` train persons, the first of the lab's fixed [`order`], and returns their names in this order.
/// Validation persons count as train persons, as they do for the learners, and nothing is left for validation.
///
/// # Errors
/// If the data has fewer train persons, or the persons lack a class.
pub fn keep(data: &mut Dataset, count: usize) -> Result<Vec<String>, FirstPersonsError> {
    let slices = data.train.iter().chain(&data.validation);
    let classes = classes_by_person(slices.map(|slice| (slice.patient.as_str(), slice.labelled.class)));
    let mut drawn = order(&classes, None);
    if drawn.len() < count {
        return Err(FirstPersonsError::TooFew { wanted: count, found: drawn.len() });
    }
    drawn.truncate(count);
    if let Some(name) = drawn.iter().find(|name| name.contains(',')) {
        return Err(FirstPersonsError::Comma(name.clone()));
    }
    let is_drawn = |slice: &DatasetSlice| drawn.contains(&slice.patient);
    data.train.append(&mut data.validation);
    data.train.retain(is_drawn);
    match missing_class(data) {
        Some(class) => Err(FirstPersonsError::MissingClass { persons: count, class }),
        None => Ok(drawn),
    }
}

/// A class without training slices.
fn missing_class(data: &Dataset) -> Option<String> {
    let has = |class: usize| data.train.iter().any(|slice| slice.labelled.class == class);
    (0..data.classes.len()).find(|class| !has(*class)).map(|class| data.classes[class].clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slice::{LabelledSlice, Slice};

    fn slice((person, class): &(&str, usize)) -> DatasetSlice {
        let labelled = LabelledSlice { class: *class, slice: Slice::without_tumour(1, vec![0]) };
        let [file, patient, examination] = [format!("{person}.png"), (*person).to_owned(), (*person).to_owned()];
        DatasetSlice { file, patient, examination, labelled }
    }

    fn data(train: &[(&str, usize)], validation: &[(&str, usize)]) -> Dataset {
        let slices = |side: &[(&str, usize)]| side.iter().map(slice).collect();
        let classes = vec!["a".to_owned(), "b".to_owned()];
        Dataset { size: 1, classes, train: slices(train), validation: slices(validation), test: slices(&[("t", 0)]) }
    }

    fn persons(slices: &[DatasetSlice]) -> Vec<&str> {
        slices.iter().map(|slice| slice.patient.as_str()).collect()
    }

    // The lab's fixed order of these names is p1 (a), p3 (b), p2 (a), p5 (b).
    const ALL: [(&str, usize); 4] = [("p1", 0), ("p2", 0), ("p3", 1), ("p5", 1)];

    #[test]
    fn the_first_persons_are_kept() -> Result<(), FirstPersonsError> {
        let mut all = data(&ALL, &[]);
        assert_eq!(keep(&mut all, 3)?, ["p1", "p3", "p2"]);
        assert_eq!(persons(&all.train), ["p1", "p2", "p3"]);
        assert_eq!(persons(&all.test), ["t"]);
        Ok(())
    }

    #[test]
    fn validation_persons_are_train_persons() -> Result<(), FirstPersonsError> {
        let mut all = data(&[ALL[0], ALL[2], ALL[3]], &[ALL[1]]);
        assert_eq!(keep(&mut all, 3)?, ["p1", "p3", "p2"]);
        assert_eq!((persons(&all.train), persons(&all.validation)), (vec!["p1", "p3", "p2"], vec![]));
        Ok(())
    }

    #[test]
    fn too_few_persons_are_refused() {
        let refused = |count| keep(&mut data(&ALL, &[]), count).err();
        assert_eq!(refused(5), Some(FirstPersonsError::TooFew { wanted: 5, found: 4 }));
        assert_eq!(refused(1), Some(FirstPersonsError::MissingClass { persons: 1, class: "b".to_owned() }));
        let error = keep(&mut data(&[("Ann, Bea", 0), ("p3", 1)], &[]), 2).err();
        assert_eq!(error, Some(FirstPersonsError::Comma("Ann, Bea".to_owned())));
    }
}
