//! The progress of a run in the terminal.

use std::cell::Cell;

use indicatif::{ProgressBar, ProgressStyle};

use crate::training::measurement::{Counts, StepLosses, TrainingMeasurement};

/// A progress bar with a line of numbers.
pub struct RunProgressBar {
    bar: ProgressBar,
    /// The counts at the first use, so that a resumed run shows its own speed.
    first: Cell<Option<Counts>>,
}

impl RunProgressBar {
    /// An empty bar of a thousand steps, whatever the budget is counted in.
    pub fn new() -> Self {
        let bar = ProgressBar::new(1000);
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {msg}") {
            bar.set_style(style);
        }
        Self { bar, first: Cell::new(None) }
    }

    /// Shows a measurement. `progress` is the position in the run, 0 to 1.
    pub fn show(&self, measurement: &TrainingMeasurement, progress: f64) {
        let TrainingMeasurement { counts, losses, augment } = measurement;
        self.bar.set_position((progress * 1000.0) as u64);
        self.bar.set_message(self.line(counts, losses, (*augment).into(), progress));
    }

    /// Prints the same as a line of its own if the bar is not visible, as in a log file.
    pub fn log(&self, counts: &Counts, losses: &StepLosses, augment: f64, progress: f64) {
        if self.bar.is_hidden() {
            eprintln!("{}", self.line(counts, losses, augment, progress));
        }
    }

    /// Prints a message without disturbing the bar.
    pub fn say(&self, message: &str) {
        self.bar.suspend(|| eprintln!("{message}"));
    }

    fn line(&self, counts: &Counts, losses: &StepLosses, augment: f64, progress: f64) -> String {
        let left = counts.seconds * (1.0 / progress.max(1e-6) - 1.0) / 60.0;
        format!(
            "{:.1} kimg  {:.1} img/s  D {:.3}  G {:.3}  R {:.3}  gap {:.2}  p {augment:.2}  {left:.0} min left",
            counts.images as f64 / 1000.0,
            self.rate(counts),
            losses.discriminator,
            losses.generator,
            losses.penalty,
            f64::from(losses.real) - f64::from(losses.fake),
        )
    }

    /// Slices per second since the first use.
    fn rate(&self, counts: &Counts) -> f64 {
        let first = self.first.get().unwrap_or_else(|| {
            self.first.set(Some(*counts));
            *counts
        });
        counts.images.saturating_sub(first.images) as f64 / (counts.seconds - first.seconds).max(1e-9)
    }

    /// Removes the bar; returns a line about the whole run.
    pub fn finish(&self, counts: &Counts) -> String {
        self.bar.finish_and_clear();
        format!(
            "{} steps, {:.1} kimg, {:.1} img/s, {:.1} min",
            counts.steps,
            counts.images as f64 / 1000.0,
            self.rate(counts),
            counts.seconds / 60.0
        )
    }
}
