//! Real scans for the game and the lab, made into packs from the first source that exists.
//!
//! They show people, so they are not in the repository: the computer that builds the site makes the packs. Without a source
//! the site still works, and the game says what is missing.

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{Outcome, cargo, command, locked, print, root, run};
use crate::{sample_volumes, tools};

/// Side of a scan in pixels, if no weights are shipped.
const DEFAULT_SIDE: usize = 64;

/// Smaller generators are for training, not for the game.
const MIN_SIDE_OF_GAME: usize = 64;

/// Environment variable that names a data folder.
const VARIABLE: &str = "HERSENSCAN_DATA";

/// Side of a scan in the lab's pack, in pixels: the largest that learners see.
const SIDE_OF_LAB: &str = "64";

/// Most scans in the lab's pack: two megabytes.
const MOST_OF_LAB: &str = "240";

/// An MRI sequence. Each has a pack of its own.
#[derive(Clone, Copy, PartialEq)]
struct Sequence {
    /// Name of the pack.
    name: &'static str,
    /// Name of the data folder, if several lie in one folder.
    folder: &'static str,
    /// Source, licence and attribution. These are names, not sentences: the page shows them unchanged in every language.
    attribution: [&'static str; 3],
}

/// T1 with contrast.
const T1CE: Sequence = Sequence {
    name: "t1ce",
    folder: "t1ce-cheng",
    attribution: [
        "Brain tumor dataset, figshare, doi 10.6084/m9.figshare.1512427",
        "CC BY 4.0",
        "Jun Cheng (2017), brain tumor dataset",
    ],
};

const FLAIR: Sequence = Sequence {
    name: "flair",
    folder: "flair-lgg",
    attribution: [
        "LGG segmentation dataset (TCGA-LGG), doi 10.1016/j.compbiomed.2019.05.002",
        "CC BY-NC-SA 4.0",
        "Mateusz Buda, Ashirbani Saha, Maciej A. Mazurowski (2019), LGG segmentation dataset",
    ],
};

const SEQUENCES: [Sequence; 2] = [T1CE, FLAIR];

/// Part of the note on each pack. A change makes all packs outdated.
const RECIPE: &str = "recipe 4";

const HELP: &str = "\
It works without them; its game asks visitors for slices of their own. To add real scans, do one of these and build again:
  cargo xtask scans --from DIR   DIR holds t1ce-cheng/, flair-lgg/ or both, each with slices.csv, image/ and mask/
                                 (docs/command-line.md)
  HERSENSCAN_DATA=DIR            the same, for every build
  cargo xtask scans              downloads volumes of two people (34 MB, T1 only); needs python3 with venv, and a network";

/// The content of a data folder, for messages.
const EXPECTED: &str = "slices.csv, t1ce-cheng/ or flair-lgg/";

/// Where the slices of a pack come from.
enum ScanSource {
    /// A data folder.
    Folder(PathBuf),
    /// See [`sample_volumes`].
    SampleVolumes,
}

impl ScanSource {
    /// Identifies the source and the settings of a pack. Kept beside the tools, to recognise outdated packs.
    fn note(&self, sequence: Sequence) -> String {
        let side = side(sequence);
        match self {
            ScanSource::Folder(folder) => format!("{RECIPE}, {side}\n{}", folder.display()),
            ScanSource::SampleVolumes => format!("{RECIPE}, {side}\n{}", sample_volumes::PACKAGE),
        }
    }
}

/// Makes the packs from a folder of slices, or from a folder that contains such folders.
pub fn make_from(folder: &str) -> Outcome {
    let path = absolute(folder);
    let found: Vec<(Sequence, PathBuf)> =
        SEQUENCES.into_iter().filter_map(|sequence| Some((sequence, data_folder(sequence, &path)?))).collect();
    if found.is_empty() {
        return Err(format!("{} does not contain {EXPECTED}", path.display()));
    }
    found.into_iter().try_for_each(|(sequence, folder)| make(sequence, &ScanSource::Folder(folder)))
}

/// Makes all packs again, each from the first source that exists. A missing source is not an error.
pub fn make_all() -> Outcome {
    SEQUENCES.into_iter().try_for_each(try_make)
}

/// Makes the packs that are missing or outdated: the environment names another source, or the generator has another
/// size. A missing source is not an error.
pub fn ensure_all() -> Outcome {
    SEQUENCES.into_iter().try_for_each(|sequence| {
        let note = fs::read_to_string(note_file(sequence)).unwrap_or_default();
        let current = match folder_of_environment(sequence) {
            Some(folder) => note == ScanSource::Folder(folder).note(sequence),
            None => note.starts_with(&format!("{RECIPE}, {}\n", side(sequence))),
        };
        if pack_file(sequence).is_file() && current {
            print(&format!("{} is up to date; `cargo xtask scans` makes it again", pack_file(sequence).display()));
            return Ok(());
        }
        try_make(sequence)
    })
}

/// Fails if there is no pack of T1, without which some tests compare nothing.
pub fn require() -> Outcome {
    let pack = pack_file(T1CE);
    if pack.is_file() { Ok(()) } else { Err(format!("{} is missing: the tests need real scans", pack.display())) }
}

fn try_make(sequence: Sequence) -> Outcome {
    let made = match source(sequence) {
        Some(source) => make(sequence, &source),
        None => Err(format!("{VARIABLE} names no folder with {}", sequence.folder)),
    };
    made.or_else(|why| {
        let name = sequence.name;
        match pack_file(sequence).is_file() {
            true => print(&format!("\nThe old pack of real scans ({name}) is kept: {why}")),
            false => print(&format!("\nThe site gets no real scans ({name}): {why}\n{HELP}")),
        }
        create_scans_folder()
    })
}

fn make(sequence: Sequence, source: &ScanSource) -> Outcome {
    create_scans_folder()?;
    // The download may fail, so it comes before the program is compiled.
    let volumes = match source {
        ScanSource::SampleVolumes => Some(sample_volumes::pairs()?),
        ScanSource::Folder(_) => None,
    };
    build_scans_program()?;
    let mut scans = command(tools::program("site", "scans"));
    scans.args(["--size", &side(sequence).to_string(), "--out"]).arg(pack_file(sequence));
    sheets(sequence).iter().for_each(|sheet| {
        scans.arg("--sheet").arg(sheet);
    });
    if let ScanSource::Folder(folder) = source {
        add_folder(&mut scans, sequence, folder);
    }
    for pair in volumes.iter().flatten() {
        scans.arg("--nrrd").args(pair);
    }
    if volumes.is_some() {
        add_attribution(&mut scans, sample_volumes::ATTRIBUTION);
    }
    run(&mut scans)?;
    make_pack_of_lab(sequence, source)?;
    if sequence == T1CE {
        update_licence(source)?;
    }
    let file = note_file(sequence);
    let written = fs::create_dir_all(notes_folder()).and_then(|()| fs::write(&file, source.note(sequence)));
    written.map_err(|error| format!("{}: {error}", file.display()))
}

/// Makes the pack of the persons whom the lab's generators saw, or removes it if the source has no such persons.
fn make_pack_of_lab(sequence: Sequence, source: &ScanSource) -> Outcome {
    // The number in the name of such a file is that of the persons.
    let persons = generators(sequence, "static/weights/lab").into_iter().map(|(_, persons)| persons);
    let Some(learners) = persons.max() else { return Ok(()) };
    let pack = root().join(format!("static/scans/{}-lab.pack", sequence.name));
    let made = match source {
        ScanSource::Folder(folder) => {
            let mut scans = command(tools::program("site", "scans"));
            scans.args(["--learners", &learners.to_string(), "--size", SIDE_OF_LAB, "--most", MOST_OF_LAB]);
            scans.arg("--out").arg(&pack);
            add_folder(&mut scans, sequence, folder);
            run(&mut scans)
        }
        ScanSource::SampleVolumes => Err("the sample volumes are of other persons".to_owned()),
    };
    let Err(why) = made else { return Ok(()) };
    print(&format!("\nThe lab gets no scans of the persons whom its small generators saw ({}): {why}", sequence.name));
    match fs::remove_file(&pack) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(format!("{}: {error}", pack.display())),
        _ => Ok(()),
    }
}

/// Scans of the generators that the game can use, which the pack is compared with: which single numbers tell real from generated
/// ones. They lie in the repository, because making them needs the tensor library, which takes tens of minutes to compile.
fn sheets(sequence: Sequence) -> Vec<PathBuf> {
    let of_game = generators(sequence, "static/weights").into_iter().filter(|(_, side)| *side >= MIN_SIDE_OF_GAME);
    let sheet = |(file, _): (String, usize)| root().join("xtask/generated").join(file).with_extension("png");
    of_game.map(sheet).filter(|file| file.is_file()).collect()
}

/// Compiles the program that makes packs. It has no tensor library. Its profile is that of the site, because cargo then
/// compiles macros and build scripts once for both.
fn build_scans_program() -> Outcome {
    let features = ["--no-default-features", "--features", "pack"];
    run(cargo().args(["build", "--profile", "site", "--bin", "scans"]).args(features).args(locked()))
}

/// Puts the licence of the sample volumes beside the pack, or removes it if the pack has another source.
fn update_licence(source: &ScanSource) -> Outcome {
    let file = root().join("static/scans/LICENCE.txt");
    let outcome = match source {
        ScanSource::SampleVolumes => fs::copy(sample_volumes::licence(), &file).map(|_| ()),
        ScanSource::Folder(_) if file.exists() => fs::remove_file(&file),
        ScanSource::Folder(_) => Ok(()),
    };
    outcome.map_err(|error| format!("{}: {error}", file.display()))
}

/// Adds a data folder, with its attribution if it is the known one.
fn add_folder(command: &mut Command, sequence: Sequence, folder: &Path) {
    command.arg("--data").arg(folder);
    if folder.file_name().is_some_and(|name| name == sequence.folder) {
        add_attribution(command, sequence.attribution);
    }
}

fn add_attribution(command: &mut Command, [source, licence, attribution]: [&str; 3]) {
    command.args(["--source", source, "--licence", licence, "--attribution", attribution]);
}

/// The first source of a sequence that exists. The sample volumes are T1 with contrast.
fn source(sequence: Sequence) -> Option<ScanSource> {
    let folder = folder_of_environment(sequence).map(ScanSource::Folder);
    folder.or_else(|| (sequence == T1CE).then_some(ScanSource::SampleVolumes))
}

/// The data folder that the environment variable names.
fn folder_of_environment(sequence: Sequence) -> Option<PathBuf> {
    let folder = env::var(VARIABLE).ok().filter(|value| !value.is_empty())?;
    let path = absolute(&folder);
    if SEQUENCES.into_iter().all(|sequence| data_folder(sequence, &path).is_none()) {
        print(&format!("{VARIABLE} is {folder}, but that folder does not contain {EXPECTED}"));
    }
    data_folder(sequence, &path)
}

/// The folder of slices of a sequence: `folder` or a folder in it. A folder with an unknown name counts as T1 with contrast.
fn data_folder(sequence: Sequence, folder: &Path) -> Option<PathBuf> {
    let of_other = SEQUENCES.into_iter().any(|other| other != sequence && folder.ends_with(other.folder));
    let itself = !of_other && (sequence == T1CE || folder.ends_with(sequence.folder));
    let candidates = [itself.then(|| folder.to_owned()), Some(folder.join(sequence.folder))];
    candidates.into_iter().flatten().find(|folder| folder.join("slices.csv").is_file())
}

/// Side of the scans of the largest shipped generator, in pixels. For smaller generators the game shrinks the same scans.
fn side(sequence: Sequence) -> usize {
    generators(sequence, "static/weights").into_iter().map(|(_, side)| side).max().unwrap_or(DEFAULT_SIDE)
}

/// The generators of a sequence in a folder: name of the weights file, and the number at the end of that name, which is the side of
/// a scan in pixels for those in `static/weights`. Sorted.
fn generators(sequence: Sequence, folder: &str) -> Vec<(String, usize)> {
    let entries = fs::read_dir(root().join(folder)).into_iter().flatten().flatten();
    let number = |name: &str| {
        let preset = name.strip_prefix(sequence.name)?.strip_prefix('-')?.strip_suffix(".safetensors")?;
        preset.trim_start_matches(|letter: char| letter.is_ascii_lowercase()).parse().ok()
    };
    let generator = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().ok()?;
        number(&name).map(|number| (name, number))
    };
    let mut generators: Vec<(String, usize)> = entries.filter_map(generator).collect();
    generators.sort();
    generators
}

fn absolute(folder: &str) -> PathBuf {
    env::current_dir().unwrap_or_default().join(folder)
}

/// Creates the folder of the packs. The bundler needs it even if it is empty.
fn create_scans_folder() -> Outcome {
    let folder = root().join("static/scans");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))
}

fn pack_file(sequence: Sequence) -> PathBuf {
    root().join(format!("static/scans/{}.pack", sequence.name))
}

/// The note on a pack. It is not beside the pack, because the bundler copies that folder into the site.
fn note_file(sequence: Sequence) -> PathBuf {
    notes_folder().join(format!("{}.txt", sequence.name))
}

fn notes_folder() -> PathBuf {
    tools::tools_folder().join("scans")
}
