//! Real scans for the game, from the first source that is there.
//!
//! They are people's: they lie outside the repository and are put together on the computer that builds the site.
//! Without any source the site works too, and its game says what is missing.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{Outcome, command, output, root, run};
use crate::{check, python, tools};

/// Side of a scan in pixels: that of the weights that ship.
const SIDE: &str = "64";

/// The variable that names a data folder.
const VARIABLE: &str = "HERSENSCAN_DATA";

/// Name of the data folder within a folder of several.
const T1CE: &str = "t1ce-cheng";

/// What [`T1CE`] is, where it can be found, under which licence, and whom to name.
const CHENG: [&str; 3] = [
    "Brain tumor dataset, figshare, doi 10.6084/m9.figshare.1512427; people whom the generator never saw",
    "CC BY 4.0",
    "Jun Cheng (2017), brain tumor dataset",
];

/// The source archive on PyPI with the sample volumes.
const SAMPLES: &str = "pyradiomics==3.0.1";

/// Its name without its ending, and the one folder in it.
const ARCHIVE: &str = "pyradiomics-3.0.1";

/// What fetches a source archive without building it.
const FETCHER: [&str; 2] = ["unearth", "0.19.0"];

/// What the volumes are. The archive says neither what tumours they are nor where the volumes come from.
const PYRADIOMICS: [&str; 3] = [
    "Test volumes brain1 and brain2 of pyradiomics 3.0.1: two people, T1 with contrast; the kind of tumour is not documented",
    "BSD 3-Clause, as all of pyradiomics; the archive names no licence of the volumes alone",
    "Joost van Griethuysen et al. (2017), Cancer Research 77(21), doi 10.1158/0008-5472.CAN-17-0339; copyright 2017 Harvard Medical School",
];

/// Written into the note beside the pack's source; another number makes old packs anew.
const RECIPE: &str = "recipe 1";

/// Where the slices of a pack come from.
enum Source {
    /// A data folder.
    Folder(PathBuf),
    /// The sample volumes.
    Samples,
}

impl Source {
    /// What is kept beside a pack to know it by.
    fn note(&self) -> String {
        match self {
            Source::Folder(folder) => format!("{RECIPE}\n{}", folder.display()),
            Source::Samples => format!("{RECIPE}\n{SAMPLES}"),
        }
    }
}

/// Makes the pack from a folder of slices.
pub fn from(folder: &str) -> Outcome {
    let path = absolute(folder);
    let found = data_folder(&path);
    make(&Source::Folder(found.ok_or_else(|| format!("{}: neither slices.csv nor {T1CE}/ is there", path.display()))?))
}

/// Makes the pack anew from the first source that is there. Succeeds without any: the site works, and says what it lacks.
pub fn anew() -> Outcome {
    make(&named().map_or(Source::Samples, Source::Folder)).or_else(|why| {
        match pack().is_file() {
            true => println!("\nThe real scans of before stay: {why}"),
            false => println!("\nThe site gets no real scans: {why}\n{HELP}"),
        }
        make_folder()
    })
}

/// Makes sure of the pack before a build: makes it where there is none, or where the environment names another source
/// than it was made from. Succeeds without it.
pub fn for_site() -> Outcome {
    let told = fs::read_to_string(note()).unwrap_or_default();
    let wanted = named();
    let fresh = match &wanted {
        Some(folder) => told == Source::Folder(folder.clone()).note(),
        None => told.starts_with(RECIPE),
    };
    if pack().is_file() && fresh {
        println!("{} is there; `cargo xtask scans` makes it again", pack().display());
        return Ok(());
    }
    anew()
}

const HELP: &str = "\
It works without them; its game asks visitors for slices of their own. To add real scans, do one of these and build again:
  cargo xtask scans --from DIR   DIR holds slices.csv, image/ and mask/ (see the readme)
  HERSENSCAN_DATA=DIR            the same, for every build
  cargo xtask scans              with python3 (and its venv) and a network: sample volumes of two people, 34 MB";

/// The data folder that the environment names, if it is one.
fn named() -> Option<PathBuf> {
    let folder = env::var(VARIABLE).ok().filter(|value| !value.is_empty())?;
    let found = data_folder(&absolute(&folder));
    if found.is_none() {
        println!("{VARIABLE} names {folder}, but neither slices.csv nor {T1CE}/ is there");
    }
    found
}

/// This folder if it is one of slices, or the one within it.
fn data_folder(folder: &Path) -> Option<PathBuf> {
    [folder.to_owned(), folder.join(T1CE)].into_iter().find(|folder| folder.join("slices.csv").is_file())
}

fn absolute(folder: &str) -> PathBuf {
    env::current_dir().unwrap_or_default().join(folder)
}

fn make(source: &Source) -> Outcome {
    make_folder()?;
    // First what may not be there, then what takes long.
    let volumes = match source {
        Source::Samples => Some(samples()?),
        Source::Folder(_) => None,
    };
    let mut scans = command(program()?);
    scans.args(["scans", "--size", SIDE, "--out"]).arg(pack());
    if let Source::Folder(folder) = source {
        scans.arg("--data").arg(folder);
        if folder.file_name().is_some_and(|name| name == T1CE) {
            tell(&mut scans, CHENG);
        }
    }
    if let Some(volumes) = volumes {
        for person in ["brain1", "brain2"] {
            let file = |part| volumes.join(format!("{person}_{part}.nrrd"));
            scans.arg("--nrrd").args([file("image"), file("label")]);
        }
        tell(&mut scans, PYRADIOMICS);
    }
    run(&mut scans)?;
    licence(source)?;
    let written = fs::create_dir_all(kept()).and_then(|()| fs::write(note(), source.note()));
    written.map_err(|error| format!("{}: {error}", note().display()))
}

/// Puts beside the pack the licence that must go with it, or takes away that of an earlier one.
fn licence(source: &Source) -> Outcome {
    let beside = root().join("static/scans/LICENCE.txt");
    let outcome = match source {
        Source::Samples => fs::copy(archive().join("LICENSE.txt"), &beside).map(|_| ()),
        Source::Folder(_) if beside.exists() => fs::remove_file(&beside),
        Source::Folder(_) => Ok(()),
    };
    outcome.map_err(|error| format!("{}: {error}", beside.display()))
}

fn tell(command: &mut std::process::Command, [source, licence, attribution]: [&str; 3]) {
    command.args(["--source", source, "--licence", licence, "--attribution", attribution]);
}

/// The native program, built as the browser tests build it.
fn program() -> Outcome<PathBuf> {
    check::native_program()?;
    Ok(tools::target_folder().join("release").join(format!("hersenscan{}", env::consts::EXE_SUFFIX)))
}

/// What is kept of the source archive, as it lies within it.
const KEPT: [&str; 5] = [
    "LICENSE.txt",
    "data/brain1_image.nrrd",
    "data/brain1_label.nrrd",
    "data/brain2_image.nrrd",
    "data/brain2_label.nrrd",
];

/// The top folder of the unpacked archive.
fn archive() -> PathBuf {
    kept().join(ARCHIVE)
}

/// Where all this is kept, beside the other tools.
fn kept() -> PathBuf {
    tools::tools_folder().join("scans")
}

/// The folder of the sample volumes, fetched once.
fn samples() -> Outcome<PathBuf> {
    let folder = kept();
    let volumes = archive().join("data");
    if KEPT.iter().all(|file| archive().join(file).is_file()) {
        return Ok(volumes);
    }
    let [fetcher, version] = FETCHER;
    python::package(fetcher, version)?;
    let mut fetch = python::module(fetcher);
    fetch.args(["--no-binary", "--download"]).arg(&folder);
    for index in indexes() {
        fetch.args(["--index-url", &index]);
    }
    // Its output names the files of every index it asked.
    println!("fetching {SAMPLES} (34 MB, once)");
    output(fetch.arg(SAMPLES)).ok_or_else(|| format!("{SAMPLES} could not be fetched: is there a network?"))?;
    let packed = format!("{ARCHIVE}.tar.gz");
    run(command("tar")
        .arg("-xzf")
        .arg(&packed)
        .args(KEPT.map(|file| format!("{ARCHIVE}/{file}")))
        .current_dir(&folder))?;
    // What is left of it is a few megabytes.
    let _ = fs::remove_file(folder.join(packed));
    Ok(volumes)
}

/// Where pip was told to look, so that who uses a mirror uses it here too. None: where everybody looks.
fn indexes() -> Vec<String> {
    let set = |variable: &str, setting: &str| {
        let told = env::var(variable).ok().filter(|value| !value.trim().is_empty());
        told.or_else(|| output(python::module("pip").args(["config", "get", setting]))).unwrap_or_default()
    };
    let main = set("PIP_INDEX_URL", "global.index-url");
    let more = set("PIP_EXTRA_INDEX_URL", "global.extra-index-url");
    // One more alone would take the place of the usual one.
    let more = if main.is_empty() { String::new() } else { more };
    main.split_whitespace().chain(more.split_whitespace()).map(str::to_owned).collect()
}

/// Where the page looks for scans; the bundler copies it as it is, and needs it even where it is empty.
fn make_folder() -> Outcome {
    let folder = root().join("static/scans");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))
}

fn pack() -> PathBuf {
    root().join("static/scans/t1ce.pack")
}

/// What the pack was made from; not beside it, as that is copied into the site.
fn note() -> PathBuf {
    kept().join("source.txt")
}
