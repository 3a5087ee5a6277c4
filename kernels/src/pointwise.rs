//! 1 x 1 convolution: a matrix product for each image.

use macerator::{Simd, with_simd};

use crate::Size;
use crate::parallel::{self, Shared};
use crate::product::{Left, product};
use crate::scratch::Scratch;
use crate::simd::{lanes, load, round_up, splat, store, transpose};

/// Rows a multiple of this many values apart fall into a few lines of the first-level cache, and push each other out.
const CROWDED: usize = 256;
/// Values between packed rows.
const GAP: usize = 16;

/// Which way a convolution goes through its weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From inputs to outputs.
    Forward,
    /// From outputs to inputs: the adjoint.
    Adjoint,
}

/// Pixels of a block. Sides are multiples of 4, so a plane has whole blocks of 16.
const BLOCK: usize = 256;

/// 1 x 1 convolution of `[batch, inputs, side, side]`, or its adjoint, of `[batch, outputs, side, side]`. `weights` is
/// `[outputs, inputs]` either way. `bias`, one for each channel of the result, is added.
///
/// # Panics
/// If a length does not fit `size`.
pub fn pointwise(
    size: Size,
    weights: &[f32],
    direction: Direction,
    input: &[f32],
    bias: Option<&[f32]>,
    output: &mut [f32],
) {
    let Size { batch, inputs, outputs, side } = size;
    assert!(side.is_multiple_of(4), "side {side} is no multiple of 4");
    assert_eq!(weights.len(), inputs * outputs, "weights of [{outputs}, {inputs}]");
    let (left, from, to) = match direction {
        Direction::Forward => (Left { at: weights.as_ptr(), row: inputs, depth: 1 }, inputs, outputs),
        Direction::Adjoint => (Left { at: weights.as_ptr(), row: 1, depth: inputs }, outputs, inputs),
    };
    let pixels = side * side;
    assert_eq!(
        (input.len(), output.len()),
        (batch * from * pixels, batch * to * pixels),
        "lengths of input and output"
    );
    assert!(bias.is_none_or(|bias| bias.len() == to), "one bias for each channel");
    let matrix = SharedMatrix(left);
    let blocks = pixels.div_ceil(BLOCK);
    let place = Shared::new(output);
    parallel::for_each(batch * blocks, |task| {
        let (image, first) = (task / blocks, task % blocks * BLOCK);
        let count = BLOCK.min(pixels - first);
        let sizes = [to, from, count];
        let input = input[image * from * pixels + first..].as_ptr();
        // Safety: the block lies in input and output, whose lengths were checked; this task alone writes it.
        unsafe {
            let output = place.at(image * to * pixels + first);
            multiply(sizes, matrix, input, output, pixels, bias.unwrap_or_default());
        }
    });
}

/// A matrix that threads share.
#[derive(Clone, Copy)]
struct SharedMatrix(Left);

// Safety: it is only read.
unsafe impl Send for SharedMatrix {}
unsafe impl Sync for SharedMatrix {}

/// # Safety
/// As of [`product`], with rows `step` apart on both sides.
#[with_simd]
unsafe fn multiply<S: Simd>(
    sizes: [usize; 3],
    matrix: SharedMatrix,
    right: *const f32,
    to: *mut f32,
    step: usize,
    bias: &[f32],
) {
    let [rows, depth, count] = sizes;
    unsafe {
        if step.is_multiple_of(CROWDED) {
            let wide = count + GAP;
            let mut scratch = Scratch::new([depth * wide]);
            let [packed] = scratch.pieces([depth * wide]);
            for row in 0..depth {
                packed.as_mut_ptr().add(row * wide).copy_from_nonoverlapping(right.add(row * step), count);
            }
            product::<S>(sizes, matrix.0, (packed.as_ptr(), wide), (to, step), false);
        } else {
            product::<S>(sizes, matrix.0, (right, step), (to, step), false);
        }
        for (row, &bias) in (0..rows).zip(bias) {
            let bias = splat::<S>(bias);
            for i in (0..count).step_by(lanes::<S>()) {
                let at = to.add(row * step + i);
                store::<S>(at, load::<S>(at) + bias);
            }
        }
    }
}

/// The gradient to the weights, `[outputs, inputs]`, of a 1 x 1 convolution of `input` whose output has this gradient.
///
/// # Panics
/// If a length does not fit `size`.
pub fn pointwise_weight_gradient(size: Size, input: &[f32], gradient: &[f32], result: &mut [f32]) {
    let Size { batch, inputs, outputs, side } = size;
    let pixels = batch * side * side;
    assert!(side.is_multiple_of(4), "side {side} is no multiple of 4");
    assert_eq!((input.len(), gradient.len()), (pixels * inputs, pixels * outputs), "lengths of input and gradient");
    assert_eq!(result.len(), outputs * inputs, "weights of [{outputs}, {inputs}]");
    let wide = round_up(inputs, 16);
    let tasks = parallel::threads().min(batch);
    let mut scratch = Scratch::new([tasks * outputs * wide]);
    let [sums] = scratch.pieces([tasks * outputs * wide]);
    sums.fill(0.0);
    let place = Shared::new(sums);
    parallel::for_each(tasks, |task| {
        let images = [task * batch / tasks, (task + 1) * batch / tasks];
        // Safety: the part of this task.
        let sum = unsafe { std::slice::from_raw_parts_mut(place.at(task * outputs * wide), outputs * wide) };
        accumulate(size, images, input, gradient, sum);
    });
    for (i, result) in result.iter_mut().enumerate() {
        let at = i / inputs * wide + i % inputs;
        *result = (0..tasks).map(|task| sums[task * outputs * wide + at]).sum();
    }
}

/// Adds the products of some images to `sum`, `[outputs][inputs]`, where inputs are rounded up to 16.
#[with_simd]
fn accumulate<S: Simd>(size: Size, images: [usize; 2], input: &[f32], gradient: &[f32], sum: &mut [f32]) {
    let Size { inputs, outputs, side, .. } = size;
    let (pixels, wide, used) = (side * side, round_up(inputs, 16), round_up(inputs, lanes::<S>()));
    let mut scratch = Scratch::new([BLOCK * wide]);
    let [transposed] = scratch.pieces([BLOCK * wide]);
    for row in transposed.chunks_exact_mut(wide) {
        row[inputs..].fill(0.0);
    }
    for image in images[0]..images[1] {
        let mut first = 0;
        while first < pixels {
            let count = BLOCK.min(pixels - first);
            // Safety: the lengths were checked; `count` is a multiple of 4.
            unsafe {
                let input = input.as_ptr().add(image * inputs * pixels + first);
                let mut channel = 0;
                while channel + 4 <= inputs {
                    let at = [0, 1, 2, 3].map(|i: usize| input.add((channel + i) * pixels));
                    for pixel in (0..count).step_by(4) {
                        let to = transposed.as_mut_ptr().add(pixel * wide + channel);
                        transpose([at[0].add(pixel), at[1].add(pixel), at[2].add(pixel), at[3].add(pixel)], to, wide);
                    }
                    channel += 4;
                }
                for channel in channel..inputs {
                    for pixel in 0..count {
                        *transposed.as_mut_ptr().add(pixel * wide + channel) = *input.add(channel * pixels + pixel);
                    }
                }
                let left = Left { at: gradient.as_ptr().add(image * outputs * pixels + first), row: pixels, depth: 1 };
                let sizes = [outputs, count, used];
                product::<S>(sizes, left, (transposed.as_ptr(), wide), (sum.as_mut_ptr(), wide), true);
            }
            first += count;
        }
    }
}
