//! What a device will have reached after some minutes of training, from how fast it was in the warm-up.
//!
//! Steps drive the early picture, not slices. From nothing, the stages are those seen in a run of the smallest networks at 32
//! pixels (400 slices, 16 a step): blobs at 60 steps, a blob the size of a head at 250, heads at 500, heads with their lesion in
//! the right place at 1000. From trained networks they are an estimate.

/// Minutes that are looked ahead.
pub const MINUTES: [u32; 3] = [1, 5, 15];

/// What there will be to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedQuality {
    /// Noise.
    Noise,
    /// Grey blobs.
    Blobs,
    /// Something of the size of a head.
    HeadSized,
    /// Heads.
    Heads,
    /// Heads with a tumour where the mask says.
    Lesions,
    /// From trained networks: as it was.
    AsBefore,
    /// From trained networks: brightness and shape of the new slices.
    Brightness,
    /// From trained networks: what the new classes look like.
    Classes,
}

/// Where a training stands after some minutes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Milestone {
    /// After how many minutes.
    pub minutes: u32,
    /// Steps by then.
    pub steps: u64,
    /// Slices by then.
    pub images: u64,
    /// What there will be to see.
    pub stage: ExpectedQuality,
}

impl Milestone {
    /// From the time of a step and the slices in it. `fresh`: from random networks.
    pub fn after(minutes: u32, step_millis: f64, batch: usize, fresh: bool) -> Self {
        let steps = if step_millis > 0.0 { (f64::from(minutes) * 60_000.0 / step_millis) as u64 } else { 0 };
        let stage = match (fresh, steps) {
            (true, 0..30) => ExpectedQuality::Noise,
            (true, 30..250) => ExpectedQuality::Blobs,
            (true, 250..500) => ExpectedQuality::HeadSized,
            (true, 500..1000) => ExpectedQuality::Heads,
            (true, _) => ExpectedQuality::Lesions,
            (false, 0..100) => ExpectedQuality::AsBefore,
            (false, 100..500) => ExpectedQuality::Brightness,
            (false, _) => ExpectedQuality::Classes,
        };
        Self { minutes, steps, images: steps.saturating_mul(batch as u64), stage }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_faster_device_comes_further() {
        let stage = |minutes, millis| Milestone::after(minutes, millis, 16, true).stage;
        // A processor at 5 s a step, an integrated graphics card at 0.4 s, a good one at 50 ms.
        assert_eq!(
            MINUTES.map(|minutes| stage(minutes, 5000.0)),
            [ExpectedQuality::Noise, ExpectedQuality::Blobs, ExpectedQuality::Blobs]
        );
        assert_eq!(
            MINUTES.map(|minutes| stage(minutes, 400.0)),
            [ExpectedQuality::Blobs, ExpectedQuality::Heads, ExpectedQuality::Lesions]
        );
        assert_eq!(MINUTES.map(|minutes| stage(minutes, 50.0)), [ExpectedQuality::Lesions; 3]);
    }

    #[test]
    fn trained_networks_start_as_they_are() {
        let after = |minutes| Milestone::after(minutes, 1000.0, 8, false);
        assert_eq!(
            MINUTES.map(|minutes| after(minutes).stage),
            [ExpectedQuality::AsBefore, ExpectedQuality::Brightness, ExpectedQuality::Classes]
        );
        assert_eq!((after(5).steps, after(5).images), (300, 2400));
    }

    #[test]
    fn an_unmeasured_device_promises_nothing() {
        assert_eq!(Milestone::after(15, 0.0, 8, true).steps, 0);
        assert_eq!(Milestone::after(15, f64::NAN, 8, true).stage, ExpectedQuality::Noise);
    }
}
