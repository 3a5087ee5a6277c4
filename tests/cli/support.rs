//! Shared by the tests of the command line: a temporary folder, random weights, and the program.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use burn::tensor::{Device, read_sync};
use hersenscan::gan::card::WeightsCard;
use hersenscan::gan::directions::Directions;
use hersenscan::gan::generator::Generator;
use hersenscan::gan::layers::Init;
use hersenscan::gan::preset::{Network, PRESETS};
use hersenscan::gan::random::{Purpose, Stream};
use hersenscan::gan::state_dict;
use hersenscan::gan::weights;

pub type Tested = Result<(), Box<dyn Error>>;

/// Classes of the test weights.
pub const CLASSES: [&str; 2] = ["glioma", "pituitary"];

/// A temporary folder that is deleted when dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Result<Self, std::io::Error> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("hersenscan-cli-{}-{number}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A file with this content.
    pub fn file(&self, name: &str, content: &[u8]) -> Result<PathBuf, std::io::Error> {
        fs::write(self.path(name), content)?;
        Ok(self.path(name))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A weights file of the smallest generator with random weights. Its card names `network`.
pub fn weights(network: Network) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut stream = Stream::new(Purpose::Weights, 1, 0);
    let generator = Generator::new(PRESETS[0], CLASSES.len(), &mut Init::Random(&mut stream), &Device::flex());
    let values = read_sync(state_dict::read(state_dict::tensors(&generator))).map_err(|error| format!("{error:?}"))?;
    let mut card = WeightsCard::blank(network, PRESETS[0], CLASSES.map(str::to_owned).into());
    card.dataset = "made up".to_owned();
    card.licence = "CC0".to_owned();
    card.attribution = "nobody".to_owned();
    card.metrics.insert("training slices".to_owned(), "0".to_owned());
    Ok(weights::write(&card, &values, &Directions::default())?)
}

/// A data folder with two slices each of twenty patients; the last ten are test patients.
pub fn patients(folder: &Folder) -> Result<PathBuf, Box<dyn Error>> {
    let data = folder.path("people");
    fs::create_dir_all(data.join("image"))?;
    fs::create_dir_all(data.join("mask"))?;
    let mut table = "file,patient,label,split\n".to_owned();
    for index in 0..40_u32 {
        let person = index / 2;
        let (label, split) = (CLASSES[person as usize % 2], if person < 10 { "train" } else { "test" });
        table.push_str(&format!("{index}.png,person {person},{label},{split}\n"));
        let lesion = |x: u32, y: u32| x.abs_diff(14 + index % 7) < 4 && y.abs_diff(12 + index % 5) < 4;
        let head = |x: u32, y: u32| x.abs_diff(16).pow(2) + y.abs_diff(16).pow(2) < 14 * 14;
        let image = |x, y| image::Luma([if lesion(x, y) { 200 } else { u8::from(head(x, y)) * (70 + index as u8) }]);
        image::GrayImage::from_fn(32, 32, image).save(data.join(format!("image/{index}.png")))?;
        let mask = |x, y| image::Luma([u8::from(lesion(x, y)) * 255]);
        image::GrayImage::from_fn(32, 32, mask).save(data.join(format!("mask/{index}.png")))?;
    }
    fs::write(data.join("slices.csv"), table)?;
    Ok(data)
}

/// The program with these arguments, and files after them.
pub fn command(arguments: &[&str], files: &[(&str, &Path)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hersenscan"));
    command.args(arguments);
    for (name, path) in files {
        command.arg(name).arg(path);
    }
    command
}

/// Runs the program and waits for it to end.
pub fn hersenscan(arguments: &[&str], files: &[(&str, &Path)]) -> Result<Output, std::io::Error> {
    command(arguments, files).output()
}

/// The error output of the program, which must have ended with exit code 1.
pub fn complaint(output: Output) -> Result<String, Box<dyn Error>> {
    let said = String::from_utf8(output.stderr)?;
    assert_eq!(output.status.code(), Some(1), "{said}");
    Ok(said)
}
