//! Where a logit lies among those of scans that are known.

use crate::gan::logit_reference::LogitReference;

/// A ruler from a bit below the lowest logit to a bit above the highest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoreScale {
    low: f32,
    high: f32,
}

/// Part of the ruler that stays free at either end.
const ROOM: f32 = 0.04;

impl ScoreScale {
    /// A ruler that holds all of the reference and this logit. None if there is nothing to measure.
    pub fn around(reference: &LogitReference, logit: f32) -> Option<Self> {
        let all = reference.real.iter().chain(&reference.generated).chain([&logit]);
        let low = all.clone().copied().fold(f32::INFINITY, f32::min);
        let high = all.copied().fold(f32::NEG_INFINITY, f32::max);
        (reference.is_sound() && logit.is_finite() && high > low).then(|| {
            let room = (high - low) * ROOM;
            Self { low: low - room, high: high + room }
        })
    }

    /// How far along it a logit lies, 0 to 1.
    pub fn place(self, logit: f32) -> f32 {
        ((logit - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

/// Of every ten scans with these deciles, how many lie below this logit.
pub fn tenths_below(deciles: &[f32], logit: f32) -> usize {
    let place = deciles.windows(2).map(|pair| match (pair[0], pair[1]) {
        (_, to) if logit >= to => 1.0,
        (from, to) if logit > from => (logit - from) / (to - from),
        _ => 0.0,
    });
    place.sum::<f32>().round() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference() -> LogitReference {
        let real = (0..=10).map(|x| x as f32).collect();
        let generated = (0..=10).map(|x| x as f32 - 10.0).collect();
        LogitReference { real, generated }
    }

    #[test]
    fn the_ruler_holds_everything() {
        let ruler = ScoreScale::around(&reference(), 30.0).expect("a sound reference");
        assert!(ruler.place(-10.0) > 0.0 && ruler.place(30.0) < 1.0);
        assert!((ruler.place(10.0) - 0.5).abs() < 1e-6);
        assert_eq!(ruler.place(100.0), 1.0);
    }

    #[test]
    fn without_a_reference_there_is_no_ruler() {
        assert_eq!(ScoreScale::around(&LogitReference { real: vec![0.0], generated: vec![1.0] }, 0.0), None);
        assert_eq!(ScoreScale::around(&reference(), f32::NAN), None);
        let flat = LogitReference { real: vec![1.0; 11], generated: vec![1.0; 11] };
        assert_eq!(ScoreScale::around(&flat, 1.0), None);
    }

    #[test]
    fn tens_are_counted() {
        let tens = |logit| tenths_below(&reference().real, logit);
        assert_eq!([tens(-1.0), tens(0.0), tens(3.4), tens(3.6), tens(10.0), tens(99.0)], [0, 0, 3, 4, 10, 10]);
        assert_eq!(tenths_below(&[2.0; 11], 2.0), 10);
    }
}
