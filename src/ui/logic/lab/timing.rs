//! Chooses an experiment that fits into a few minutes on this device.

use crate::lab::setup::Learner;

/// Seconds that a default run may take.
const BUDGET: f64 = 270.0;
/// Seconds that the first run may take.
const FIRST: f64 = 12.0;
/// Fewest training steps of a learner.
const MIN_STEPS: usize = 50;
/// Side and steps of a learner that fit the time: 64 pixels if all wanted steps fit, or else 32 pixels and as many steps as fit.
/// `millis` are those of a step at 32 and 64 pixels; `learners` is the number of learners in the whole experiment, `first` in its
/// first run.
pub fn scale(learner: Learner, millis: [f64; 2], learners: usize, first: usize, workers: usize) -> (usize, usize) {
    let wanted = match learner {
        Learner::Classifier => 300,
        Learner::Segmenter => 150,
    };
    let steps = |millis: f64| {
        let whole = BUDGET * workers.max(1) as f64 / learners.max(1) as f64;
        let seconds = whole.min(FIRST / first.max(1) as f64);
        1000.0 * seconds / millis.max(1e-9)
    };
    if steps(millis[1]) >= wanted as f64 {
        return (64, wanted);
    }
    // With fewer steps a learner learns nothing, so the experiment may take longer.
    (32, (steps(millis[0]) as usize / 10 * 10).clamp(MIN_STEPS, wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_devices_get_smaller_slices_and_then_fewer_steps() {
        let scaled = |millis| scale(Learner::Classifier, millis, 50, 1, 2);
        assert_eq!(scaled([5.0, 20.0]), (64, 300));
        assert_eq!(scaled([10.0, 40.0]), (32, 300));
        assert_eq!(scaled([60.0, 240.0]), (32, 180));
        assert_eq!(scaled([150.0, 600.0]), (32, 70));
        assert_eq!(scaled([9000.0, 40_000.0]), (32, 50));
        assert_eq!(scaled([0.0, 0.0]), (64, 300));
        // Eight workers have time for more, but the first run of two learners would take too long.
        assert_eq!(scale(Learner::Classifier, [40.0, 160.0], 100, 2, 8), (32, 150));
        assert_eq!(scale(Learner::Segmenter, [40.0, 160.0], 50, 1, 2), (32, 150));
    }
}
