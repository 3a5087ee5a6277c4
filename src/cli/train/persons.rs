//! `--persons N`: training on the scans of few persons, for the lab's question of [stretching](crate::lab::draw::Question::Stretching).

use std::error::Error;

use crate::lab::draw::{classes_by_person, order};
use crate::slices::dataset::{Dataset, DatasetSlice};

/// Keeps the slices of `count` train persons, the first of the lab's fixed [`order`], and returns their names. Validation
/// persons among them stay validation persons, unless a class then has no training slice.
///
/// # Errors
/// If the data has fewer train persons, or the persons lack a class.
pub fn draw(data: &mut Dataset, count: usize) -> Result<Vec<String>, Box<dyn Error>> {
    let slices = data.train.iter().chain(&data.validation);
    let classes = classes_by_person(slices.map(|slice| (slice.patient.as_str(), slice.labelled.class)));
    let mut drawn = order(&classes, None);
    if drawn.len() < count {
        return Err(format!("--persons {count}: the data has only {} train persons", drawn.len()).into());
    }
    drawn.truncate(count);
    if let Some(name) = drawn.iter().find(|name| name.contains(',')) {
        return Err(
            format!("person {name:?}: --persons cannot write a name with a comma to the card; rename it").into()
        );
    }
    let is_drawn = |slice: &DatasetSlice| drawn.contains(&slice.patient);
    data.train.retain(is_drawn);
    data.validation.retain(is_drawn);
    if missing_class(data).is_some() {
        data.train.append(&mut data.validation);
    }
    if let Some(class) = missing_class(data) {
        return Err(format!("--persons {count}: none of these persons has the class {class}; take more").into());
    }
    Ok(drawn)
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
    fn the_first_persons_of_the_lab_are_kept() -> Result<(), Box<dyn Error>> {
        let mut all = data(&ALL, &[]);
        assert_eq!(draw(&mut all, 3)?, ["p1", "p3", "p2"]);
        assert_eq!(persons(&all.train), ["p1", "p2", "p3"]);
        assert_eq!(persons(&all.test), ["t"]);
        Ok(())
    }

    #[test]
    fn validation_persons_stay_aside_unless_a_class_is_missing() -> Result<(), Box<dyn Error>> {
        let mut spare = data(&[ALL[0], ALL[2], ALL[3]], &[ALL[1]]);
        draw(&mut spare, 3)?;
        assert_eq!((persons(&spare.train), persons(&spare.validation)), (vec!["p1", "p3"], vec!["p2"]));
        let mut needed = data(&ALL[1..], &ALL[..1]);
        draw(&mut needed, 2)?;
        assert_eq!((persons(&needed.train), persons(&needed.validation)), (vec!["p3", "p1"], vec![]));
        Ok(())
    }

    #[test]
    fn too_few_persons_are_refused() {
        let refused =
            |count| draw(&mut data(&ALL, &[]), count).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(refused(5).contains("has only 4 train persons"), "{}", refused(5));
        assert!(refused(1).contains("none of these persons has the class b"), "{}", refused(1));
    }
}
