//! The arguments of the command line. The doc comments are its help texts.

mod values;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use values::{
    batch, direction, not_negative, persons, pixels, positive, presets, probability, repetitions, steps, truncation,
};

use crate::lab::draw::Question;
use crate::lab::learner::Learner;
use crate::scans::ScansArgs;

/// Trains a GAN on brain MRI slices and generates synthetic ones. Not for diagnosis.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true)]
pub struct Arguments {
    /// The subcommand.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Train a network on a folder of slices.
    Train(TrainArgs),
    /// Generate scans and their tumour masks from a weights file.
    Sample(SampleArgs),
    /// Print the metadata of a weights file and check the file.
    Inspect(InspectArgs),
    /// Write the model card next to a weights file as Hugging Face expects it.
    Card(CardArgs),
    /// Pack real slices of held-out patients into a file for the game.
    Scans(ScansArgs),
    /// Measure whether a single number tells the real scans of a pack from generated ones in the game.
    Fairness(FairnessArgs),
    /// Measure a generator against real slices of held-out patients.
    Evaluate(EvaluateArgs),
    /// Write every slice of a data folder after normalisation, for other tools.
    Slices(SlicesArgs),
    /// Measure whether another network does better when it also learns from generated scans.
    Lab(LabArgs),
    /// Measure how fast this computer makes scans and trains.
    Bench(BenchArgs),
}

/// Compute device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum DeviceName {
    /// The CPU, in plain Rust.
    #[default]
    Flex,
    /// The CPU, with PyTorch's library. Needs a build with the feature `libtorch`.
    Libtorch,
    /// A GPU, with Vulkan. Needs a build with the feature `wgpu`.
    Wgpu,
    /// An NVIDIA GPU. Needs a build with the feature `cuda`.
    Cuda,
}

/// Arguments of `train`.
#[derive(Debug, Clone, Args)]
pub struct TrainArgs {
    /// Folder with slices.csv, image/ and mask/.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Learn from this many of the train persons only, those that the lab draws first. Their names are written to the card of
    /// the weights, so that `hersenscan lab` asks the question of stretching. Not with --from: those networks have seen others. A run
    /// that is resumed needs it too.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), conflicts_with = "from")]
    pub persons: Option<u32>,
    /// Size of the network: t(iny), s(mall), m(edium) or n(ano), and the side of a scan in pixels.
    #[arg(long, value_name = "NAME", default_value = "s64", value_parser = presets())]
    pub preset: String,
    /// Folder for weights, checkpoints and sample images. Created if it does not exist.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Generator weights of a smaller network to start from. Its discriminator file must be in the same folder.
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// Train as the page does: from the networks of --from, whatever their classes, with its hyperparameters and a constant
    /// learning rate. The networks keep their size.
    #[arg(long, requires = "from")]
    pub fine_tune: bool,
    /// Learning rate with --fine-tune [default: that of the page].
    #[arg(long, value_name = "X", value_parser = positive, requires = "fine_tune")]
    pub rate: Option<f64>,
    /// Compute device.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceName,
    /// Stop after this many minutes.
    #[arg(long, value_name = "N", conflicts_with = "kimg", value_parser = positive)]
    pub minutes: Option<f64>,
    /// Stop after this many thousand real slices have been shown to the discriminator [default: 200].
    #[arg(long, value_name = "N", value_parser = positive)]
    pub kimg: Option<f64>,
    /// Mini-batch size [default: 32, or 8 with --fine-tune].
    #[arg(long, value_name = "N", value_parser = batch)]
    pub batch: Option<usize>,
    /// Workers that share each mini-batch, with one core each. One worker uses all cores inside of each operation
    /// [default: 1]. More than one works on the device flex only.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub workers: Option<u32>,
    /// Weight of the gradient penalties R1 and R2 [default: depends on the side of a scan].
    #[arg(long, value_name = "X", value_parser = positive)]
    pub gamma: Option<f64>,
    /// Highest probability of an augmentation, 0 to 1 [default: 0.4, or 0.6 with --fine-tune].
    #[arg(long, value_name = "P", value_parser = probability)]
    pub augment: Option<f64>,
    /// Lowest probability of an augmentation, 0 to 1, unless the highest is lower [default: 0.05, or 0.4 with --fine-tune].
    #[arg(long, value_name = "P", value_parser = probability)]
    pub augment_least: Option<f64>,
    /// Add a judge: discriminators on the features of a network that was trained on photographs. X is the weight of their
    /// logits in the generator's loss, for example 1. A resumed run keeps the judge that it has, or its lack of one.
    #[arg(long, value_name = "X", value_parser = positive)]
    pub projected: Option<f64>,
    /// The judge's feature network [default: static/weights/judge/efficientnet-lite1.safetensors in the current folder].
    #[arg(long, value_name = "FILE")]
    pub judge: Option<PathBuf>,
    /// Seed of all random numbers: initial weights, choice of slices, latents, augmentation.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Name of the data set, for the metadata of the weights [default: name of the folder].
    #[arg(long, value_name = "TEXT")]
    pub dataset: Option<String>,
    /// Licence of the weights, for their metadata.
    #[arg(long, value_name = "TEXT")]
    pub licence: Option<String>,
    /// Who must be credited for the weights, for their metadata.
    #[arg(long, value_name = "TEXT")]
    pub attribution: Option<String>,
    /// Save the generator after these numbers of thousand slices as stage-*.safetensors. 0 is before the first step.
    #[arg(long, value_name = "N,N,...", value_delimiter = ',', value_parser = not_negative)]
    pub stages: Vec<f64>,
    /// Resume from the checkpoint in the folder of `--out`.
    #[arg(long)]
    pub resume: bool,
}

/// Arguments of `sample`.
#[derive(Debug, Clone, Args)]
pub struct SampleArgs {
    /// Generator weights, a safetensors file.
    #[arg(long, value_name = "FILE")]
    pub weights: PathBuf,
    /// Number of scans.
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub n: u32,
    /// Class name of all scans [default: determined by each seed].
    #[arg(long, value_name = "CLASS")]
    pub class: Option<String>,
    /// Seed of the first scan. Further scans have consecutive seeds.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u32,
    /// Truncation, 0 to 1.5. Below 1, scans are more average and have fewer artefacts; above 1, they are more unusual.
    #[arg(long, value_name = "T", default_value_t = 1.0, value_parser = truncation)]
    pub truncation: f32,
    /// Offset along a latent direction of the weights, -3 to 3, for example head-size=-1.5. Repeat for each further direction.
    #[arg(long, value_name = "NAME=X", value_parser = direction, allow_hyphen_values = true)]
    pub direction: Vec<(String, f32)>,
    /// Write masks with soft edges, as the generator draws them. Without this, mask pixels are 0 or 255, cut at 128.
    #[arg(long)]
    pub soft_masks: bool,
    /// Compute device.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceName,
    /// Folder for 0000.png, 0000_mask.png, ..., samples.csv and manifest.json. Created if it does not exist.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// Arguments of `inspect`.
#[derive(Debug, Clone, Args)]
pub struct InspectArgs {
    /// Weights of a generator or a discriminator.
    #[arg(long, value_name = "FILE")]
    pub weights: PathBuf,
}

/// Arguments of `card`.
#[derive(Debug, Clone, Args)]
pub struct CardArgs {
    /// Weights of a generator. Its card, NAME.card.json, must be in the same folder.
    #[arg(long, value_name = "FILE")]
    pub weights: PathBuf,
    /// File for the card.
    #[arg(long, value_name = "FILE", default_value = "README.md")]
    pub out: PathBuf,
}

/// Arguments of `fairness`.
#[derive(Debug, Clone, Args)]
#[command(group(clap::ArgGroup::new("purpose").required(true).multiple(true).args(["pack", "sheet"])))]
pub struct FairnessArgs {
    /// Pack of real scans, as `hersenscan scans` writes it. They are compared with generated ones.
    #[arg(long, value_name = "FILE")]
    pub pack: Option<PathBuf>,
    /// Generator weights, of the size of the pack or half of it. Repeat for each size that visitors can choose.
    #[arg(long, value_name = "FILE", required = true)]
    pub weights: Vec<PathBuf>,
    /// Folder for the generated scans, one picture NAME.png for each weights file NAME.safetensors. `hersenscan scans --sheet` compares
    /// with them without a network.
    #[arg(long, value_name = "DIR")]
    pub sheet: Option<PathBuf>,
}

/// Arguments of `evaluate`.
#[derive(Debug, Clone, Args)]
#[command(group(clap::ArgGroup::new("generator").required(true).args(["weights", "images"])))]
pub struct EvaluateArgs {
    /// Generator weights, a safetensors file.
    #[arg(long, value_name = "FILE")]
    pub weights: Option<PathBuf>,
    /// Folder with scans of any generator: 0000.png, 0000_mask.png, ..., and samples.csv with their classes. Masks and classes are optional.
    #[arg(long, value_name = "DIR")]
    pub images: Option<PathBuf>,
    /// Folder with slices.csv, image/ and mask/. Its `test` patients are the held-out patients.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Largest number of generated scans.
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(16..=20_000))]
    pub n: u32,
    /// Side in pixels to which the scans of --images are resized [default: that of the first scan].
    #[arg(long, value_name = "N", value_parser = pixels, conflicts_with = "weights")]
    pub size: Option<usize>,
    /// Seed of all random numbers.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// The feature network, a safetensors file [default: the one of this program].
    #[arg(long, value_name = "FILE", conflicts_with = "without_features")]
    pub features: Option<PathBuf>,
    /// Leave out the measures in feature space: FD, KID, density and coverage.
    #[arg(long)]
    pub without_features: bool,
    /// Leave out the measures that train a network, which take longest: class and mask agreement, two-sample accuracy.
    #[arg(long, conflicts_with = "card")]
    pub without_learned: bool,
    /// Model card to update with the measures: the file *.card.json next to the weights.
    #[arg(long, value_name = "FILE")]
    pub card: Option<PathBuf>,
    /// Report to write, JSON. An image of the closest pairs is written next to it; it shows real slices.
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
    /// Of the train persons, only this many: those that the lab draws first.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub persons: Option<u32>,
    /// Folder for image/, mask/ and slices.csv with the column `part`: train, validation or test. Created if it does not exist.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// Learner of `lab`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LearnerName {
    /// The class of a slice.
    #[value(name = "type")]
    Classifier,
    /// The place of the tumour.
    #[value(name = "where")]
    Segmenter,
}

impl From<LearnerName> for Learner {
    fn from(name: LearnerName) -> Self {
        match name {
            LearnerName::Classifier => Self::Classifier,
            LearnerName::Segmenter => Self::Segmenter,
        }
    }
}

/// Question of `lab`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum QuestionName {
    /// The generator was made from other people's data.
    Sharing,
    /// The generator saw only the persons that learners learn from.
    Stretching,
}

impl From<QuestionName> for Question {
    fn from(name: QuestionName) -> Self {
        match name {
            QuestionName::Sharing => Self::Sharing,
            QuestionName::Stretching => Self::Stretching,
        }
    }
}

/// Arguments of `lab`.
#[derive(Debug, Clone, Args)]
#[command(group(clap::ArgGroup::new("generator").required(true).args(["weights", "images"])))]
pub struct LabArgs {
    /// Folder with slices.csv, image/ and mask/. Learners learn from its `train` persons and are measured on its `test` persons.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Generator weights, a safetensors file. Each repetition gets other fakes.
    #[arg(long, value_name = "FILE")]
    pub weights: Option<PathBuf>,
    /// Folder with scans of any generator: 0000.png, 0000_mask.png, ..., and samples.csv with their classes. Masks are optional.
    #[arg(long, value_name = "DIR")]
    pub images: Option<PathBuf>,
    /// Text file with the persons that the generator learned from, one in each line [default: the list in the card of the weights, if there is one].
    #[arg(long, value_name = "FILE")]
    pub generator_persons: Option<PathBuf>,
    /// What is asked [default: stretching if the persons of the generator are known, else sharing].
    #[arg(long, value_enum)]
    pub question: Option<QuestionName>,
    /// Numbers of train persons; `all` for all [default: 10,20,40,all].
    #[arg(long, value_name = "N,N,...", value_delimiter = ',', value_parser = persons)]
    pub patients: Vec<usize>,
    /// Number of repetitions: other persons, first weights and order.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = repetitions)]
    pub repetitions: usize,
    /// What the learners look for.
    #[arg(long, alias = "reader", value_enum, value_delimiter = ',', default_values = ["type", "where"])]
    pub learner: Vec<LearnerName>,
    /// Part of the fakes in a mini-batch of real slices and fakes, 0 to 1.
    #[arg(long, value_name = "P", default_value_t = 0.5, value_parser = probability)]
    pub fakes: f64,
    /// Fakes of each class that are made for a repetition.
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = steps)]
    pub each: usize,
    /// Side of a slice in pixels: a multiple of 16.
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = pixels)]
    pub size: usize,
    /// Training steps of a learner.
    #[arg(long, value_name = "N", default_value_t = 400, value_parser = steps)]
    pub steps: usize,
    /// Seed of all random numbers.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Report to write, JSON. A picture of the differences is written next to it, SVG.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Go on with the experiment in the file of `--out`.
    #[arg(long)]
    pub resume: bool,
}

/// Arguments of `bench`.
#[derive(Debug, Clone, Args)]
pub struct BenchArgs {
    /// Sizes of the network.
    #[arg(long, value_name = "NAME,NAME,...", value_delimiter = ',', default_values = ["s32", "s64", "s128"], value_parser = presets())]
    pub presets: Vec<String>,
    /// Mini-batch size of the training.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = batch)]
    pub batch: usize,
    /// Seconds for each task.
    #[arg(long, value_name = "N", default_value_t = 5.0, value_parser = not_negative)]
    pub seconds: f64,
    /// Compute device.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceName,
    /// Also time training with a judge, whose feature network this is: static/weights/judge/efficientnet-lite1.safetensors.
    #[arg(long, value_name = "FILE")]
    pub judge: Option<PathBuf>,
    /// Print JSON instead of a table.
    #[arg(long)]
    pub json: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn clap_finds_no_errors_in_the_arguments() {
        Arguments::command().debug_assert();
    }
}
