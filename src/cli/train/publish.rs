//! From a run to its weights files.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::{Device, ExecutionError, read_sync};

use super::super::args::TrainArgs;
use crate::date::today;
use crate::gan::card::PERSONS;
use crate::gan::card::WeightsCard;
use crate::gan::directions::{self, Directions};
use crate::gan::generator::STYLE;
use crate::gan::generator_model::GeneratorModel;
use crate::gan::preset::{Network, ScanSpec, Style};
use crate::gan::publish::{self, PublishedGenerator};
use crate::gan::train::TrainState;
use crate::gan::weights::{self, WeightsFile};
use crate::slice::LabelledSlice;
use crate::slices::dataset::Dataset;
use crate::training::card::{NOT_STATED, TrainingProvenance};

/// Directions that are measured to find names: the strongest ones.
const CANDIDATES: usize = 16;
/// Scans on which a direction is measured.
const MEASURED: u32 = 48;

/// Writes weights files with their cards.
#[derive(Debug, Clone)]
pub struct Output {
    provenance: TrainingProvenance,
    held_out: Vec<LabelledSlice>,
}

impl Output {
    /// Writes cards from the arguments and the data, with the names of `persons` if the run has drawn persons. `held_out` is
    /// for the reference logits of the discriminator.
    pub fn new(args: &TrainArgs, data: &Dataset, persons: Option<&[String]>, held_out: Vec<LabelledSlice>) -> Self {
        let folder = || args.data.file_name().map(|name| name.to_string_lossy().into_owned());
        let patients: std::collections::HashSet<_> = data.train.iter().map(|example| &example.patient).collect();
        let mut facts = vec![("training patients", patients.len().to_string())];
        facts.extend(persons.map(|names| (PERSONS, names.join(","))));
        let parent = args.from.as_deref().and_then(card);
        if let (false, Some(parent)) = (args.fine_tune, &parent) {
            facts.push(("grown from", format!("{} after {:.1} thousand slices", parent.preset.name, parent.kimg)));
        }
        let provenance = TrainingProvenance {
            classes: data.classes.clone(),
            dataset: args.dataset.clone().or_else(folder).unwrap_or_default(),
            licence: args.licence.clone().unwrap_or_else(|| NOT_STATED.into()),
            attribution: args.attribution.clone().unwrap_or_else(|| NOT_STATED.into()),
            slices: data.train.len(),
            facts,
        };
        let provenance = match parent {
            Some(parent) if args.fine_tune => provenance.started_from(&parent),
            _ => provenance,
        };
        Self { provenance, held_out }
    }

    /// Writes `weights.safetensors` and `weights.discriminator.safetensors` into `folder`.
    ///
    /// # Errors
    /// If the device fails, or a file cannot be written.
    pub fn write(&self, state: &TrainState, folder: &Path) -> Result<(), Box<dyn Error>> {
        let mut published = self.generator(state)?;
        let named = name_directions(&published, &Device::flex())?;
        published.card.directions = named.names.clone();
        let path = folder.join("weights.safetensors");
        fs::write(&path, weights::write(&published.card, &published.values, &named)?)?;

        let card = self.provenance.card(state, Network::Discriminator, today());
        let discriminator = publish::discriminator(state, card, &published, &self.held_out);
        let (card, values) = read_sync(discriminator).map_err(failed)?;
        Ok(fs::write(discriminator_path(&path), weights::write(&card, &values, &Directions::default())?)?)
    }

    /// Writes the current averaged generator to a file such as `stage-0002000.safetensors`; the number is that of the slices
    /// shown so far. It shows a stage of the training and has no directions.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn write_stage(&self, state: &TrainState, folder: &Path) -> Result<(), Box<dyn Error>> {
        let published = self.generator(state)?;
        let name = format!("stage-{:07}.safetensors", state.images);
        let bytes = weights::write(&published.card, &published.values, &Directions::default())?;
        Ok(fs::write(folder.join(name), bytes)?)
    }

    fn generator(&self, state: &TrainState) -> Result<PublishedGenerator, Box<dyn Error>> {
        let card = self.provenance.card(state, Network::Generator, today());
        Ok(read_sync(publish::generator(&state.average, &state.settings, card)).map_err(failed)?)
    }
}

/// The card of a weights file.
fn card(path: &Path) -> Option<WeightsCard> {
    let bytes = crate::cli::weights::read(path).ok()?;
    Some(WeightsFile::open(&bytes).ok()?.card)
}

/// The path of the discriminator that belongs to a generator: `x.discriminator.safetensors` for `x.safetensors`.
pub fn discriminator_path(generator: &Path) -> PathBuf {
    generator.with_extension("discriminator.safetensors")
}

fn failed(error: ExecutionError) -> String {
    format!("the device failed: {error:?}")
}

/// Principal directions of the layers that read the latent, named after what they change in generated scans.
fn name_directions(published: &PublishedGenerator, device: &Device) -> Result<Directions, Box<dyn Error>> {
    let PublishedGenerator { card, values, generator } = published;
    let layers: Vec<_> = values.iter().filter(|value| value.name == "project" || value.name.ends_with(STYLE)).collect();
    let mut vectors = directions::principal(&layers);
    vectors.truncate(CANDIDATES);
    let all = Directions { names: vec![String::new(); vectors.len()], vectors: vectors.clone() };
    let model = GeneratorModel::new(generator.clone(), card.clone(), all, device.clone());
    let specs: Vec<_> =
        (0..MEASURED).map(|seed| ScanSpec { seed, class: seed as usize % card.classes.len(), toward: None }).collect();
    let measure = |offsets: Vec<f32>| -> Vec<[f32; 7]> {
        let style = Style { truncation: 1.0, directions: offsets };
        let drawn: Vec<f32> = model.draw(&specs, &style).into_data().iter::<f32>().collect();
        let cells = model.size() * model.size();
        drawn
            .chunks_exact(2 * cells)
            .map(|scan| directions::measure(&scan[..cells], &scan[cells..], model.size()))
            .collect()
    };
    let plain = spread(&measure(Vec::new()));
    let effects: Vec<[f32; 7]> = (0..vectors.len())
        .map(|k| {
            let along = |offset: f32| {
                let mut offsets = vec![0.0; vectors.len()];
                offsets[k] = offset;
                means(&measure(offsets))
            };
            let (low, high) = (along(-2.0), along(2.0));
            std::array::from_fn(|a| (high[a] - low[a]) / plain[a].max(1e-6))
        })
        .collect();
    Ok(directions::name(&vectors, &effects))
}

/// Mean of each attribute over the scans in which it is finite.
fn means(all: &[[f32; 7]]) -> [f32; 7] {
    std::array::from_fn(|a| {
        let own: Vec<f32> = all.iter().map(|m| m[a]).filter(|x| x.is_finite()).collect();
        own.iter().sum::<f32>() / own.len() as f32
    })
}

/// Standard deviation of each attribute over the scans in which it is finite.
fn spread(all: &[[f32; 7]]) -> [f32; 7] {
    let centre = means(all);
    let squares: Vec<[f32; 7]> = all.iter().map(|m| std::array::from_fn(|a| (m[a] - centre[a]).powi(2))).collect();
    means(&squares).map(f32::sqrt)
}
