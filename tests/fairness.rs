//! The game must ask for anatomy: nothing that processing leaves in the pixels may give the answer away. Real and
//! generated scans are shown through [`air::clear`]; after it, simple statistics of both must agree.
//!
//! Real scans come from `static/scans/`. Without the T1 pack, slices of a synthetic head with noise stand in for them,
//! normalised like real ones. Where the environment variable `CI` is set, a missing pack is an error.
#![cfg(feature = "native")]
#![allow(missing_docs)]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::{Device, read_sync};
use hersenscan::gan::generator_model::GeneratorModel;
use hersenscan::gan::preset::{ScanSpec, Style};
use hersenscan::gan::random::{Purpose, Stream};
use hersenscan::slices::air;
use hersenscan::slices::normalise::normalise_volume;
use hersenscan::slices::pack::Pack;
use hersenscan::slices::raster::Raster;

type Tested = Result<(), Box<dyn Error>>;

/// Number of generated scans.
const GENERATED: u32 = 48;

/// With fewer real slices, single scans are not compared: they are of too few people.
const MIN_FOR_SINGLE: usize = 30;

/// A statistic of an image. The tolerance is for the difference of the medians. Medians of real and generated scans,
/// measured in November 2026 on 96 real slices of 35 people and the first shipped weights:
#[derive(Clone, Copy)]
struct Statistic {
    name: &'static str,
    of: fn(&[u8], usize) -> f64,
    tolerance: f64,
    /// Whether the statistic of a single image must not tell its kind.
    quiet: bool,
    /// Whether it depends on tissue, so that a synthetic head says nothing.
    tissue: bool,
}

const STATISTICS: [Statistic; 6] = [
    // 0.00 and 0.00; generated without clearing 2.86.
    Statistic { name: "mean of the border", of: border, tolerance: 1.0, quiet: true, tissue: false },
    // 0.41 and 0.43; without clearing 0.39 and 0.18.
    Statistic { name: "black part", of: black, tolerance: 0.08, quiet: true, tissue: false },
    // 0.010 and 0.011; without clearing 0.022 and 0.212.
    Statistic { name: "nearly black part", of: nearly_black, tolerance: 0.02, quiet: false, tissue: false },
    // 255 and 255.
    Statistic { name: "brightest pixel", of: brightest, tolerance: 12.0, quiet: true, tissue: true },
    // 59 and 57.
    Statistic { name: "mean of the picture", of: mean, tolerance: 12.0, quiet: true, tissue: true },
    // 226 and 229.
    Statistic { name: "different grey levels", of: levels, tolerance: 30.0, quiet: true, tissue: true },
];

/// Mean of the outermost two pixels on each side.
fn border(image: &[u8], size: usize) -> f64 {
    let outer = |at: usize| at < 2 || at >= size - 2;
    let ring: Vec<u8> =
        (0..size * size).filter(|index| outer(index % size) || outer(index / size)).map(|index| image[index]).collect();
    mean(&ring, size)
}

fn black(image: &[u8], _: usize) -> f64 {
    part(image, |pixel| pixel == 0)
}

fn nearly_black(image: &[u8], _: usize) -> f64 {
    part(image, |pixel| (1..=20).contains(&pixel))
}

fn part(image: &[u8], of: impl Fn(u8) -> bool) -> f64 {
    image.iter().filter(|&&pixel| of(pixel)).count() as f64 / image.len() as f64
}

fn brightest(image: &[u8], _: usize) -> f64 {
    image.iter().copied().max().map_or(0.0, f64::from)
}

fn mean(image: &[u8], _: usize) -> f64 {
    image.iter().map(|&pixel| f64::from(pixel)).sum::<f64>() / image.len() as f64
}

fn levels(image: &[u8], _: usize) -> f64 {
    let mut there = [false; 256];
    image.iter().for_each(|&pixel| there[usize::from(pixel)] = true);
    there.iter().filter(|there| **there).count() as f64
}

fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * part).round() as usize]
}

/// Probability that a value of the first list is below one of the second (ties count half): 0.5 says nothing, 0 and 1
/// everything.
fn probability_below(first: &[f64], second: &[f64]) -> f64 {
    let less = |a: f64, b: f64| if a < b { 1.0 } else { f64::from(u8::from(a == b)) / 2.0 };
    let sum: f64 = first.iter().flat_map(|&a| second.iter().map(move |&b| less(a, b))).sum();
    sum / (first.len() * second.len()) as f64
}

/// Descriptions of the statistics that give the answer away; empty if the game is fair.
fn tells(real: &[Vec<u8>], synthetic: bool, generated: &[Vec<u8>], size: usize) -> Vec<String> {
    let mut tells = Vec::new();
    println!("{} real, {} generated; medians, and how often a real one has less", real.len(), generated.len());
    for Statistic { name, of, tolerance, quiet, tissue } in STATISTICS {
        let values = |images: &[Vec<u8>]| images.iter().map(|image| of(image, size)).collect::<Vec<_>>();
        let (a, b) = (values(real), values(generated));
        let (x, y, less) = (quantile(&a, 0.5), quantile(&b, 0.5), probability_below(&a, &b));
        println!("  {name:22} {x:8.3} {y:8.3} {less:6.2}");
        if tissue && synthetic {
            continue;
        }
        if (x - y).abs() > tolerance {
            tells.push(format!("{name}: {x:.3} in real scans, {y:.3} in generated ones"));
        }
        if quiet && real.len() >= MIN_FOR_SINGLE && !(0.25..=0.75).contains(&less) {
            tells.push(format!("{name}: a real scan has less in {:.0} % of pairs", 100.0 * less));
        }
    }
    tells
}

fn shown(images: &[Vec<u8>], size: usize) -> Vec<Vec<u8>> {
    images.iter().map(|image| air::clear(image, size)).collect()
}

/// Modalities to test: T1 always, FLAIR if there is a pack of it.
fn modalities() -> impl Iterator<Item = &'static str> {
    ["t1ce", "flair"].into_iter().filter(|modality| *modality == "t1ce" || pack(modality).is_file())
}

fn pack(modality: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("static/scans/{modality}.pack"))
}

/// The largest generator of a modality, which makes scans of the size of the pack.
fn weights(modality: &str) -> Result<GeneratorModel, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("static/weights");
    let side = |path: &PathBuf| {
        let preset =
            path.file_name()?.to_str()?.strip_prefix(modality)?.strip_prefix('-')?.strip_suffix(".safetensors")?;
        preset.trim_start_matches(|letter: char| letter.is_ascii_lowercase()).parse::<usize>().ok()
    };
    let files = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).filter(|path| side(path).is_some());
    let largest = files.max_by_key(side).ok_or("no generator in static/weights")?;
    Ok(GeneratorModel::from_bytes(&fs::read(largest)?, &Device::flex())?)
}

/// Generated scans of these classes, or of all classes if the generator knows none of them.
fn generated(model: &GeneratorModel, classes: &[String]) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let all = &model.card().classes;
    let mut same: Vec<usize> = (0..all.len()).filter(|&class| classes.contains(&all[class])).collect();
    if same.is_empty() {
        same = (0..all.len()).collect();
    }
    let spec = |seed: u32| ScanSpec { seed, class: same[seed as usize % same.len()], toward: None };
    let specs: Vec<ScanSpec> = (0..GENERATED).map(spec).collect();
    let mut images = Vec::new();
    for batch in specs.chunks(16) {
        let scans = read_sync(model.scans(batch, &Style::default())).map_err(|error| format!("{error:?}"))?;
        images.extend(scans.into_iter().map(|scan| scan.image));
    }
    Ok(images)
}

/// Images, and the names of their classes.
type Real = (Vec<Vec<u8>>, Vec<String>);

/// The real slices and the names of their classes; no names for a synthetic head.
fn real(modality: &str, size: usize) -> Result<Real, Box<dyn Error>> {
    let path = pack(modality);
    if !path.is_file() {
        if std::env::var_os("CI").is_some() {
            return Err(format!("there is no {}: `cargo xtask scans` makes it", path.display()).into());
        }
        println!("there is no {}: a synthetic head stands in for real scans", path.display());
        return Ok((synthetic_head(size), Vec::new()));
    }
    let pack = Pack::read(&fs::read(&path)?)?;
    println!("real scans: {}", pack.source);
    assert_eq!(pack.size, size, "real scans must have the size of generated ones");
    Ok((pack.slices.into_iter().map(|slice| slice.image).collect(), pack.classes))
}

/// Slices of a synthetic head with the Rician noise of a magnitude image: bright scalp, dark skull, grey brain with
/// darker fluid.
fn synthetic_head(size: usize) -> Vec<Vec<u8>> {
    let mut noise = Stream::new(Purpose::Step, 7, 7);
    let slice = |level: usize| {
        let breadth = 0.62 + 0.02 * level as f64;
        Raster::from_fn(200, 200, |x, y| {
            let (x, y) = ((x as f64 - 104.0) / 80.0 / (breadth + 0.12), (y as f64 - 98.0) / 88.0);
            let away = x.hypot(y);
            let tissue = match away {
                _ if (x.abs() - 0.12).hypot(y * 0.6) < 0.12 => 25.0,
                0.0..0.86 => 85.0 + 12.0 * (21.0 * x).sin() * (17.0 * y).cos(),
                0.86..0.92 => 30.0,
                0.92..1.0 => 225.0,
                _ => 0.0,
            };
            let (a, b) = (f64::from(noise.normal()) * 3.0, f64::from(noise.normal()) * 3.0);
            (tissue + a).hypot(b).round().min(255.0) as u8
        })
    };
    let slices: Vec<Raster> = (0..12).map(slice).collect();
    normalise_volume(&slices, size).into_iter().map(Raster::into_pixels).collect()
}

#[test]
fn only_anatomy_tells_real_from_generated() -> Tested {
    for modality in modalities() {
        let model = weights(modality)?;
        let size = model.size();
        let (real, classes) = real(modality, size)?;
        let generated = generated(&model, &classes)?;
        let tells = tells(&shown(&real, size), classes.is_empty(), &shown(&generated, size), size);
        assert!(tells.is_empty(), "{modality}: {}", tells.join("\n"));
    }
    Ok(())
}

/// Without clearing, a glow of a few grey levels in air would show: the statistics must detect it.
#[test]
fn a_glow_in_air_is_detected_and_cleared() {
    let size = 64;
    let real = synthetic_head(size);
    let glowing: Vec<Vec<u8>> = real.iter().map(|image| image.iter().map(|&pixel| pixel.max(10)).collect()).collect();
    let seen = tells(&real, false, &glowing, size);
    assert!(seen.len() >= 3 && seen.iter().any(|tell| tell.contains("border")), "{seen:?}");
    assert_eq!(tells(&shown(&real, size), false, &shown(&glowing, size), size), Vec::<String>::new());
}

/// Clearing removes the glow at the edge of real scans and changes nothing inside.
#[test]
fn clearing_changes_few_pixels_of_real_scans() -> Tested {
    for modality in modalities() {
        let size = weights(modality)?.size();
        for image in real(modality, size)?.0 {
            let cleared = air::clear(&image, size);
            let changed = image.iter().zip(cleared).filter(|(old, new)| old.abs_diff(*new) > 8).count();
            assert!(changed * 20 < size * size, "{changed} pixels of a real scan changed");
        }
    }
    Ok(())
}
