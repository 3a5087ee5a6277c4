//! What can be said on the command line. Doc comments here are the help that people read.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::gan::preset::PRESETS;
use crate::slices::limits::MAX_SLICES;
use crate::slices::pack::SIDES;

/// Makes and learns to make synthetic brain MRI slices. Not for diagnosis.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Train a network on a folder of slices.
    Train(TrainArgs),
    /// Make scans and their tumour masks from a weights file.
    Sample(SampleArgs),
    /// Print what a weights file says of itself, and check that it can be used.
    Inspect(InspectArgs),
    /// Put real slices, of people whom the generator never saw, into a file for the game.
    Scans(ScansArgs),
    /// Measure a generator against real slices of people whom it never saw.
    Evaluate(EvaluateArgs),
    /// Write every slice of a data folder as the network sees it, for other trainers and tools.
    Slices(SlicesArgs),
}

/// Where tensors are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum DeviceName {
    /// The processor, in plain Rust.
    #[default]
    Flex,
    /// The processor, through PyTorch's library. Needs a build with the feature `libtorch`.
    Libtorch,
    /// A graphics card, through Vulkan. Needs a build with the feature `wgpu`.
    Wgpu,
    /// An NVIDIA graphics card. Needs a build with the feature `cuda`.
    Cuda,
}

/// Arguments of `train`.
#[derive(Debug, Clone, Args)]
pub struct TrainArgs {
    /// Folder with slices.csv, image/ and mask/.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Size of the network: tiny, small or medium, and the side of a scan in pixels.
    #[arg(long, value_name = "NAME", default_value = "s64", value_parser = presets())]
    pub preset: String,
    /// Folder for weights, checkpoints and pictures of the progress. Made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Generator weights of a smaller network to grow from; its discriminator must lie beside it.
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// Where to compute.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceName,
    /// Stop after this many minutes.
    #[arg(long, value_name = "N", conflicts_with = "kimg", value_parser = positive)]
    pub minutes: Option<f64>,
    /// Stop when the discriminator has been shown this many thousand real slices [default: 200].
    #[arg(long, value_name = "N", value_parser = positive)]
    pub kimg: Option<f64>,
    /// Slices in a step [default: 32].
    #[arg(long, value_name = "N", value_parser = batch)]
    pub batch: Option<usize>,
    /// Strength of the gradient penalties [default: by the size of a scan].
    #[arg(long, value_name = "X", value_parser = positive)]
    pub gamma: Option<f64>,
    /// Highest probability of an augmentation, 0 to 1 [default: by the number of slices].
    #[arg(long, value_name = "P", value_parser = probability)]
    pub augment: Option<f64>,
    /// Seed of everything random: first weights, order of slices, noise.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Name of the data set, for the weights' card [default: name of the folder].
    #[arg(long, value_name = "TEXT")]
    pub dataset: Option<String>,
    /// Licence of the weights, for their card.
    #[arg(long, value_name = "TEXT")]
    pub licence: Option<String>,
    /// Whom users of the weights must name, for their card.
    #[arg(long, value_name = "TEXT")]
    pub attribution: Option<String>,
    /// Keep the generator as it is after so many thousand slices, as stage-*.safetensors: 0 is before the first.
    #[arg(long, value_name = "N,N,...", value_delimiter = ',', value_parser = not_negative)]
    pub stages: Vec<f64>,
    /// Go on from the last checkpoint in the folder of `--out`.
    #[arg(long)]
    pub resume: bool,
}

/// Arguments of `sample`.
#[derive(Debug, Clone, Args)]
pub struct SampleArgs {
    /// Weights of a generator, a safetensors file.
    #[arg(long, value_name = "FILE")]
    pub weights: PathBuf,
    /// How many scans.
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub n: u32,
    /// Class of all scans, by name. Without it, each seed chooses its own.
    #[arg(long, value_name = "CLASS")]
    pub class: Option<String>,
    /// Seed of the first scan; each further one has the next seed.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u32,
    /// Truncation, 0 to 1.5: low is ordinary and tidy, 1 is what the generator learned, above 1 is strange.
    #[arg(long, value_name = "T", default_value_t = 1.0, value_parser = truncation)]
    pub truncation: f32,
    /// Where to compute.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceName,
    /// Folder for 0000.png, 0000_mask.png, ..., samples.csv and manifest.json. Made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// Arguments of `inspect`.
#[derive(Debug, Clone, Args)]
pub struct InspectArgs {
    /// A weights file of either network.
    #[arg(long, value_name = "FILE")]
    pub weights: PathBuf,
}

/// Arguments of `scans`.
#[derive(Debug, Clone, Args)]
#[command(group(clap::ArgGroup::new("from").required(true).args(["data", "nrrd"])))]
pub struct ScansArgs {
    /// Folder with slices.csv, image/ and mask/. Only rows with split "test" are taken.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// A volume and its labels, NRRD files that lie alike. Give it again for each further person.
    #[arg(long, num_args = 2, value_names = ["IMAGE", "LABELS"])]
    pub nrrd: Vec<PathBuf>,
    /// Class of what is drawn in the volumes.
    #[arg(long, value_name = "CLASS", default_value = "tumour", conflicts_with = "data")]
    pub class: String,
    /// Side of a slice in pixels: that of the generator's scans.
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = side)]
    pub size: usize,
    /// Most slices, over all classes.
    #[arg(long, value_name = "N", default_value_t = 96, value_parser = slices)]
    pub most: usize,
    /// What the slices are and where they can be found, as a name: pages of every language show it [default: name of the folder].
    #[arg(long, value_name = "TEXT")]
    pub source: Option<String>,
    /// Licence of the slices.
    #[arg(long, value_name = "TEXT")]
    pub licence: Option<String>,
    /// Whom users of the slices must name.
    #[arg(long, value_name = "TEXT")]
    pub attribution: Option<String>,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Arguments of `evaluate`.
#[derive(Debug, Clone, Args)]
#[command(group(clap::ArgGroup::new("generator").required(true).args(["weights", "images"])))]
pub struct EvaluateArgs {
    /// Weights of a generator, a safetensors file.
    #[arg(long, value_name = "FILE")]
    pub weights: Option<PathBuf>,
    /// Scans of any generator: 0000.png, 0000_mask.png, ..., and samples.csv with their class. Masks and classes may lack.
    #[arg(long, value_name = "DIR")]
    pub images: Option<PathBuf>,
    /// Folder with slices.csv, image/ and mask/; its `test` patients are measured against.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// How many generated scans, at most.
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(16..=20_000))]
    pub n: u32,
    /// Side in pixels to bring the scans of --images to [default: that of the first].
    #[arg(long, value_name = "N", value_parser = pixels, conflicts_with = "weights")]
    pub size: Option<usize>,
    /// Seed of everything random.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// The network for features [default: where `cargo xtask features` puts it].
    #[arg(long, value_name = "FILE", conflicts_with = "without_features")]
    pub features: Option<PathBuf>,
    /// Leave out what is measured in features: distances, density and coverage.
    #[arg(long)]
    pub without_features: bool,
    /// Leave out what networks must learn anew for, which takes longest: agreement of classes and masks, two-sample accuracy.
    #[arg(long, conflicts_with = "card")]
    pub without_learned: bool,
    /// A card to put the numbers into: the file beside the weights, *.card.json.
    #[arg(long, value_name = "FILE")]
    pub card: Option<PathBuf>,
    /// The report to write, JSON. A picture of the closest pairs goes beside it: it shows real slices.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Arguments of `slices`.
#[derive(Debug, Clone, Args)]
pub struct SlicesArgs {
    /// Folder with slices.csv, image/ and mask/.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Side of a slice in pixels.
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = pixels)]
    pub size: usize,
    /// Folder for image/, mask/ and slices.csv, whose column `part` says train, validation or test. Made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

fn presets() -> PossibleValuesParser {
    PRESETS.map(|preset| preset.name).into()
}

fn positive(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| "give a number above 0".to_owned())
}

fn not_negative(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| "give a number, 0 or more".to_owned())
}

fn probability(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "give a number from 0 to 1".to_owned())
}

fn batch(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=1024).contains(number));
    number.ok_or_else(|| "give a whole number from 1 to 1024".to_owned())
}

fn side(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| SIDES.contains(number) && number % 4 == 0);
    number.ok_or_else(|| "give a multiple of 4 from 16 to 256".to_owned())
}

fn pixels(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (8..=1024).contains(number));
    number.ok_or_else(|| "give a whole number from 8 to 1024".to_owned())
}

fn slices(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=MAX_SLICES).contains(number));
    number.ok_or_else(|| format!("give a whole number from 1 to {MAX_SLICES}"))
}

fn truncation(text: &str) -> Result<f32, String> {
    let number = text.parse().ok().filter(|number| (0.0..=1.5).contains(number));
    number.ok_or_else(|| "give a number from 0 to 1.5".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn numbers_out_of_range_are_refused() {
        assert_eq!(truncation("0.7"), Ok(0.7));
        assert!(truncation("2").is_err() && truncation("NaN").is_err());
        assert_eq!(positive("5"), Ok(5.0));
        assert_eq!(batch("32"), Ok(32));
        assert!(batch("0").is_err() && batch("-1").is_err());
        assert!(probability("1.1").is_err());
        assert_eq!(not_negative("0"), Ok(0.0));
        assert!(not_negative("-1").is_err() && not_negative("NaN").is_err());
        assert_eq!((side("64"), slices("96")), (Ok(64), Ok(96)));
        assert!(pixels("64") == Ok(64) && pixels("4").is_err() && pixels("2000").is_err());
        assert!(side("18").is_err() && side("512").is_err() && slices("0").is_err());
        assert!(positive("0").is_err() && positive("inf").is_err());
    }
}
