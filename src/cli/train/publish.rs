//! From a run's average to weights files that can be shipped.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::{Device, ExecutionError, read_sync};

use super::super::args::TrainArgs;
use crate::date::today;
use crate::gan::card::WeightsCard;
use crate::gan::directions::{self, Directions};
use crate::gan::generator::STYLE;
use crate::gan::generator_model::GeneratorModel;
use crate::gan::preset::Network;
use crate::gan::preset::{ScanSpec, Style};
use crate::gan::publish::{self, Stored};
use crate::gan::train::Trainer;
use crate::gan::weights::{self, WeightsFile};
use crate::slice::LabelledSlice;
use crate::slices::dataset::Dataset;

/// Directions that are tried for a name: the strongest ones.
const CANDIDATES: usize = 16;
/// Scans that a direction is measured on.
const MEASURED: u32 = 48;

/// Where the data came from, for the card.
#[derive(Debug, Clone)]
pub struct Origin {
    classes: Vec<String>,
    dataset: String,
    licence: String,
    attribution: String,
    slices: usize,
    patients: usize,
    grown_from: Option<String>,
    held_out: Vec<LabelledSlice>,
}

impl Origin {
    /// From the arguments, the data, and its slices that training does not see.
    pub fn new(args: &TrainArgs, data: &Dataset, held_out: Vec<LabelledSlice>) -> Self {
        let folder = || args.data.file_name().map(|name| name.to_string_lossy().into_owned());
        let patients: std::collections::HashSet<_> = data.train.iter().map(|example| &example.patient).collect();
        Self {
            classes: data.classes.clone(),
            dataset: args.dataset.clone().or_else(folder).unwrap_or_default(),
            licence: args.licence.clone().unwrap_or_else(|| "not stated".into()),
            attribution: args.attribution.clone().unwrap_or_else(|| "not stated".into()),
            slices: data.train.len(),
            patients: patients.len(),
            grown_from: args.from.as_deref().and_then(describe),
            held_out,
        }
    }

    fn card(&self, trainer: &Trainer, network: Network) -> WeightsCard {
        let mut metrics: BTreeMap<String, String> = [
            ("training slices", self.slices.to_string()),
            ("training patients", self.patients.to_string()),
            ("steps", trainer.steps.to_string()),
            ("batch", trainer.settings.batch.to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        if let Some(grown_from) = &self.grown_from {
            metrics.insert("grown from".to_owned(), grown_from.clone());
        }
        WeightsCard {
            kimg: trainer.images as f32 / 1000.0,
            dataset: self.dataset.clone(),
            licence: self.licence.clone(),
            attribution: self.attribution.clone(),
            date: today(),
            metrics,
            ..WeightsCard::blank(network, trainer.settings.preset, self.classes.clone())
        }
    }
}

/// The preset and length of training of weights that a run starts from.
fn describe(path: &Path) -> Option<String> {
    let bytes = crate::cli::weights::read(path).ok()?;
    let card = WeightsFile::open(&bytes).ok()?.card;
    Some(format!("{} after {:.1} thousand slices", card.preset.name, card.kimg))
}

/// Where the discriminator of a generator's file is: `x.safetensors` has `x.discriminator.safetensors`.
pub fn discriminator_path(generator: &Path) -> PathBuf {
    generator.with_extension("discriminator.safetensors")
}

/// Write `weights.safetensors` and `weights.discriminator.safetensors` into `folder`.
pub fn write(trainer: &Trainer, origin: &Origin, folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut stored = generator(trainer, origin)?;
    let named = name_directions(&stored, &Device::flex())?;
    stored.card.directions = named.names.clone();
    let path = folder.join("weights.safetensors");
    fs::write(&path, weights::write(&stored.card, &stored.values, &named)?)?;

    let card = origin.card(trainer, Network::Discriminator);
    let (card, values) = read_sync(publish::discriminator(trainer, card, &stored, &origin.held_out)).map_err(failed)?;
    Ok(fs::write(discriminator_path(&path), weights::write(&card, &values, &Directions::default())?)?)
}

/// Write the generator as it is now as `stage-0002000.safetensors`, the number being the slices shown so far. A picture
/// of the training, not something to work with: directions are left out.
pub fn write_stage(trainer: &Trainer, origin: &Origin, folder: &Path) -> Result<(), Box<dyn Error>> {
    let stored = generator(trainer, origin)?;
    let name = format!("stage-{:07}.safetensors", trainer.images);
    Ok(fs::write(folder.join(name), weights::write(&stored.card, &stored.values, &Directions::default())?)?)
}

fn generator(trainer: &Trainer, origin: &Origin) -> Result<Stored, Box<dyn Error>> {
    Ok(read_sync(publish::generator(trainer, origin.card(trainer, Network::Generator))).map_err(failed)?)
}

fn failed(error: ExecutionError) -> String {
    format!("the device failed: {error:?}")
}

/// Principal directions of what reads the latent, named by what they change in generated scans.
fn name_directions(stored: &Stored, device: &Device) -> Result<Directions, Box<dyn Error>> {
    let Stored { card, values, generator } = stored;
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

/// Mean of each attribute over the scans that have it.
fn means(all: &[[f32; 7]]) -> [f32; 7] {
    std::array::from_fn(|a| {
        let own: Vec<f32> = all.iter().map(|m| m[a]).filter(|x| x.is_finite()).collect();
        own.iter().sum::<f32>() / own.len() as f32
    })
}

/// Standard deviation of each attribute over the scans that have it.
fn spread(all: &[[f32; 7]]) -> [f32; 7] {
    let centre = means(all);
    let squares: Vec<[f32; 7]> = all.iter().map(|m| std::array::from_fn(|a| (m[a] - centre[a]).powi(2))).collect();
    means(&squares).map(f32::sqrt)
}
