//! `hersenscan fairness`: whether single numbers tell the real scans of a pack from generated ones, as the game shows both.

use std::error::Error;
use std::fs;

use burn::tensor::{Device, read_sync};

use super::args::FairnessArgs;
use super::weights::{self, FileError};
use crate::game::fairness::{as_shown, compare};
use crate::gan::generator_model::GeneratorModel;
use crate::gan::preset::{ScanSpec, Style};
use crate::slice::downscale;
use crate::slices::pack::Pack;

/// Number of generated scans that are compared.
pub const GENERATED: u32 = 48;

/// Scans in a batch.
const BATCH: usize = 16;

/// Runs the command.
///
/// # Errors
/// If a file cannot be read or used, or the sizes do not fit. The message says what to do.
pub fn run(args: &FairnessArgs) -> Result<(), Box<dyn Error>> {
    let path = args.pack.display();
    let bytes = fs::read(&args.pack).map_err(|error| format!("cannot read the pack {path}: {error}"))?;
    let pack = Pack::read(&bytes).map_err(|error| format!("{path}: {error}"))?;
    let people: std::collections::BTreeSet<u32> = pack.slices.iter().map(|slice| slice.patient).collect();
    println!("{path}: {} real scans of {} people. {}", pack.slices.len(), people.len(), pack.source);
    for file in &args.weights {
        let bytes = weights::read(file)?;
        let model = GeneratorModel::from_bytes(&bytes, &Device::flex()).map_err(FileError::weights(file))?;
        let size = model.size();
        let smaller = |image: &[u8]| {
            downscale(image, pack.size, size).ok_or_else(|| {
                format!("scans of {} pixels cannot be reduced to the {size} of {}", pack.size, file.display())
            })
        };
        let real =
            pack.slices.iter().map(|slice| smaller(&slice.labelled.slice.image)).collect::<Result<Vec<_>, _>>()?;
        println!("\n{}, {size} pixels, {GENERATED} generated scans", file.display());
        print!("{}", table(&real, &generated(&model, &pack.classes)?, size)?);
    }
    Ok(())
}

/// The comparison of scans of `size * size` bytes after what the game does to them, one number a line.
fn table(real: &[Vec<u8>], generated: &[Vec<u8>], size: usize) -> Result<String, String> {
    let ([real, generated], smoothed) = as_shown(real, generated, size);
    let compared = compare(&real, &generated, size);
    if compared.is_empty() {
        return Err("no head was found in the scans of the pack, or in the generated ones".to_owned());
    }
    let mut text = format!(
        "smoothed to be no sharper than the softer kind: {} of {} real scans, {} of {} generated ones\n\
         medians of real and generated scans, and how often a real scan has less (0.50 tells nothing)\n",
        smoothed[0],
        real.len(),
        smoothed[1],
        generated.len()
    );
    compared.iter().for_each(|line| text += &format!("  {line}\n"));
    Ok(text)
}

/// [`GENERATED`] scans of the classes with these names, or of all classes if the generator knows none of them.
///
/// # Errors
/// If the device fails.
pub fn generated(model: &GeneratorModel, classes: &[String]) -> Result<Vec<Vec<u8>>, String> {
    let all = &model.card().classes;
    let mut same: Vec<usize> = (0..all.len()).filter(|&class| classes.contains(&all[class])).collect();
    if same.is_empty() {
        same = (0..all.len()).collect();
    }
    let spec = |seed: u32| ScanSpec { seed, class: same[seed as usize % same.len()], toward: None };
    let specs: Vec<ScanSpec> = (0..GENERATED).map(spec).collect();
    let mut images = Vec::new();
    for batch in specs.chunks(BATCH) {
        let scans = read_sync(model.scans(batch, &Style::default()));
        let scans = scans.map_err(|error| format!("the device failed: {error:?}"))?;
        images.extend(scans.into_iter().map(|scan| scan.image));
    }
    Ok(images)
}
