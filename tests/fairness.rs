//! The game must ask for anatomy: nothing that processing leaves in the pixels may give the answer away. Real and
//! generated scans are compared as the game shows them ([`as_shown`]): equally sharp, and with their air cleared. Then simple
//! numbers of both must agree. What still tells the kinds apart comes from the people and scanners of a pack; the game gives
//! no clue about it. `hersenscan fairness` prints the same comparison for any pack.
//!
//! Measured on the packs in `static/scans/`, which the build of the site makes, at each size of the shipped generators.
//! Without the T1 pack, slices of a synthetic head with noise stand in for real scans, normalised like them. Where the
//! environment variable `CI` is set, a missing pack is an error. `cargo test --release --test fairness -- --nocapture` prints
//! the numbers.
#![cfg(feature = "native")]
#![allow(missing_docs)]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use hersenscan::cli::fairness::generated;
use hersenscan::game::advice::{Advice, advise};
use hersenscan::game::fairness::{GIVES_AWAY, NumberComparison, as_shown, compare, probability_below};
use hersenscan::game::features::{FeatureValues, ImageFeature, tells_kinds_apart};
use hersenscan::gan::generator_model::GeneratorModel;
use hersenscan::gan::random::{Purpose, Stream};
use hersenscan::scans::sheet::GeneratedSheet;
use hersenscan::slice::downscale;
use hersenscan::slices::air;
use hersenscan::slices::normalise::normalise_volume;
use hersenscan::slices::pack::Pack;
use hersenscan::slices::raster::Raster;

type Tested = Result<(), Box<dyn Error>>;

/// With fewer real slices, single scans are not compared: they are of too few people.
const MIN_FOR_SINGLE: usize = 30;

/// What is tolerated of a number of [`NAMES`](hersenscan::game::fairness::NAMES). The tolerance is for the difference of the medians. Medians of real and
/// generated scans, measured in November 2026 on 96 real slices of 35 people and the first shipped weights:
#[derive(Clone, Copy)]
struct Tolerance {
    name: &'static str,
    difference: f64,
    /// Whether the number of a single image must not tell its kind.
    quiet: bool,
    /// Whether it depends on tissue, so that a synthetic head says nothing.
    tissue: bool,
}

const TOLERANCES: [Tolerance; 6] = [
    // 0.00 and 0.00; generated without clearing 2.86.
    Tolerance { name: "mean of the border", difference: 1.0, quiet: true, tissue: false },
    // 0.41 and 0.43; without clearing 0.39 and 0.18.
    Tolerance { name: "black part", difference: 0.08, quiet: true, tissue: false },
    // 0.010 and 0.011; without clearing 0.022 and 0.212.
    Tolerance { name: "nearly black part", difference: 0.02, quiet: false, tissue: false },
    // 255 and 255.
    Tolerance { name: "brightest pixel", difference: 12.0, quiet: true, tissue: true },
    // 59 and 57.
    Tolerance { name: "mean of the picture", difference: 12.0, quiet: true, tissue: true },
    // 226 and 229.
    Tolerance { name: "different grey levels", difference: 30.0, quiet: true, tissue: true },
];

/// Numbers that depend on sharpness. After matching it, none of them may win the game.
const OF_SHARPNESS: [&str; 3] = ["lines", "vessels", "texture"];

/// Descriptions of the numbers that give the answer away; empty if the game is fair. Images as shown.
fn tells(real: &[Vec<u8>], synthetic: bool, generated: &[Vec<u8>], size: usize) -> Vec<String> {
    let mut tells = Vec::new();
    println!(
        "{} real, {} generated, {size} pixels; medians, and how often a real one has less",
        real.len(),
        generated.len()
    );
    for compared in compare(real, generated, size) {
        println!("  {compared}");
        let NumberComparison { name, real: x, generated: y, below: less, gives_away } = compared;
        if OF_SHARPNESS.contains(&name) && !synthetic && gives_away {
            tells.push(format!("{name}: a real scan has less in {:.0} % of pairs", 100.0 * less));
        }
        let Some(tolerance) = TOLERANCES.iter().find(|tolerance| tolerance.name == name) else { continue };
        if tolerance.tissue && synthetic {
            continue;
        }
        if (x - y).abs() > tolerance.difference {
            tells.push(format!("{name}: {x:.3} in real scans, {y:.3} in generated ones"));
        }
        if tolerance.quiet && real.len() >= MIN_FOR_SINGLE && !(0.25..=0.75).contains(&less) {
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

/// The generators of a modality that visitors can choose, largest first. The largest makes scans of the size of the pack.
fn generators(modality: &str) -> Result<Vec<GeneratorModel>, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("static/weights");
    let files = [128, 64].map(|size| folder.join(format!("{modality}-s{size}.safetensors")));
    files.iter().map(|file| Ok(GeneratorModel::from_bytes(&fs::read(file)?, &Device::flex())?)).collect()
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
    Ok((pack.slices.into_iter().map(|slice| slice.labelled.slice.image).collect(), pack.classes))
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
        let models = generators(modality)?;
        let largest = models[0].size();
        let (all, classes) = real(modality, largest)?;
        for model in models {
            let size = model.size();
            let real: Vec<Vec<u8>> = all.iter().filter_map(|image| downscale(image, largest, size)).collect();
            let generated = generated(&model)?.of_classes(&classes);
            // A synthetic head has next to no texture, whatever is smoothed.
            if !classes.is_empty() {
                check_small_games(&real, &generated, size);
            }
            let ([real, generated], smoothed) = as_shown(&real, &generated, size);
            println!("smoothed: {} real scans, {} generated ones", smoothed[0], smoothed[1]);
            let tells = tells(&real, classes.is_empty(), &generated, size);
            assert!(tells.is_empty(), "{modality}, {size} pixels: {}", tells.join("\n"));
            check_advice(&real, &generated, size);
        }
    }
    Ok(())
}

/// In games of these scans, two of each kind if the pack is small and ten otherwise, sharpness alone does not tell the kinds apart.
fn check_small_games(real: &[Vec<u8>], generated: &[Vec<u8>], size: usize) {
    let texture = |images: &[Vec<u8>]| -> Vec<f64> {
        let measured = images.iter().filter_map(|image| FeatureValues::measure(image, size));
        measured.map(|values| values.get(ImageFeature::Texture)).collect()
    };
    const GAMES: usize = 20;
    let count = if real.len() < MIN_FOR_SINGLE { 2 } else { 10 };
    let (mut below, mut won) = (0.0, 0);
    for game in 0..GAMES {
        let pick = |from: &[Vec<u8>]| -> Vec<Vec<u8>> {
            (0..count).map(|at| from[(count * game + at) * 7 % from.len()].clone()).collect()
        };
        let ([real, fake], _) = as_shown(&pick(real), &pick(generated), size);
        let (real, fake) = (texture(&real), texture(&fake));
        below += probability_below(&real, &fake) / GAMES as f64;
        let [least, most] = [f64::min, f64::max].map(|of| fake.iter().copied().reduce(of).unwrap_or(0.0));
        won += usize::from(real.iter().all(|&value| value > most) || real.iter().all(|&value| value < least));
    }
    println!(
        "games with {count} of each kind: texture of a real scan is less in {below:.2} of pairs; it tells all in {won} of {GAMES}"
    );
    assert!(below.max(1.0 - below) <= GIVES_AWAY, "{below}: {size} pixels");
    assert!(won <= GAMES / 2, "texture alone wins {won} of {GAMES} games: {size} pixels");
}

/// In games with these scans, no advice comes twice and no clue wins the game alone.
fn check_advice(real: &[Vec<u8>], generated: &[Vec<u8>], size: usize) {
    let measure = |images: &[Vec<u8>]| -> Vec<FeatureValues> {
        images.iter().filter_map(|image| FeatureValues::measure(image, size)).collect()
    };
    let (real, fake) = (measure(real), measure(generated));
    let (mut clues, mut tips) = (0, 0);
    for game in 0..20 {
        let mut earlier: Vec<Advice> = Vec::new();
        for round in 0..20 {
            let advice = match round % 2 {
                0 => advise(real.get((game + round) % real.len()), &real, &fake, &earlier),
                _ => advise(fake.get((game + round) % fake.len()), &fake, &real, &earlier),
            };
            if let Advice::Clue(clue) = advice {
                clues += 1;
                assert!(!tells_kinds_apart(&real, &fake, clue.feature), "{clue:?} wins every round");
            }
            if let Advice::Tip(tip) = advice {
                tips += 1;
                assert!(!tells_kinds_apart(&real, &fake, tip), "whoever follows the tip {tip:?} wins every round");
            }
            let again = earlier.iter().any(|one| one.feature().is_some() && one.feature() == advice.feature());
            assert!(!again, "game {game}, round {round}: {advice:?} after {earlier:?}");
            earlier.push(advice);
        }
    }
    let left_out = ImageFeature::ALL.into_iter().filter(|feature| tells_kinds_apart(&real, &fake, *feature));
    println!(
        "20 games of 20 rounds: {clues} clues, {tips} tips; never a clue about {:?}",
        left_out.collect::<Vec<_>>()
    );
}

/// The build compares a pack with these scans, without a network.
#[test]
fn sheets_hold_scans_of_the_shipped_generators() -> Tested {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["t1ce-s128", "t1ce-s64", "flair-s128", "flair-s64"] {
        let weights = format!("static/weights/{name}.safetensors");
        let model = GeneratorModel::from_bytes(&fs::read(root.join(&weights))?, &Device::flex())?;
        let (made, sheet) =
            (generated(&model)?, GeneratedSheet::read(&fs::read(root.join(format!("xtask/generated/{name}.png")))?)?);
        assert_eq!((sheet.size, &sheet.classes, sheet.scans.len()), (made.size, &made.classes, made.scans.len()));
        let pixels = |sheet: &GeneratedSheet| sheet.scans.concat();
        let other = pixels(&made).iter().zip(pixels(&sheet)).filter(|(a, b)| a.abs_diff(*b) > 1).count();
        let all = made.scans.len() * made.size * made.size;
        assert!(
            other * 100 <= all,
            "{other} of {all} pixels differ: run `cargo run --release -- fairness --weights {weights} --sheet xtask/generated`"
        );
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
        let size = generators(modality)?[0].size();
        for image in real(modality, size)?.0 {
            let cleared = air::clear(&image, size);
            let changed = image.iter().zip(cleared).filter(|(old, new)| old.abs_diff(*new) > 8).count();
            assert!(changed * 20 < size * size, "{changed} pixels of a real scan changed");
        }
    }
    Ok(())
}
