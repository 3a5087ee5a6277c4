//! `hersenscan evaluate`: measures a generator against real slices of held-out patients.

mod background;
mod evaluation;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::Device;

use super::args::EvaluateArgs;
use super::weights;
use crate::card::ModelCard;
use crate::evaluate::features;
use crate::evaluate::generated::{self, Generated};
use crate::evaluate::report::EvaluationReport;
use crate::evaluate::task::{self, SliceSet};
use crate::export::provenance::sha256;
use crate::gan::generator_model::GeneratorModel;
use crate::mark::SOFTWARE;
use crate::slices::dataset::Dataset;
use evaluation::Evaluation;

/// Runs the command.
///
/// # Errors
/// If the generator, the data or the feature network cannot be read, or the report cannot be written. The message says
/// what to do.
pub fn run(args: &EvaluateArgs) -> Result<(), Box<dyn Error>> {
    let device = Device::flex();
    // Checks that may fail come before work that takes long.
    let network = match args.without_features {
        true => None,
        false => Some(features::open(args.features.as_deref(), &device)?),
    };
    let mut report = EvaluationReport {
        program: SOFTWARE.to_owned(),
        data: args.data.display().to_string(),
        seed: args.seed,
        ..EvaluationReport::default()
    };
    let card = args.card.as_deref().map(|path| Ok::<_, String>((path, card(path)?))).transpose()?;
    let (data, generated) = slices(args, &mut report)?;
    report.side = generated.side;
    task::enough(SliceSet::Test, data.test.len())?;
    task::enough(SliceSet::Generated, generated.images.len())?;
    check_writable(&args.out)?;

    let mut evaluation = Evaluation::new(&data, &generated, args.seed, report)?;
    // The two networks take longest. They train in the background during the other measures.
    let networks = (!args.without_learned).then(|| (evaluation.class_network(), evaluation.tumour_network()));
    match &network {
        Some(network) => evaluation.part("features", |evaluation| evaluation.distribution(network, &device))?,
        None => evaluation.report.leave_out("FD, KID, density and coverage", "--without-features was given"),
    }
    let pairs = evaluation.part("copying", Evaluation::copying)?;
    if let Some((classes, tumours)) = networks {
        evaluation.part("class agreement", |evaluation| evaluation.classes(classes))?;
        evaluation.part("mask agreement", |evaluation| evaluation.masks(tumours))?;
        evaluation.part("two-sample classifier", Evaluation::two_sample)?;
    } else {
        let left = "class agreement, mask agreement and area, two-sample classifier accuracy";
        evaluation.report.leave_out(left, "--without-learned was given");
    }

    write(&args.out, &serde_json::to_vec_pretty(&evaluation.report)?)?;
    let pairs_path = pairs_path(&args.out);
    write(&pairs_path, &pairs)?;
    if let Some((path, mut card)) = card {
        card.measures = evaluation.report.measures.iter().map(Into::into).collect();
        let mut text = serde_json::to_string_pretty(&card)?;
        text.push('\n');
        write(path, text.as_bytes())?;
    }
    print!("{}", evaluation.report.table());
    println!(
        "the report is in {}, the closest pairs are in {} (real slices: do not share)",
        args.out.display(),
        pairs_path.display()
    );
    Ok(())
}

/// Reads an existing card. Only its measures are replaced; people write the rest.
fn card(path: &Path) -> Result<ModelCard, String> {
    let bytes = fs::read(path).map_err(|error| format!("cannot read the card {}: {error}", path.display()))?;
    ModelCard::read(&bytes).map_err(|error| format!("{}: {error}", path.display()))
}

/// Reads or makes the generated slices, and reads the real ones at the same side.
fn slices(args: &EvaluateArgs, report: &mut EvaluationReport) -> Result<(Dataset, Generated), Box<dyn Error>> {
    if let Some(folder) = &args.images {
        report.source = folder.display().to_string();
        let generated = generated::read(folder, args.n as usize, args.size)?;
        return Ok((Dataset::read(&args.data, generated.side)?, generated));
    }
    let path = args.weights.as_deref().ok_or("give --weights or --images")?;
    report.source = path.display().to_string();
    let bytes = weights::read(path)?;
    let model = GeneratorModel::from_bytes(&bytes, &Device::flex()).map_err(weights::FileError::weights(path))?;
    report.weights_sha256 = Some(sha256(&bytes));
    let data = Dataset::read(&args.data, model.size())?;
    let mut known = model.card().classes.clone();
    known.sort();
    if known != data.classes {
        let [known, own] = [&known, &data.classes].map(|names| names.join(", "));
        return Err(format!("{}: its classes are {known}, those of the data are {own}", path.display()).into());
    }
    let generated = generated::draw(&model, args.n as usize, args.seed, &data)?;
    Ok((data, generated))
}

/// Checks that the report can be written, before the long work.
fn check_writable(path: &Path) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("cannot make the folder {}: {error}", folder.display()))?;
    }
    let opened = fs::OpenOptions::new().create(true).append(true).open(path);
    opened.map(|_| ()).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// Path of the image of the closest pairs: `report-copies.png` next to `report.json`.
fn pairs_path(report: &Path) -> PathBuf {
    let name = report.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    report.with_file_name(format!("{name}-copies.png"))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))
}
