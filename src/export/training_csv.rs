//! The measurements of a training as a CSV table. Numbers have a decimal point in every language.

use std::fmt::Write;

use crate::training::diagnostics::{Notice, NoticeKind};
use crate::training::measurement::{Counts, OverfitCheck, StepLosses, TrainingMeasurement};

/// The header row.
const HEAD: &str = "kind,seconds,steps,images,loss_discriminator,loss_generator,penalty,logit_real,logit_generated,\
                    augment,logit_training,logit_held_out,logit_samples,notice,learning_rate,batch,gamma,augment_limit";

/// The hyperparameters from a moment of a run on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SettingsChange {
    /// When.
    pub counts: Counts,
    /// Learning rate of both networks.
    pub rate: f64,
    /// Mini-batch size.
    pub batch: usize,
    /// Weight of the gradient penalties.
    pub gamma: f64,
    /// Ceiling of the probability of augmentations.
    pub augment: f64,
}

impl SettingsChange {
    /// Whether the hyperparameters are equal.
    pub fn same_settings(&self, other: &Self) -> bool {
        (self.rate, self.batch, self.gamma, self.augment) == (other.rate, other.batch, other.gamma, other.augment)
    }
}

/// All measurements as CSV, ordered by the number of slices shown. The column `kind` is `settings` (hyperparameters from here
/// on, written at the start and at each change), `step` (losses, and mean logits of the augmented mini-batch), `scores` (mean
/// logits without augmentation) or `notice`. Unknown values are empty.
pub fn csv(
    measurements: &[TrainingMeasurement],
    checks: &[OverfitCheck],
    notices: &[Notice],
    changes: &[SettingsChange],
) -> String {
    let mut rows: Vec<(u64, String)> = Vec::with_capacity(measurements.len() + checks.len() + notices.len());
    for SettingsChange { counts, rate, batch, gamma, augment } in changes {
        let Counts { steps, images, seconds, .. } = counts;
        let settings = format!("{rate},{batch},{gamma},{augment}");
        rows.push((*images, format!("settings,{seconds:.1},{steps},{images},,,,,,,,,,,{settings}")));
    }
    for TrainingMeasurement { counts, losses, augment } in measurements {
        let Counts { steps, images, seconds, .. } = counts;
        let StepLosses { discriminator, generator, penalty, real, fake } = losses;
        let numbers = [*discriminator, *generator, *penalty, *real, *fake, *augment].map(number);
        rows.push((*images, format!("step,{seconds:.1},{steps},{images},{},,,,,,,,", numbers.join(","))));
    }
    for OverfitCheck { seconds, images, train, held_out, generated } in checks {
        let held_out = held_out.map(number).unwrap_or_default();
        let (train, generated) = (number(*train), number(*generated));
        rows.push((*images, format!("scores,{seconds:.1},,{images},,,,,,,{train},{held_out},{generated},,,,,")));
    }
    for Notice { kind, images } in notices {
        rows.push((*images, format!("notice,,,{images},,,,,,,,,,{},,,,", name(*kind))));
    }
    // The sort is stable: at the same number of slices, settings come before steps, then scores, then notices.
    rows.sort_by_key(|(images, _)| *images);
    let mut text = format!("{HEAD}\r\n");
    for (_, row) in rows {
        // Writing to a string cannot fail.
        let _ = write!(text, "{row}\r\n");
    }
    text
}

/// A number as text. Empty if not finite, because spreadsheets read `NaN` as text.
fn number(value: f32) -> String {
    if value.is_finite() { value.to_string() } else { String::new() }
}

fn name(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::FewSlices => "few-slices",
        NoticeKind::NothingHeldOut => "nothing-held-out",
        NoticeKind::Collapse => "collapse",
        NoticeKind::DiscriminatorStrong => "discriminator-strong",
        NoticeKind::Copying => "copying",
        NoticeKind::Diverged => "diverged",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measurement(images: u64) -> TrainingMeasurement {
        let losses = StepLosses { discriminator: 0.693, generator: 0.7, penalty: f32::NAN, real: -1.5, fake: 0.25 };
        let counts = Counts { seconds: 1.25, steps: images / 8, images, rate: 0.0 };
        TrainingMeasurement { counts, losses, augment: 0.4 }
    }

    #[test]
    fn every_row_has_every_column_in_order_of_time() {
        let check = OverfitCheck { seconds: 2.0, images: 8, train: 1.0, held_out: None, generated: -1.0 };
        let notice = Notice { kind: NoticeKind::Collapse, images: 8 };
        let change = SettingsChange {
            counts: Counts { images: 8, ..Counts::default() },
            rate: 0.0005,
            batch: 8,
            gamma: 0.5,
            augment: 0.4,
        };
        let text = csv(&[measurement(8), measurement(16)], &[check], &[notice], &[change]);
        let rows: Vec<Vec<&str>> = text.trim_end().split("\r\n").map(|row| row.split(',').collect()).collect();
        assert!(rows.iter().all(|row| row.len() == 18), "{text}");
        let kinds: Vec<&str> = rows.iter().map(|row| row[0]).collect();
        assert_eq!(kinds, ["kind", "settings", "step", "scores", "notice", "step"]);
        let column = |name: &str| rows[0].iter().position(|head| *head == name).unwrap_or(99);
        assert_eq!((rows[2][column("loss_discriminator")], rows[2][column("penalty")]), ("0.693", ""));
        assert_eq!((rows[2][column("logit_generated")], rows[2][column("augment")]), ("0.25", "0.4"));
        assert_eq!((rows[3][column("logit_training")], rows[3][column("logit_held_out")]), ("1", ""));
        assert_eq!((rows[3][column("logit_samples")], rows[4][column("notice")]), ("-1", "collapse"));
        assert_eq!((rows[1][column("learning_rate")], rows[1][column("augment_limit")]), ("0.0005", "0.4"));
        assert_eq!((rows[1][column("batch")], rows[1][column("gamma")]), ("8", "0.5"));
    }

    #[test]
    fn nothing_measured_is_a_head_alone() {
        assert_eq!(csv(&[], &[], &[], &[]).lines().count(), 1);
    }
}
