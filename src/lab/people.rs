//! The people of the experiment: train persons and test persons. No person is both.

use std::collections::{BTreeMap, BTreeSet};

use super::draw::classes_by_person;
pub use crate::slice::PersonSlice;
use crate::slice::{LabelledSlice, Slice};

/// Why the experiment cannot be done with these slices.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabError {
    /// A test person is among those that a learner learns from.
    #[error("person {0} is a test person and is among those to learn from: a person must be on one side only")]
    TestPersonInTrain(String),
    /// A test person is among those that the generator learned from.
    #[error("person {0} is a test person and the generator learned from them: test with people whom it never saw")]
    TestPersonInGenerator(String),
    /// A person to learn from has no train slices.
    #[error("person {0} is to be learned from but has no train slices: correct the list of persons")]
    UnknownPerson(String),
    /// There are no slices on one side.
    #[error("there are no {0} slices")]
    Empty(&'static str),
    /// A class of the test persons is missing among those to learn from.
    #[error("none of the {persons} persons to learn from has the class {class}: take more persons")]
    MissingClass {
        /// The class.
        class: String,
        /// Number of persons drawn.
        persons: usize,
    },
    /// A class without fakes.
    #[error("there are no fakes of the class {0}: add some, or leave their class out of the data")]
    NoFakes(String),
    /// A slice of another size.
    #[error("a slice of person {person} is not {size} x {size} pixels")]
    Size {
        /// The person.
        person: String,
        /// Side in pixels that was expected.
        size: usize,
    },
    /// A side that the networks cannot halve four times.
    #[error("learners cannot look at {0} pixels: the side must be a multiple of 16, from 16 to 256")]
    Side(usize),
}

/// Train and test persons with their slices. No person is on both sides.
#[derive(Debug, Clone)]
pub struct People {
    size: usize,
    classes: Vec<String>,
    train: Vec<PersonSlice>,
    test: Vec<PersonSlice>,
}

impl People {
    /// Checks the slices: `size * size` pixels each, classes as indices into `classes`.
    ///
    /// # Errors
    /// If a person is on both sides, a side is empty, or a slice has another size. The message says what to do.
    pub fn new(
        size: usize,
        classes: Vec<String>,
        train: Vec<PersonSlice>,
        test: Vec<PersonSlice>,
    ) -> Result<Self, LabError> {
        if !size.is_multiple_of(16) || !(16..=256).contains(&size) {
            return Err(LabError::Side(size));
        }
        for (name, side) in [("train", &train), ("test", &test)] {
            if side.is_empty() {
                return Err(LabError::Empty(name));
            }
            if let Some(wrong) = side.iter().find(|slice| !slice.labelled.slice.has_size(size)) {
                return Err(LabError::Size { person: wrong.person.clone(), size });
            }
        }
        let people = Self { size, classes, train, test };
        people.keep_apart(people.train.iter().map(|slice| slice.person.as_str()), LabError::TestPersonInTrain)?;
        Ok(people)
    }

    /// Checks that the generator saw none of the test persons. `persons` are those that it learned from.
    ///
    /// # Errors
    /// [`LabError::TestPersonInGenerator`] with the person's name.
    pub fn check_generator(&self, persons: &[String]) -> Result<(), LabError> {
        self.keep_apart(persons.iter().map(String::as_str), LabError::TestPersonInGenerator)
    }

    /// The slices of the persons that a learner learns from.
    ///
    /// # Errors
    /// If one of them is a test person or is not known, or if a class of the test slices is missing.
    pub fn learned(&self, persons: &[String]) -> Result<Vec<&LabelledSlice>, LabError> {
        self.keep_apart(persons.iter().map(String::as_str), LabError::TestPersonInTrain)?;
        let wanted: BTreeSet<&str> = persons.iter().map(String::as_str).collect();
        let known: BTreeSet<&str> = self.train.iter().map(|slice| slice.person.as_str()).collect();
        if let Some(person) = wanted.difference(&known).next() {
            return Err(LabError::UnknownPerson((*person).to_owned()));
        }
        let found: Vec<&LabelledSlice> = self
            .train
            .iter()
            .filter(|slice| wanted.contains(slice.person.as_str()))
            .map(|slice| &slice.labelled)
            .collect();
        let missing = |class: usize| !found.iter().any(|slice| slice.class == class);
        match self.test.iter().map(|slice| slice.labelled.class).find(|class| missing(*class)) {
            Some(class) => Err(LabError::MissingClass { class: self.class(class), persons: persons.len() }),
            None => Ok(found),
        }
    }

    fn keep_apart<'a>(
        &self,
        persons: impl Iterator<Item = &'a str>,
        error: fn(String) -> LabError,
    ) -> Result<(), LabError> {
        let test: BTreeSet<&str> = self.test.iter().map(|slice| slice.person.as_str()).collect();
        persons.into_iter().find(|person| test.contains(person)).map_or(Ok(()), |person| Err(error(person.to_owned())))
    }

    /// Side of a slice in pixels.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The class names.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The name of a class, or its index.
    pub fn class(&self, class: usize) -> String {
        self.classes.get(class).cloned().unwrap_or_else(|| class.to_string())
    }

    /// The slices of the test persons.
    pub fn test(&self) -> &[PersonSlice] {
        &self.test
    }

    /// The train persons and the classes that each has.
    pub fn train_persons(&self) -> BTreeMap<&str, BTreeSet<usize>> {
        classes_by_person(self.train.iter().map(|slice| (slice.person.as_str(), slice.labelled.class)))
    }

    /// The number of test persons.
    pub fn test_persons(&self) -> usize {
        self.test.iter().map(|slice| &slice.person).collect::<BTreeSet<_>>().len()
    }

    /// Whether train and test slices have tumours that a learner can look for.
    pub fn has_masks(&self) -> bool {
        [&self.train, &self.test].iter().all(|side| side.iter().any(|slice| has_tumour(&slice.labelled.slice)))
    }
}

/// Whether a slice's mask marks any tumour.
pub fn has_tumour(slice: &Slice) -> bool {
    slice.mask.iter().any(|&pixel| pixel >= crate::evaluate::masks::INSIDE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(person: &str, class: usize) -> PersonSlice {
        let slice = Slice::without_tumour(16, vec![0; 256]);
        PersonSlice { person: person.to_owned(), labelled: LabelledSlice { class, slice } }
    }

    fn people(train: &[(&str, usize)], test: &[(&str, usize)]) -> Result<People, LabError> {
        let slices = |all: &[(&str, usize)]| all.iter().map(|(person, class)| slice(person, *class)).collect();
        People::new(16, vec!["a".to_owned(), "b".to_owned()], slices(train), slices(test))
    }

    #[test]
    fn a_leak_is_refused_by_name() {
        let error = people(&[("Ann", 0), ("Bea", 1)], &[("Cem", 0), ("Bea", 1)]).unwrap_err();
        assert_eq!(error, LabError::TestPersonInTrain("Bea".to_owned()));
        assert!(error.to_string().contains("person Bea is a test person"));

        let apart = people(&[("Ann", 0), ("Bea", 1)], &[("Cem", 0), ("Dee", 1)]).unwrap();
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let error = apart.learned(&names(&["Ann", "Dee"])).unwrap_err();
        assert_eq!(error, LabError::TestPersonInTrain("Dee".to_owned()));
        let error = apart.check_generator(&names(&["Ann", "Cem"])).unwrap_err();
        assert_eq!(error, LabError::TestPersonInGenerator("Cem".to_owned()));
        assert!(apart.check_generator(&names(&["Ann", "somebody else"])).is_ok());
        assert_eq!(apart.learned(&names(&["Ann", "Bea"])).map(|slices| slices.len()), Ok(2));
    }

    #[test]
    fn other_slices_are_refused() {
        assert_eq!(people(&[], &[("Cem", 0)]).unwrap_err(), LabError::Empty("train"));
        let apart = people(&[("Ann", 0), ("Bea", 1)], &[("Cem", 0), ("Dee", 1)]).unwrap();
        let error = apart.learned(&["Ann".to_owned()]).unwrap_err();
        assert_eq!(error, LabError::MissingClass { class: "b".to_owned(), persons: 1 });
        let error = apart.learned(&["Eve".to_owned()]).unwrap_err();
        assert_eq!(error, LabError::UnknownPerson("Eve".to_owned()));
        let sides = |size| People::new(size, Vec::new(), vec![slice("Ann", 0)], vec![slice("Cem", 0)]).map(|_| ());
        assert_eq!(sides(24), Err(LabError::Side(24)));
        assert_eq!(sides(32), Err(LabError::Size { person: "Ann".to_owned(), size: 32 }));
        assert_eq!(sides(16), Ok(()));
    }
}
