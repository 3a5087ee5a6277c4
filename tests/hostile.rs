//! A folder of files, good ones and hostile ones: each gets its own verdict, and none harms the others.
#![cfg(feature = "read")]

#[path = "hostile/files.rs"]
mod files;
#[path = "hostile/forge.rs"]
mod forge;

use std::panic::catch_unwind;
use std::time::{Duration, Instant};

use hersenscan::slices::limits::{KEPT_SIDE, MAX_MILLIS};
use hersenscan::slices::open::{Format, Found, Refusal};
use hersenscan::slices::sniff;

/// Bytes of the largest file that fuzzing starts from: larger ones change too little in a minute.
const MAX_SEED: usize = 8 << 10;

type Outcome = Result<Found, (String, Refusal)>;

fn opened(file: &files::File) -> Vec<Outcome> {
    let mut told = Vec::new();
    sniff::open(file.name, &file.bytes, &mut |outcome| told.push(outcome));
    told
}

fn verdicts(told: &[Outcome]) -> Vec<Result<Format, Refusal>> {
    told.iter().map(|outcome| outcome.as_ref().map(|found| found.format).map_err(|(_, refusal)| *refusal)).collect()
}

#[test]
fn every_file_gets_its_own_verdict_in_time() {
    let all = files::all();
    assert_eq!(all.len(), 61);
    let mut slowest = (Duration::ZERO, "");
    for file in &all {
        let start = Instant::now();
        let told = catch_unwind(|| opened(file)).unwrap_or_else(|_| panic!("{} felled the reader", file.name));
        slowest = slowest.max((start.elapsed(), file.name));
        assert_eq!(verdicts(&told), file.wanted, "{}", file.name);
        for found in told.iter().flatten() {
            let sane = |side: usize| (1..=KEPT_SIDE).contains(&side);
            assert!(!found.slices.is_empty(), "{}", file.name);
            assert!(found.slices.iter().all(|slice| sane(slice.width()) && sane(slice.height())), "{}", file.name);
            assert!(found.path.starts_with(file.name) && !found.path.contains(".."), "{}", found.path);
        }
    }
    assert!(slowest.0 < Duration::from_millis(MAX_MILLIS.into()), "{slowest:?}");
    println!("slowest of {}: {slowest:?}", all.len());
}

/// For the test in a browser, with what must come of each: `verdicts.json`.
#[test]
#[ignore = "writes a folder for the browser's test, named by HOSTILE_DIR"]
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

/// For who looks for more such files: small ones to start from, by target.
#[test]
#[ignore = "writes the files that fuzzing starts from, into SEEDS_DIR"]
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
