//! Real scans for the game, from the first source that is there.
//!
//! They are people's: they lie outside the repository and are put together on the computer that builds the site.
//! Without any source the site works too, and its game says what is missing.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{Outcome, command, output, root, run};
use crate::{check, python, tools};

/// Side of a scan in pixels where no weights tell it.
const SIDE: usize = 64;

/// The variable that names a data folder.
const VARIABLE: &str = "HERSENSCAN_DATA";

/// A kind of picture: its pack has its name.
#[derive(Clone, Copy, PartialEq)]
struct Kind {
    name: &'static str,
    /// Name of its data folder within a folder of several.
    folder: &'static str,
    /// What that is, where it can be found, under which licence, and whom to name: names and no sentences, for the page shows
    /// them in every language as they are.
    words: [&'static str; 3],
}

const T1CE: Kind = Kind {
    name: "t1ce",
    folder: "t1ce-cheng",
    words: [
        "Brain tumor dataset, figshare, doi 10.6084/m9.figshare.1512427",
        "CC BY 4.0",
        "Jun Cheng (2017), brain tumor dataset",
    ],
};

const FLAIR: Kind = Kind {
    name: "flair",
    folder: "flair-lgg",
    words: [
        "LGG segmentation dataset (TCGA-LGG), doi 10.1016/j.compbiomed.2019.05.002",
        "CC BY-NC-SA 4.0",
        "Mateusz Buda, Ashirbani Saha, Maciej A. Mazurowski (2019), LGG segmentation dataset",
    ],
};

const KINDS: [Kind; 2] = [T1CE, FLAIR];

/// The source archive on PyPI with the sample volumes.
const SAMPLES: &str = "pyradiomics==3.0.1";

/// Its name without its ending, and the one folder in it.
const ARCHIVE: &str = "pyradiomics-3.0.1";

/// What fetches a source archive without building it.
const FETCHER: [&str; 2] = ["unearth", "0.19.0"];

/// What the volumes are, as for a [`Kind`]. The archive says neither what tumours they are nor where the volumes come from,
/// and names one licence for all that is in it.
const PYRADIOMICS: [&str; 3] = [
    "pyradiomics 3.0.1: brain1, brain2",
    "BSD 3-Clause (pyradiomics 3.0.1)",
    "Joost van Griethuysen et al. (2017), Cancer Research 77(21), doi 10.1158/0008-5472.CAN-17-0339; © 2017 Harvard Medical School",
];

/// Written into the note beside the pack's source; another number makes old packs anew.
const RECIPE: &str = "recipe 3";

/// Where the slices of a pack come from.
enum Source {
    /// A data folder.
    Folder(PathBuf),
    /// The sample volumes.
    Samples,
}

impl Source {
    /// What is kept beside a pack to know it by.
    fn note(&self, kind: Kind) -> String {
        let side = side(kind);
        match self {
            Source::Folder(folder) => format!("{RECIPE}, {side}\n{}", folder.display()),
            Source::Samples => format!("{RECIPE}, {side}\n{SAMPLES}"),
        }
    }
}

/// Makes the packs from a folder of slices, or of such folders.
pub fn from(folder: &str) -> Outcome {
    let path = absolute(folder);
    let found: Vec<(Kind, PathBuf)> =
        KINDS.into_iter().filter_map(|kind| Some((kind, data_folder(kind, &path)?))).collect();
    if found.is_empty() {
        return Err(format!("{}: {NOTHING} is there", path.display()));
    }
    found.into_iter().try_for_each(|(kind, folder)| make(kind, &Source::Folder(folder)))
}

/// Makes the packs anew, each from the first source that is there. Succeeds without any: the site works, and says what it
/// lacks.
pub fn anew() -> Outcome {
    KINDS.into_iter().try_for_each(kind_anew)
}

fn kind_anew(kind: Kind) -> Outcome {
    let made = match source(kind) {
        Some(source) => make(kind, &source),
        None => Err(format!("{VARIABLE} names no folder that holds {}", kind.folder)),
    };
    made.or_else(|why| {
        match pack(kind).is_file() {
            true => println!("\nThe real scans ({}) of before stay: {why}", kind.name),
            false => println!("\nThe site gets no real scans ({}): {why}\n{HELP}", kind.name),
        }
        make_folder()
    })
}

/// Makes sure of the packs before a build: makes each where there is none, where the environment names another source
/// than it was made from, or where the generator has another size by now. Succeeds without them.
pub fn for_site() -> Outcome {
    KINDS.into_iter().try_for_each(|kind| {
        let told = fs::read_to_string(note(kind)).unwrap_or_default();
        let fresh = match named(kind) {
            Some(folder) => told == Source::Folder(folder).note(kind),
            None => told.starts_with(&format!("{RECIPE}, {}\n", side(kind))),
        };
        if pack(kind).is_file() && fresh {
            println!("{} is there; `cargo xtask scans` makes it again", pack(kind).display());
            return Ok(());
        }
        kind_anew(kind)
    })
}

const HELP: &str = "\
It works without them; its game asks visitors for slices of their own. To add real scans, do one of these and build again:
  cargo xtask scans --from DIR   DIR holds t1ce-cheng/, flair-lgg/ or both, each with slices.csv, image/ and mask/ (see the
                                 readme)
  HERSENSCAN_DATA=DIR            the same, for every build
  cargo xtask scans              with python3 (and its venv) and a network: sample volumes of two people, 34 MB, for T1 alone";

/// What a folder should hold, in words.
const NOTHING: &str = "neither slices.csv nor t1ce-cheng/ nor flair-lgg/";

/// The first source of a kind that is there. The sample volumes are T1 with contrast.
fn source(kind: Kind) -> Option<Source> {
    named(kind).map(Source::Folder).or_else(|| (kind == T1CE).then_some(Source::Samples))
}

/// The data folder that the environment names, if it is one.
fn named(kind: Kind) -> Option<PathBuf> {
    let folder = env::var(VARIABLE).ok().filter(|value| !value.is_empty())?;
    let path = absolute(&folder);
    if KINDS.into_iter().all(|kind| data_folder(kind, &path).is_none()) {
        println!("{VARIABLE} names {folder}, but {NOTHING} is there");
    }
    data_folder(kind, &path)
}

/// The folder of slices of this kind: this one or the one within it. One without a known name is taken for T1 with contrast.
fn data_folder(kind: Kind, folder: &Path) -> Option<PathBuf> {
    let of_other = KINDS.into_iter().any(|other| other != kind && folder.ends_with(other.folder));
    let itself = !of_other && (kind == T1CE || folder.ends_with(kind.folder));
    let places = [itself.then(|| folder.to_owned()), Some(folder.join(kind.folder))];
    places.into_iter().flatten().find(|folder| folder.join("slices.csv").is_file())
}

/// Side of the scans of the largest generator of this kind that ships, from the names of the files: the game shows
/// visitors with a smaller one the same scans, brought down.
fn side(kind: Kind) -> usize {
    let entries = fs::read_dir(root().join("static/weights")).into_iter().flatten().flatten();
    let side = |name: &str| {
        let preset = name.strip_prefix(kind.name)?.strip_prefix('-')?.strip_suffix(".safetensors")?;
        preset.trim_start_matches(|letter: char| letter.is_ascii_lowercase()).parse().ok()
    };
    entries.filter_map(|entry| side(entry.file_name().to_str()?)).max().unwrap_or(SIDE)
}

fn absolute(folder: &str) -> PathBuf {
    env::current_dir().unwrap_or_default().join(folder)
}

fn make(kind: Kind, source: &Source) -> Outcome {
    make_folder()?;
    // First what may not be there, then what takes long.
    let volumes = match source {
        Source::Samples => Some(samples()?),
        Source::Folder(_) => None,
    };
    let mut scans = command(program()?);
    scans.args(["scans", "--size", &side(kind).to_string(), "--out"]).arg(pack(kind));
    if let Source::Folder(folder) = source {
        scans.arg("--data").arg(folder);
        if folder.file_name().is_some_and(|name| name == kind.folder) {
            tell(&mut scans, kind.words);
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
    if kind == T1CE {
        licence(source)?;
    }
    let written = fs::create_dir_all(kept()).and_then(|()| fs::write(note(kind), source.note(kind)));
    written.map_err(|error| format!("{}: {error}", note(kind).display()))
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

fn pack(kind: Kind) -> PathBuf {
    root().join(format!("static/scans/{}.pack", kind.name))
}

/// What a pack was made from; not beside it, as that is copied into the site.
fn note(kind: Kind) -> PathBuf {
    kept().join(format!("{}.txt", kind.name))
}
