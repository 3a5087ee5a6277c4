//! `hersenscan train`: the loop around [`Trainer::step`].

mod folder;
mod progress;
mod publish;

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use burn::tensor::Device;

use super::args::TrainArgs;
use super::{device, weights};
use crate::gan::extent::Extent;
use crate::gan::pool::Pool;
use crate::gan::preset::Network;
use crate::gan::preset::Preset;
use crate::gan::schedule::{Schedule, Strength};
use crate::gan::state_dict::NamedValues;
use crate::gan::train::{Report, Settings, Trainer};
use crate::gan::transfer;
use crate::gan::weights::WeightsFile;
use crate::slices::dataset::{Dataset, DatasetSlice};
use folder::RunFolder;
use progress::{Losses, Progress};
use publish::Origin;

/// Time between two checkpoints.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(180);
/// Steps between two readings of the losses: a reading waits for the device.
const READ_EVERY: u64 = 20;
/// Batches to average for the overfitting gauge.
const GAUGE_BATCHES: usize = 4;
/// Images a step where none are asked for.
const BATCH: usize = 32;

/// How long a run goes on.
#[derive(Debug, Clone, Copy)]
enum Budget {
    Minutes(f64),
    Kimg(f64),
}

impl Budget {
    /// From 0 at the start to 1 at the end.
    fn progress(self, images: u64, used: Duration) -> f64 {
        match self {
            Budget::Minutes(minutes) => used.as_secs_f64() / (60.0 * minutes),
            Budget::Kimg(kimg) => images as f64 / (1000.0 * kimg),
        }
    }
}

/// Train as the arguments say.
///
/// # Errors
/// If the data, the weights to start from, the device or the output folder are not usable; the message says
/// what to do.
pub fn run(args: &TrainArgs) -> Result<(), Box<dyn Error>> {
    let preset = Preset::by_name(&args.preset).ok_or_else(|| {
        let names: Vec<_> = crate::gan::preset::PRESETS.iter().map(|p| p.name).collect();
        format!("there is no preset `{}`; choose one of {}", args.preset, names.join(", "))
    })?;
    let budget = match (args.minutes, args.kimg) {
        (Some(minutes), None) => Budget::Minutes(minutes),
        (None, kimg) => Budget::Kimg(kimg.unwrap_or(200.0)),
        (Some(_), Some(_)) => return Err("give --minutes or --kimg, not both".into()),
    };
    let device = device::open(args.device)?;
    eprintln!("reading {}", args.data.display());
    let data = Dataset::read(&args.data, preset.size())?;
    let train = pool(&data, &data.train);
    let held_out = pool(&data, &data.validation);
    eprintln!(
        "{} training slices, {} held out for the overfitting gauge, classes: {}",
        train.len(),
        held_out.len(),
        data.classes.join(", ")
    );

    let folder = RunFolder::open(&args.out)?;
    let (mut trainer, mut used) = match args.resume {
        true => folder.resume(&device)?,
        false => {
            folder.refuse_if_used()?;
            (start(args, preset, &data, &train, &device)?, Duration::ZERO)
        }
    };
    if trainer.settings.preset != preset || trainer.settings.classes != data.classes.len() {
        return Err(format!(
            "the checkpoint is of `{}` with {} classes; resume it with that preset and data",
            trainer.settings.preset.name, trainer.settings.classes
        )
        .into());
    }
    // A resumed run may continue under new knobs: a longer budget stretches the schedule.
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed))?;

    let origin = Origin::new(args, &data, data.validation.iter().map(|slice| slice.labelled.clone()).collect());
    let bar = Progress::new();
    let mut losses = Losses::default();
    let mut clock = Instant::now();
    let mut saved = Instant::now();
    let mut gauged = trainer.images / Strength::EVERY;
    let mut stages: Vec<u64> = args.stages.iter().map(|kimg| (kimg * 1000.0) as u64).collect();
    stages.retain(|images| *images >= trainer.images); // those before are from an earlier run
    stages.sort_unstable();
    loop {
        if stages.first().is_some_and(|images| *images <= trainer.images) {
            stages.retain(|images| *images > trainer.images);
            publish::write_stage(&trainer, &origin, &args.out)?;
        }
        let progress = budget.progress(trainer.images, used);
        if progress >= 1.0 || stop.load(Ordering::Relaxed) {
            break;
        }
        let report = trainer.step(&train, progress);
        used += clock.elapsed();
        clock = Instant::now();
        if trainer.steps % READ_EVERY == 1 {
            losses.read(&report);
            check(&losses, trainer.steps)?;
            bar.show(&trainer, &losses, used, progress);
        }
        if trainer.images / Strength::EVERY > gauged {
            gauged = trainer.images / Strength::EVERY;
            gauge(&mut trainer, &train, &held_out, &mut losses);
        }
        if saved.elapsed() > CHECKPOINT_EVERY {
            folder.save(&trainer, &losses, used)?;
            bar.log(&trainer, &losses, used, progress);
            saved = Instant::now();
        }
    }
    let report_rate = bar.finish(&trainer, used);
    folder.save(&trainer, &losses, used)?;
    publish::write(&trainer, &origin, args.out.as_path())?;
    eprintln!("{report_rate}; weights are in {}", args.out.display());
    Ok(())
}

/// The part of the data that a pool needs.
fn pool(data: &Dataset, slices: &[DatasetSlice]) -> Pool {
    Pool::new(data.classes.len(), slices.iter().map(|slice| slice.labelled.clone()))
}

/// Fresh networks, or ones that take over a smaller preset's weights.
fn start(
    args: &TrainArgs,
    preset: Preset,
    data: &Dataset,
    train: &Pool,
    device: &Device,
) -> Result<Trainer, Box<dyn Error>> {
    let mut schedule = Schedule::for_data(preset.size(), train.len());
    if let Some(gamma) = args.gamma {
        schedule.gamma = (gamma, gamma);
    }
    if let Some(ceiling) = args.augment {
        schedule.augment = ceiling;
    }
    let (classes, batch) = (data.classes.len(), args.batch.unwrap_or(BATCH));
    let settings = Settings { preset, classes, batch, seed: args.seed, schedule, extent: Extent::All };
    let trainer = Trainer::new(settings, device);
    let Some(from) = &args.from else { return Ok(trainer) };

    let generator = read_weights(from, Network::Generator, &data.classes)?;
    // The discriminator stands beside the generator; without it the first steps undo what was learned.
    let beside = publish::discriminator_path(from);
    let discriminator = read_weights(&beside, Network::Discriminator, &data.classes)?;
    eprintln!("starting from {} and {}", from.display(), beside.display());
    Ok(trainer.start_from(&generator, Some(&discriminator)))
}

fn read_weights(
    path: &std::path::Path,
    network: Network,
    classes: &[String],
) -> Result<Vec<NamedValues>, Box<dyn Error>> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let bytes = weights::read(path)?;
    let file = WeightsFile::open(&bytes).map_err(|error| named(&error))?;
    file.require(network).map_err(|error| named(&error))?;
    if file.card.classes != classes {
        return Err(named(&format!(
            "its classes are {}, those of the data {}",
            file.card.classes.join(", "),
            classes.join(", ")
        ))
        .into());
    }
    Ok(transfer::values(&file).map_err(|error| named(&error))?)
}

/// Measure how far the discriminator knows its slices by heart, and adjust the augmentation.
fn gauge(trainer: &mut Trainer, train: &Pool, held_out: &Pool, losses: &mut Losses) {
    if held_out.is_empty() {
        return;
    }
    let one = |tensor: burn::tensor::Tensor<1>| f64::from(tensor.into_scalar::<f32>());
    losses.train = one(trainer.mean_logit(train, GAUGE_BATCHES));
    losses.held_out = one(trainer.mean_logit(held_out, GAUGE_BATCHES));
    losses.generated = one(trainer.mean_fake_logit(GAUGE_BATCHES));
    let overfit = Strength::overfit(losses.train, losses.held_out, losses.generated);
    let ceiling = trainer.settings.schedule.augment;
    trainer.strength.adjust(overfit, ceiling);
}

/// A run whose losses are no numbers is over; the last checkpoint is good.
fn check(losses: &Losses, steps: u64) -> Result<(), Box<dyn Error>> {
    if losses.discriminator.is_finite() && losses.generator.is_finite() {
        return Ok(());
    }
    Err(format!(
        "training diverged at step {steps}: a loss is not a number. Go on from the last checkpoint with \
         --resume, or start again with a larger --gamma"
    )
    .into())
}

impl Losses {
    fn read(&mut self, report: &Report) {
        let one = |tensor: &burn::tensor::Tensor<1>| f64::from(tensor.clone().into_scalar::<f32>());
        self.discriminator = one(&report.discriminator);
        self.generator = one(&report.generator);
        self.gap = one(&report.real) - one(&report.fake);
        if let Some(penalty) = &report.penalty {
            self.penalty = one(penalty);
        }
    }
}
