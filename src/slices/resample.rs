//! Changing the number of pixels, one axis after the other.
//!
//! Shrinking averages the area that a new pixel covers, so nothing small is skipped over and brightness is
//! kept. Growing interpolates linearly between pixel centres.

use super::raster::Raster;

/// What one new pixel takes from the old ones along an axis: the first, and the weights from there on.
struct Share {
    first: usize,
    weights: Vec<f32>,
}

/// The picture at `width` x `height`, values from 0 to 255.
pub(super) fn resample(raster: &Raster, width: usize, height: usize) -> Vec<f32> {
    let columns = shares(raster.width(), width);
    let narrow: Vec<f32> = raster
        .rows()
        .flat_map(|row| {
            columns.iter().map(|share| {
                let taken = row[share.first..].iter().zip(&share.weights);
                taken.map(|(&pixel, weight)| f32::from(pixel) * weight).sum::<f32>()
            })
        })
        .collect();
    let mut pixels = vec![0.0; width * height];
    for (row, share) in pixels.chunks_exact_mut(width).zip(shares(raster.height(), height)) {
        for (source, weight) in narrow[share.first * width..].chunks_exact(width).zip(share.weights) {
            for (pixel, value) in row.iter_mut().zip(source) {
                *pixel += value * weight;
            }
        }
    }
    pixels
}

/// For each of `new` pixels, its share of the `old` ones. Weights of one share sum to 1.
fn shares(old: usize, new: usize) -> Vec<Share> {
    let step = old as f64 / new as f64;
    (0..new).map(|index| if step > 1.0 { covered(index, step, old) } else { between(index, step, old) }).collect()
}

/// The pixels under `index * step .. (index + 1) * step`, by how much of each lies there.
fn covered(index: usize, step: f64, old: usize) -> Share {
    let (start, end) = (index as f64 * step, (index + 1) as f64 * step);
    let first = (start as usize).min(old - 1);
    let last = (end.ceil() as usize).clamp(first + 1, old);
    let overlap = |pixel: usize| (end.min((pixel + 1) as f64) - start.max(pixel as f64)).max(0.0);
    let total: f64 = (first..last).map(overlap).sum();
    Share { first, weights: (first..last).map(|pixel| (overlap(pixel) / total) as f32).collect() }
}

/// The two pixels whose centres lie around the new one, by nearness; at the border, the last one.
fn between(index: usize, step: f64, old: usize) -> Share {
    let centre = ((index as f64 + 0.5) * step - 0.5).clamp(0.0, (old - 1) as f64);
    let first = centre as usize;
    let second = (centre - first as f64) as f32;
    let weights = if first + 1 < old { vec![1.0 - second, second] } else { vec![1.0] };
    Share { first, weights }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_share_sums_to_one() {
        for (old, new) in [(7, 3), (3, 7), (256, 64), (201, 128), (1, 5), (5, 1), (4, 4)] {
            for share in shares(old, new) {
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
