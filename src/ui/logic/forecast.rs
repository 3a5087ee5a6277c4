//! Forecast of a training: what the scans will look like after some minutes, from the speed of the warm-up.
//!
//! Early quality depends on the number of steps, not on the number of slices. For random initial weights, the thresholds are
//! those of one run of the page at 32 pixels (`cargo xtask minutes --levels`: 400 T1 slices, batch size 8): blobs at 10 steps, a blob
//! the size of a head at 100, a skull with something inside from 250 to 350 on. After 1000 steps no lesion fitted its mask. Another
//! run had bright spots in sharp heads after 20,344 slices, which are 2543 of these steps, and an earlier one after 2000.
//!
//! For trained weights the thresholds come from one run of 325 steps, from T1 networks on FLAIR slices with a judge: after 163
//! steps little had changed, after 325 the skull was darker, as in the new slices. Without a judge, details were softer after
//! 401 steps (`cargo xtask minutes --levels --runs trained`). Two thresholds are estimates: 300 steps without a judge, and 1500
//! for differing classes, which is three times the steps of runs whose generator learned at about three times the rate.

/// Minutes after the start for which a forecast is made.
pub const MINUTES: [u32; 3] = [1, 5, 15];

/// Expected quality of the scans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedQuality {
    /// Noise.
    Noise,
    /// Grey blobs.
    Blobs,
    /// A blob the size of a head.
    HeadSized,
    /// Heads.
    Heads,
    /// Heads with a tumour at the place of the mask.
    Lesions,
    /// From trained weights: unchanged.
    AsBefore,
    /// From trained weights without a judge: brightness and shape of the new slices, but soft.
    Soft,
    /// From trained weights: brightness and shape of the new slices.
    Brightness,
    /// From trained weights: the look of the new classes.
    Classes,
}

impl ExpectedQuality {
    /// Name of the picture of this level in `static/levels/`, without `.webp`. `None` for the new classes, which have no
    /// picture.
    pub fn picture(self) -> Option<&'static str> {
        match self {
            Self::Noise => Some("noise"),
            Self::Blobs => Some("blobs"),
            Self::HeadSized => Some("head-sized"),
            Self::Heads => Some("heads"),
            Self::Lesions => Some("lesions"),
            Self::AsBefore => Some("as-before"),
            Self::Soft => Some("soft"),
            Self::Brightness => Some("brightness"),
            Self::Classes => None,
        }
    }
}

/// What a training starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// Random weights.
    Random,
    /// Trained weights.
    Trained,
    /// Trained weights, and a judge joins in.
    Judged,
}

/// The expected state of a training after some minutes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Milestone {
    /// Minutes of training.
    pub minutes: u32,
    /// Steps done.
    pub steps: u64,
    /// Slices seen.
    pub images: u64,
    /// Expected quality of the scans.
    pub quality: ExpectedQuality,
}

impl Milestone {
    /// The state after `minutes`, at `step_millis` per step and `batch` slices per step. Without a measured speed, no steps.
    pub fn after(minutes: u32, step_millis: f64, batch: usize, start: Start) -> Self {
        let steps = if step_millis > 0.0 { (f64::from(minutes) * 60_000.0 / step_millis) as u64 } else { 0 };
        let quality = match (start, steps) {
            (Start::Random, 0..10) => ExpectedQuality::Noise,
            (Start::Random, 10..80) => ExpectedQuality::Blobs,
            (Start::Random, 80..300) => ExpectedQuality::HeadSized,
            (Start::Random, 300..2000) => ExpectedQuality::Heads,
            (Start::Random, _) => ExpectedQuality::Lesions,
            (_, 0..300) => ExpectedQuality::AsBefore,
            (Start::Trained, _) => ExpectedQuality::Soft,
            (Start::Judged, 300..1500) => ExpectedQuality::Brightness,
            (Start::Judged, _) => ExpectedQuality::Classes,
        };
        Self { minutes, steps, images: steps.saturating_mul(batch as u64), quality }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Slices of a step in the recorded trainings: the page's default.
    const BATCH: usize = 8;

    #[test]
    fn a_faster_device_gets_further() {
        let quality = |minutes, millis| Milestone::after(minutes, millis, 16, Start::Random).quality;
        // A CPU at 5 s per step, an integrated GPU at 0.4 s, a good GPU at 50 ms.
        assert_eq!(
            MINUTES.map(|minutes| quality(minutes, 5000.0)),
            [ExpectedQuality::Blobs, ExpectedQuality::Blobs, ExpectedQuality::HeadSized]
        );
        assert_eq!(
            MINUTES.map(|minutes| quality(minutes, 400.0)),
            [ExpectedQuality::HeadSized, ExpectedQuality::Heads, ExpectedQuality::Lesions]
        );
        assert_eq!(
            MINUTES.map(|minutes| quality(minutes, 50.0)),
            [ExpectedQuality::Heads, ExpectedQuality::Lesions, ExpectedQuality::Lesions]
        );
    }

    #[test]
    fn trained_weights_start_unchanged_and_stay_sharp_with_a_judge() {
        let after = |minutes, start| Milestone::after(minutes, 500.0, 8, start);
        assert_eq!(
            MINUTES.map(|minutes| after(minutes, Start::Judged).quality),
            [ExpectedQuality::AsBefore, ExpectedQuality::Brightness, ExpectedQuality::Classes]
        );
        assert_eq!(after(5, Start::Trained).quality, ExpectedQuality::Soft);
        assert_eq!(Milestone::after(1, 5000.0, 8, Start::Judged).quality, ExpectedQuality::AsBefore);
        assert_eq!((after(5, Start::Judged).steps, after(5, Start::Judged).images), (600, 4800));
    }

    /// Compares the page's forecasts with the slices that came, as `cargo xtask minutes` recorded them. Of runs of one task with
    /// different seeds, the mean is better than the start; single ones vary.
    #[test]
    fn recorded_trainings_went_as_forecast() {
        let recorded: serde_json::Value = serde_json::from_str(include_str!("../../../tests/minutes.json")).unwrap();
        let mut shares = Vec::new();
        let mut won = BTreeMap::<_, Vec<f64>>::new();
        for run in recorded["runs"].as_array().unwrap() {
            let number = |value: &serde_json::Value| value.as_f64().unwrap();
            let step_millis = 1000.0 * BATCH as f64 / number(&run["forecast"]);
            let moments = run["moments"].as_array().unwrap();
            let distance = |moment: &serde_json::Value| number(&moment["measures"]["fd_relative"]);
            for moment in &moments[1..] {
                let minutes = moment["minutes"].as_u64().unwrap() as u32;
                let milestone = Milestone::after(minutes, step_millis, BATCH, Start::Judged);
                shares.push(number(&moment["images"]) / milestone.images as f64);
                if milestone.quality != ExpectedQuality::AsBefore {
                    let task = run["task"].as_str().unwrap();
                    won.entry((task, minutes)).or_default().push(distance(&moments[0]) - distance(moment));
                }
            }
        }
        assert!(won.values().all(|runs| runs.iter().sum::<f64>() > 0.0), "no better after (task, minutes): {won:?}");
        let mean = shares.iter().sum::<f64>() / shares.len() as f64;
        assert!((0.8..1.25).contains(&mean), "of the slices that were forecast, this part came: {shares:?}");
    }

    #[test]
    fn each_picture_is_a_webp_file_of_the_site() {
        let levels = [
            ExpectedQuality::Noise,
            ExpectedQuality::Blobs,
            ExpectedQuality::HeadSized,
            ExpectedQuality::Heads,
            ExpectedQuality::Lesions,
            ExpectedQuality::AsBefore,
            ExpectedQuality::Soft,
            ExpectedQuality::Brightness,
        ];
        for name in levels.map(|level| level.picture().unwrap_or_default()) {
            let path = format!("{}/static/levels/{name}.webp", env!("CARGO_MANIFEST_DIR"));
            let bytes = std::fs::read(&path).unwrap_or_default();
            assert!(bytes.starts_with(b"RIFF") && bytes[8..].starts_with(b"WEBP"), "{path}");
        }
    }

    #[test]
    fn an_unmeasured_device_has_no_steps() {
        assert_eq!(Milestone::after(15, 0.0, 8, Start::Random).steps, 0);
        assert_eq!(Milestone::after(15, f64::NAN, 8, Start::Random).quality, ExpectedQuality::Noise);
    }
}
