//! What the loop measures: speed and losses, overfitting, and the distance to held-out slices.

use super::{
    Counts, DistanceCheck, LoopError, LoopEvent, OverfitCheck, TrainingHost, TrainingLoop, TrainingMeasurement, scalars,
};
use crate::gan::preset::Style;

/// Scans that are made together to measure a distance.
const DISTANCE_SCANS: usize = 4;

impl TrainingLoop {
    /// Reports progress, speed and the last losses that were read.
    pub(super) async fn measure(&mut self, host: &mut impl TrainingHost) -> Result<(), LoopError> {
        let (last, now) = (self.last.measurement, self.moment());
        if now.millis > last.millis {
            self.rate = now.images.saturating_sub(last.images) as f64 * 1000.0 / (now.millis - last.millis);
        }
        self.last.measurement = now;
        let augment = self.state.adaptive_augment.probability as f32;
        let measurement = TrainingMeasurement { counts: self.counts(), losses: self.losses, augment };
        self.emit(host, LoopEvent::Measured(measurement)).await
    }

    /// Compares mean logits of training slices, held-out slices and generated scans, and adapts the augmentation.
    pub(super) async fn check_overfitting(&mut self, host: &mut impl TrainingHost) -> Result<(), LoopError> {
        self.last.overfit_check = self.moment();
        let batches = self.options.check_batches;
        let train = self.state.mean_logit(&self.train, batches);
        let generated = self.state.mean_fake_logit(batches);
        let (train, generated, held_out) = if self.held_out.is_empty() {
            let [train, generated] = scalars([train, generated]).await?;
            (train, generated, None)
        } else {
            let held_out = self.state.mean_logit(&self.held_out, batches);
            let [train, generated, held_out] = scalars([train, generated, held_out]).await?;
            (train, generated, Some(held_out))
        };
        let Counts { seconds, images, .. } = self.counts();
        let check = OverfitCheck { seconds, images, train, held_out, generated };
        if let Some(overfitting) = check.overfitting() {
            self.state.adaptive_augment.adjust(overfitting, self.state.settings.schedule.augment_limits());
        }
        self.emit(host, LoopEvent::Checked(check)).await
    }

    /// Measures the distance to held-out slices, if the run [can](Self::with_distance).
    ///
    /// # Errors
    /// If the device fails, or the host reports an error.
    pub async fn measure_distance(&mut self, host: &mut impl TrainingHost) -> Result<(), LoopError> {
        let Some(distance) = &self.distance else { return Ok(()) };
        self.last.distance = self.moment();
        let start = host.now();
        let model = self.state.model();
        let mut scans = Vec::new();
        for specs in distance.specs().chunks(DISTANCE_SCANS) {
            scans.extend(model.scans(specs, &Style::default()).await?);
        }
        let (generated, real) = (distance.of(&scans).await?, distance.real);
        self.state.keep_if_best(generated);
        self.distance_took = host.now() - start;
        let (best, best_images) = self.state.best.as_ref().map_or((generated, 0), |best| (best.distance, best.images));
        let check = DistanceCheck { images: self.state.images, generated, real, best, best_images };
        self.emit(host, LoopEvent::Distance(check)).await
    }
}
