use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use burn::tensor::{Device, read_sync};

use super::*;
use crate::gan::generator_model::GeneratorModel;
use crate::gan::preset::{ScanSpec, Style};
use crate::slices::collection::drawings;

type Tested = Result<(), Box<dyn Error>>;

/// Generated scans behind a reference.
const SCANS: u32 = 300;

/// Scans of the shipped generator of 64 pixels, from these seeds.
fn scans(modality: Modality, first: u32, count: u32) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let files = modality.model().pair(64).ok_or("no generator of 64 pixels")?;
    let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("static").join(files.weights))?;
    let model = GeneratorModel::from_bytes(&bytes, &Device::flex())?;
    let classes = model.card().classes.len();
    let specs: Vec<_> =
        (first..first + count).map(|seed| ScanSpec { seed, class: seed as usize % classes, toward: None }).collect();
    let mut images = Vec::new();
    for part in specs.chunks(20) {
        let scans = read_sync(model.scans(part, &Style::default())).map_err(|error| format!("{error:?}"))?;
        images.extend(scans.iter().filter_map(|scan| scan.downscale(SIDE)).map(|scan| scan.image));
    }
    Ok(images)
}

/// The reference of a generator.
fn measured(modality: Modality) -> Result<Reference, Box<dyn Error>> {
    let values: Vec<_> = scans(modality, 0, SCANS)?.iter().map(|image| numbers::of(image).map(f64::from)).collect();
    let count = values.len() as f64;
    let mean: [f64; NUMBERS] = std::array::from_fn(|i| values.iter().map(|value| value[i]).sum::<f64>() / count);
    let covariance = |i: usize, j: usize| {
        let sum: f64 = values.iter().map(|value| (value[i] - mean[i]) * (value[j] - mean[j])).sum();
        // Real slices vary in more ways than generated ones, so that no direction is without variance.
        sum / (count - 1.0) * if i == j { 1.05 } else { 1.0 } + if i == j { 1.0 } else { 0.0 }
    };
    let mut factor = [[0.0_f64; NUMBERS]; NUMBERS];
    for i in 0..NUMBERS {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| factor[i][k] * factor[j][k]).sum();
            let rest = covariance(i, j) - known;
            factor[i][j] = if i == j { rest.sqrt() } else { rest / factor[j][j] };
        }
    }
    let rows: Vec<f32> = (0..NUMBERS).flat_map(|i| factor[i][..=i].to_vec()).map(|value| value as f32).collect();
    Ok(Reference { modality, mean: mean.map(|value| value as f32), factor: rows.try_into().map_err(|_| "length")? })
}

/// The text of `reference.rs`.
fn source(references: &[Reference]) -> String {
    let mut text = String::from(
        "//! Numbers of 300 scans of each shipped generator of 64 pixels. The tests of `likeness` make this file.\n\n\
         use super::Reference;\nuse crate::ui::logic::models::Modality;\n\n\
         pub(super) static REFERENCES: [Reference; 2] = [\n",
    );
    let list = |values: &[f32]| values.iter().map(|value| format!("{value:.3}")).collect::<Vec<_>>().join(", ");
    for Reference { modality, mean, factor } in references {
        let _ = writeln!(
            text,
            "Reference {{ modality: Modality::{modality:?}, mean: [{}], factor: [{}] }},",
            list(mean),
            list(factor)
        );
    }
    text + "];\n"
}

#[test]
fn the_references_are_those_of_the_shipped_generators() -> Tested {
    let measured = Modality::ALL.map(measured);
    let measured: Vec<Reference> = measured.into_iter().collect::<Result<_, _>>()?;
    let close = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 0.2);
    let same = measured.iter().zip(&REFERENCES).all(|(new, old)| {
        new.modality == old.modality && close(&new.mean, &old.mean) && close(&new.factor, &old.factor)
    });
    if !same {
        let path = std::env::temp_dir().join("reference.rs");
        std::fs::write(&path, source(&measured))?;
        return Err(format!(
            "the weights have changed: copy {} to src/ui/logic/likeness/, and format it",
            path.display()
        )
        .into());
    }
    Ok(())
}

#[test]
fn generated_scans_resemble_their_generator() -> Tested {
    for modality in Modality::ALL {
        let scans = scans(modality, 5000, 60)?;
        assert_eq!(nearest(scans.iter().cloned()), Some(modality));
        // A few slices are enough.
        let wrong = scans.chunks(6).filter(|few| nearest(few.iter().cloned()) != Some(modality)).count();
        assert!(wrong <= 1, "{modality:?}: {wrong} of 10 small sets");
    }
    Ok(())
}

#[test]
fn the_real_scans_of_the_site_resemble_t1() -> Tested {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("static/scans/t1ce.pack");
    let Ok(bytes) = std::fs::read(&path) else {
        // The build of the site makes it.
        assert!(std::env::var_os("CI").is_none(), "{} is missing", path.display());
        return Ok(());
    };
    let pack = crate::slices::pack::Pack::read(&bytes)?;
    let collection = crate::slices::collection::Collection::real(&pack);
    let selection = crate::slices::collection::selection::Selection::of(&collection)?;
    assert_eq!(nearest(selection.images(MAX_COMPARED, SIDE)), Some(Modality::T1ce));
    Ok(())
}

#[test]
fn pictures_of_something_else_resemble_neither() {
    let picture = |value: &dyn Fn(f32, f32, f32) -> f32| -> Vec<Vec<u8>> {
        let one = |seed: usize| {
            let seed = seed as f32;
            (0..SIDE * SIDE)
                .map(|index| value((index % SIDE) as f32, (index / SIDE) as f32, seed).clamp(0.0, 255.0) as u8)
                .collect()
        };
        (0..20).map(one).collect()
    };
    let stripes = picture(&|x, y, seed| 128.0 + 100.0 * (x * 0.5 + y * 0.1 * seed).sin());
    let gradient = picture(&|x, y, seed| 4.0 * x + 3.0 * y + seed);
    let flat = picture(&|_, _, seed| 40.0 + 10.0 * seed);
    for other in [stripes, gradient, flat, vec![vec![0; SIDE * SIDE]; 20]] {
        assert_eq!(nearest(other), None);
    }
    assert_eq!(nearest([]), None);
}

#[test]
fn drawn_heads_have_one_answer_whatever_their_number() {
    let heads = |count: usize| (0..count).map(|number| drawings::draw(number, SIDE).image.into_pixels());
    assert_eq!(nearest(heads(MAX_COMPARED)), nearest(heads(40)));
}

/// Counts how often the slices of a person in a data folder are recognised: `DATA=DIR cargo test --release --lib likeness -- --ignored
/// --nocapture`. The folder's name holds `t1` or `flair`.
#[test]
#[ignore = "needs a data folder"]
fn persons_of_a_data_folder() -> Tested {
    let folder = PathBuf::from(std::env::var("DATA")?);
    let expected = if folder.ends_with("flair-lgg") { Modality::Flair } else { Modality::T1ce };
    let data = crate::slices::dataset::Dataset::read(&folder, SIDE)?;
    for (part, slices) in [("train", &data.train), ("test", &data.test)] {
        let mut persons = std::collections::BTreeMap::<&str, Vec<Vec<u8>>>::new();
        for slice in slices {
            persons.entry(&slice.patient).or_default().push(slice.labelled.slice.image.clone());
        }
        let answers: Vec<_> = persons.values().map(|images| nearest(images.iter().cloned())).collect();
        let count = |answer| answers.iter().filter(|other| **other == answer).count();
        println!(
            "{part}: {} persons; {} {expected:?}, {} neither; all together {:?}",
            answers.len(),
            count(Some(expected)),
            count(None),
            nearest(persons.values().flatten().cloned())
        );
    }
    Ok(())
}
