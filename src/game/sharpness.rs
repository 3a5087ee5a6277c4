//! Makes the brain of real and generated scans equally sharp.
//!
//! Resolution and grain are properties of the scanner and of the resampling, not of the brain. Where real scans have less of
//! them than those that a generator learned from, "smooth means real" would win every game. So the brain of the sharper kind
//! is smoothed until its typical sharpness is that of the other kind. Scalp and skull stay as they are: their edges are sharp
//! in every scan.

use super::features::HeadRegion;

/// Scans of each kind that are measured.
const MEASURED: usize = 16;
/// Kinds whose sharpness differs by at most this factor are left as they are.
const TOLERANCE: f64 = 1.1;
/// Strongest smoothing, as a standard deviation in pixels.
const MAX_SIGMA: f64 = 1.5;
/// Steps of the search for the right smoothing: to 0.05 pixels.
const STEPS: usize = 5;

/// Smoothing of each kind as the standard deviation of a Gaussian, in pixels. At most one of them is above 0.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Smoothing {
    /// Of real scans.
    pub real: f64,
    /// Of generated scans.
    pub fake: f64,
}

impl Smoothing {
    /// The smoothing that makes both kinds equally sharp. Images have `size * size` bytes. None for an empty list.
    pub fn to_match(real: &[&[u8]], fake: &[&[u8]], size: usize) -> Self {
        let [real, fake] = [real, fake].map(|images| spread(images, size));
        let (Some(a), Some(b)) = (typical(&real, size, 0.0), typical(&fake, size, 0.0)) else { return Self::default() };
        if a > b * TOLERANCE {
            Self { real: sigma_for(&real, size, b), fake: 0.0 }
        } else if b > a * TOLERANCE {
            Self { real: 0.0, fake: sigma_for(&fake, size, a) }
        } else {
            Self::default()
        }
    }
}

/// An image and the indices of the pixels of its brain.
struct BrainPixels<'a> {
    image: &'a [u8],
    /// Part of the smoothed image in each pixel: 0 at the scalp, 1 in the brain.
    part: Vec<f32>,
    pixels: Vec<usize>,
}

/// At most [`MEASURED`] images with a head, evenly taken from the list.
fn spread<'a>(images: &[&'a [u8]], size: usize) -> Vec<BrainPixels<'a>> {
    let count = images.len().min(MEASURED);
    (0..count).filter_map(|index| BrainPixels::of(images[index * images.len() / count], size)).collect()
}

/// The smoothing after which these images have a median sharpness of `wanted`, by bisection.
fn sigma_for(images: &[BrainPixels], size: usize, wanted: f64) -> f64 {
    let (mut low, mut high) = (0.0, MAX_SIGMA);
    for _ in 0..STEPS {
        let middle = f64::midpoint(low, high);
        if typical(images, size, middle).is_some_and(|sharpness| sharpness > wanted) {
            low = middle
        } else {
            high = middle
        }
    }
    f64::midpoint(low, high)
}

/// Median sharpness after smoothing; `None` without images.
fn typical(images: &[BrainPixels], size: usize, sigma: f64) -> Option<f64> {
    let mut values: Vec<f64> =
        images.iter().map(|brain| sharpness(&brain.smoothed(size, sigma), size, &brain.pixels)).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

impl<'a> BrainPixels<'a> {
    /// `None` if the image shows no head, or has another size.
    fn of(image: &'a [u8], size: usize) -> Option<Self> {
        if size < 16 || image.len() != size * size {
            return None;
        }
        let head = HeadRegion::of(image, size)?;
        // A brain never reaches the border of the image, so every pixel has four neighbours.
        let pixels = head.brain().map(|(x, y)| y * size + x).collect();
        // The brain begins at a depth of an eighth of the side; the transition is half as wide.
        let width = size as f32 / 16.0;
        let part = head.depth.iter().map(|&depth| ((depth as f32 - width) / width).clamp(0.0, 1.0)).collect();
        Some(Self { image, part, pixels })
    }

    fn smoothed(&self, size: usize, sigma: f64) -> Vec<u8> {
        if sigma <= 0.0 {
            return self.image.to_vec();
        }
        let soft = gaussian(self.image, size, sigma);
        let blend = |((&sharp, soft), part): ((&u8, f32), &f32)| {
            (f32::from(sharp) + (soft - f32::from(sharp)) * part).round() as u8
        };
        self.image.iter().zip(soft).zip(&self.part).map(blend).collect()
    }
}

/// The image with its brain convolved with a Gaussian of standard deviation `sigma` pixels. Unchanged for 0, or if it shows
/// no head.
pub fn smoothed(image: &[u8], size: usize, sigma: f64) -> Vec<u8> {
    BrainPixels::of(image, size).map_or_else(|| image.to_vec(), |brain| brain.smoothed(size, sigma))
}

/// Mean difference between these pixels and the mean of their four neighbours, divided by their mean brightness.
fn sharpness(image: &[u8], size: usize, pixels: &[usize]) -> f64 {
    let difference = |at: usize| {
        let near = [at - 1, at + 1, at - size, at + size].map(|index| f64::from(image[index]));
        (f64::from(image[at]) - near.iter().sum::<f64>() / 4.0).abs()
    };
    let brightness: f64 = pixels.iter().map(|&at| f64::from(image[at])).sum();
    pixels.iter().map(|&at| difference(at)).sum::<f64>() / brightness.max(1.0)
}

/// The image convolved with a Gaussian of standard deviation `sigma` pixels. Pixels beyond the border count as those at it.
fn gaussian(image: &[u8], size: usize, sigma: f64) -> Vec<f32> {
    let reach = (3.0 * sigma).ceil() as isize;
    let weights: Vec<f32> =
        (-reach..=reach).map(|at| (-((at * at) as f64) / (2.0 * sigma * sigma)).exp() as f32).collect();
    let total: f32 = weights.iter().sum();
    let last = size as isize - 1;
    let pass = |values: &[f32], step: usize, stride: usize| -> Vec<f32> {
        // `step` walks along a line, `stride` from line to line.
        let mut out = vec![0.0; values.len()];
        for line in 0..size {
            for at in 0..size as isize {
                let sum: f32 = (-reach..=reach)
                    .zip(&weights)
                    .map(|(by, weight)| weight * values[line * stride + (at + by).clamp(0, last) as usize * step])
                    .sum();
                out[line * stride + at as usize * step] = sum / total;
            }
        }
        out
    };
    let values: Vec<f32> = image.iter().map(|&pixel| f32::from(pixel)).collect();
    let rows = pass(&values, 1, size);
    pass(&rows, size, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: usize = 48;

    /// A square head with a pattern that differs by `seed`.
    fn head(seed: usize) -> Vec<u8> {
        let inside = |at: usize| (6..42).contains(&at);
        (0..SIZE * SIZE)
            .map(|at| {
                let (x, y) = (at % SIZE, at / SIZE);
                let pattern = (x * 7 + y * 13 + seed * (x ^ y)) % 11;
                if inside(x) && inside(y) { 90 + 6 * pattern as u8 } else { 0 }
            })
            .collect()
    }

    fn list(images: &[Vec<u8>]) -> Vec<&[u8]> {
        images.iter().map(Vec::as_slice).collect()
    }

    #[test]
    fn the_sharper_kind_is_smoothed_until_both_are_equal() {
        let sharp: Vec<Vec<u8>> = (0..12).map(head).collect();
        let soft: Vec<Vec<u8>> = sharp.iter().map(|image| smoothed(image, SIZE, 0.6)).collect();
        let found = Smoothing::to_match(&list(&soft), &list(&sharp), SIZE);
        assert!(found.real == 0.0 && (found.fake - 0.6).abs() < 0.06, "{found:?}");
        let found = Smoothing::to_match(&list(&sharp), &list(&soft), SIZE);
        assert!(found.fake == 0.0 && (found.real - 0.6).abs() < 0.06, "{found:?}");
    }

    #[test]
    fn equal_kinds_stay_as_they_are() {
        let images: Vec<Vec<u8>> = (0..12).map(head).collect();
        assert_eq!(Smoothing::to_match(&list(&images[..6]), &list(&images[6..]), SIZE), Smoothing::default());
        assert_eq!(Smoothing::to_match(&[], &list(&images), SIZE), Smoothing::default());
        assert_eq!(smoothed(&images[0], SIZE, 0.0), images[0]);
    }

    #[test]
    fn smoothing_changes_the_brain_and_keeps_its_mean_and_the_scalp() {
        let image = head(3);
        let soft = smoothed(&image, SIZE, 0.8);
        let mean = |image: &[u8]| image.iter().map(|&pixel| f64::from(pixel)).sum::<f64>() / image.len() as f64;
        assert!((mean(&soft) - mean(&image)).abs() < 0.3);
        let row = |image: &[u8], y: usize| image[y * SIZE..(y + 1) * SIZE].to_vec();
        assert_eq!(row(&soft, 7), row(&image, 7), "the scalp");
        assert_ne!(row(&soft, 24), row(&image, 24));
        let flat: Vec<u8> = image.iter().map(|&pixel| if pixel > 0 { 100 } else { 0 }).collect();
        assert_eq!(smoothed(&flat, SIZE, 0.8), flat);
    }

    #[test]
    fn nothing_is_smoothed_without_a_head() {
        let air = vec![0; SIZE * SIZE];
        let images: Vec<Vec<u8>> = (0..4).map(head).collect();
        assert_eq!(Smoothing::to_match(&[&air], &list(&images), SIZE), Smoothing::default());
        assert_eq!(Smoothing::to_match(&[&[200; 9]], &list(&images), SIZE), Smoothing::default());
    }
}
