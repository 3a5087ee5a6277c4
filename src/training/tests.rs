//! The training loop with a fake clock and the smallest networks, without files and without a browser.

use std::cell::Cell;
use std::error::Error;

use burn::tensor::{Device, read_sync};

use super::cadence::Every;
use super::card::TrainingProvenance;
use super::measurement::{Counts, DistanceCheck};
use super::training_loop::{LoopError, LoopEvent, LoopOptions, TrainingHost, TrainingLoop};
use crate::gan::balanced_sampler::BalancedSampler;
use crate::gan::checkpoint;
use crate::gan::judge::backbone::Backbone;
use crate::gan::judge::distance::HeldOutDistance;
use crate::gan::preset::{Network, PRESETS};
use crate::gan::schedule::Schedule;
use crate::gan::state_dict;
use crate::gan::train::{TrainSettings, TrainState};
use crate::gan::trainable::Trainable;
use crate::slice::{LabelledSlice, Slice};

type Tested = Result<(), Box<dyn Error>>;

const BATCH: usize = 2;

/// What the tab does, with short intervals.
const OPTIONS: LoopOptions = LoopOptions {
    read: Every::Steps(1),
    measurement: Every::Millis(1000.0),
    overfit_check: Every::Millis(2500.0),
    check_batches: 1,
    distance: Every::Millis(3000.0),
    grid: Every::Millis(2000.0),
    checkpoint: Every::Millis(4000.0),
    overhead_counts: false,
};

/// Writes down the events with the steps at which they came. Its clock moves on by a fixed time at each look.
struct RecordingHost {
    time: Cell<f64>,
    /// Milliseconds from one look at the clock to the next.
    tick: f64,
    /// Milliseconds that a grid takes.
    grid: f64,
    events: Vec<(&'static str, u64)>,
    counts: Counts,
    saved: Vec<u8>,
    distances: Vec<DistanceCheck>,
    broken: bool,
}

impl RecordingHost {
    fn new(tick: f64) -> Self {
        let (events, saved, distances) = Default::default();
        let counts = Counts::default();
        Self { time: Cell::new(0.0), tick, grid: 0.0, events, counts, saved, distances, broken: false }
    }

    /// The steps at which an event came.
    fn steps_of(&self, name: &str) -> Vec<u64> {
        self.events.iter().filter(|(other, _)| *other == name).map(|(_, steps)| *steps).collect()
    }
}

impl TrainingHost for RecordingHost {
    fn now(&self) -> f64 {
        let now = self.time.get() + self.tick;
        self.time.set(now);
        now
    }

    fn note(&self, counts: &Counts) -> String {
        format!("{} s", counts.seconds)
    }

    async fn on_event(&mut self, event: LoopEvent<'_>, training: &TrainingLoop) -> Result<(), Box<dyn Error>> {
        let name = match event {
            LoopEvent::Losses(losses) => {
                assert!(!losses.diverged(), "{losses:?}");
                "losses"
            }
            LoopEvent::Measured(measurement) => {
                self.counts = measurement.counts;
                "measured"
            }
            LoopEvent::Checked(_) => "checked",
            LoopEvent::Distance(check) => {
                self.distances.push(check);
                "distance"
            }
            LoopEvent::Grid => {
                self.time.set(self.time.get() + self.grid);
                "grid"
            }
            LoopEvent::Checkpoint(bytes) => {
                self.saved = bytes.to_vec();
                "checkpoint"
            }
            LoopEvent::RolledBack { .. } => "rolled back",
        };
        self.events.push((name, training.state.steps));
        if self.broken { Err("the disk is full".into()) } else { Ok(()) }
    }
}

fn state() -> TrainState {
    let schedule = Schedule { rate: (4e-4, 4e-4), ..Schedule::for_data(16, 8) };
    // The last preset is the smallest: 16 pixels.
    let preset = PRESETS[PRESETS.len() - 1];
    let settings = TrainSettings { preset, classes: 2, batch: BATCH, seed: 5, schedule, trainable: Trainable::All };
    TrainState::new(settings, &Device::flex())
}

fn slices(count: usize) -> BalancedSampler {
    let slice = |i: usize| {
        let image = (0..256).map(|pixel| ((pixel * (i + 3)) % 251) as u8).collect();
        LabelledSlice { class: i % 2, slice: Slice::without_tumour(16, image) }
    };
    BalancedSampler::new(2, (0..count).map(slice))
}

fn backbone() -> Result<Backbone, Box<dyn Error>> {
    let network = include_bytes!("../../static/weights/judge/efficientnet-lite1.safetensors");
    Ok(Backbone::from_bytes(network, &Device::flex())?)
}

fn training(options: LoopOptions, held_out: usize) -> Result<TrainingLoop, Box<dyn Error>> {
    let state = state();
    let saved = read_sync(checkpoint::encode(&state, ""))?;
    Ok(TrainingLoop::new(state, saved, (slices(8), slices(held_out)), options, 0.0, 0))
}

fn advance(training: &mut TrainingLoop, host: &mut RecordingHost, steps: u64) -> Tested {
    for _ in 0..steps {
        read_sync(training.advance(0.0, host))?;
    }
    Ok(())
}

#[test]
fn everything_is_due_at_its_interval_of_training_time() -> Tested {
    // The clock is read before and after a step: each step takes 500 ms.
    let mut host = RecordingHost::new(500.0);
    let mut training = training(OPTIONS, 4)?;
    advance(&mut training, &mut host, 16)?;
    assert_eq!(host.steps_of("losses"), (1..=16).collect::<Vec<_>>());
    assert_eq!(host.steps_of("measured"), [2, 4, 6, 8, 10, 12, 14, 16]);
    assert_eq!(host.steps_of("checked"), [5, 10, 15]);
    // Not at step 8: a grid takes 500 ms here, so ten times as much must pass.
    assert_eq!(host.steps_of("grid"), [4, 14]);
    assert_eq!(host.steps_of("checkpoint"), [8, 16]);
    let Counts { steps, images, seconds, rate } = host.counts;
    assert_eq!((steps, images, seconds, rate), (16, 32, 8.0, 4.0));
    let (saved, note) = checkpoint::decode(&host.saved, &Device::flex())?;
    assert_eq!((saved.steps, note.as_str()), (16, "8 s"));
    Ok(())
}

#[test]
fn a_slow_grid_takes_a_tenth_of_the_time() -> Tested {
    let mut host = RecordingHost { grid: 200.0, ..RecordingHost::new(100.0) };
    let mut training = training(OPTIONS, 0)?;
    advance(&mut training, &mut host, 100)?;
    // The first after 2 s; then each took 200 ms and one tick, so the next comes 3 s later.
    assert_eq!(host.steps_of("grid"), [20, 50, 80]);
    Ok(())
}

#[test]
fn overhead_counts_for_the_command_line_only() -> Tested {
    for (overhead_counts, seconds) in [(false, 2.0), (true, 4.0)] {
        let mut host = RecordingHost::new(500.0);
        let never = Every::Millis(f64::INFINITY);
        let options = LoopOptions { overhead_counts, overfit_check: never, grid: never, checkpoint: never, ..OPTIONS };
        let mut training = training(options, 0)?;
        advance(&mut training, &mut host, 4)?;
        assert_eq!(training.counts().seconds, seconds);
    }
    Ok(())
}

#[test]
fn losses_are_read_no_more_often_than_asked_for() -> Tested {
    let mut host = RecordingHost::new(1.0);
    let options = LoopOptions { read: Every::Steps(5), measurement: Every::Steps(5), ..OPTIONS };
    let mut training = training(options, 0)?;
    advance(&mut training, &mut host, 12)?;
    assert_eq!(host.steps_of("losses"), [1, 6, 11]);
    assert_eq!(host.steps_of("measured"), [1, 6, 11]);
    // A checkpoint must not hold a state that nobody looked at.
    read_sync(training.make_checkpoint(&mut host))?;
    assert_eq!(host.steps_of("losses"), [1, 6, 11, 12]);
    assert_eq!(host.steps_of("checkpoint"), [12]);
    Ok(())
}

#[test]
fn an_overfitting_check_adapts_the_augmentation_if_slices_are_held_out() -> Tested {
    for (held_out, moved) in [(0, false), (4, true)] {
        let mut host = RecordingHost::new(2500.0);
        let mut training = training(OPTIONS, held_out)?;
        let before = training.state.adaptive_augment.probability;
        advance(&mut training, &mut host, 1)?;
        assert_eq!(host.steps_of("checked"), [1]);
        assert_eq!(training.state.adaptive_augment.probability != before, moved);
    }
    Ok(())
}

#[test]
fn a_divergence_goes_back_to_the_last_checkpoint_with_half_the_rate() -> Tested {
    let mut host = RecordingHost::new(500.0);
    let mut training = training(OPTIONS, 0)?;
    advance(&mut training, &mut host, 10)?;
    assert_eq!(host.steps_of("checkpoint"), [8]);
    // A rate this high makes the weights, and with them the next losses, infinite or not a number.
    training.state.settings.schedule.rate = (1e30, 1e30);
    training.state.settings.schedule.gamma = (3.0, 3.0);
    let start = host.events.len();
    while host.steps_of("rolled back").is_empty() {
        assert!(training.state.steps < 20, "it did not diverge");
        advance(&mut training, &mut host, 1)?;
    }
    assert_eq!(host.steps_of("rolled back"), [8], "at the step of the checkpoint");
    let after: Vec<_> = host.events[start..].iter().rev().take(2).rev().collect();
    assert_eq!(after, [&("rolled back", 8), &("grid", 8)]);
    assert_eq!(training.state.settings.schedule.rate, (5e29, 5e29));
    assert_eq!(training.state.settings.schedule.gamma, (3.0, 3.0), "other settings stay as they are now");

    // It goes on as a run from that checkpoint does.
    training.state.settings.schedule = state().settings.schedule;
    let mut resumed = TrainingLoop::new(
        checkpoint::decode(&host.saved, &Device::flex())?.0,
        host.saved.clone(),
        (slices(8), slices(0)),
        OPTIONS,
        0.0,
        0,
    );
    let next = |training: &mut TrainingLoop| -> Result<Vec<u32>, Box<dyn Error>> {
        advance(training, &mut RecordingHost::new(0.0), 3)?;
        let values = read_sync(state_dict::read(state_dict::tensors(&training.state.average)))?;
        Ok(values.iter().flat_map(|tensor| tensor.values.iter().map(|value| value.to_bits())).collect())
    };
    assert!(next(&mut training)? == next(&mut resumed)?, "another way than a resumed run");
    Ok(())
}

#[test]
fn a_run_that_diverges_again_and_again_ends() -> Tested {
    let mut host = RecordingHost::new(1.0);
    let mut training = training(OPTIONS, 0)?;
    let error = loop {
        assert!(host.steps_of("rolled back").len() < 20, "no end");
        training.state.settings.schedule.rate = (1e30, 1e30);
        if let Err(error) = read_sync(training.advance(0.0, &mut host)) {
            break error;
        }
    };
    assert!(matches!(error, LoopError::Diverged(_)), "{error}");
    assert_eq!(host.steps_of("rolled back"), [0; 8]);
    assert!(error.to_string().contains("larger gamma"), "{error}");
    Ok(())
}

#[test]
fn a_step_of_one_network_measures_everything() -> Tested {
    let mut host = RecordingHost::new(1.0);
    let mut training = training(OPTIONS, 4)?;
    read_sync(training.advance_one(Network::Generator, &mut host))?;
    assert_eq!(host.events, [("checked", 1), ("measured", 1), ("grid", 1)]);
    assert_eq!(training.counts().images, 0, "the discriminator saw nothing");
    Ok(())
}

#[test]
fn in_a_head_start_the_discriminator_learns_alone() -> Tested {
    let mut host = RecordingHost::new(1.0);
    let state = state();
    let saved = read_sync(checkpoint::encode(&state, ""))?;
    let mut training = TrainingLoop::new(state, saved, (slices(8), slices(0)), OPTIONS, 0.0, 2);
    let drawn = |training: &TrainingLoop| -> Vec<f32> {
        let spec = crate::gan::preset::ScanSpec { seed: 1, class: 0, toward: None };
        training.state.model().draw(&[spec], &Default::default()).into_data().iter::<f32>().collect()
    };
    let before = drawn(&training);
    advance(&mut training, &mut host, 2)?;
    assert_eq!(drawn(&training), before);
    advance(&mut training, &mut host, 1)?;
    assert_ne!(drawn(&training), before);
    assert_eq!(host.steps_of("losses"), [3]);
    Ok(())
}

#[test]
fn an_error_of_the_host_ends_the_run() -> Tested {
    let mut host = RecordingHost { broken: true, ..RecordingHost::new(1.0) };
    let error = read_sync(training(OPTIONS, 0)?.advance(0.0, &mut host)).err();
    assert_eq!(error.map(|error| error.to_string()).as_deref(), Some("the disk is full"));
    Ok(())
}

#[test]
fn a_card_has_the_counters_of_the_run_and_where_it_comes_from() -> Tested {
    let mut training = training(OPTIONS, 0)?;
    advance(&mut training, &mut RecordingHost::new(1.0), 3)?;
    let provenance = TrainingProvenance {
        classes: vec!["a".into(), "b".into()],
        dataset: "stripes".into(),
        licence: "CC0".into(),
        attribution: "nobody".into(),
        slices: 8,
        facts: vec![("trained in", "a test".into())],
    };
    let backbone = backbone()?;
    let card = provenance.card(&training.state, Network::Discriminator, "2026-01-31".into());
    assert_eq!((card.network, card.kimg, card.date.as_str()), (Network::Discriminator, 0.006, "2026-01-31"));
    let metrics: Vec<_> = card.metrics.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(metrics, [("batch", "2"), ("steps", "3"), ("trained in", "a test"), ("training slices", "8")]);
    let judged = provenance.card(&training.state.with_judge(0.5, backbone), Network::Generator, String::new());
    assert_eq!(judged.metrics.get("projected").map(String::as_str), Some("0.5"));
    Ok(())
}

#[test]
fn with_distances_the_best_generator_is_kept_also_in_checkpoints() -> Tested {
    let slice = |i: usize| LabelledSlice {
        class: i % 2,
        slice: Slice::without_tumour(16, (0..256).map(|at| if (at / 16 + i) % 4 < 2 { 200 } else { 30 }).collect()),
    };
    let slices: Vec<LabelledSlice> = (0..24).map(slice).collect();
    let distance = read_sync(HeldOutDistance::new(&backbone()?, &slices[..16], &slices[16..], &Device::flex()))?;
    let mut training = training(OPTIONS, 0)?.with_distance(distance.ok_or("too few slices")?);
    let mut host = RecordingHost::new(500.0);
    read_sync(training.measure_distance(&mut host))?;
    advance(&mut training, &mut host, 24)?;
    assert!(host.distances.len() > 2, "{:?}", host.steps_of("distance"));
    let least = host.distances.iter().min_by(|a, b| a.generated.total_cmp(&b.generated)).ok_or("no distance")?;
    let last = host.distances.last().ok_or("no distance")?;
    assert_eq!((last.best, last.best_images), (least.generated, least.images));
    assert!(host.distances.iter().all(|check| check.real < check.best), "{:?}", host.distances);

    let best = training.state.best.as_ref().ok_or("no best")?;
    assert_eq!((best.distance, best.images), (least.generated, least.images));
    let numbers = |average| -> Vec<f32> {
        let all = state_dict::tensors(average).into_iter();
        all.flat_map(|tensor| tensor.values.into_data().iter::<f32>().collect::<Vec<_>>()).collect()
    };
    let saved = read_sync(checkpoint::encode(&training.state, ""))?;
    let resumed = checkpoint::decode(&saved, &Device::flex())?.0.best.ok_or("no best in the checkpoint")?;
    assert_eq!((resumed.distance, resumed.steps, resumed.images), (best.distance, best.steps, best.images));
    assert_eq!(numbers(&resumed.average), numbers(&best.average));
    Ok(())
}
