//! `hersenscan fairness`: whether single numbers tell the real scans of a pack from generated ones, as the game shows both.

use std::error::Error;
use std::fs;
use std::path::Path;

use burn::tensor::{Device, read_sync};

use super::args::FairnessArgs;
use super::weights::{self, FileError};
use crate::gan::generator_model::GeneratorModel;
use crate::gan::preset::{ScanSpec, Style};
use crate::scans::fairness::report;
use crate::scans::name;
use crate::scans::sheet::GeneratedSheet;
use crate::slices::pack::Pack;

/// Number of generated scans that are compared.
const GENERATED: u32 = 48;

/// Scans in a batch.
const BATCH: usize = 16;

/// Runs the command.
///
/// # Errors
/// If a file cannot be read, written or used, or the sizes do not fit. The message says what to do.
pub fn run(args: &FairnessArgs) -> Result<(), Box<dyn Error>> {
    let pack = args.pack.as_deref().map(read_pack).transpose()?;
    for file in &args.weights {
        let bytes = weights::read(file)?;
        let model = GeneratorModel::from_bytes(&bytes, &Device::flex()).map_err(FileError::weights(file))?;
        let sheet = generated(&model)?;
        if let Some(folder) = &args.sheet {
            write(folder, file, &sheet.write()?)?;
        }
        if let Some(pack) = &pack {
            print!("\n{}", report(pack, &sheet, &name(file))?);
        }
    }
    Ok(())
}

fn read_pack(file: &Path) -> Result<Pack, String> {
    let path = file.display();
    let bytes = fs::read(file).map_err(|error| format!("cannot read the pack {path}: {error}"))?;
    let pack = Pack::read(&bytes).map_err(|error| format!("{path}: {error}"))?;
    let people: std::collections::BTreeSet<u32> = pack.slices.iter().map(|slice| slice.patient).collect();
    println!("{path}: {} real scans of {} people. {}", pack.slices.len(), people.len(), pack.source);
    Ok(pack)
}

/// Writes the sheet of the generator with these weights into the folder.
fn write(folder: &Path, weights: &Path, png: &[u8]) -> Result<(), String> {
    let file = folder.join(format!("{}.png", name(weights)));
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&file, png));
    written.map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    println!("{} holds {GENERATED} generated scans", file.display());
    Ok(())
}

/// Scans of the generator, the classes in turn.
///
/// # Errors
/// If the device fails.
pub fn generated(model: &GeneratorModel) -> Result<GeneratedSheet, String> {
    let classes = model.card().classes.clone();
    let spec = |seed: u32| ScanSpec { seed, class: seed as usize % classes.len(), toward: None };
    let specs: Vec<ScanSpec> = (0..GENERATED).map(spec).collect();
    let mut images = Vec::new();
    for batch in specs.chunks(BATCH) {
        let scans = read_sync(model.scans(batch, &Style::default()));
        let scans = scans.map_err(|error| format!("the device failed: {error:?}"))?;
        images.extend(scans.into_iter().map(|scan| scan.image));
    }
    Ok(GeneratedSheet { size: model.size(), classes, scans: images })
}
