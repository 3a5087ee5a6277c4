//! What is measured of a training.

use serde::{Deserialize, Serialize};

/// How fast this device trains, measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// Milliseconds of one step of both networks.
    pub step_millis: f64,
    /// Slices a step.
    pub batch: usize,
}

impl Forecast {
    /// Slices that the discriminator is shown in a second.
    pub fn images_per_second(&self) -> f64 {
        if self.step_millis > 0.0 { self.batch as f64 * 1000.0 / self.step_millis } else { 0.0 }
    }
}

/// Where a training stands.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Steps of both networks.
    pub steps: u64,
    /// Slices the discriminator was shown.
    pub images: u64,
    /// Seconds of training, rests left out.
    pub seconds: f64,
    /// Slices a second lately.
    pub rate: f64,
}

/// One measurement of the losses.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Seconds of training.
    pub seconds: f64,
    /// Steps.
    pub steps: u64,
    /// Slices the discriminator was shown.
    pub images: u64,
    /// Loss of the discriminator, without penalties.
    pub discriminator: f32,
    /// Loss of the generator.
    pub generator: f32,
    /// R1 + R2.
    pub penalty: f32,
    /// Mean logit of real slices, augmented as for learning.
    pub real: f32,
    /// Mean logit of generated scans, likewise.
    pub fake: f32,
    /// Probability of an augmentation.
    pub augment: f32,
}

/// Mean logits of three kinds of scans, without augmentation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Gauge {
    /// Seconds of training.
    pub seconds: f64,
    /// Slices the discriminator was shown.
    pub images: u64,
    /// Of slices that are learned from.
    pub train: f32,
    /// Of slices that are not; none if there are none.
    pub held_out: Option<f32>,
    /// Of generated scans.
    pub generated: f32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forecast_gives_images_a_second() {
        assert_eq!(Forecast { step_millis: 2000.0, batch: 8 }.images_per_second(), 4.0);
        assert_eq!(Forecast { step_millis: 0.0, batch: 8 }.images_per_second(), 0.0);
    }
}
