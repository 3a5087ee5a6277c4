//! The gradients to weights and bias.

use macerator::{Simd, with_simd};

use crate::Size;
use crate::convolution::Prologue;
use crate::modulation::total;
use crate::parallel::{self, Shared};
use crate::product::{Left, product};
use crate::quads;
use crate::scratch::Scratch;
use crate::simd::{F32, lanes, load, round_up, splat, store, transpose};
use crate::tiles::{self, Block, GAP, LINE, Plane, Tiling};
use crate::transform::{FromGradient, FromInput, transform};
use crate::weights::kernel_gradient;

/// Bytes of the transformed tiles of a block, about.
const BLOCK_BYTES: usize = 1 << 20;
/// Most tiles in a block.
const MAX_TILES: usize = 64;

/// One side of the product: a tensor, how it is read, and whether it is the input or the output of the convolution.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    pub values: &'a [f32],
    pub prologue: Prologue<'a>,
    pub channels: usize,
    pub is_input: bool,
}

/// The gradient to the weights, `[outputs, inputs, 3, 3]`, of a convolution of `input`, read as `prologue` says, from the
/// gradient to its output, read as `gradient_prologue` says.
///
/// # Panics
/// If a length does not fit `size`.
pub fn weight_gradient(
    size: Size,
    (input, prologue): (&[f32], Prologue),
    (gradient, gradient_prologue): (&[f32], Prologue),
    result: &mut [f32],
) {
    let Size { batch, inputs, outputs, side } = size;
    let pixels = batch * side * side;
    assert_eq!((input.len(), gradient.len()), (pixels * inputs, pixels * outputs), "lengths of input and gradient");
    assert_eq!(result.len(), outputs * inputs * 9, "weights of [{outputs}, {inputs}, 3, 3]");
    for (values, prologue) in [(input, prologue), (gradient, gradient_prologue)] {
        if let Prologue::Slope { at, .. } = prologue {
            assert_eq!(at.len(), values.len(), "one slope for each value");
        }
    }
    let one = Side { values: input, prologue, channels: inputs, is_input: true };
    let other = Side { values: gradient, prologue: gradient_prologue, channels: outputs, is_input: false };
    // Vectors run along the side with more channels.
    let (rows, columns) = if inputs >= outputs { (other, one) } else { (one, other) };

    let tiling = Tiling::new(batch, side);
    let columns_wide = round_up(columns.channels, 16);
    let fitting = BLOCK_BYTES / (36 * 4 * (rows.channels + columns_wide));
    let most = (fitting / 16 * 16).clamp(16, MAX_TILES);
    let blocks = tiling.count.div_ceil(most);
    // Each task sums some blocks; the sums are added in the order of the tasks.
    let tasks = parallel::threads().min(blocks);
    let length = 36 * rows.channels * columns_wide;
    let mut scratch = Scratch::new([tasks * length]);
    let [sums] = scratch.pieces([tasks * length]);
    let place = Shared::new(sums);
    parallel::for_each(tasks, |task| {
        let range = [task * blocks / tasks * most, ((task + 1) * blocks / tasks * most).min(tiling.count)];
        // Safety: the part of this task.
        let sum = unsafe { std::slice::from_raw_parts_mut(place.at(task * length), length) };
        accumulate(tiling, range, most, rows, columns, sum);
    });
    let (sum, others) = sums.split_at_mut(length);
    for other in others.chunks_exact(length) {
        for (sum, other) in sum.iter_mut().zip(other) {
            *sum += other;
        }
    }
    back(sum, [rows.channels, columns.channels], columns.is_input, result);
}

#[with_simd]
fn accumulate<'a, S: Simd>(
    tiling: Tiling,
    range: [usize; 2],
    most: usize,
    rows: Side<'a>,
    columns: Side<'a>,
    sum: &mut [f32],
) {
    sum_products::<S>(tiling, range, most, rows, columns, sum);
}

/// Sums the products of the tiles from `start` to `end`, to `sum`, `[36][rows][columns]`, where columns are rounded up to 16.
#[inline(always)]
pub(crate) fn sum_products<S: Simd>(
    tiling: Tiling,
    range: [usize; 2],
    most: usize,
    rows: Side,
    columns: Side,
    sum: &mut [f32],
) {
    let [start, end] = range;
    let columns_wide = round_up(columns.channels, 16);
    let columns_used = round_up(columns.channels, lanes::<S>());
    let left_step = rows.channels * most + GAP;
    let right_step = most * columns_wide + GAP;
    let lengths = [LINE, 36 * (most + GAP), 4 * 36 * most, 36 * left_step, 36 * right_step];
    let mut scratch = Scratch::new(lengths);
    let [line, places, four, left, right] = scratch.pieces(lengths);
    // Values of the last vector beyond the channels are not used, but must be numbers.
    for e in 0..36 {
        for tile in 0..most {
            right[e * right_step + tile * columns_wide..][columns.channels..columns_used].fill(0.0);
        }
    }
    let (places, four) = (places.as_mut_ptr(), four.as_mut_ptr());
    let (left, right) = (left.as_mut_ptr(), right.as_mut_ptr());
    let mut first = start;
    while first < end {
        let count = most.min(end - first);
        let block = Block { first, count, width: round_up(count, lanes::<S>()) };
        let width = block.width;
        // Safety: the pieces of scratch memory have the lengths above; the lengths of tensors were checked.
        unsafe {
            for channel in 0..rows.channels {
                let to = (left.add(channel * width), left_step);
                read::<S>(tiling, block, rows, channel, line, places, to);
            }
            let mut channel = 0;
            while channel < columns.channels {
                let group = (columns.channels - channel).min(4);
                for i in 0..group {
                    let to = (four.add(i * width), 4 * width);
                    read::<S>(tiling, block, columns, channel + i, line, places, to);
                }
                for e in 0..36 {
                    let from = four.add(4 * e * width).cast_const();
                    let to = right.add(e * right_step + channel);
                    turn(from, width, [group, count], to, columns_wide);
                }
                channel += group;
            }
            for e in 0..36 {
                let values = Left { at: left.add(e * left_step), row: width, depth: 1 };
                let right = (right.add(e * right_step).cast_const(), columns_wide);
                let to = sum.as_mut_ptr().add(e * rows.channels * columns_wide);
                let size = [rows.channels, count, columns_used];
                product::<S>(size, values, right, (to, columns_wide), first > start);
            }
        }
        first += count;
    }
}

/// Transforms one channel of a block.
#[inline(always)]
unsafe fn read<S: Simd>(
    tiling: Tiling,
    block: Block,
    side: Side,
    channel: usize,
    line: &mut [f32],
    places: *mut f32,
    to: (*mut f32, usize),
) {
    let plane = Plane { channel, channels: side.channels };
    let values = (side.values, side.prologue);
    let from = (places.cast_const(), block.width + GAP);
    unsafe {
        if side.is_input && quads::are_whole::<S>(tiling, block) {
            quads::transform_inputs::<S>((tiling, block), plane, values, places, to);
        } else if side.is_input {
            tiles::clear_edges(tiling, block, places);
            tiles::gather_inputs::<S>(tiling, block, plane, values, line, places);
            transform::<S, FromInput, 6, 6>(block.width, from, to);
        } else {
            tiles::gather_outputs::<S>(tiling, block, plane, values, line, places);
            transform::<S, FromGradient, 4, 6>(block.width, from, to);
        }
    }
}

/// Transposes `[channels, tiles]`, rows `width` apart, to `[tiles, channels]`, rows `step` apart. At most four channels.
#[inline(always)]
unsafe fn turn(from: *const f32, width: usize, [channels, tiles]: [usize; 2], to: *mut f32, step: usize) {
    let mut tile = 0;
    unsafe {
        while channels == 4 && tile + 4 <= tiles {
            let at = from.add(tile);
            transpose([at, at.add(width), at.add(2 * width), at.add(3 * width)], to.add(tile * step), step);
            tile += 4;
        }
        while tile < tiles {
            for channel in 0..channels {
                *to.add(tile * step + channel) = *from.add(channel * width + tile);
            }
            tile += 1;
        }
    }
}

/// `G^T U G`: from `[36][rows][columns]`, columns rounded up to 16, to `[outputs, inputs, 3, 3]`.
#[with_simd]
pub fn back<S: Simd>(sum: &[f32], channels: [usize; 2], columns_are_inputs: bool, result: &mut [f32]) {
    let [rows, columns] = channels;
    let wide = round_up(columns, 16);
    assert!(sum.len() >= 36 * rows * wide && result.len() == 9 * rows * columns);
    let mut buffer = [0.0; 9 * 16];
    for row in 0..rows {
        let mut column = 0;
        while column < columns {
            let at = row * wide + column;
            // Safety: all indices are below the lengths that were checked; a vector has at most 16 values.
            unsafe {
                let mut half = [[splat::<S>(0.0); 6]; 3];
                for x in 0..6 {
                    let mut u: [F32<S>; 6] = [splat::<S>(0.0); 6];
                    for (y, u) in u.iter_mut().enumerate() {
                        *u = load::<S>(sum.as_ptr().add((6 * y + x) * rows * wide + at));
                    }
                    for (half, &value) in half.iter_mut().zip(&kernel_gradient::<S>(u)) {
                        half[x] = value;
                    }
                }
                for (y, &half) in half.iter().enumerate() {
                    for (x, &value) in kernel_gradient::<S>(half).iter().enumerate() {
                        store::<S>(buffer.as_mut_ptr().add((3 * y + x) * 16), value);
                    }
                }
            }
            for i in 0..lanes::<S>().min(columns - column) {
                let pair = if columns_are_inputs { row * columns + column + i } else { (column + i) * rows + row };
                for k in 0..9 {
                    result[9 * pair + k] = buffer[16 * k + i];
                }
            }
            column += lanes::<S>();
        }
    }
}

/// The gradient to the bias: sums of `gradient`, `[batch, channels, side, side]`, over each channel.
///
/// # Panics
/// If a length does not fit.
pub fn bias_gradient(gradient: &[f32], batch: usize, result: &mut [f32]) {
    let channels = result.len();
    assert!(gradient.len().is_multiple_of((batch * channels).max(1)), "a gradient of [{batch}, {channels}, ...]");
    result.fill(0.0);
    if gradient.is_empty() {
        return;
    }
    let plane = gradient.len() / (batch * channels);
    for (i, plane) in gradient.chunks_exact(plane).enumerate() {
        result[i % channels] += total(plane);
    }
}

#[cfg(all(test, target_arch = "x86_64"))]
#[path = "weight_gradient_tests.rs"]
mod tests;
