//! ExifTool, an independent program, reads the mark in each kind of picture that hersenscan writes.
#![cfg(feature = "native")]
#![allow(missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use hersenscan::evaluate::copying::{closest_pairs, nearest, pairs_png};
use hersenscan::export::apng::Apng;
use hersenscan::export::bundle::Bundle;
use hersenscan::export::contact_sheet;
use hersenscan::export::png::encode_gray;
use hersenscan::export::provenance::Provenance;
use hersenscan::gan::preset::ScanSpec;
use hersenscan::mark::source_type::SourceType;
use hersenscan::slices::nearest::NearestIndex;

type Tested<T = ()> = Result<T, Box<dyn Error>>;
/// Name of a file, its bytes, and the term that it must carry.
type Picture = (&'static str, Vec<u8>, Option<&'static str>);
/// The `DigitalSourceType` of each file, by its name.
type Terms = BTreeMap<String, Option<String>>;

const GENERATED: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
const COMPOSITE: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic";

/// Slices of 32 x 32 pixels.
fn slices() -> Vec<Vec<u8>> {
    (0..4_usize).map(|slice| (0..1024).map(|pixel| (pixel * (slice + 3) % 199) as u8).collect()).collect()
}

/// A picture of each kind.
fn pictures() -> Tested<Vec<Picture>> {
    let slices = slices();
    let origin = Provenance {
        preset: "t32".to_owned(),
        weights_sha256: String::new(),
        dataset: "made up".to_owned(),
        licence: "CC BY 4.0".to_owned(),
        attribution: "Ružička".to_owned(),
        classes: vec!["glioma".to_owned()],
        truncation: 1.0,
        directions: BTreeMap::new(),
    };
    let spec = ScanSpec { seed: 1, class: 0, toward: None };
    let [scan, mask] = Bundle::new(origin, 32, "2026-11-29").add(&spec, &slices[0], &slices[1])?;
    let mut film = Apng::new(2, 4, 32, "drawings")?;
    film.add(&slices)?;
    film.add(&slices)?;
    let train_index = NearestIndex::new(32, slices[..2].iter().map(Vec::as_slice));
    let pairs = pairs_png(&closest_pairs(&train_index, &slices[2..], &nearest(&train_index, &slices[2..]), 32))?;
    let words = [("Title", "result")];
    Ok(vec![
        ("scan.png", scan.bytes, Some(GENERATED)),
        ("mask.png", mask.bytes, Some(GENERATED)),
        ("sheet.png", contact_sheet::png(&slices, 32, 2, &[])?, Some(GENERATED)),
        ("film.png", film.finish()?, Some(GENERATED)),
        ("pairs.png", pairs, Some(COMPOSITE)),
        ("result.png", encode_gray(32, &slices[0], &words, Some(SourceType::CompositeSynthetic))?, Some(COMPOSITE)),
        ("real.png", encode_gray(32, &slices[0], &words, None)?, None),
    ])
}

/// What ExifTool reads. `None` if it is not installed, which CI does not accept.
fn read(files: &[PathBuf]) -> Tested<Option<Terms>> {
    let found =
        Command::new("exiftool").args(["-json", "-validate", "-XMP-iptcExt:DigitalSourceType"]).args(files).output();
    let output = match found {
        Ok(output) => output,
        Err(error) if std::env::var_os("CI").is_none() => {
            eprintln!(
                "not tested: exiftool could not be started ({error}); Debian: apt-get install libimage-exiftool-perl"
            );
            return Ok(None);
        }
        Err(error) => return Err(format!("exiftool: {error}").into()),
    };
    let answers: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout)?;
    let mut terms = BTreeMap::new();
    for answer in answers {
        let file = answer["SourceFile"].as_str().unwrap_or_default();
        assert_eq!(answer["Validate"], "OK", "{answer}");
        let name = Path::new(file).file_name().unwrap_or_default().to_string_lossy().into_owned();
        terms.insert(name, answer["DigitalSourceType"].as_str().map(str::to_owned));
    }
    Ok(Some(terms))
}

#[test]
fn exiftool_reads_the_origin_of_every_kind_of_picture() -> Tested {
    let folder = std::env::temp_dir().join(format!("hersenscan-marks-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let pictures = pictures()?;
    let paths: Vec<PathBuf> = pictures.iter().map(|(name, ..)| folder.join(name)).collect();
    for (path, (_, bytes, _)) in paths.iter().zip(&pictures) {
        fs::write(path, bytes)?;
    }
    let terms = read(&paths)?;
    fs::remove_dir_all(&folder)?;
    let Some(terms) = terms else { return Ok(()) };
    assert_eq!(terms.len(), pictures.len());
    for (name, _, term) in &pictures {
        assert_eq!(terms[*name].as_deref(), *term, "{name}");
    }
    Ok(())
}

#[test]
fn exiftool_reads_the_origin_of_the_pictures_that_the_site_ships() -> Tested {
    let entries = fs::read_dir("static/weights/faults")?;
    let files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    assert!(!files.is_empty());
    let Some(terms) = read(&files)? else { return Ok(()) };
    assert_eq!(terms.len(), files.len());
    assert_eq!(terms.into_values().collect::<BTreeSet<_>>(), BTreeSet::from([Some(GENERATED.to_owned())]));
    Ok(())
}
