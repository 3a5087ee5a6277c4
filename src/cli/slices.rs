//! `hersenscan slices`: writes every slice of a data folder after normalisation.
//!
//! Other tools can train on these files and get exactly the bytes that the networks here are trained on.

use std::error::Error;
use std::fs;
use std::path::Path;

use rayon::prelude::*;

use super::args::SlicesArgs;
use crate::export::png::encode_gray;
use crate::lab::first_persons;
use crate::slices::dataset::{Dataset, DatasetSlice};

/// Columns of the table: those of a data folder, and the part (train, validation or test).
const COLUMNS: [&str; 6] = ["file", "patient", "label", "split", "part", "person"];

/// Runs the command.
///
/// # Errors
/// If the data cannot be read, the folder holds slices already, or it cannot be written. The message says what to do.
pub fn run(args: &SlicesArgs) -> Result<(), Box<dyn Error>> {
    let folder = args.out.display();
    let table = args.out.join("slices.csv");
    // Do not overwrite: it may be the data folder itself.
    if table.exists() {
        return Err(format!("{folder} holds slices already: give a new or an empty folder with --out").into());
    }
    let mut data = Dataset::read(&args.data, args.size)?;
    if let Some(count) = args.persons {
        first_persons::keep(&mut data, count as usize)?;
    }
    for name in ["image", "mask"] {
        let path = args.out.join(name);
        fs::create_dir_all(&path).map_err(|error| format!("cannot create the folder {}: {error}", path.display()))?;
    }
    let mut table = csv::Writer::from_path(&table).map_err(|error| format!("cannot write in {folder}: {error}"))?;
    table.write_record(COLUMNS)?;
    let parts =
        [("train", "train", &data.train), ("train", "validation", &data.validation), ("test", "test", &data.test)];
    for (split, part, slices) in parts {
        slices.par_iter().try_for_each(|slice| write(&args.out, slice, data.size))?;
        for slice in slices {
            let label = &data.classes[slice.labelled.class];
            table.write_record([&slice.file, &slice.examination, label, split, part, &slice.patient])?;
        }
    }
    table.flush()?;
    let [train, validation, test] = parts.map(|(_, _, slices)| slices.len());
    println!("{train} train, {validation} validation and {test} test slices are in {folder}");
    Ok(())
}

/// Writes one slice and its mask, under its original file name.
fn write(folder: &Path, slice: &DatasetSlice, size: usize) -> Result<(), String> {
    for (name, pixels) in [("image", &slice.labelled.slice.image), ("mask", &slice.labelled.slice.mask)] {
        let path = folder.join(name).join(&slice.file);
        let failed = |error: &dyn std::fmt::Display| format!("cannot write {}: {error}", path.display());
        let none: [(&str, &str); 0] = [];
        // Real slices: nothing marks them as generated.
        let bytes = encode_gray(size, pixels, &none, None).map_err(|error| failed(&error))?;
        fs::write(&path, bytes).map_err(|error| failed(&error))?;
    }
    Ok(())
}
