//! Depthwise convolution between two ReLU6, as in the blocks of MobileNet and EfficientNet-Lite, and its gradient.
//!
//! A plane is copied with its padding, so that all windows together are a sum of shifted copies of the whole plane. With
//! stride 2, even and odd rows and columns are stored apart, as four quarters, and the sum is one of shifted copies of
//! quarters. Weights are constants: they have no gradient.

use macerator::{Simd, with_simd};

use crate::parallel::{self, Shared};
use crate::scratch::Scratch;
use crate::simd::{F32, lanes, load, round_up, splat, store};

/// Upper end of ReLU6.
const SIX: f32 = 6.0;
/// Fewest values that a task handles.
const TASK: usize = 1 << 14;
/// Vectors that are summed side by side.
const WIDE: usize = 4;
/// Most values of [`WIDE`] vectors: what may be read and written beyond the end of a plane.
const SLACK: usize = 128;
/// Largest kernel.
const MAX_KERNEL: usize = 5;

/// Sizes of a depthwise convolution whose input is padded as TensorFlow's `SAME` pads even sides: with stride 2, the odd pixel
/// comes at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Depthwise {
    /// Channels.
    pub channels: usize,
    /// Height and width of the input in pixels; even.
    pub side: usize,
    /// Height and width of the kernel: 3 or 5.
    pub kernel: usize,
    /// 1 or 2.
    pub stride: usize,
}

impl Depthwise {
    /// Side of the output.
    pub fn output_side(self) -> usize {
        self.side / self.stride
    }

    /// Padding before a row.
    fn before(self) -> usize {
        (self.kernel - self.stride) / 2
    }

    /// Largest distance of two outputs that see the same pixel.
    fn reach(self) -> usize {
        (self.kernel - 1) / self.stride
    }

    /// Side of a quarter, or of the whole with stride 1, with its padding.
    fn pitch(self) -> usize {
        self.output_side() + self.reach()
    }

    /// Values of a plane of that side, with slack.
    fn plane(self) -> usize {
        self.pitch() * self.pitch() + SLACK
    }

    fn check(self, weights: usize, input: usize, output: usize) -> usize {
        let Self { channels, side, kernel, stride } = self;
        assert!(matches!((kernel, stride), (3 | 5, 1 | 2)) && side > 0 && side.is_multiple_of(2), "sizes {self:?}");
        assert_eq!(weights, channels * kernel * kernel, "weights");
        let planes = input / (side * side);
        assert!(planes.is_multiple_of(channels) && planes * side * side == input, "length of the input");
        assert_eq!(output, planes * self.output_side() * self.output_side(), "length of the output");
        planes
    }

    /// Calls `task` with ranges of planes.
    fn share(self, planes: usize, task: impl Fn([usize; 2]) + Send + Sync) {
        let share = (TASK / (self.side * self.side)).max(1);
        parallel::for_each(planes.div_ceil(share), |index| task([index * share, ((index + 1) * share).min(planes)]));
    }
}

/// ReLU6 of (a convolution of ReLU6 of `input`, plus `bias`): `[batch, channels, side, side]` to `[batch, channels, s, s]` with
/// `s = side / stride`. `weights` is `[channels, kernel, kernel]`.
///
/// # Panics
/// If a length does not fit.
pub fn depthwise(size: Depthwise, weights: &[f32], bias: &[f32], input: &[f32], output: &mut [f32]) {
    let planes = size.check(weights.len(), input.len(), output.len());
    assert_eq!(bias.len(), size.channels, "one bias for each channel");
    let place = Shared::new(output);
    size.share(planes, |range| forward(size, range, [weights, bias, input], place));
}

/// The gradient of [`depthwise`] to its input, from that to its output. `output` is what it returned.
///
/// # Panics
/// If a length does not fit.
pub fn depthwise_gradient(
    size: Depthwise,
    weights: &[f32],
    [input, output, gradient]: [&[f32]; 3],
    result: &mut [f32],
) {
    let planes = size.check(weights.len(), input.len(), output.len());
    assert_eq!((gradient.len(), result.len()), (output.len(), input.len()), "lengths of the gradients");
    let place = Shared::new(result);
    size.share(planes, |range| backward(size, range, weights, [input, output, gradient], place));
}

/// A tap of the filter: the offset of its window in the padded planes, and its weight.
type Tap = (usize, f32);

#[with_simd]
fn forward<S: Simd>(size: Depthwise, range: [usize; 2], values: [&[f32]; 3], place: Shared) {
    let [weights, bias, input] = values;
    let Depthwise { channels, side, kernel, stride } = size;
    let (out, pitch, plane, before) = (size.output_side(), size.pitch(), size.plane(), size.before());
    let lengths = [stride * stride * plane, plane];
    let mut scratch = Scratch::new(lengths);
    let [padded, sums] = scratch.pieces(lengths);
    // All planes write the same pixels, so the padding stays zero.
    padded.fill(0.0);
    for index in range[0]..range[1] {
        let channel = index % channels;
        let input = &input[index * side * side..][..side * side];
        for (y, row) in input.chunks_exact(side).enumerate() {
            let y = y + before;
            let start = y % stride * stride * plane + y / stride * pitch;
            if stride == 1 {
                for (to, value) in padded[start + before..][..side].iter_mut().zip(row) {
                    *to = value.clamp(0.0, SIX);
                }
            } else {
                let quarters = &mut padded[y % 2 * 2 * plane..][..2 * plane];
                let (even, odd) = quarters.split_at_mut(plane);
                let [even, odd] = [&mut even[y / 2 * pitch..], &mut odd[y / 2 * pitch..]];
                // The first column of a pair lies among the even ones, unless the padding is one pixel.
                let (first, second) = if before == 0 { (even, odd) } else { (odd, &mut even[1..]) };
                for ((pair, first), second) in row.as_chunks::<2>().0.iter().zip(first).zip(second) {
                    (*first, *second) = (pair[0].clamp(0.0, SIX), pair[1].clamp(0.0, SIX));
                }
            }
        }
        let mut taps = [(0, 0.0); MAX_KERNEL * MAX_KERNEL];
        for (tap, &weight) in weights[channel * kernel * kernel..][..kernel * kernel].iter().enumerate() {
            let (y, x) = (tap / kernel, tap % kernel);
            taps[tap] = ((y % stride * stride + x % stride) * plane + y / stride * pitch + x / stride, weight);
        }
        // Safety: the last window ends at the end of a quarter, and slack follows.
        unsafe {
            add_up::<S>(&taps[..kernel * kernel], padded.as_ptr(), sums.as_mut_ptr(), (out - 1) * pitch + out);
        }
        // Safety: this task alone writes the plane.
        let output = unsafe { std::slice::from_raw_parts_mut(place.at(index * out * out), out * out) };
        for (to, sums) in output.chunks_exact_mut(out).zip(sums.chunks_exact(pitch)) {
            for (to, sum) in to.iter_mut().zip(sums) {
                *to = (sum + bias[channel]).clamp(0.0, SIX);
            }
        }
    }
}

#[with_simd]
fn backward<S: Simd>(size: Depthwise, range: [usize; 2], weights: &[f32], values: [&[f32]; 3], place: Shared) {
    let [input, output, gradient] = values;
    let Depthwise { channels, side, kernel, stride } = size;
    let (out, pitch, before, reach) = (size.output_side(), size.pitch(), size.before(), size.reach());
    // Zeros before and behind the gradient, because outputs up to `reach` before a pixel's own see the pixel, too.
    let wide = pitch + reach;
    let lengths = [wide * wide + SLACK, stride * stride * (pitch * wide + SLACK)];
    let mut scratch = Scratch::new(lengths);
    let [padded, sums] = scratch.pieces(lengths);
    let quarter = pitch * wide + SLACK;
    padded.fill(0.0);
    for index in range[0]..range[1] {
        let channel = index % channels;
        let rows = index * out * out..(index + 1) * out * out;
        let rows = output[rows.clone()].chunks_exact(out).zip(gradient[rows].chunks_exact(out));
        for (y, (output, gradient)) in rows.enumerate() {
            let to = &mut padded[(y + reach) * wide + reach..][..out];
            for ((to, output), gradient) in to.iter_mut().zip(output).zip(gradient) {
                *to = if *output > 0.0 && *output < SIX { *gradient } else { 0.0 };
            }
        }
        let weights = &weights[channel * kernel * kernel..][..kernel * kernel];
        for phase in 0..stride * stride {
            let (mut taps, mut count) = ([(0, 0.0); MAX_KERNEL * MAX_KERNEL], 0);
            for y in (phase / stride..kernel).step_by(stride) {
                for x in (phase % stride..kernel).step_by(stride) {
                    taps[count] = ((reach - y / stride) * wide + reach - x / stride, weights[y * kernel + x]);
                    count += 1;
                }
            }
            // Safety: the last pixel of the quarter reads the last of `padded`, and slack follows.
            unsafe {
                let to = sums.as_mut_ptr().add(phase * quarter);
                add_up::<S>(&taps[..count], padded.as_ptr(), to, (pitch - 1) * wide + pitch);
            }
        }
        let input = &input[index * side * side..][..side * side];
        // Safety: this task alone writes the plane.
        let result = unsafe { std::slice::from_raw_parts_mut(place.at(index * side * side), side * side) };
        for (y, (to, input)) in result.chunks_exact_mut(side).zip(input.chunks_exact(side)).enumerate() {
            let y = y + before;
            let start = y % stride * stride * quarter + y / stride * wide;
            let inside = |x: f32| x > 0.0 && x < SIX;
            if stride == 1 {
                for ((to, input), sum) in to.iter_mut().zip(input).zip(&sums[start + before..]) {
                    *to = if inside(*input) { *sum } else { 0.0 };
                }
            } else {
                let (even, odd) = sums[y % 2 * 2 * quarter..][..2 * quarter].split_at(quarter);
                let [even, odd] = [&even[y / 2 * wide..], &odd[y / 2 * wide..]];
                let (first, second) = if before == 0 { (even, odd) } else { (odd, &even[1..]) };
                let pairs = to.as_chunks_mut::<2>().0.iter_mut().zip(input.as_chunks::<2>().0);
                for (((to, input), first), second) in pairs.zip(first).zip(second) {
                    *to = [if inside(input[0]) { *first } else { 0.0 }, if inside(input[1]) { *second } else { 0.0 }];
                }
            }
        }
    }
}

/// `to[i]` = the sum of `factor * from[i + place]` over all taps, for `i` below `count`.
///
/// # Safety
/// `from` must be readable up to the largest place plus `count`, `to` writable up to `count`, and both for [`SLACK`] more.
#[inline(always)]
unsafe fn add_up<S: Simd>(taps: &[Tap], from: *const f32, to: *mut f32, count: usize) {
    let width = lanes::<S>();
    let (mut at, end) = (0, round_up(count, width));
    unsafe {
        while at + WIDE * width <= end {
            sum_vectors::<S, WIDE>(taps, from.add(at), to.add(at));
            at += WIDE * width;
        }
        while at < end {
            sum_vectors::<S, 1>(taps, from.add(at), to.add(at));
            at += width;
        }
    }
}

/// `N` vectors of the sum, which stay in registers.
#[inline(always)]
unsafe fn sum_vectors<S: Simd, const N: usize>(taps: &[Tap], from: *const f32, to: *mut f32) {
    let mut sums: [F32<S>; N] = [splat::<S>(0.0); N];
    unsafe {
        for &(place, factor) in taps {
            let factor = splat::<S>(factor);
            for (n, sum) in sums.iter_mut().enumerate() {
                *sum = factor.mul_add(load::<S>(from.add(place + n * lanes::<S>())), *sum);
            }
        }
        for (n, &sum) in sums.iter().enumerate() {
            store::<S>(to.add(n * lanes::<S>()), sum);
        }
    }
}
