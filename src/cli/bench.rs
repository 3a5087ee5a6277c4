//! `hersenscan bench`: measures how fast this computer makes scans and trains.
//!
//! The networks have random weights, and the slices random pixels: neither changes the time. The first round of each task warms
//! up and is not counted.

use std::error::Error;
use std::time::Instant;

use burn::tensor::{Device, read_sync};
use serde::Serialize;

use super::args::BenchArgs;
use super::device;
use crate::gan::balanced_sampler::BalancedSampler;
use crate::gan::judge::backbone::Backbone;
use crate::gan::preset::{Preset, ScanSpec, Style};
use crate::gan::schedule::Schedule;
use crate::gan::train::{TrainSettings, TrainState};
use crate::gan::trainable::Trainable;
use crate::slice::{LabelledSlice, Slice};
use crate::splitmix::SplitMix;

/// Classes of the networks, as many as those of the shipped T1 generators.
const CLASSES: usize = 3;
/// Training slices.
const SLICES: usize = 64;

/// The times of one task.
#[derive(Debug, Serialize)]
struct Timing {
    /// `scan`: one scan made. `slice`: one real slice in a training step. `judged`: the same with a judge.
    task: &'static str,
    preset: &'static str,
    batch: usize,
    /// Milliseconds per scan or slice: the fastest round, and the median.
    best: f64,
    median: f64,
    rounds: usize,
}

/// Runs the command.
///
/// # Errors
/// If this program was built without the device, or the device fails.
pub fn run(args: &BenchArgs) -> Result<(), Box<dyn Error>> {
    let device = device::open(args.device)?;
    let mut timings = Vec::new();
    for preset in args.presets.iter().filter_map(|name| Preset::by_name(name)) {
        let state = training(preset, args.batch, &device);
        for batch in [1, 16] {
            timings.push(time_scans(&state, batch, args.seconds)?);
        }
        timings.push(time_training(state, "slice", args.seconds)?);
        if let Some(path) = &args.judge {
            let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
            let judged = training(preset, args.batch, &device).with_judge(1.0, Backbone::from_bytes(&bytes, &device)?);
            timings.push(time_training(judged, "judged", args.seconds)?);
        }
    }
    if args.json {
        println!("{}", serde_json::to_string_pretty(&timings)?);
        return Ok(());
    }
    println!("{:<6} {:<7} {:>5} {:>10} {:>10} {:>7}", "task", "preset", "batch", "best, ms", "median, ms", "rounds");
    for Timing { task, preset, batch, best, median, rounds } in &timings {
        println!("{task:<6} {preset:<7} {batch:>5} {best:>10.2} {median:>10.2} {rounds:>7}");
    }
    Ok(())
}

/// Networks with random weights, ready to train.
fn training(preset: Preset, batch: usize, device: &Device) -> TrainState {
    let schedule = Schedule::for_data(preset.size(), 1000);
    let settings =
        TrainSettings { preset, classes: CLASSES, batch, seed: 0, schedule, trainable: Trainable::default() };
    TrainState::new(settings, device)
}

/// Slices of random pixels.
fn slices(side: usize) -> BalancedSampler {
    let mut random = SplitMix::new(0);
    let mut pixels = || (0..side * side).map(|_| (random.bits() >> 56) as u8).collect();
    let slice = |index| {
        let slice = Slice { size: side, image: pixels(), mask: pixels() };
        LabelledSlice { class: index % CLASSES, slice }
    };
    BalancedSampler::new(CLASSES, (0..SLICES).map(slice).collect::<Vec<_>>())
}

fn time_scans(state: &TrainState, batch: usize, seconds: f64) -> Result<Timing, Box<dyn Error>> {
    let model = state.model();
    let specs: Vec<ScanSpec> =
        (0..batch).map(|index| ScanSpec { seed: index as u32, class: index % CLASSES, toward: None }).collect();
    let style = Style::default();
    let millis = rounds(seconds, || {
        read_sync(model.scans(&specs, &style)).map_err(|error| format!("the device failed: {error:?}"))?;
        Ok(())
    })?;
    Ok(timing("scan", state.settings.preset, batch, batch as f64, &millis))
}

/// A round is as many steps as lie between two gradient penalties, so that every round does the same work.
fn time_training(mut state: TrainState, task: &'static str, seconds: f64) -> Result<Timing, Box<dyn Error>> {
    let TrainSettings { preset, batch, .. } = state.settings;
    let slices = slices(preset.size());
    let steps = state.settings.schedule.penalty_every;
    let millis = rounds(seconds, || {
        for _ in 0..steps {
            let output = state.step(&slices, 0.0);
            read_sync(output.generator.into_data_async()).map_err(|error| format!("the device failed: {error:?}"))?;
        }
        Ok(())
    })?;
    Ok(timing(task, preset, batch, (batch as u64 * steps) as f64, &millis))
}

/// Milliseconds of each round of `work` within this time: at least three rounds, after one that is not counted.
fn rounds(seconds: f64, mut work: impl FnMut() -> Result<(), String>) -> Result<Vec<f64>, String> {
    work()?;
    let start = Instant::now();
    let mut millis = Vec::new();
    while millis.len() < 3 || start.elapsed().as_secs_f64() < seconds {
        let round = Instant::now();
        work()?;
        millis.push(1000.0 * round.elapsed().as_secs_f64());
    }
    Ok(millis)
}

/// `items` is the number of scans or slices in a round.
fn timing(task: &'static str, preset: Preset, batch: usize, items: f64, millis: &[f64]) -> Timing {
    let mut sorted = millis.to_vec();
    sorted.sort_by(f64::total_cmp);
    let [best, median] = [0, sorted.len() / 2].map(|index| sorted.get(index).copied().unwrap_or(f64::NAN) / items);
    Timing { task, preset: preset.name, batch, best, median, rounds: sorted.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn best_and_median_are_per_item() {
        let n16 = Preset::by_name("n16").expect("a preset");
        let timing = timing("scan", n16, 4, 4.0, &[8.0, 4.0, 100.0]);
        assert_eq!((timing.best, timing.median, timing.rounds), (1.0, 2.0, 3));
    }

    #[test]
    fn a_fast_task_has_several_rounds_and_a_slow_one_three() {
        let count = |seconds, wait| {
            let mut calls = 0;
            let millis = rounds(seconds, || {
                calls += 1;
                std::thread::sleep(std::time::Duration::from_millis(wait));
                Ok(())
            });
            (calls, millis.map(|millis| millis.len()))
        };
        assert_eq!(count(0.0, 1), (4, Ok(3)));
        let (calls, counted) = count(0.05, 1);
        assert!(calls > 4 && counted == Ok(calls - 1), "{calls}");
    }
}
