//! Resizes pictures, one axis after the other.
//!
//! Shrinking averages the area that a new pixel covers, so small details keep their weight and the mean brightness stays
//! the same. Growing interpolates linearly between pixel centres.

/// Weights of consecutive old pixels along an axis, starting at `first`, for one new pixel.
struct PixelWeights {
    first: usize,
    weights: Vec<f32>,
}

/// The pixels at a size of `to`, given as width and height: values from 0 to 255, row by row. There must be `from.0 *
/// from.1` pixels, and no size may be 0.
pub(super) fn resample(pixels: &[u8], from: (usize, usize), to: (usize, usize)) -> Vec<f32> {
    let (width, height) = to;
    let columns = axis_weights(from.0, width);
    let narrow: Vec<f32> = pixels
        .chunks_exact(from.0)
        .flat_map(|row| {
            columns.iter().map(|share| {
                let taken = row[share.first..].iter().zip(&share.weights);
                taken.map(|(&pixel, weight)| f32::from(pixel) * weight).sum::<f32>()
            })
        })
        .collect();
    let mut resized = vec![0.0; width * height];
    for (row, share) in resized.chunks_exact_mut(width).zip(axis_weights(from.1, height)) {
        for (source, weight) in narrow[share.first * width..].chunks_exact(width).zip(share.weights) {
            for (pixel, value) in row.iter_mut().zip(source) {
                *pixel += value * weight;
            }
        }
    }
    resized
}

/// The weights of the `old` pixels for each of the `new` ones. Those of one new pixel sum to 1.
fn axis_weights(old: usize, new: usize) -> Vec<PixelWeights> {
    let step = old as f64 / new as f64;
    (0..new).map(|index| if step > 1.0 { area(index, step, old) } else { linear(index, step, old) }).collect()
}

/// Weights by the overlap with `index * step .. (index + 1) * step`.
fn area(index: usize, step: f64, old: usize) -> PixelWeights {
    let (start, end) = (index as f64 * step, (index + 1) as f64 * step);
    let first = (start as usize).min(old - 1);
    let last = (end.ceil() as usize).clamp(first + 1, old);
    let overlap = |pixel: usize| (end.min((pixel + 1) as f64) - start.max(pixel as f64)).max(0.0);
    let total: f64 = (first..last).map(overlap).sum();
    PixelWeights { first, weights: (first..last).map(|pixel| (overlap(pixel) / total) as f32).collect() }
}

/// Weights of the two pixels whose centres are nearest to the new centre; of one at the border.
fn linear(index: usize, step: f64, old: usize) -> PixelWeights {
    let centre = ((index as f64 + 0.5) * step - 0.5).clamp(0.0, (old - 1) as f64);
    let first = centre as usize;
    let second = (centre - first as f64) as f32;
    let weights = if first + 1 < old { vec![1.0 - second, second] } else { vec![1.0] };
    PixelWeights { first, weights }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slices::raster::Raster;

    #[test]
    fn weights_sum_to_one() {
        for (old, new) in [(7, 3), (3, 7), (256, 64), (201, 128), (1, 5), (5, 1), (4, 4)] {
            for share in axis_weights(old, new) {
                assert!((share.weights.iter().sum::<f32>() - 1.0).abs() < 1e-5);
                assert!(share.first + share.weights.len() <= old);
            }
        }
    }

    #[test]
    fn the_same_size_changes_nothing() {
        let raster = Raster::from_fn(5, 4, |x, y| (40 * y + 7 * x) as u8);
        assert_eq!(raster.resize(5, 4), raster);
    }

    #[test]
    fn shrinking_averages_areas() {
        let raster = Raster::from_fn(4, 2, |x, _| [0, 100, 50, 250][x]);
        assert_eq!(raster.resize(2, 1).pixels(), [50, 150]);
        let thirds = Raster::from_fn(3, 1, |x, _| [30, 90, 240][x]);
        assert_eq!(thirds.resize(2, 1).pixels(), [50, 190]);
    }

    #[test]
    fn growing_interpolates() {
        let raster = Raster::from_fn(2, 1, |x, _| [0, 100][x]);
        assert_eq!(raster.resize(4, 1).pixels(), [0, 25, 75, 100]);
    }
}
