//! `hersenscan scans`: real slices into the one file that the game shows them from.

mod choice;
mod volumes;

use std::error::Error;
use std::fs;
use std::path::Path;

use super::args::ScansArgs;
use crate::slices::dataset::Dataset;
use crate::slices::pack::{Pack, PackSlice};
use choice::Candidate;

/// What the pack says where nothing was said.
const NOT_STATED: &str = "not stated";

/// Write a pack as the arguments say.
///
/// # Errors
/// If the slices cannot be read, none is fit, or the file cannot be written; the message says what to do.
pub fn run(args: &ScansArgs) -> Result<(), Box<dyn Error>> {
    let (classes, candidates, name) = match &args.data {
        Some(folder) => of_folder(folder, args.size)?,
        None => (vec![args.class.clone()], volumes::read(&args.nrrd, args.size)?, "volumes".to_owned()),
    };
    let chosen = choice::choose(candidates, classes.len(), args.most);
    if chosen.is_empty() {
        return Err("no slice has enough tumour in it for the game: give other slices".into());
    }
    let counts = summary(&classes, &chosen);
    let text = |given: &Option<String>, otherwise: &str| given.clone().unwrap_or_else(|| otherwise.to_owned());
    let pack = Pack {
        size: args.size,
        classes,
        source: text(&args.source, &name),
        licence: text(&args.licence, NOT_STATED),
        attribution: text(&args.attribution, NOT_STATED),
        slices: numbered(chosen),
    };
    let bytes = pack.write()?;
    write(&args.out, &bytes)?;
    println!("{} holds {} slices ({counts}), {} bytes", args.out.display(), pack.slices.len(), bytes.len());
    Ok(())
}

/// Classes, slices, and where they come from, in words.
type Found = (Vec<String>, Vec<Candidate>, String);

/// The tested people of a data folder: those whom no generator trained on it ever saw.
fn of_folder(folder: &Path, size: usize) -> Result<Found, Box<dyn Error>> {
    let data = Dataset::read(folder, size)?;
    if data.test.is_empty() {
        return Err("no row of slices.csv has split \"test\": the game needs people whom no generator saw".into());
    }
    // The table lists a person's slices as they lie in the head; file names need not sort so.
    let candidates = data.test.into_iter().enumerate().map(|(row, slice)| Candidate {
        class: slice.labelled.class,
        patient: slice.patient,
        name: format!("{row:08}"),
        image: slice.labelled.slice.image,
        mask: slice.labelled.slice.mask,
    });
    let name = folder.file_name().map_or_else(|| "slices".to_owned(), |name| name.to_string_lossy().into_owned());
    Ok((data.classes, candidates.collect(), name))
}

/// As the pack wants them: a patient is a number that counts from the first slice on, and so tells nothing.
fn numbered(chosen: Vec<Candidate>) -> Vec<PackSlice> {
    let mut people: Vec<String> = Vec::new();
    let mut number = |patient: String| {
        let known = people.iter().position(|other| *other == patient);
        known.unwrap_or_else(|| {
            people.push(patient);
            people.len() - 1
        }) as u32
    };
    chosen
        .into_iter()
        .map(|slice| PackSlice {
            class: slice.class,
            patient: number(slice.patient),
            image: slice.image,
            mask: slice.mask,
        })
        .collect()
}

/// How many slices of each class, of how many people.
fn summary(classes: &[String], chosen: &[Candidate]) -> String {
    let of_class = |(class, name): (usize, &String)| {
        let slices: Vec<&Candidate> = chosen.iter().filter(|slice| slice.class == class).collect();
        let people: std::collections::BTreeSet<&str> = slices.iter().map(|slice| slice.patient.as_str()).collect();
        format!("{name}: {} of {} people", slices.len(), people.len())
    };
    classes.iter().enumerate().map(of_class).collect::<Vec<_>>().join(", ")
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("cannot make the folder {}: {error}", folder.display()))?;
    }
    fs::write(path, bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))
}
