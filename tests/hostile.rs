//! Opens a folder of valid and hostile files: each file gets the right outcome, and none affects the others.
#![cfg(feature = "read")]

#[path = "hostile/files.rs"]
mod files;
#[path = "hostile/forge.rs"]
mod forge;

use std::panic::catch_unwind;
use std::time::{Duration, Instant};

use hersenscan::slices::decoded::{DecodedFile, Format, Refusal};
use hersenscan::slices::limits::{MAX_KEPT_SIDE, MAX_MILLIS};
use hersenscan::slices::open::{OpenResult, Opened, open_file};

/// Most bytes of a fuzzing seed. Fuzzing changes too little of a larger file in a minute.
const MAX_SEED: usize = 8 << 10;

fn opened(file: &files::File) -> Vec<OpenResult> {
    let mut outcomes = Vec::new();
    open_file(file.name, &file.bytes, &mut |outcome| outcomes.push(outcome));
    outcomes
}

fn scan(file: &Opened) -> &DecodedFile {
    match file {
        Opened::Scan(file) => file,
        other => panic!("{other:?} is no picture"),
    }
}

fn verdicts(outcomes: &[OpenResult]) -> Vec<Result<Format, Refusal>> {
    let format = |file: &Opened| scan(file).format;
    outcomes.iter().map(|outcome| outcome.as_ref().map(format).map_err(|(_, refusal)| *refusal)).collect()
}

#[test]
fn every_file_gets_the_right_outcome_in_time() {
    let all = files::all();
    assert_eq!(all.len(), 72);
    let mut slowest = (Duration::ZERO, "");
    for file in &all {
        let start = Instant::now();
        let outcomes = catch_unwind(|| opened(file)).unwrap_or_else(|_| panic!("{} crashed the reader", file.name));
        slowest = slowest.max((start.elapsed(), file.name));
        assert_eq!(verdicts(&outcomes), file.wanted, "{}", file.name);
        for decoded in outcomes.iter().flatten().map(scan) {
            let in_range = |side: usize| (1..=MAX_KEPT_SIDE).contains(&side);
            assert!(!decoded.slices.is_empty(), "{}", file.name);
            for slice in &decoded.slices {
                assert!(in_range(slice.width()) && in_range(slice.height()), "{}", file.name);
            }
            assert!(decoded.path.starts_with(file.name) && !decoded.path.contains(".."), "{}", decoded.path);
        }
    }
    assert!(slowest.0 < Duration::from_millis(MAX_MILLIS.into()), "{slowest:?}");
    println!("slowest of {}: {slowest:?}", all.len());
}

/// Writes the files and their expected outcomes (`verdicts.json`) for the browser test.
#[test]
#[ignore = "writes the files of the browser test into HOSTILE_DIR"]
fn write() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::path::PathBuf::from(std::env::var("HOSTILE_DIR")?);
    std::fs::create_dir_all(&folder)?;
    let mut verdicts = Vec::new();
    for file in files::all() {
        std::fs::write(folder.join(file.name), &file.bytes)?;
        verdicts.push(serde_json::json!({ "name": file.name, "wanted": file.wanted }));
    }
    Ok(std::fs::write(folder.join("verdicts.json"), serde_json::to_vec_pretty(&verdicts)?)?)
}

/// Writes the fuzzing seeds, in one folder for each target.
#[test]
#[ignore = "writes the fuzzing seeds into SEEDS_DIR"]
fn seed() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::path::PathBuf::from(std::env::var("SEEDS_DIR")?);
    for (target, files) in files::groups() {
        for file in files.iter().filter(|file| (1..=MAX_SEED).contains(&file.bytes.len())) {
            let target = match file.bytes.starts_with(b"NRRD") {
                true => "nrrd",
                false if target == "volume" => "nifti",
                false => target,
            };
            std::fs::create_dir_all(folder.join(target))?;
            std::fs::write(folder.join(target).join(file.name.replace(' ', "-")), &file.bytes)?;
        }
    }
    Ok(())
}
