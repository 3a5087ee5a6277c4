//! Measurements of a training run.

use serde::{Deserialize, Serialize};

use crate::gan::adaptive_augment;

/// Progress of a run.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Steps taken.
    pub steps: u64,
    /// Real slices shown to the discriminator.
    pub images: u64,
    /// Seconds of training, without pauses.
    pub seconds: f64,
    /// Slices per second since the last measurement.
    pub rate: f64,
}

/// Results of one training step.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct StepLosses {
    /// Loss of the discriminator, without penalties.
    pub discriminator: f32,
    /// Loss of the generator.
    pub generator: f32,
    /// R1 + R2, of the last step that computed them.
    pub penalty: f32,
    /// Mean logit of the real slices, augmented.
    pub real: f32,
    /// Mean logit of the generated scans, augmented.
    pub fake: f32,
}

impl StepLosses {
    /// Largest absolute value of a run that has not diverged.
    const RUNAWAY: f32 = 1e4;

    /// Whether training has diverged: a value is not finite, or its absolute value is above 10,000.
    pub fn diverged(&self) -> bool {
        let all = [self.discriminator, self.generator, self.penalty, self.real, self.fake];
        !all.iter().all(|value| value.abs() <= Self::RUNAWAY)
    }
}

/// Losses at one moment of a run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TrainingMeasurement {
    /// When.
    pub counts: Counts,
    /// The losses of the last step.
    pub losses: StepLosses,
    /// Probability of an augmentation.
    pub augment: f32,
}

/// Overfitting check: mean logits of three kinds of scans, without augmentation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OverfitCheck {
    /// Seconds of training.
    pub seconds: f64,
    /// Real slices shown to the discriminator.
    pub images: u64,
    /// Mean logit of training slices.
    pub train: f32,
    /// Mean logit of held-out slices; none if no slice is held out.
    pub held_out: Option<f32>,
    /// Mean logit of generated scans.
    pub generated: f32,
}

impl OverfitCheck {
    /// ADA's [overfitting heuristic](adaptive_augment::overfitting); none if no slice is held out.
    pub fn overfitting(&self) -> Option<f64> {
        let held_out = self.held_out?;
        Some(adaptive_augment::overfitting(self.train.into(), held_out.into(), self.generated.into()))
    }
}

/// The distance of generated scans to held-out slices in the features of the judge's network, see
/// `gan::judge::distance::HeldOutDistance`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DistanceCheck {
    /// Real slices shown to the discriminator.
    pub images: u64,
    /// Of the averaged generator.
    pub generated: f64,
    /// Of training slices: the line to reach.
    pub real: f64,
    /// Of the best averaged generator so far, which is kept.
    pub best: f64,
    /// Real slices shown to the discriminator until then.
    pub best_images: u64,
}

/// Training speed of a device, measured before a run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// Milliseconds of one step of both networks.
    pub step_millis: f64,
    /// Mini-batch size.
    pub batch: usize,
}

impl Forecast {
    /// Slices per second; 0 if nothing was measured.
    pub fn images_per_second(&self) -> f64 {
        if self.step_millis > 0.0 { self.batch as f64 * 1000.0 / self.step_millis } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forecast_gives_images_a_second() {
        assert_eq!(Forecast { step_millis: 2000.0, batch: 8 }.images_per_second(), 4.0);
        assert_eq!(Forecast { step_millis: 0.0, batch: 8 }.images_per_second(), 0.0);
    }

    #[test]
    fn a_loss_that_is_not_finite_or_beyond_the_limit_is_a_divergence() {
        let sound = StepLosses { discriminator: 0.7, generator: 0.6, penalty: 9e3, real: -3.0, fake: 2.0 };
        assert!(!sound.diverged() && !StepLosses::default().diverged());
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1.1e4, -1.1e4] {
            assert!(StepLosses { discriminator: bad, ..sound }.diverged(), "{bad}");
            assert!(StepLosses { fake: bad, ..sound }.diverged(), "{bad}");
        }
    }
}
