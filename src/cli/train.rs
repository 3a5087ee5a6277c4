//! `hersenscan train`: drives the [training loop](TrainingLoop) with a budget, a progress bar and a folder.

mod folder;
mod progress;
mod publish;

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use burn::tensor::{Device, read_sync};

use super::args::{DeviceName, TrainArgs};
use super::{device, weights};
use crate::gan::balanced_sampler::BalancedSampler;
use crate::gan::checkpoint;
use crate::gan::judge::backbone::Backbone;
use crate::gan::preset::{Network, PRESETS, Preset};
use crate::gan::schedule::Schedule;
use crate::gan::state_dict::NamedValues;
use crate::gan::train::{TrainSettings, TrainState};
use crate::gan::trainable::Trainable;
use crate::gan::transfer;
use crate::gan::weights::WeightsFile;
use crate::lab::first_persons;
use crate::slice::LabelledSlice;
use crate::slices::dataset::{Dataset, DatasetSlice};
use crate::training::cadence::Every;
use crate::training::fine_tuning::{self, Trained};
use crate::training::measurement::{Counts, OverfitCheck, StepLosses};
use crate::training::team::threads::{Threads, single_core_pool};
use crate::training::team::{FollowerSetup, Team};
use crate::training::training_loop::{LoopEvent, LoopOptions, MIN_RATE, TrainingHost, TrainingLoop};
use crate::training::tuning::Tuning;
use folder::RunFolder;
use progress::RunProgressBar;
use publish::Output;

/// A checkpoint, a line of the log and a grid of samples every three minutes; losses every 20 steps.
const OPTIONS: LoopOptions = LoopOptions {
    read: Every::Steps(20),
    measurement: Every::Steps(20),
    overfit_check: Every::Images(4000),
    distance: Every::Images(4000),
    check_batches: 4,
    grid: Every::Millis(180_000.0),
    checkpoint: Every::Millis(180_000.0),
    // `--minutes` is the time of the whole run.
    overhead_counts: true,
};
/// With `--fine-tune` overfitting is checked about as often as on the page: the augmentation follows from it.
const FINE_TUNING: LoopOptions = LoopOptions { overfit_check: Every::Images(150), check_batches: 2, ..OPTIONS };

/// Default mini-batch size.
const BATCH: usize = 32;

/// Path of the judge's frozen network in the repository.
const JUDGE: &str = "static/weights/judge/efficientnet-lite1.safetensors";

/// Length of a run.
#[derive(Debug, Clone, Copy)]
enum Budget {
    Minutes(f64),
    Kimg(f64),
}

impl Budget {
    /// Position in the run: 0 at the start, 1 at the end.
    fn progress(self, counts: &Counts) -> f64 {
        match self {
            Budget::Minutes(minutes) => counts.seconds / (60.0 * minutes),
            Budget::Kimg(kimg) => counts.images as f64 / (1000.0 * kimg),
        }
    }
}

/// Trains as the arguments say.
///
/// # Errors
/// If the data, the weights to start from, the device or the output folder are not usable; the message says
/// what to do.
pub fn run(args: &TrainArgs) -> Result<(), Box<dyn Error>> {
    let workers = workers(args)?;
    if workers == 1 {
        return train(args, 1);
    }
    // The leader has one core too.
    let train = || train(args, workers).map_err(|error| error.to_string());
    Ok(single_core_pool()?.install(train)?)
}

/// Number of workers that share each mini-batch.
fn workers(args: &TrainArgs) -> Result<usize, Box<dyn Error>> {
    match (args.device, args.workers) {
        (_, None | Some(1)) => Ok(1),
        (DeviceName::Flex, Some(workers)) => Ok(workers as usize),
        (_, Some(_)) => Err("--workers is for --device flex: other devices share out their work themselves".into()),
    }
}

fn train(args: &TrainArgs, workers: usize) -> Result<(), Box<dyn Error>> {
    let preset = Preset::by_name(&args.preset).ok_or_else(|| {
        let names: Vec<_> = PRESETS.iter().map(|p| p.name).collect();
        format!("there is no preset `{}`; choose one of {}", args.preset, names.join(", "))
    })?;
    let budget = match (args.minutes, args.kimg) {
        (Some(minutes), None) => Budget::Minutes(minutes),
        (None, kimg) => Budget::Kimg(kimg.unwrap_or(200.0)),
        (Some(_), Some(_)) => return Err("give --minutes or --kimg, not both".into()),
    };
    let device = device::open(args.device)?;
    eprintln!("reading {}", args.data.display());
    let mut data = Dataset::read(&args.data, preset.size())?;
    let persons = args.persons.map(|count| first_persons::keep(&mut data, count as usize)).transpose()?;
    let train = sampler(&data, &data.train);
    let held_out = sampler(&data, &data.validation);
    eprintln!(
        "{} training slices, {} held out for the overfitting check, classes: {}",
        train.len(),
        held_out.len(),
        data.classes.join(", ")
    );

    let folder = RunFolder::open(&args.out)?;
    let backbone = backbone(args, &device)?;
    let (state, seconds, saved) = if args.resume {
        folder.resume(backbone.as_ref(), &device)?
    } else {
        folder.refuse_if_used()?;
        let mut state = start(args, preset, &data, &train, &device)?;
        if let (Some(weight), Some(backbone)) = (args.projected, backbone) {
            state = state.with_judge(weight, backbone);
        }
        let saved = read_sync(checkpoint::encode(&state, "0"))?;
        (state, 0.0, saved)
    };
    if state.settings.preset != preset || state.settings.classes != data.classes.len() {
        return Err(format!(
            "the checkpoint is of `{}` with {} classes; resume it with that preset and data",
            state.settings.preset.name, state.settings.classes
        )
        .into());
    }
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed))?;

    let output = Output::new(args, &data, persons.as_deref(), labelled(&data.validation));
    // Stages that the run has passed were written by an earlier call.
    let mut stages: Vec<u64> = args.stages.iter().map(|kimg| (kimg * 1000.0) as u64).collect();
    stages.retain(|images| *images >= state.images);
    let team = team(workers, &state, &train)?;
    let options = if args.fine_tune { FINE_TUNING } else { OPTIONS };
    let training = TrainingLoop::new(state, saved, (train, held_out), options, 1000.0 * seconds, 0);
    let mut training = training.with_team(team);
    let mut console = Console::new(&folder);
    loop {
        let images = training.state.images;
        if stages.iter().any(|stage| *stage <= images) {
            stages.retain(|stage| *stage > images);
            output.write_stage(&training.state, &args.out)?;
        }
        console.progress = budget.progress(&training.counts());
        if console.progress >= 1.0 || stop.load(Ordering::Relaxed) {
            break;
        }
        read_sync(training.advance(console.progress, &mut console))?;
    }
    read_sync(training.make_checkpoint(&mut console))?;
    read_sync(training.make_grid(&mut console))?;
    output.write(&training.state, &args.out)?;
    eprintln!("{}; weights are in {}", console.bar.finish(&training.counts()), args.out.display());
    Ok(())
}

/// The leader, and followers on threads.
fn team(workers: usize, state: &TrainState, slices: &BalancedSampler) -> Result<Team, Box<dyn Error>> {
    if workers == 1 {
        return Ok(Team::default());
    }
    let TrainSettings { preset, classes, seed, trainable, .. } = state.settings;
    let judge = state.judge.as_ref().map(|judge| (judge.weight, judge.backbone.clone()));
    let setup = FollowerSetup { preset, classes, seed, trainable, judge, slices: slices.clone() };
    Ok(Team::new(Box::new(Threads::start(workers - 1, &setup)?)))
}

/// Shows a run in the terminal and keeps it in its folder.
struct Console<'a> {
    folder: &'a RunFolder,
    bar: RunProgressBar,
    start: Instant,
    /// Position in the run, 0 to 1.
    progress: f64,
    losses: StepLosses,
    check: Option<OverfitCheck>,
}

impl<'a> Console<'a> {
    fn new(folder: &'a RunFolder) -> Self {
        let (losses, check) = Default::default();
        Self { folder, bar: RunProgressBar::new(), start: Instant::now(), progress: 0.0, losses, check }
    }
}

impl TrainingHost for Console<'_> {
    fn now(&self) -> f64 {
        1000.0 * self.start.elapsed().as_secs_f64()
    }

    fn note(&self, counts: &Counts) -> String {
        counts.seconds.to_string()
    }

    async fn on_event(&mut self, event: LoopEvent<'_>, training: &TrainingLoop) -> Result<(), Box<dyn Error>> {
        let augment = training.state.adaptive_augment.probability;
        match event {
            LoopEvent::Losses(losses) => self.losses = losses,
            LoopEvent::Measured(measurement) => self.bar.show(&measurement, self.progress),
            LoopEvent::Checked(check) => self.check = Some(check),
            LoopEvent::Checkpoint(bytes) => {
                self.folder.save(bytes)?;
                self.folder.log(&training.counts(), &self.losses, augment, self.check.as_ref())?;
                self.bar.log(&training.counts(), &self.losses, augment, self.progress);
            }
            LoopEvent::Distance(_) => {}
            LoopEvent::Grid => self.folder.grid(&training.state)?,
            LoopEvent::RolledBack { diverged_at } => {
                let rate = training.state.settings.schedule.rate.0;
                self.bar.say(&format!(
                    "training diverged at step {diverged_at}: back at step {}, with half the learning rate ({rate:.1e} at \
                     the start of the run, at least {MIN_RATE:.0e})",
                    training.state.steps
                ));
            }
        }
        Ok(())
    }
}

/// A sampler of these slices.
fn sampler(data: &Dataset, slices: &[DatasetSlice]) -> BalancedSampler {
    BalancedSampler::new(data.classes.len(), labelled(slices))
}

/// The slices as the networks see them.
fn labelled(slices: &[DatasetSlice]) -> Vec<LabelledSlice> {
    slices.iter().map(|slice| slice.labelled.clone()).collect()
}

/// The state at the start: random weights, or the weights of a smaller preset (`--from`).
fn start(
    args: &TrainArgs,
    preset: Preset,
    data: &Dataset,
    train: &BalancedSampler,
    device: &Device,
) -> Result<TrainState, Box<dyn Error>> {
    if let (true, Some(from)) = (args.fine_tune, &args.from) {
        return fine_tune(args, from, preset, data, train.len(), device);
    }
    let mut schedule = Schedule::for_data(preset.size(), train.len());
    if let Some(gamma) = args.gamma {
        schedule.gamma = (gamma, gamma);
    }
    if let Some(ceiling) = args.augment {
        schedule.augment = ceiling;
    }
    if let Some(least) = args.augment_least {
        schedule.augment_least = least;
    }
    let (classes, batch) = (data.classes.len(), args.batch.unwrap_or(BATCH));
    let settings = TrainSettings { preset, classes, batch, seed: args.seed, schedule, trainable: Trainable::All };
    let state = TrainState::new(settings, device);
    let Some(from) = &args.from else { return Ok(state) };

    let generator = read_weights(from, Network::Generator, &data.classes)?;
    // Without its discriminator, the first steps would undo what the generator has learned.
    let beside = publish::discriminator_path(from);
    let discriminator = read_weights(&beside, Network::Discriminator, &data.classes)?;
    eprintln!("starting from {} and {}", from.display(), beside.display());
    Ok(state.start_from(&generator, Some(&discriminator)))
}

/// The state at the start of a training as the page does it.
fn fine_tune(
    args: &TrainArgs,
    from: &Path,
    preset: Preset,
    data: &Dataset,
    slices: usize,
    device: &Device,
) -> Result<TrainState, Box<dyn Error>> {
    let read = |path: &Path, network| {
        Trained::read(&weights::read(path)?, network)
            .map_err(|error| -> Box<dyn Error> { format!("{}: {error}", path.display()).into() })
    };
    let beside = publish::discriminator_path(from);
    let (generator, discriminator) = (read(from, Network::Generator)?, read(&beside, Network::Discriminator)?);
    if generator.card.preset != preset || discriminator.card.preset != preset {
        let name = generator.card.preset.name;
        return Err(format!("{} is of the preset `{name}`: give --preset {name}", from.display()).into());
    }
    let mut state = fine_tuning::start(&generator, Some(&discriminator), (&data.classes, slices), args.seed, device);
    if let Some(least) = args.augment_least {
        state.settings.schedule.augment_least = least;
    }
    let default = Tuning::TRAINED;
    let tuning = Tuning {
        rate: args.rate.unwrap_or(default.rate),
        augment: args.augment.unwrap_or(default.augment),
        batch: args.batch.unwrap_or(default.batch),
        gamma: args.gamma.unwrap_or(default.gamma),
    };
    tuning.apply(&mut state);
    Ok(state)
}

/// The frozen network of the judge, if one is asked for. A run that is resumed may need it.
fn backbone(args: &TrainArgs, device: &Device) -> Result<Option<Backbone>, Box<dyn Error>> {
    if args.projected.is_none() && args.judge.is_none() {
        return Ok(None);
    }
    let path = args.judge.as_deref().unwrap_or(Path::new(JUDGE));
    let bytes = std::fs::read(path).map_err(|error| {
        format!(
            "cannot read {} ({error}): give the path of static/weights/judge/*.safetensors with --judge",
            path.display()
        )
    })?;
    let backbone = Backbone::from_bytes(&bytes, device);
    Ok(Some(backbone.map_err(|error| format!("{}: {error}", path.display()))?))
}

fn read_weights(path: &Path, network: Network, classes: &[String]) -> Result<Vec<NamedValues>, Box<dyn Error>> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let bytes = weights::read(path)?;
    let file = WeightsFile::open(&bytes).map_err(|error| named(&error))?;
    file.require(network).map_err(|error| named(&error))?;
    if file.card.classes != classes {
        return Err(named(&format!(
            "its classes are {}, those of the data {}: --fine-tune goes on with other classes",
            file.card.classes.join(", "),
            classes.join(", ")
        ))
        .into());
    }
    Ok(transfer::values(&file).map_err(|error| named(&error))?)
}
