//! The fakes of the experiment: made anew for each repetition, or read from a folder.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::sync::{Arc, OnceLock};

use burn::tensor::{Device, read_sync};

use crate::cli::args::LabArgs;
use crate::cli::weights;
use crate::evaluate::generated;
use crate::export::provenance::sha256;
use crate::gan::generator_model::GeneratorModel;
use crate::lab::fakes::make;
use crate::lab::people::People;
use crate::lab::report::FakeOrigin;
use crate::slice::{LabelledSlice, Slice};

/// The source of the fakes, and the fakes that are already made.
pub struct FakeSupply {
    pub source: FakeOrigin,
    /// Whether the fakes have masks.
    pub masks: bool,
    /// The weights file, unless the fakes come from a folder.
    weights: Option<Vec<u8>>,
    /// The fakes of each repetition, or of all, or why they could not be made.
    ready: Vec<OnceLock<Result<Fakes, String>>>,
    seed: u64,
}

type Fakes = Arc<Vec<LabelledSlice>>;

impl FakeSupply {
    /// Checks the weights file, or reads the folder.
    ///
    /// # Errors
    /// If a file cannot be read or used, or the generator lacks a class of the data. The message says what to do.
    pub fn open(args: &LabArgs, people: &People) -> Result<Self, Box<dyn Error>> {
        let listed = args.generator_persons.as_deref().map(|path| {
            let text = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            Ok::<_, String>(names(text.lines()))
        });
        let listed = listed.transpose()?;
        if let Some(folder) = &args.images {
            let (fakes, masks) = folder_fakes(args, people)?;
            let name = folder.display().to_string();
            let source = FakeOrigin { name, weights_sha256: None, persons: listed, count: fakes.len() };
            let ready = vec![OnceLock::from(Ok(Arc::new(fakes)))];
            return Ok(Self { source, masks, weights: None, ready, seed: args.seed });
        }
        let path = args.weights.as_deref().ok_or("give --weights or --images")?;
        let bytes = weights::read(path)?;
        let model = GeneratorModel::from_bytes(&bytes, &Device::flex()).map_err(weights::FileError::weights(path))?;
        let known = &model.card().classes;
        if let Some(class) = people.classes().iter().find(|class| !known.contains(class)) {
            let known = known.join(", ");
            return Err(format!("{}: it makes {known}, but the data has {class}", path.display()).into());
        }
        let source = FakeOrigin {
            name: path.display().to_string(),
            weights_sha256: Some(sha256(&bytes)),
            persons: listed.or(model.card().persons()),
            count: args.each,
        };
        let ready = (0..args.repetitions).map(|_| OnceLock::new()).collect();
        Ok(Self { source, masks: true, weights: Some(bytes), ready, seed: args.seed })
    }

    /// The fakes of a repetition. The first call makes them; others wait for it, and fail if it does.
    ///
    /// # Errors
    /// If the generator or the device fails.
    pub fn of(&self, repetition: usize, people: &People) -> Result<Fakes, String> {
        let Some(bytes) = &self.weights else {
            return self.ready.first().and_then(OnceLock::get).cloned().unwrap_or_else(|| Ok(Fakes::default()));
        };
        let slot = self.ready.get(repetition).ok_or("there is no such repetition")?;
        slot.get_or_init(|| self.generate(bytes, repetition, people)).clone()
    }

    fn generate(&self, weights: &[u8], repetition: usize, people: &People) -> Result<Fakes, String> {
        let model = GeneratorModel::from_bytes(weights, &Device::flex()).map_err(|error| error.to_string())?;
        let seed = self.seed.wrapping_mul(1000).wrapping_add(repetition as u64);
        let made = make(&model, people.classes(), self.source.count, people.size(), seed);
        read_sync(made).map(Arc::new).map_err(|error| format!("the device failed: {error:?}"))
    }
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let unique: BTreeSet<&str> = names.map(str::trim).filter(|name| !name.is_empty()).collect();
    unique.into_iter().map(str::to_owned).collect()
}

/// The fakes of a folder, and whether they have masks.
fn folder_fakes(args: &LabArgs, people: &People) -> Result<(Vec<LabelledSlice>, bool), Box<dyn Error>> {
    let folder = args.images.as_deref().ok_or("give --images")?;
    let found = generated::read(folder, usize::MAX, Some(args.size))?;
    let classes = found.classes.ok_or_else(|| {
        format!(
            "{} needs samples.csv with the columns file and class: learners learn the class of each scan",
            folder.display()
        )
    })?;
    let (has_masks, empty) = (found.masks.is_some(), vec![0; args.size * args.size]);
    let masks = found.masks.unwrap_or_else(|| vec![empty; found.images.len()]);
    let mut fakes = Vec::with_capacity(found.images.len());
    for ((image, mask), name) in found.images.into_iter().zip(masks).zip(&classes) {
        let class = people.classes().iter().position(|class| class == name).ok_or_else(|| {
            format!("samples.csv has the class \"{name}\", the data has {}", people.classes().join(", "))
        })?;
        fakes.push(LabelledSlice { class, slice: Slice { size: args.size, image, mask } });
    }
    if let Some(class) = (0..people.classes().len()).find(|class| !fakes.iter().any(|fake| fake.class == *class)) {
        return Err(format!("{} has no scan of the class {}", folder.display(), people.class(class)).into());
    }
    Ok((fakes, has_masks))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::drawn_people;

    #[test]
    fn every_run_of_a_repetition_hears_that_its_fakes_could_not_be_made() {
        let mut train = drawn_people::people(16);
        let test = train.split_off(train.len() / 2);
        let classes = ["tumour", "none"].map(str::to_owned).into();
        let people = People::new(16, classes, train, test).unwrap();
        let source = FakeOrigin { name: "broken".to_owned(), weights_sha256: None, persons: None, count: 1 };
        let ready = vec![OnceLock::new()];
        let supply = FakeSupply { source, masks: true, weights: Some(vec![0; 9]), ready, seed: 0 };
        let first = supply.of(0, &people).expect_err("the weights are broken");
        assert_eq!(supply.of(0, &people).expect_err("as before"), first);
    }
}
