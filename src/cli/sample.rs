//! `hersenscan sample`: writes generated scans and masks as files.

use std::error::Error;
use std::fs;
use std::path::Path;

use burn::tensor::read_sync;

use super::args::SampleArgs;
use super::{device, weights};
use crate::date::today;
use crate::export::bundle::{Bundle, BundleFile};
use crate::export::manifest::Reproduction;
use crate::export::masks::MaskKind;
use crate::export::provenance::{Provenance, sha256};
use crate::export::reproduction::SampleRun;
use crate::gan::card::WeightsCard;
use crate::gan::generator_model::GeneratorModel;
use crate::gan::preset::{ScanSpec, Style, class_of_seed};

/// Scans in a batch.
const BATCH: usize = 16;

/// Runs the command.
///
/// # Errors
/// If the weights, the class or the device cannot be used, or the folder cannot be written. The message says what to do.
pub fn run(args: &SampleArgs) -> Result<(), Box<dyn Error>> {
    let bytes = weights::read(&args.weights)?;
    let device = device::open(args.device)?;
    let model = GeneratorModel::from_bytes(&bytes, &device).map_err(weights::FileError::weights(&args.weights))?;
    let card = model.card();
    let specs = specs(args, card)?;
    let style = Style { truncation: args.truncation, directions: directions(args, card)? };

    let folder = args.out.display();
    fs::create_dir_all(&args.out).map_err(|error| format!("cannot create the folder {folder}: {error}"))?;
    let origin = origin(card, &bytes, args);
    let masks = if args.soft_masks { MaskKind::Soft } else { MaskKind::Binary };
    let run = SampleRun {
        weights: &args.weights.file_name().unwrap_or_default().to_string_lossy(),
        count: specs.len(),
        seed: args.seed,
        class: args.class.as_deref(),
        truncation: args.truncation,
        directions: &origin.directions,
        soft_masks: args.soft_masks,
    };
    let reproduction = Reproduction { commands: vec![run.command()], link: None };
    let bundle = Bundle::new(origin.clone(), model.size(), &today());
    let mut bundle = bundle.with_masks(masks).reproduced_by(reproduction);
    for batch in specs.chunks(BATCH) {
        let scans = read_sync(model.scans(batch, &style)).map_err(|error| format!("the device failed: {error:?}"))?;
        for (spec, scan) in batch.iter().zip(scans) {
            let files = bundle.add(spec, &scan.image, &scan.mask)?;
            files.iter().try_for_each(|file| write(&args.out, file))?;
        }
    }
    bundle.tables()?.iter().try_for_each(|file| write(&args.out, file))?;
    println!("{} scans are in {folder}", specs.len());
    Ok(())
}

fn write(folder: &Path, file: &BundleFile) -> Result<(), String> {
    let path = folder.join(&file.name);
    fs::write(&path, &file.bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// The scans to make: consecutive seeds, with the class of `--class` or the class of each seed.
fn specs(args: &SampleArgs, card: &WeightsCard) -> Result<Vec<ScanSpec>, String> {
    let fixed = match &args.class {
        Some(name) => Some(card.classes.iter().position(|class| class == name).ok_or_else(|| {
            format!("these weights have no class \"{name}\": choose one of {}", card.classes.join(", "))
        })?),
        None => None,
    };
    let spec = |index| {
        let seed = args.seed.wrapping_add(index);
        let class = fixed.unwrap_or_else(|| class_of_seed(seed, card.classes.len()));
        ScanSpec { seed, class, toward: None }
    };
    Ok((0..args.n).map(spec).collect())
}

/// Offsets along the directions of the weights, in their order.
fn directions(args: &SampleArgs, card: &WeightsCard) -> Result<Vec<f32>, String> {
    let mut offsets = vec![0.0; card.directions.len()];
    for (name, value) in &args.direction {
        let place = card.directions.iter().position(|direction| direction == name).ok_or_else(|| {
            format!("these weights have no direction \"{name}\": choose one of {}", card.directions.join(", "))
        })?;
        offsets[place] = *value;
    }
    Ok(offsets)
}

fn origin(card: &WeightsCard, bytes: &[u8], args: &SampleArgs) -> Provenance {
    Provenance {
        preset: card.preset.name.to_owned(),
        weights_sha256: sha256(bytes),
        dataset: card.dataset.clone(),
        licence: card.licence.clone(),
        attribution: card.attribution.clone(),
        classes: card.classes.clone(),
        truncation: args.truncation,
        directions: args.direction.iter().cloned().collect(),
    }
}
