//! Scale, shift and noise for each channel.

use macerator::{Simd, with_simd};

use crate::parallel::{self, Shared};
use crate::simd::{lanes, load, splat, store};

/// A scale and a shift for each channel of each image (FiLM, Perez et al. 2018, arXiv 1709.07871), and noise.
#[derive(Debug, Clone, Copy)]
pub struct Modulation<'a> {
    /// `[batch, 2 channels]`: scales minus 1, then shifts.
    pub style: &'a [f32],
    /// `[batch, side, side]`: noise that all channels share.
    pub noise: &'a [f32],
    /// `[channels]`: strength of the noise.
    pub grain: &'a [f32],
}

impl Modulation<'_> {
    /// `x * (scale + 1) + shift + noise * grain` for `x`, `[batch, channels, side, side]`.
    ///
    /// # Panics
    /// If a length does not fit.
    pub fn apply(&self, x: &[f32], output: &mut [f32]) {
        let (channels, pixels) = self.sizes(x.len());
        assert_eq!(x.len(), output.len(), "lengths of input and output");
        let place = Shared::new(output);
        parallel::for_each(x.len() / pixels, |plane| {
            let factors = self.factors(plane, channels);
            let noise = self.noise(plane / channels, pixels);
            // Safety: this task alone writes the plane.
            let output = unsafe { std::slice::from_raw_parts_mut(place.at(plane * pixels), pixels) };
            change(&x[plane * pixels..][..pixels], noise, factors, output);
        });
    }

    /// The gradients of [`apply`](Self::apply) to `x`, style and grain, from that to its output.
    ///
    /// # Panics
    /// If a length does not fit.
    pub fn gradients(&self, x: &[f32], output: &[f32], to_x: &mut [f32], to_style: &mut [f32], to_grain: &mut [f32]) {
        let (channels, pixels) = self.sizes(x.len());
        assert_eq!((output.len(), to_x.len()), (x.len(), x.len()), "lengths of input and gradients");
        assert_eq!((to_style.len(), to_grain.len()), (self.style.len(), channels), "lengths of gradients");
        let planes = x.len() / pixels;
        let mut grains = vec![0.0; planes];
        let places = [Shared::new(to_x), Shared::new(to_style), Shared::new(&mut grains)];
        parallel::for_each(planes, |plane| {
            let [scale, ..] = self.factors(plane, channels);
            let noise = self.noise(plane / channels, pixels);
            let (x, output) = (&x[plane * pixels..][..pixels], &output[plane * pixels..][..pixels]);
            let style = plane / channels * 2 * channels + plane % channels;
            // Safety: this task alone writes the plane and its sums.
            unsafe {
                let to_x = std::slice::from_raw_parts_mut(places[0].at(plane * pixels), pixels);
                change(output, &[], [scale, 0.0, 0.0], to_x);
                *places[1].at(style) = dot(output, x);
                *places[1].at(style + channels) = total(output);
                *places[2].at(plane) = dot(output, noise);
            }
        });
        to_grain.fill(0.0);
        for (plane, grain) in grains.into_iter().enumerate() {
            to_grain[plane % channels] += grain;
        }
    }

    /// The gradient of [`apply`](Self::apply) to the noise, from that to its output.
    ///
    /// # Panics
    /// If a length does not fit.
    pub fn noise_gradient(&self, output: &[f32]) -> Vec<f32> {
        let (channels, pixels) = self.sizes(output.len());
        let mut result = vec![0.0; self.noise.len()];
        for (plane, output) in output.chunks_exact(pixels).enumerate() {
            let grain = self.grain[plane % channels];
            for (to, value) in result[plane / channels * pixels..][..pixels].iter_mut().zip(output) {
                *to += value * grain;
            }
        }
        result
    }

    /// Channels, and pixels of a plane.
    fn sizes(&self, values: usize) -> (usize, usize) {
        let channels = self.grain.len();
        let batch = self.style.len() / (2 * channels);
        let pixels = self.noise.len() / batch;
        assert_eq!(
            (self.style.len(), self.noise.len(), values),
            (batch * 2 * channels, batch * pixels, batch * channels * pixels),
            "lengths of a modulation"
        );
        (channels, pixels)
    }

    fn factors(&self, plane: usize, channels: usize) -> [f32; 3] {
        let (image, channel) = (plane / channels, plane % channels);
        let style = &self.style[image * 2 * channels..][..2 * channels];
        [style[channel] + 1.0, style[channels + channel], self.grain[channel]]
    }

    fn noise(&self, image: usize, pixels: usize) -> &[f32] {
        &self.noise[image * pixels..][..pixels]
    }
}

/// Sums that run side by side: whole vectors of any length.
const PARTS: usize = 16;

/// The sum of the products of two rows.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let count = a.len().min(b.len());
    let whole = count / PARTS * PARTS;
    let mut parts = [0.0; PARTS];
    add_products(&a[..whole], &b[..whole], &mut parts);
    parts.iter().sum::<f32>() + a[whole..count].iter().zip(&b[whole..count]).map(|(a, b)| a * b).sum::<f32>()
}

/// The sum of a row.
pub fn total(values: &[f32]) -> f32 {
    let whole = values.len() / PARTS * PARTS;
    let mut parts = [0.0; PARTS];
    add_up(&values[..whole], &mut parts);
    parts.iter().sum::<f32>() + values[whole..].iter().sum::<f32>()
}

/// Adds each 16th product to one of 16 sums.
#[with_simd]
fn add_products<S: Simd>(a: &[f32], b: &[f32], parts: &mut [f32; PARTS]) {
    let mut sums = [splat::<S>(0.0); PARTS];
    let (count, width) = (PARTS / lanes::<S>(), lanes::<S>());
    // Safety: both have the same number of whole groups of 16.
    unsafe {
        for i in (0..a.len()).step_by(PARTS) {
            for (n, sum) in sums[..count].iter_mut().enumerate() {
                let at = i + n * width;
                *sum += load::<S>(a.as_ptr().add(at)) * load::<S>(b.as_ptr().add(at));
            }
        }
        for (n, &sum) in sums[..count].iter().enumerate() {
            store::<S>(parts.as_mut_ptr().add(n * width), sum);
        }
    }
}

/// Adds each 16th value to one of 16 sums.
#[with_simd]
fn add_up<S: Simd>(values: &[f32], parts: &mut [f32; PARTS]) {
    let mut sums = [splat::<S>(0.0); PARTS];
    let (count, width) = (PARTS / lanes::<S>(), lanes::<S>());
    // Safety: there are whole groups of 16.
    unsafe {
        for i in (0..values.len()).step_by(PARTS) {
            for (n, sum) in sums[..count].iter_mut().enumerate() {
                *sum += load::<S>(values.as_ptr().add(i + n * width));
            }
        }
        for (n, &sum) in sums[..count].iter().enumerate() {
            store::<S>(parts.as_mut_ptr().add(n * width), sum);
        }
    }
}

/// `to = x * scale + shift + noise * grain`, with `factors` scale, shift and grain. `noise` may be empty, for none.
#[with_simd]
fn change<S: Simd>(x: &[f32], noise: &[f32], factors: [f32; 3], to: &mut [f32]) {
    let [scale, shift, grain] = factors;
    let whole = to.len() / lanes::<S>() * lanes::<S>();
    for i in (0..whole).step_by(lanes::<S>()) {
        // Safety: all have as many values, if there is noise.
        unsafe {
            let mut value = load::<S>(x.as_ptr().add(i)) * splat::<S>(scale) + splat::<S>(shift);
            if !noise.is_empty() {
                value += load::<S>(noise.as_ptr().add(i)) * splat::<S>(grain);
            }
            store::<S>(to.as_mut_ptr().add(i), value);
        }
    }
    for (i, to) in to.iter_mut().enumerate().skip(whole) {
        *to = x[i] * scale + shift + noise.get(i).map_or(0.0, |noise| noise * grain);
    }
}
