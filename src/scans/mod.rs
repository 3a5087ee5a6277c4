//! Builds the packs of real scans: for the game, from a data folder or from labelled volumes, with a measurement of whether the
//! game is fair with it; and for the lab, with the persons that its generators of
//! [stretching](crate::lab::draw::Question::Stretching) learned from.
//!
//! Uses no tensors, so the program `scans` compiles without the tensor library. `hersenscan scans` does the same.

mod args;
pub mod fairness;
mod selection;
pub mod sheet;
mod volumes;

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::Path;

pub use args::ScansArgs;

use crate::lab::first_persons;
use crate::slices::dataset::Dataset;
use crate::slices::pack::{Pack, PackSlice};
use selection::Candidate;
use sheet::GeneratedSheet;

/// Value of a text field that was not given.
const NOT_STATED: &str = "not stated";

/// Writes a pack with the slices that `args` names.
///
/// # Errors
/// If the slices cannot be read, if none can be used, or if the file cannot be written. The message says what to do.
pub fn run(args: &ScansArgs) -> Result<(), Box<dyn Error>> {
    let PackSource { classes, candidates, name, learners } = match &args.data {
        Some(folder) => read_folder(folder, args)?,
        None => PackSource {
            learners: Vec::new(),
            classes: vec![args.class.clone()],
            candidates: volumes::read(&args.nrrd, args.size)?,
            name: "volumes".to_owned(),
        },
    };
    let selected = if learners.is_empty() {
        selection::select(candidates, classes.len(), args.most)
    } else {
        selection::select_by_person(candidates, &learners, args.most)
    };
    if selected.is_empty() {
        return Err("no slice has enough tumour in it for the game: give other slices".into());
    }
    let counts = count_by_class(&classes, &selected);
    let text = |given: &Option<String>, default: &str| given.clone().unwrap_or_else(|| default.to_owned());
    let pack = Pack {
        size: args.size,
        classes,
        source: text(&args.source, &name),
        licence: text(&args.licence, NOT_STATED),
        attribution: text(&args.attribution, NOT_STATED),
        slices: number_patients(selected),
        names: learners,
    };
    let bytes = pack.write()?;
    write(&args.out, &bytes)?;
    println!("{} holds {} slices ({counts}), {} bytes", args.out.display(), pack.slices.len(), bytes.len());
    args.sheet.iter().try_for_each(|file| compare(&pack, file))
}

/// Prints whether single numbers tell the scans of the pack from those of a sheet.
fn compare(pack: &Pack, file: &Path) -> Result<(), Box<dyn Error>> {
    let bytes = fs::read(file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    let sheet = GeneratedSheet::read(&bytes).map_err(|error| format!("{}: {error}", file.display()))?;
    let report = fairness::report(pack, &sheet, &name(file));
    print!("\n{}", report.unwrap_or_else(|why| format!("not compared with generated scans: {why}\n")));
    Ok(())
}

/// The name of a file without folders and extension.
pub fn name(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Slices that can go into the pack.
struct PackSource {
    classes: Vec<String>,
    candidates: Vec<Candidate>,
    /// Name of the data set, used if none is given.
    name: String,
    /// Names of the persons of a pack for the lab, in its fixed order; empty in a pack for the game.
    learners: Vec<String>,
}

/// The test patients of a data folder, on whom no generator was trained; or the persons to learn from.
fn read_folder(folder: &Path, args: &ScansArgs) -> Result<PackSource, Box<dyn Error>> {
    let mut data = Dataset::read(folder, args.size)?;
    let learners = match args.learners {
        Some(count) => first_persons::keep(&mut data, count)?,
        None => Vec::new(),
    };
    let slices = if learners.is_empty() { data.test } else { [data.train, data.validation].concat() };
    if slices.is_empty() {
        return Err(
            "no row of slices.csv has split \"test\": the game needs patients that no generator has seen".into()
        );
    }
    // slices.csv lists the slices of a patient in anatomical order. File names may sort in another order.
    let candidates = slices.into_iter().enumerate().map(|(row, slice)| Candidate {
        patient: slice.patient,
        name: format!("{row:08}"),
        labelled: slice.labelled,
    });
    let name = folder.file_name().map_or_else(|| "slices".to_owned(), |name| name.to_string_lossy().into_owned());
    Ok(PackSource { classes: data.classes, candidates: candidates.collect(), name, learners })
}

/// Replaces the names of patients by numbers, in order of first appearance, so that a pack for the game identifies nobody.
fn number_patients(selected: Vec<Candidate>) -> Vec<PackSlice> {
    let mut patients: Vec<String> = Vec::new();
    let mut number = |patient: String| {
        let known = patients.iter().position(|other| *other == patient);
        known.unwrap_or_else(|| {
            patients.push(patient);
            patients.len() - 1
        }) as u32
    };
    selected.into_iter().map(|slice| PackSlice { patient: number(slice.patient), labelled: slice.labelled }).collect()
}

/// Number of slices and patients of each class, as text.
fn count_by_class(classes: &[String], selected: &[Candidate]) -> String {
    let count = |(class, name): (usize, &String)| {
        let slices: Vec<&Candidate> = selected.iter().filter(|slice| slice.labelled.class == class).collect();
        let patients: BTreeSet<&str> = slices.iter().map(|slice| slice.patient.as_str()).collect();
        format!("{name}: {} of {} people", slices.len(), patients.len())
    };
    classes.iter().enumerate().map(count).collect::<Vec<_>>().join(", ")
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .map_err(|error| format!("cannot create the folder {}: {error}", folder.display()))?;
    }
    fs::write(path, bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))
}
