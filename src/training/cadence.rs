//! When something is due in a run.

/// A position in a run.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RunPosition {
    /// Steps taken.
    pub steps: u64,
    /// Real slices shown to the discriminator.
    pub images: u64,
    /// Milliseconds of training.
    pub millis: f64,
}

/// An interval between two events.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Every {
    /// The first step of each group of this many steps.
    Steps(u64),
    /// Each time the number of slices passes a multiple of this.
    Images(u64),
    /// This many milliseconds of training after the last time.
    Millis(f64),
}

impl Every {
    /// Whether the event is due after a step, if it happened last at `last`.
    pub fn is_due(self, last: RunPosition, now: RunPosition) -> bool {
        match self {
            Self::Steps(steps) => now.steps % steps.max(1) == 1 % steps.max(1),
            Self::Images(images) => now.images / images.max(1) > last.images / images.max(1),
            Self::Millis(millis) => now.millis - last.millis >= millis,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(steps: u64, images: u64, millis: f64) -> RunPosition {
        RunPosition { steps, images, millis }
    }

    #[test]
    fn steps_are_due_at_the_first_of_each_group() {
        let due = |every, steps| Every::Steps(every).is_due(RunPosition::default(), at(steps, 0, 0.0));
        let of_five: Vec<u64> = (1..=12).filter(|&steps| due(5, steps)).collect();
        assert_eq!(of_five, [1, 6, 11]);
        assert!((1..=12).all(|steps| due(1, steps)));
    }

    #[test]
    fn images_are_due_past_a_multiple() {
        let due = |last, now| Every::Images(100).is_due(at(0, last, 0.0), at(0, now, 0.0));
        assert!(!due(0, 96) && due(96, 104) && !due(104, 112) && due(104, 200));
    }

    #[test]
    fn milliseconds_count_from_the_last_time() {
        let due = |last, now| Every::Millis(1000.0).is_due(at(0, 0, last), at(0, 0, now));
        assert!(!due(500.0, 1499.0) && due(500.0, 1500.0));
    }
}
