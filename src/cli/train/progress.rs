//! What a run shows while it works.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::gan::train::Trainer;

/// Numbers last read from the device.
#[derive(Debug, Clone, Default)]
pub struct Losses {
    /// Loss of the discriminator.
    pub discriminator: f64,
    /// Loss of the generator.
    pub generator: f64,
    /// R1 + R2.
    pub penalty: f64,
    /// Mean logit of real scans minus that of generated ones, augmented, in the last batch.
    pub gap: f64,
    /// Mean logit of training slices, not augmented, at the last gauge.
    pub train: f64,
    /// The same of held-out slices.
    pub held_out: f64,
    /// The same of generated scans.
    pub generated: f64,
}

/// A bar of a thousand steps, whatever the budget is counted in.
pub struct Progress {
    bar: ProgressBar,
    /// Images at the first showing, so that a resumed run reports its own speed.
    first: std::cell::Cell<Option<(u64, Duration)>>,
}

impl Progress {
    /// An empty bar.
    pub fn new() -> Self {
        let bar = ProgressBar::new(1000);
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {msg}") {
            bar.set_style(style);
        }
        Self { bar, first: std::cell::Cell::new(None) }
    }

    /// Show where the run is.
    pub fn show(&self, trainer: &Trainer, losses: &Losses, used: Duration, progress: f64) {
        self.bar.set_position((progress * 1000.0) as u64);
        self.bar.set_message(self.line(trainer, losses, used, progress));
    }

    /// Where nobody sees a bar (a log file, say): the same as a line of its own.
    pub fn log(&self, trainer: &Trainer, losses: &Losses, used: Duration, progress: f64) {
        if self.bar.is_hidden() {
            eprintln!("{}", self.line(trainer, losses, used, progress));
        }
    }

    fn line(&self, trainer: &Trainer, losses: &Losses, used: Duration, progress: f64) -> String {
        let left = used.as_secs_f64() * (1.0 / progress.max(1e-6) - 1.0) / 60.0;
        format!(
            "{:.1} kimg  {:.1} img/s  D {:.3}  G {:.3}  R {:.3}  gap {:.2}  p {:.2}  {left:.0} min left",
            trainer.images as f64 / 1000.0,
            self.rate(trainer, used),
            losses.discriminator,
            losses.generator,
            losses.penalty,
            losses.gap,
            trainer.strength.probability,
        )
    }

    fn rate(&self, trainer: &Trainer, used: Duration) -> f64 {
        let (images, start) = self.first.get().unwrap_or_else(|| {
            self.first.set(Some((trainer.images, used)));
            (trainer.images, used)
        });
        (trainer.images - images) as f64 / (used - start).as_secs_f64().max(1e-9)
    }

    /// Remove the bar; a line about the whole run.
    pub fn finish(&self, trainer: &Trainer, used: Duration) -> String {
        self.bar.finish_and_clear();
        format!(
            "{} steps, {:.1} kimg, {:.1} img/s, {:.1} min",
            trainer.steps,
            trainer.images as f64 / 1000.0,
            self.rate(trainer, used),
            used.as_secs_f64() / 60.0
        )
    }
}
