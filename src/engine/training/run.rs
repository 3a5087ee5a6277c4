//! One training: its networks, its slices, and what is measured on the way.

use burn::tensor::{Device, ExecutionError, Tensor};
use serde::{Deserialize, Serialize};

use super::super::shared::{DeviceKind, Failure};
use super::course::{Course, spread};
use super::disk;
use super::port;
use super::protocol::Event;
use super::protocol::{Begin, Counts, FRAME_SCANS, Gauge, Notice, Point, Tell, Tuning, Who};
use super::start::{Recipe, Start};
use crate::gan::card::WeightsCard;
use crate::gan::checkpoint;
use crate::gan::directions::Directions;
use crate::gan::generator_model::GeneratorModel;
use crate::gan::pool::Pool;
use crate::gan::preset::Network;
use crate::gan::preset::{ScanSpec, Style};
use crate::gan::schedule::Strength;
use crate::gan::train::{Report, Trainer};
use crate::slice::Slice;

/// Milliseconds between two points of the charts.
const POINT_EVERY: f64 = 1000.0;
/// Milliseconds of training between two frames, at least.
const FRAME_EVERY: f64 = 4000.0;
/// A frame may take this part of the time.
const FRAME_SHARE: f64 = 0.1;
/// Milliseconds of training between two gauges.
const GAUGE_EVERY: f64 = 12_000.0;
/// Batches to average for a gauge.
const GAUGE_BATCHES: usize = 2;
/// Milliseconds of training between two checkpoints: the most that a lost device may cost, with a step to spare.
const SAVE_EVERY: f64 = 25_000.0;
/// A loss beyond this is one that ran away.
const RUNAWAY: f32 = 1e4;
/// The processor draws this many scans at once, so that it can hear between two.
const CPU_SCANS: usize = 4;

pub type Failed = (Failure, String);

/// What a checkpoint says beside the networks.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Note {
    seconds: f64,
    tuning: Tuning,
}

/// When things were last done, in milliseconds of training.
#[derive(Debug, Default)]
struct Last {
    point: f64,
    frame: f64,
    frame_took: f64,
    gauge: f64,
    saved: f64,
    /// For the rate: images and milliseconds at the last point.
    rate: (u64, f64),
}

/// A training.
pub struct Run {
    pub trainer: Trainer,
    pub begin: Begin,
    pub recipe: Recipe,
    pub tuning: Tuning,
    pub course: Course,
    train: Pool,
    held_out: Pool,
    kind: DeviceKind,
    head_start: u32,
    /// Milliseconds of training, rests left out.
    clock: f64,
    rate: f64,
    last: Last,
    numbers: [f32; 5],
    said: Vec<Notice>,
    /// The last state whose numbers were sane.
    good: Vec<u8>,
    /// How much the slices differ from each other.
    variety: f32,
}

impl Run {
    /// A training from its recipe.
    pub fn new(begin: Begin, recipe: Recipe, device: &Device) -> Result<Self, Failed> {
        let tuning = begin.tuning.clamped();
        let Start { trainer, note, head_start } = recipe.make(&begin.set, tuning, begin.seed, device)?;
        let note: Option<Note> = serde_json::from_str(&note).ok();
        let set = &begin.set;
        let pool = |slices: &[_]| Pool::new(set.classes.len(), slices.iter().cloned());
        let (train, held_out) = (pool(&set.train), pool(&set.held_out));
        let course = Course::new(set.train.len(), set.held_out.len());
        let variety = spread(set.train.iter().map(|it| it.slice.image.as_slice()));
        let clock = note.map_or(0.0, |note| note.seconds * 1000.0);
        let kind = begin.device;
        let last = Last {
            point: clock,
            frame: clock,
            frame_took: 0.0,
            gauge: clock,
            saved: clock,
            rate: (trainer.images, clock),
        };
        let mut run = Self {
            trainer,
            begin,
            recipe,
            tuning,
            course,
            train,
            held_out,
            kind,
            head_start,
            clock,
            rate: 0.0,
            last,
            numbers: [0.0; 5],
            said: Vec::new(),
            good: Vec::new(),
            variety,
        };
        run.tune(note.map_or(tuning, |note| note.tuning));
        Ok(run)
    }

    /// Turn the knobs.
    pub fn tune(&mut self, tuning: Tuning) {
        let tuning = tuning.clamped();
        let settings = &mut self.trainer.settings;
        settings.batch = tuning.batch;
        settings.schedule.rate = (tuning.rate, tuning.rate);
        settings.schedule.gamma = (tuning.gamma, tuning.gamma);
        settings.schedule.augment = tuning.augment;
        let strength = &mut self.trainer.strength;
        strength.probability = strength.probability.min(tuning.augment);
        self.tuning = tuning;
    }

    /// Where the training stands.
    pub fn counts(&self) -> Counts {
        let Trainer { steps, images, .. } = self.trainer;
        Counts { steps, images, seconds: self.clock / 1000.0, rate: self.rate }
    }

    /// A step that only takes time, for a warm-up.
    pub fn warm(&mut self) -> Report {
        self.trainer.step(&self.train, 0.0)
    }

    /// One step and whatever is due after it.
    pub async fn step(&mut self) -> Result<(), Failed> {
        let start = port::now();
        if self.head_start > 0 {
            self.head_start -= 1;
            let loss = self.trainer.step_one(Network::Discriminator, &self.train, 0.0);
            self.numbers[0] = scalars([loss]).await?[0];
        } else {
            let report = self.trainer.step(&self.train, 0.0);
            self.numbers = read(&report, self.numbers[4]).await?;
            self.course.step(self.numbers[2], self.numbers[3]);
        }
        self.clock += port::now() - start;
        if self.numbers.iter().any(|number| !number.is_finite() || number.abs() > RUNAWAY) {
            return self.go_back().await;
        }
        self.report().await
    }

    /// One step of one network alone, and all that is measured, at once.
    pub async fn step_one(&mut self, who: Who) -> Result<(), Failed> {
        let start = port::now();
        let network = match who {
            Who::Generator => Network::Generator,
            Who::Discriminator => Network::Discriminator,
        };
        let loss = self.trainer.step_one(network, &self.train, 0.0);
        let place = usize::from(who == Who::Generator);
        self.numbers[place] = scalars([loss]).await?[0];
        self.clock += port::now() - start;
        self.gauge().await?;
        self.point();
        self.frame().await
    }

    /// Whatever is due.
    async fn report(&mut self) -> Result<(), Failed> {
        if self.clock - self.last.point >= POINT_EVERY {
            self.point();
        }
        if self.clock - self.last.gauge >= GAUGE_EVERY {
            self.gauge().await?;
        }
        let due = FRAME_EVERY.max(self.last.frame_took / FRAME_SHARE);
        if self.clock - self.last.frame >= due {
            self.frame().await?;
        }
        if self.clock - self.last.saved >= SAVE_EVERY {
            self.save().await?;
        }
        Ok(())
    }

    fn point(&mut self) {
        let (images, clock) = self.last.rate;
        if self.clock > clock {
            self.rate = (self.trainer.images - images) as f64 * 1000.0 / (self.clock - clock);
        }
        self.last.rate = (self.trainer.images, self.clock);
        self.last.point = self.clock;
        let [discriminator, generator, real, fake, penalty] = self.numbers;
        let Counts { steps, images, seconds, .. } = self.counts();
        let augment = self.trainer.strength.probability as f32;
        let point = Point { seconds, steps, images, discriminator, generator, penalty, real, fake, augment };
        port::post(&Event::Training(Tell::Point { point, counts: self.counts() }));
        self.say();
    }

    fn say(&mut self) {
        let notices = self.course.notices(self.trainer.steps, self.trainer.images);
        if notices != self.said {
            self.said.clone_from(&notices);
            port::post(&Event::Training(Tell::Notices { notices }));
        }
    }

    /// Measure how far the discriminator knows its slices by heart, and augment accordingly.
    async fn gauge(&mut self) -> Result<(), Failed> {
        self.last.gauge = self.clock;
        let train = self.trainer.mean_logit(&self.train, GAUGE_BATCHES);
        let generated = self.trainer.mean_fake_logit(GAUGE_BATCHES);
        let held_out = match self.held_out.is_empty() {
            true => train.clone(),
            false => self.trainer.mean_logit(&self.held_out, GAUGE_BATCHES),
        };
        let [train, held_out, generated] = scalars([train, held_out, generated]).await?;
        let known = (!self.held_out.is_empty()).then_some(held_out);
        if known.is_some() {
            self.course.gauge(train, held_out, generated);
            let overfit = Strength::overfit(train.into(), held_out.into(), generated.into());
            self.trainer.strength.adjust(overfit, self.tuning.augment);
        }
        let Counts { seconds, images, .. } = self.counts();
        let gauge = Gauge { seconds, images, train, held_out: known, generated };
        port::post(&Event::Training(Tell::Gauge { gauge }));
        Ok(())
    }

    /// The same latents as ever.
    pub async fn frame(&mut self) -> Result<(), Failed> {
        let start = port::now();
        let scans = self.draw(FRAME_SCANS, 0).await?;
        if self.variety > 0.0 {
            self.course.spread(spread(scans.iter().map(|scan| scan.image.as_slice())) / self.variety);
        }
        let bytes = Slice::concat(&scans);
        let Counts { seconds, images, .. } = self.counts();
        let size = self.begin.set.size;
        let tell = Tell::Frame { images, seconds, size, count: scans.len() };
        port::post_with_bytes(&Event::Training(tell), &bytes);
        self.last.frame = self.clock;
        self.last.frame_took = port::now() - start;
        Ok(())
    }

    /// Scans of the averaged generator, classes in turn; the first has this seed.
    pub async fn draw(&self, count: usize, first: u32) -> Result<Vec<Slice>, Failed> {
        let settings = &self.trainer.settings;
        let classes = settings.classes;
        let card = WeightsCard::blank(Network::Generator, settings.preset, self.begin.set.classes.clone());
        let device = self.trainer.device.clone();
        let model = GeneratorModel::new(self.trainer.average.clone(), card, Directions::default(), device);
        let specs: Vec<_> =
            (0..count).map(|i| ScanSpec { seed: first + i as u32, class: i % classes, toward: None }).collect();
        let at_once = match self.kind {
            DeviceKind::Gpu => FRAME_SCANS,
            DeviceKind::Cpu => CPU_SCANS,
        };
        let mut scans = Vec::with_capacity(count);
        for part in specs.chunks(at_once) {
            scans.extend(model.scans(part, &Style::default()).await.map_err(lost)?);
        }
        Ok(scans)
    }

    /// Make a checkpoint, and keep it where the visitor wants it.
    pub async fn save(&mut self) -> Result<(), Failed> {
        self.last.saved = self.clock;
        self.good = self.encode().await?;
        let Counts { images, .. } = self.counts();
        let set = &self.begin.set;
        let on_disk = self.begin.keep && disk::write(&self.good, images, &set.classes, set.size).await;
        let event = Event::Training(Tell::Saved { images, on_disk });
        if on_disk {
            port::post(&event);
        } else {
            port::post_with_bytes(&event, &self.good);
        }
        Ok(())
    }

    async fn encode(&self) -> Result<Vec<u8>, Failed> {
        let note = Note { seconds: self.clock / 1000.0, tuning: self.tuning };
        let note = serde_json::to_string(&note).unwrap_or_default();
        checkpoint::encode(&self.trainer, &note).await.map_err(|error| (Failure::DeviceLost, error.to_string()))
    }

    /// Numbers ran away: take up the last sane state, and learn half as fast from there.
    async fn go_back(&mut self) -> Result<(), Failed> {
        let steps = self.trainer.steps;
        let slower = Tuning { rate: self.tuning.rate / 2.0, ..self.tuning }.clamped();
        let device = self.trainer.device.clone();
        let recipe = if self.good.is_empty() { self.recipe.clone() } else { Recipe::Checkpoint(self.good.clone()) };
        self.trainer = recipe.make(&self.begin.set, slower, self.begin.seed, &device)?.trainer;
        self.tune(slower);
        self.numbers = [0.0; 5];
        self.last.rate = (self.trainer.images, self.clock);
        // Remembered at the step that it went back to.
        self.course.diverged(self.trainer.steps.min(steps));
        port::post(&Event::Training(Tell::Tuned { tuning: slower }));
        self.say();
        self.frame().await
    }
}

/// Loss of D, loss of G, mean logits of real and generated scans, penalty: read in one go, since each reading waits for
/// the device. Most steps have no penalty and keep the one before.
pub async fn read(report: &Report, penalty: f32) -> Result<[f32; 5], Failed> {
    let Report { discriminator, generator, real, fake, penalty: fresh } = report.clone();
    match fresh {
        Some(fresh) => scalars([discriminator, generator, real, fake, fresh]).await,
        None => {
            let [d, g, r, f] = scalars([discriminator, generator, real, fake]).await?;
            Ok([d, g, r, f, penalty])
        }
    }
}

async fn scalars<const N: usize>(tensors: [Tensor<1>; N]) -> Result<[f32; N], Failed> {
    let data = Tensor::cat(tensors.into(), 0).into_data_async().await.map_err(lost)?;
    let values: Vec<f32> = data.iter::<f32>().collect();
    Ok(std::array::from_fn(|i| values.get(i).copied().unwrap_or(f32::NAN)))
}

pub fn lost(error: ExecutionError) -> Failed {
    (Failure::DeviceLost, format!("{error:?}"))
}
