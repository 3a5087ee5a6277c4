//! The progress of an experiment in the terminal.

use std::collections::BTreeMap;
use std::thread;

use indicatif::{ProgressBar, ProgressStyle};

use crate::lab::learner::Learner;
use crate::lab::report::LabJob;

/// A bar of runs with the time left.
pub struct LabProgressBar {
    bar: ProgressBar,
    left: BTreeMap<Learner, usize>,
    /// Finished runs and their seconds.
    spent: BTreeMap<Learner, (usize, f64)>,
}

impl LabProgressBar {
    /// The bar of these jobs.
    pub fn new(jobs: &[LabJob]) -> Self {
        let bar = ProgressBar::new(jobs.len() as u64);
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos} of {len} runs  {msg}") {
            bar.set_style(style);
        }
        let mut left = BTreeMap::new();
        for job in jobs {
            *left.entry(job.learner).or_default() += 1;
        }
        Self { bar, left, spent: BTreeMap::new() }
    }

    /// A run is finished.
    pub fn done(&mut self, job: &LabJob, seconds: f64) {
        if let Some(left) = self.left.get_mut(&job.learner) {
            *left = left.saturating_sub(1);
        }
        let spent = self.spent.entry(job.learner).or_default();
        *spent = (spent.0 + 1, spent.1 + seconds);
        let message = format!("{} left", duration(self.seconds_left()));
        self.bar.set_message(message.clone());
        self.bar.inc(1);
        if self.bar.is_hidden() {
            let (done, all) = (self.bar.position(), self.bar.length().unwrap_or(0));
            eprintln!("{done} of {all} runs, {message}");
        }
    }

    /// Draws the bar again.
    pub fn tick(&self) {
        self.bar.tick();
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// Each learner takes as long as it took so far; one without a finished run takes as long as the others.
    fn seconds_left(&self) -> f64 {
        let mean = |(count, seconds): &(usize, f64)| seconds / (*count).max(1) as f64;
        let any = self.spent.values().map(mean).fold(0.0, f64::max);
        let work: f64 =
            self.left.iter().map(|(learner, count)| *count as f64 * self.spent.get(learner).map_or(any, mean)).sum();
        work / thread::available_parallelism().map_or(1, usize::from) as f64
    }
}

fn duration(seconds: f64) -> String {
    let minutes = (seconds / 60.0).ceil() as u64;
    if minutes < 60 { format!("{minutes} min") } else { format!("{} h {:02} min", minutes / 60, minutes % 60) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::arm::Arm;

    #[test]
    fn the_time_left_follows_the_readers() {
        let job = |learner, repetition| LabJob { part: 0, learner, patients: 10, arm: Arm::Real, repetition };
        let jobs: Vec<LabJob> =
            (0..4).map(|index| job([Learner::Classifier, Learner::Segmenter][index % 2], index)).collect();
        let mut bar = LabProgressBar::new(&jobs);
        let cores = thread::available_parallelism().map_or(1, usize::from) as f64;
        bar.done(&jobs[0], 10.0);
        assert_eq!(bar.seconds_left() * cores, 30.0);
        bar.done(&jobs[1], 40.0);
        assert_eq!(bar.seconds_left() * cores, 50.0);
        assert_eq!(duration(50.0), "1 min");
        assert_eq!(duration(3.0 * 3600.0 + 61.0), "3 h 02 min");
    }
}
