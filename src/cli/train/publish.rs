//! From a run's average to weights files that can be shipped.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::Device;

use super::super::args::TrainArgs;
use super::super::day::today;
use super::wait;
use crate::gan::card::{Card, Network};
use crate::gan::directions::{self, Directions};
use crate::gan::discriminator::Discriminator;
use crate::gan::example::Example;
use crate::gan::generator::Generator;
use crate::gan::judge;
use crate::gan::layers::Init;
use crate::gan::named::{self, NamedValues};
use crate::gan::preset::{ScanSpec, Style};
use crate::gan::reference::Reference;
use crate::gan::sample::{self, Model};
use crate::gan::train::Trainer;
use crate::gan::weights::{self, WeightsFile};
use crate::slices::dataset::Dataset;

/// Directions that are tried for a name: the strongest ones.
const CANDIDATES: usize = 16;
/// Scans that a direction is measured on.
const MEASURED: u32 = 48;

/// Scans that the discriminator judges at once for its reference.
const REFERENCE_BATCH: usize = 16;
/// First seed of the reference's generated scans: beyond those that the page draws by itself.
const REFERENCE_SEED: u32 = 1_000_000;

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
    held_out: Vec<Example>,
}

impl Origin {
    /// From the arguments, the data, and its slices that training does not see.
    pub fn new(args: &TrainArgs, data: &Dataset, held_out: Vec<Example>) -> Self {
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

    fn card(&self, trainer: &Trainer, network: Network) -> Card {
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
        Card {
            kimg: trainer.images as f32 / 1000.0,
            dataset: self.dataset.clone(),
            licence: self.licence.clone(),
            attribution: self.attribution.clone(),
            date: today(),
            metrics,
            ..Card::blank(network, trainer.settings.preset, self.classes.clone())
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
    let (mut card, stored, generator) = generator(trainer, origin)?;
    let named = name_directions(&stored, &generator, &card, &Device::flex())?;
    card.directions = named.names.clone();
    let path = folder.join("weights.safetensors");
    fs::write(&path, weights::write(&card, &stored, &named)?)?;

    let judge = read(named::tensors(&burn::module::Module::valid(&trainer.discriminator)))?;
    let mut card = origin.card(trainer, Network::Discriminator);
    card.reference = reference(&weights::rounded(&judge), &generator, &card, &origin.held_out)?;
    let bytes = weights::write(&card, &judge, &Directions::default())?;
    Ok(fs::write(discriminator_path(&path), bytes)?)
}

/// What the discriminator, as its file holds it, says of slices that it never learned from and of generated scans: as
/// many of both, of the same classes. None if there is nothing held out.
fn reference(
    judge: &[NamedValues],
    generator: &Generator,
    card: &Card,
    held_out: &[Example],
) -> Result<Option<Reference>, Box<dyn Error>> {
    let device = Device::flex();
    let classes = card.classes.len();
    let blank = Discriminator::new(card.preset, classes, &mut Init::Zero, &device);
    let judge = named::load(blank, judge, &device).0;
    let model = Model::new(generator.clone(), card.clone(), Directions::default(), device.clone());
    let (mut real, mut generated) = (Vec::new(), Vec::new());
    for (i, slices) in held_out.chunks(REFERENCE_BATCH).enumerate() {
        let seed = |k: usize| REFERENCE_SEED + (i * REFERENCE_BATCH + k) as u32;
        let specs: Vec<_> = slices
            .iter()
            .enumerate()
            .map(|(k, slice)| ScanSpec { seed: seed(k), class: slice.class, toward: None })
            .collect();
        let scans = wait(model.scans(&specs, &Style::default())).map_err(|error| format!("{error:?}"))?;
        let fakes: Vec<Example> = scans
            .into_iter()
            .zip(slices)
            .map(|(scan, slice)| Example { class: slice.class, image: scan.image, mask: scan.mask })
            .collect();
        for (logits, scans) in [(&mut real, slices), (&mut generated, fakes.as_slice())] {
            let own = wait(judge::logits(&judge, classes, card.preset.size(), scans, &device));
            logits.extend(own.map_err(|error| format!("{error:?}"))?);
        }
    }
    Ok(Reference::of(&real, &generated))
}

/// Write the generator as it is now as `stage-0002000.safetensors`, the number being the slices shown so far. A picture
/// of the training, not something to work with: directions are left out.
pub fn write_stage(trainer: &Trainer, origin: &Origin, folder: &Path) -> Result<(), Box<dyn Error>> {
    let (card, stored, _) = generator(trainer, origin)?;
    let name = format!("stage-{:07}.safetensors", trainer.images);
    Ok(fs::write(folder.join(name), weights::write(&card, &stored, &Directions::default())?)?)
}

/// The averaged generator as its file will hold it, with its card.
fn generator(trainer: &Trainer, origin: &Origin) -> Result<(Card, Vec<NamedValues>, Generator), Box<dyn Error>> {
    // The stored answer of the self-test must come from the weights as they are stored, on the CPU.
    let device = Device::flex();
    let stored = weights::rounded(&read(named::tensors(&trainer.average))?);
    let blank = Generator::new(trainer.settings.preset, trainer.settings.classes, &mut Init::Zero, &device);
    let generator = named::load(blank, &stored, &device).0;
    let mut card = origin.card(trainer, Network::Generator);
    let model = Model::new(generator.clone(), card.clone(), Directions::default(), device);
    card.probe = wait(sample::probe(&model)).map_err(|error| format!("{error:?}"))?;
    Ok((card, stored, generator))
}

fn read(tensors: Vec<named::NamedTensor>) -> Result<Vec<NamedValues>, Box<dyn Error>> {
    wait(named::read(tensors)).map_err(|error| format!("the device failed: {error:?}").into())
}

/// Principal directions of the first layer, named by what they change in generated scans.
fn name_directions(
    stored: &[NamedValues],
    generator: &Generator,
    card: &Card,
    device: &Device,
) -> Result<Directions, Box<dyn Error>> {
    let Some(project) = stored.iter().find(|value| value.name == "project") else {
        return Ok(Directions::default());
    };
    let mut vectors = directions::principal(project);
    vectors.truncate(CANDIDATES);
    let all = Directions { names: vec![String::new(); vectors.len()], vectors: vectors.clone() };
    let model = Model::new(generator.clone(), card.clone(), all, device.clone());
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
