//! Labelled MRI volumes of two people, from the source archive of a Python package.

use std::env;
use std::fs;
use std::path::PathBuf;

use crate::command::{Outcome, command, output, print, run};
use crate::{python, tools};

/// The package whose source archive holds the volumes.
pub const PACKAGE: &str = "pyradiomics==3.0.1";

/// Name of the archive without its ending, and of the only folder in it.
const ARCHIVE: &str = "pyradiomics-3.0.1";

/// Python package that downloads a source archive without building it.
const DOWNLOADER: [&str; 2] = ["unearth", "0.19.0"];

/// Source, licence and attribution of the volumes. The archive does not say what tumours they show or where they come
/// from, and names one licence for all its files.
pub const ATTRIBUTION: [&str; 3] = [
    "pyradiomics 3.0.1: brain1, brain2",
    "BSD 3-Clause (pyradiomics 3.0.1)",
    "Joost van Griethuysen et al. (2017), Cancer Research 77(21), doi 10.1158/0008-5472.CAN-17-0339; © 2017 Harvard Medical School",
];

/// The files of the archive that are kept.
const FILES: [&str; 5] = [
    "LICENSE.txt",
    "data/brain1_image.nrrd",
    "data/brain1_label.nrrd",
    "data/brain2_image.nrrd",
    "data/brain2_label.nrrd",
];

/// Pairs of an image volume and its label volume, one pair for each person. Downloads the archive if that was not done
/// before.
pub fn pairs() -> Outcome<[[PathBuf; 2]; 2]> {
    if !FILES.iter().all(|file| folder().join(file).is_file()) {
        download()?;
    }
    let file = |person: &str, part: &str| folder().join(format!("data/{person}_{part}.nrrd"));
    Ok(["brain1", "brain2"].map(|person| [file(person, "image"), file(person, "label")]))
}

/// The licence that must accompany the volumes.
pub fn licence() -> PathBuf {
    folder().join("LICENSE.txt")
}

fn download() -> Outcome {
    let [name, version] = DOWNLOADER;
    python::ensure_package(name, version)?;
    let mut download = python::module(name);
    download.args(["--no-binary", "--download"]).arg(parent());
    for index in package_indexes() {
        download.args(["--index-url", &index]);
    }
    print(&format!("downloading {PACKAGE} (34 MB, once)"));
    // The output is not shown: it lists the files of every package index.
    output(download.arg(PACKAGE)).ok_or_else(|| format!("{PACKAGE} could not be downloaded: is there a network?"))?;
    let archive = format!("{ARCHIVE}.tar.gz");
    run(command("tar")
        .arg("-xzf")
        .arg(&archive)
        .args(FILES.map(|file| format!("{ARCHIVE}/{file}")))
        .current_dir(parent()))?;
    // The volumes have been unpacked, so a leftover archive does no harm.
    let _ = fs::remove_file(parent().join(archive));
    Ok(())
}

/// The package indexes that pip is set to use, so that a mirror is used here too. Empty means the default index.
fn package_indexes() -> Vec<String> {
    let setting = |variable: &str, name: &str| {
        let value = env::var(variable).ok().filter(|value| !value.trim().is_empty());
        value.or_else(|| output(python::module("pip").args(["config", "get", name]))).unwrap_or_default()
    };
    let main = setting("PIP_INDEX_URL", "global.index-url");
    let extra = setting("PIP_EXTRA_INDEX_URL", "global.extra-index-url");
    // Without a main index, naming the extra one would replace the default.
    let extra = if main.is_empty() { String::new() } else { extra };
    main.split_whitespace().chain(extra.split_whitespace()).map(str::to_owned).collect()
}

/// The unpacked archive.
fn folder() -> PathBuf {
    parent().join(ARCHIVE)
}

fn parent() -> PathBuf {
    tools::tools_folder().join("scans")
}
