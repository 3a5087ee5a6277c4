//! Batch normalisation over groups of images, then scale, shift and LeakyReLU, and its gradients.

use crate::modulation::{dot, total};
use crate::parallel::{self, Shared};

/// Mean 0 and variance 1 for each channel and each group of images (ghost batch normalisation, Hoffer et al. 2017, arXiv
/// 1705.08741), then a scale and a shift for each channel, then LeakyReLU.
#[derive(Debug, Clone, Copy)]
pub struct Normalisation<'a> {
    /// Images of a group. The last group has fewer if they do not divide evenly.
    pub group: usize,
    /// Pixels of a plane.
    pub pixels: usize,
    /// `[channels]`
    pub scale: &'a [f32],
    /// `[channels]`
    pub shift: &'a [f32],
    /// Added to the variance.
    pub epsilon: f32,
    /// Slope of LeakyReLU below zero.
    pub slope: f32,
}

impl Normalisation<'_> {
    /// `x` and `output` are `[batch, channels, side, side]`. Returns mean and reciprocal deviation of each channel of each group,
    /// `[groups, channels, 2]`.
    ///
    /// # Panics
    /// If a length does not fit.
    pub fn apply(&self, x: &[f32], output: &mut [f32]) -> Vec<[f32; 2]> {
        let (channels, groups) = (self.scale.len(), self.groups(x.len()));
        assert_eq!(x.len(), output.len(), "lengths of input and output");
        let mut statistics = vec![[0.0; 2]; groups * channels];
        let places = [Shared::new(output), Shared::new(statistics.as_flattened_mut())];
        parallel::for_each(groups * channels, |task| {
            let count = self.planes(task, x.len()).count() as f32 * self.pixels as f32;
            let planes = || self.planes(task, x.len()).map(|at| &x[at..at + self.pixels]);
            let mean = planes().map(total).sum::<f32>() / count;
            let variance = planes().map(|plane| squares(plane, mean)).sum::<f32>() / count;
            let reciprocal = 1.0 / (variance + self.epsilon).sqrt();
            let (factor, shift) = (self.scale[task % channels] * reciprocal, self.shift[task % channels]);
            // Safety: this task alone writes its planes and its statistics.
            unsafe {
                *places[1].at(2 * task) = mean;
                *places[1].at(2 * task + 1) = reciprocal;
                for at in self.planes(task, x.len()) {
                    let output = std::slice::from_raw_parts_mut(places[0].at(at), self.pixels);
                    for (to, x) in output.iter_mut().zip(&x[at..at + self.pixels]) {
                        let value = (x - mean) * factor + shift;
                        *to = if value > 0.0 { value } else { value * self.slope };
                    }
                }
            }
        });
        statistics
    }

    /// The gradients of [`apply`](Self::apply) to `x`, scale and shift, from that to its output, `gradient`. `statistics` are what it
    /// returned.
    ///
    /// # Panics
    /// If a length does not fit.
    pub fn gradients(
        &self,
        statistics: &[[f32; 2]],
        [x, gradient]: [&[f32]; 2],
        to_x: &mut [f32],
        [to_scale, to_shift]: [&mut [f32]; 2],
    ) {
        let (channels, groups) = (self.scale.len(), self.groups(x.len()));
        assert_eq!((gradient.len(), to_x.len()), (x.len(), x.len()), "lengths of input and gradients");
        assert_eq!(statistics.len(), groups * channels, "statistics");
        assert_eq!((to_scale.len(), to_shift.len()), (channels, channels), "lengths of gradients");
        let mut sums = vec![[0.0; 2]; groups * channels];
        let places = [Shared::new(to_x), Shared::new(sums.as_flattened_mut())];
        parallel::for_each(groups * channels, |task| {
            let count = self.planes(task, x.len()).count() as f32 * self.pixels as f32;
            let [mean, reciprocal] = statistics[task];
            let (scale, shift) = (self.scale[task % channels], self.shift[task % channels]);
            let factor = scale * reciprocal;
            let [mut along, mut whole] = [0.0; 2];
            // Safety: this task alone writes its planes and its sums.
            unsafe {
                for at in self.planes(task, x.len()) {
                    let to_x = std::slice::from_raw_parts_mut(places[0].at(at), self.pixels);
                    let x = &x[at..at + self.pixels];
                    // First the gradient before the LeakyReLU.
                    for ((to, x), gradient) in to_x.iter_mut().zip(x).zip(&gradient[at..at + self.pixels]) {
                        let value = (x - mean) * factor + shift;
                        *to = if value > 0.0 { *gradient } else { *gradient * self.slope };
                    }
                    let sum = total(to_x);
                    whole += sum;
                    along += dot(to_x, x) - mean * sum;
                }
                along *= reciprocal;
                *places[1].at(2 * task) = along;
                *places[1].at(2 * task + 1) = whole;
                let (along, whole) = (along * reciprocal / count, whole / count);
                for at in self.planes(task, x.len()) {
                    let to_x = std::slice::from_raw_parts_mut(places[0].at(at), self.pixels);
                    for (to, x) in to_x.iter_mut().zip(&x[at..at + self.pixels]) {
                        *to = factor * (*to - whole - (x - mean) * along);
                    }
                }
            }
        });
        to_scale.fill(0.0);
        to_shift.fill(0.0);
        for (task, [along, whole]) in sums.into_iter().enumerate() {
            to_scale[task % channels] += along;
            to_shift[task % channels] += whole;
        }
    }

    fn groups(&self, values: usize) -> usize {
        let image = self.scale.len() * self.pixels;
        assert_eq!(self.scale.len(), self.shift.len(), "one scale and one shift for each channel");
        assert!(self.group > 0 && values.is_multiple_of(image), "a length of {values} in images of {image}");
        (values / image).div_ceil(self.group)
    }

    /// Where the planes of a channel of a group begin.
    fn planes(&self, task: usize, values: usize) -> impl Iterator<Item = usize> + use<> {
        let (channels, pixels) = (self.scale.len(), self.pixels);
        let (group, channel) = (task / channels, task % channels);
        let batch = values / (channels * pixels);
        let images = group * self.group..((group + 1) * self.group).min(batch);
        images.map(move |image| (image * channels + channel) * pixels)
    }
}

/// The sum of the squares of the distances to `mean`.
fn squares(values: &[f32], mean: f32) -> f32 {
    let mut parts = [0.0f32; 16];
    let (whole, rest) = values.as_chunks::<16>();
    for chunk in whole {
        for (part, value) in parts.iter_mut().zip(chunk) {
            *part += (value - mean) * (value - mean);
        }
    }
    parts.iter().sum::<f32>() + rest.iter().map(|value| (value - mean) * (value - mean)).sum::<f32>()
}
