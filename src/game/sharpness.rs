//! Makes the brain of real and generated scans equally sharp.
//!
//! Resolution and grain are properties of the scanner and of the resampling, not of the brain. Where real scans have less
//! of them than those that a generator learned from, "smooth means real" would win every game. Among few people, one scan
//! can be much sharper than the rest. So no brain is sharper than that of a typical scan of the softer kind: sharper ones
//! are smoothed down to it, each by its own Gaussian. Scalp and skull stay as they are: their edges are sharp in every
//! scan.

use super::features::HeadRegion;

/// Scans of each kind that are measured.
const MEASURED: usize = 16;
/// Strongest smoothing, as a standard deviation in pixels.
const MAX_SIGMA: f64 = 1.5;
/// Steps of the search for the right smoothing: to 0.05 pixels.
const STEPS: usize = 5;

/// The largest sharpness of a scan in a game. None: nothing is smoothed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct SharpnessLimit(Option<f64>);

impl SharpnessLimit {
    /// The median sharpness of the softer kind. Images have `size * size` bytes. No limit if a kind has no image with a head.
    pub fn of(real: &[&[u8]], fake: &[&[u8]], size: usize) -> Self {
        let both = typical(real, size).zip(typical(fake, size));
        Self(both.map(|(real, fake)| real.min(fake)))
    }

    /// The image, its brain smoothed if it is sharper than the limit. Also the standard deviation of the Gaussian in pixels, 0 if
    /// the image is unchanged.
    pub fn apply(self, image: &[u8], size: usize) -> (Vec<u8>, f64) {
        let unchanged = || (image.to_vec(), 0.0);
        let Some((limit, brain)) = self.0.zip(BrainPixels::of(image, size)) else { return unchanged() };
        if brain.sharpness(image, size) <= limit {
            return unchanged();
        }
        let (mut low, mut high) = (0.0, MAX_SIGMA);
        for _ in 0..STEPS {
            let middle = f64::midpoint(low, high);
            if brain.sharpness(&brain.smoothed(size, middle), size) > limit { low = middle } else { high = middle }
        }
        (brain.smoothed(size, high), high)
    }
}

/// An image and the indices of the pixels of its brain.
struct BrainPixels<'a> {
    image: &'a [u8],
    /// Part of the smoothed image in each pixel: 0 at the scalp, 1 in the brain.
    part: Vec<f32>,
    pixels: Vec<usize>,
}

/// Median sharpness of at most [`MEASURED`] of these images, evenly taken from the list: the lower one of two in the middle. `None`
/// if none has a head.
fn typical(images: &[&[u8]], size: usize) -> Option<f64> {
    let count = images.len().min(MEASURED);
    let mut values: Vec<f64> = (0..count)
        .filter_map(|index| {
            let image = images[index * images.len() / count];
            Some(BrainPixels::of(image, size)?.sharpness(image, size))
        })
        .collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied()
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

    /// Mean difference between the pixels of the brain in `image` and the mean of their four neighbours, divided by their mean
    /// brightness.
    fn sharpness(&self, image: &[u8], size: usize) -> f64 {
        let difference = |at: usize| {
            let near = [at - 1, at + 1, at - size, at + size].map(|index| f64::from(image[index]));
            (f64::from(image[at]) - near.iter().sum::<f64>() / 4.0).abs()
        };
        let brightness: f64 = self.pixels.iter().map(|&at| f64::from(image[at])).sum();
        self.pixels.iter().map(|&at| difference(at)).sum::<f64>() / brightness.max(1.0)
    }

    /// The image with its brain convolved with a Gaussian of standard deviation `sigma` pixels.
    fn smoothed(&self, size: usize, sigma: f64) -> Vec<u8> {
        let soft = gaussian(self.image, size, sigma);
        let blend = |((&sharp, soft), part): ((&u8, f32), &f32)| {
            (f32::from(sharp) + (soft - f32::from(sharp)) * part).round() as u8
        };
        self.image.iter().zip(soft).zip(&self.part).map(blend).collect()
    }
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

    fn smoothed(image: &[u8], sigma: f64) -> Vec<u8> {
        BrainPixels::of(image, SIZE).unwrap().smoothed(SIZE, sigma)
    }

    fn sharpness(image: &[u8]) -> f64 {
        BrainPixels::of(image, SIZE).unwrap().sharpness(image, SIZE)
    }

    #[test]
    fn the_sharper_kind_is_smoothed_until_both_are_equal() {
        let sharp: Vec<Vec<u8>> = (0..12).map(head).collect();
        let soft: Vec<Vec<u8>> = sharp.iter().map(|image| smoothed(image, 0.6)).collect();
        for limit in [
            SharpnessLimit::of(&list(&soft), &list(&sharp), SIZE),
            SharpnessLimit::of(&list(&sharp), &list(&soft), SIZE),
        ] {
            let most = limit.0.unwrap();
            for image in sharp.iter().chain(&soft) {
                let (shown, sigma) = limit.apply(image, SIZE);
                assert!(sharpness(&shown) <= most || sigma == MAX_SIGMA, "{} of {most}", sharpness(&shown));
                assert_eq!(sigma > 0.0, sharpness(image) > most);
            }
        }
    }

    #[test]
    fn one_sharp_scan_of_few_does_not_stand_out() {
        let fakes: Vec<Vec<u8>> = (0..2).map(|seed| smoothed(&head(seed), 0.8)).collect();
        let mut reals: Vec<Vec<u8>> = (2..6).map(|seed| smoothed(&head(seed), 0.8)).collect();
        reals.push(head(7));
        let limit = SharpnessLimit::of(&list(&reals), &list(&fakes), SIZE);
        let shown = |image: &Vec<u8>| sharpness(&limit.apply(image, SIZE).0);
        let sharpest = fakes.iter().map(shown).fold(0.0, f64::max);
        assert!(sharpness(&reals[4]) > 1.3 * sharpest && shown(&reals[4]) < 1.1 * sharpest);
    }

    #[test]
    fn smoothing_changes_the_brain_and_keeps_its_mean_and_the_scalp() {
        let image = head(3);
        let soft = smoothed(&image, 0.8);
        let mean = |image: &[u8]| image.iter().map(|&pixel| f64::from(pixel)).sum::<f64>() / image.len() as f64;
        assert!((mean(&soft) - mean(&image)).abs() < 0.3);
        let row = |image: &[u8], y: usize| image[y * SIZE..(y + 1) * SIZE].to_vec();
        assert_eq!(row(&soft, 7), row(&image, 7), "the scalp");
        assert_ne!(row(&soft, 24), row(&image, 24));
        let flat: Vec<u8> = image.iter().map(|&pixel| if pixel > 0 { 100 } else { 0 }).collect();
        assert_eq!(smoothed(&flat, 0.8), flat);
    }

    #[test]
    fn nothing_is_smoothed_without_a_head() {
        let air = vec![0; SIZE * SIZE];
        let images: Vec<Vec<u8>> = (0..4).map(head).collect();
        for real in [vec![air.as_slice()], vec![[200; 9].as_slice()], Vec::new()] {
            let limit = SharpnessLimit::of(&real, &list(&images), SIZE);
            assert_eq!(limit, SharpnessLimit::default());
            assert_eq!(limit.apply(&images[0], SIZE), (images[0].clone(), 0.0));
        }
        let limit = SharpnessLimit::of(&list(&images), &list(&images), SIZE);
        assert_eq!(limit.apply(&air, SIZE), (air, 0.0));
    }
}
