//! `hersenscan evaluate`: a generator against real slices of people whom it never saw.

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
use crate::export::provenance::{SOFTWARE, sha256};
use crate::gan::generator_model::GeneratorModel;
use crate::slices::dataset::Dataset;
use evaluation::Evaluation;

/// Fewer generated or test slices than this say nothing.
const FEWEST: usize = 16;

/// Measurement as the arguments say.
///
/// # Errors
/// If the generator, the data, the network for features or the place of the report is not usable; the message says what
/// to do.
pub fn run(args: &EvaluateArgs) -> Result<(), Box<dyn Error>> {
    let device = Device::flex();
    // First what may not be there, then what takes long.
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
    for (name, count) in [("test", data.test.len()), ("generated", generated.images.len())] {
        if count < FEWEST {
            return Err(format!("there are {count} {name} slices: at least {FEWEST} are needed to measure with").into());
        }
    }
    writable(&args.out)?;

    let mut bench = Evaluation::new(&data, &generated, args.seed, report)?;
    // The longest work first, beside the rest.
    let learning = (!args.without_learned).then(|| (bench.class_network(), bench.tumour_network()));
    match &network {
        Some(network) => bench.part("features", |bench| bench.distribution(network, &device))?,
        None => bench.report.leave_out("FD, KID, density and coverage", "--without-features was given"),
    }
    let pairs = bench.part("copying", Evaluation::copying)?;
    if let Some((classes, tumours)) = learning {
        bench.part("class agreement", |bench| bench.classes(classes))?;
        bench.part("mask agreement", |bench| bench.masks(tumours))?;
        bench.part("two-sample classifier", Evaluation::two_sample)?;
    } else {
        let left = "class agreement, mask agreement and area, two-sample classifier accuracy";
        bench.report.leave_out(left, "--without-learned was given");
    }

    write(&args.out, &serde_json::to_vec_pretty(&bench.report)?)?;
    let beside = beside(&args.out);
    write(&beside, &pairs)?;
    if let Some((path, mut card)) = card {
        card.measures = bench.report.measures.iter().map(Into::into).collect();
        let mut text = serde_json::to_string_pretty(&card)?;
        text.push('\n');
        write(path, text.as_bytes())?;
    }
    print!("{}", bench.report.table());
    println!(
        "the report is in {}, the closest pairs in {} (real slices: do not pass on)",
        args.out.display(),
        beside.display()
    );
    Ok(())
}

/// A card that is there already: what is not a number is written by people.
fn card(path: &Path) -> Result<ModelCard, String> {
    let bytes = fs::read(path).map_err(|error| format!("cannot read the card {}: {error}", path.display()))?;
    ModelCard::read(&bytes).map_err(|error| format!("{}: {error}", path.display()))
}

/// Real and generated slices of one side.
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
        return Err(format!("{}: its classes are {known}, those of the data {own}", path.display()).into());
    }
    let generated = generated::draw(&model, args.n as usize, args.seed, &data)?;
    Ok((data, generated))
}

/// Fails now rather than after twenty minutes.
fn writable(path: &Path) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("cannot make the folder {}: {error}", folder.display()))?;
    }
    let opened = fs::OpenOptions::new().create(true).append(true).open(path);
    opened.map(|_| ()).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// `report.json` has `report-copies.png` beside it.
fn beside(report: &Path) -> PathBuf {
    let name = report.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    report.with_file_name(format!("{name}-copies.png"))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))
}
