//! Finds the shipped generator whose scans some slices resemble, from a few numbers of each slice. Nothing is fetched for it.
//!
//! The numbers of a slice are compared with those of scans of each generator: the Mahalanobis distance to their mean. Slices whose
//! median distance is large for all generators resemble none.

mod numbers;
mod reference;

use self::numbers::NUMBERS;
use self::reference::REFERENCES;
use super::models::Modality;

/// Side of the slices that are compared, in pixels.
pub const SIDE: usize = numbers::SIDE;
/// Most slices of a set that are looked at.
pub const MAX_COMPARED: usize = 48;

/// Median distance above which slices resemble no generator. Heads of a modality are at 0.7 to 0.9 from the scans of its generator,
/// and photographs above 5.
const FAR: f32 = 3.0;

/// Statistics of the scans of a generator.
#[derive(Debug, Clone, PartialEq)]
struct Reference {
    modality: Modality,
    /// Mean of each number.
    mean: [f32; NUMBERS],
    /// Lower Cholesky factor of the covariance, row by row.
    factor: [f32; NUMBERS * (NUMBERS + 1) / 2],
}

impl Reference {
    /// Mahalanobis distance, divided by the root of [`NUMBERS`]: about 1 for scans of the generator.
    fn distance(&self, values: &[f32; NUMBERS]) -> f32 {
        let mut solved = [0.0; NUMBERS];
        let mut rest = self.factor.as_slice();
        for row in 0..NUMBERS {
            let (factors, others) = rest.split_at(row + 1);
            rest = others;
            let known: f32 = factors[..row].iter().zip(&solved).map(|(a, b)| a * b).sum();
            solved[row] = (values[row] - self.mean[row] - known) / factors[row];
        }
        (solved.iter().map(|value| value * value).sum::<f32>() / NUMBERS as f32).sqrt()
    }
}

/// The modality whose generator these slices resemble most. `None` without slices, or if they resemble no generator. Each slice
/// is [`SIDE`] x [`SIDE`] pixels, normalised as for training.
pub fn nearest(slices: impl IntoIterator<Item = Vec<u8>>) -> Option<Modality> {
    let values: Vec<_> = slices.into_iter().map(|image| numbers::of(&image)).collect();
    let far = REFERENCES.iter().map(|reference| {
        let distances = values.iter().map(|values| reference.distance(values)).collect();
        (median(distances).unwrap_or(f32::INFINITY), reference.modality)
    });
    let (distance, modality) = far.min_by(|(a, _), (b, _)| a.total_cmp(b))?;
    (distance <= FAR).then_some(modality)
}

fn median(mut values: Vec<f32>) -> Option<f32> {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied()
}

#[cfg(all(test, feature = "native"))]
mod tests;
