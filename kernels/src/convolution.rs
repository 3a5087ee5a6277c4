//! The convolution. The gradient to its input is a convolution with [adjoint](Weights::adjoint) weights.

use macerator::{Simd, with_simd};

use crate::Size;
use crate::few_tiles::{are_few, product_of_few};
use crate::modulation::Modulation;
use crate::parallel::{self, Shared};
use crate::product::{Left, product};
use crate::quads;
use crate::scratch::Scratch;
use crate::simd::{lanes, load, round_up, store};
use crate::tiles::{self, Block, GAP, LINE, Plane, Tiling};
use crate::transform::{FromInput, ToOutput, transform};
use crate::weights::Weights;

/// What is fused to the start: what happens to an input when it is read.
#[derive(Debug, Clone, Copy)]
pub enum Prologue<'a> {
    /// Nothing.
    Plain,
    /// LeakyReLU with this slope below zero, from 0 to 1.
    Leaky(f32),
    /// Multiplied by the derivative of LeakyReLU at the value of `at` in the same place.
    Slope {
        /// As many values as inputs.
        at: &'a [f32],
        /// Slope below zero.
        slope: f32,
    },
}

/// What is fused to the end: what happens to an output before it is written, in this order. The default is nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Epilogue<'a> {
    /// Added to each channel, `[outputs]`.
    pub bias: Option<&'a [f32]>,
    /// Scale, shift and noise.
    pub modulation: Option<Modulation<'a>>,
    /// Multiplied by the derivative of LeakyReLU at these values, one for each output, with this slope below zero.
    pub slope: Option<(&'a [f32], f32)>,
    /// Added at the end, one for each output.
    pub residual: Option<&'a [f32]>,
}

/// Bytes of the transformed tiles of a block, about: a share of the second-level cache.
const BLOCK_BYTES: usize = 1 << 20;
/// Most tiles in a block.
const MAX_TILES: usize = 64;
// The transforms by fours use the places of a tile as their buffer.
const _: () = assert!(36 * GAP >= quads::BUFFER);

/// 3 x 3 convolution, stride 1, padding 1: `[batch, inputs, side, side]` to `[batch, outputs, side, side]`.
///
/// # Panics
/// If a length does not fit `size`.
pub fn convolve(
    size: Size,
    weights: &Weights,
    input: &[f32],
    prologue: Prologue,
    output: &mut [f32],
    epilogue: Epilogue,
) {
    let Size { batch, inputs, outputs, side } = size;
    let pixels = batch * side * side;
    assert_eq!((weights.inputs(), weights.outputs()), (inputs, outputs), "channels of the weights");
    assert_eq!((input.len(), output.len()), (pixels * inputs, pixels * outputs), "lengths of input and output");
    if let Prologue::Slope { at, .. } = prologue {
        assert_eq!(at.len(), input.len(), "one slope for each input");
    }
    if let Prologue::Leaky(slope) = prologue {
        assert!((0.0..=1.0).contains(&slope), "a slope from 0 to 1");
    }
    assert!(epilogue.bias.is_none_or(|bias| bias.len() == outputs), "one bias for each output channel");
    assert!(epilogue.slope.is_none_or(|(at, _)| at.len() == output.len()), "one slope for each output");
    assert!(epilogue.residual.is_none_or(|residual| residual.len() == output.len()), "one residual for each output");
    if let Some(Modulation { style, noise, grain }) = epilogue.modulation {
        assert_eq!((style.len(), noise.len(), grain.len()), (2 * batch * outputs, pixels, outputs), "modulation");
    }

    let tiling = Tiling::new(batch, side);
    let threads = parallel::threads();
    let fitting = BLOCK_BYTES / (36 * 4 * (inputs + outputs));
    let share = tiling.count.div_ceil(threads).next_multiple_of(16);
    let most = (fitting / 16 * 16).clamp(16, MAX_TILES).min(share);
    let blocks = tiling.count.div_ceil(most);
    // Few tiles and many channels: threads share the channels.
    let panels = outputs.div_ceil(Weights::PANEL);
    let groups = threads.div_ceil(blocks).min(panels);
    let in_group = panels.div_ceil(groups) * Weights::PANEL;
    let place = Shared::new(output);
    parallel::for_each(blocks * groups, |task| {
        let first = task / groups * most;
        let count = most.min(tiling.count - first);
        let start = (task % groups * in_group).min(outputs);
        let channels = [start, (start + in_group).min(outputs)];
        block(tiling, [first, count], channels, size, weights, (input, prologue), (place, epilogue));
    });
}

#[with_simd]
fn block<'a, S: Simd>(
    tiling: Tiling,
    tiles: [usize; 2],
    channels: [usize; 2],
    size: Size,
    weights: &Weights,
    input: (&'a [f32], Prologue<'a>),
    output: (Shared, Epilogue<'a>),
) {
    convolve_block::<S>(tiling, tiles, channels, size, weights, input, output);
}

/// The output channels from `start` to `end` of one block.
#[inline(always)]
pub(crate) fn convolve_block<S: Simd>(
    tiling: Tiling,
    tiles: [usize; 2],
    channels: [usize; 2],
    size: Size,
    weights: &Weights,
    input: (&[f32], Prologue),
    output: (Shared, Epilogue),
) {
    let [first, count] = tiles;
    let [start, end] = channels;
    let Size { inputs, outputs, .. } = size;
    let block = Block { first, count, width: round_up(count, lanes::<S>()) };
    let width = block.width;
    // One vector longer, so that the places of a tile do not all fall into the same cache lines.
    let (from_step, to_step) = (inputs * width + GAP, (end - start) * width + GAP);
    let lengths = [LINE, 36 * (width + GAP), 36 * from_step, 36 * to_step];
    let mut scratch = Scratch::new(lengths);
    let [line, places, from, to] = scratch.pieces(lengths);
    let places = places.as_mut_ptr();
    let (from, to) = (from.as_mut_ptr(), to.as_mut_ptr());
    let in_quads = quads::are_whole::<S>(tiling, block);
    // Safety: the pieces of scratch memory have the lengths above; the lengths of tensors were checked.
    unsafe {
        tiles::clear_edges(tiling, block, places);
        for channel in 0..inputs {
            let plane = Plane { channel, channels: inputs };
            let to = (from.add(channel * width), from_step);
            if in_quads {
                quads::transform_inputs::<S>((tiling, block), plane, input, places, to);
            } else {
                tiles::gather_inputs::<S>(tiling, block, plane, input, line, places);
                transform::<S, FromInput, 6, 6>(width, (places, width + GAP), to);
            }
        }
        for e in 0..36 {
            multiply::<S>(block, [start, end], (weights, e), from.add(e * from_step), to.add(e * to_step));
        }
        let (output, epilogue) = output;
        for channel in start..end {
            let from = (to.add((channel - start) * width).cast_const(), to_step);
            let plane = Plane { channel, channels: outputs };
            let output = (output.at(0), epilogue);
            if in_quads {
                quads::transform_outputs::<S>((tiling, block), plane, from, places, output);
            } else {
                transform::<S, ToOutput, 6, 4>(width, from, (places, width + GAP));
                tiles::scatter_outputs::<S>(tiling, block, plane, places, output);
            }
        }
    }
}

/// Mixes the channels at place `e` of all tiles: `[inputs][tiles]` to `[outputs][tiles]`.
#[inline(always)]
unsafe fn multiply<S: Simd>(
    block: Block,
    [start, end]: [usize; 2],
    (weights, e): (&Weights, usize),
    from: *const f32,
    to: *mut f32,
) {
    let (inputs, width) = (weights.inputs(), block.width);
    let mut output = start;
    while output < end {
        let (left, rows) = weights.panel(e, output);
        unsafe {
            let to = to.add((output - start) * width);
            if rows < Weights::PANEL {
                product::<S>([rows, inputs, width], left, (from, width), (to, width), false);
                output += rows;
            } else if are_few::<S>(block.count) {
                let panels = (end - output) / Weights::PANEL;
                output += product_of_few::<S>(block.count, inputs, (left.at, panels), from, to);
            } else {
                // A step that the compiler knows.
                let left = Left { depth: Weights::PANEL, ..left };
                product::<S>([Weights::PANEL, inputs, width], left, (from, width), (to, width), false);
                output += Weights::PANEL;
            }
        }
    }
}

impl Epilogue<'_> {
    /// Finishes a row of outputs of an image. `index` is the place of its first value in the output, `pixel` that in its
    /// plane of `pixels` values.
    ///
    /// # Safety
    /// There must be values for all of them.
    #[inline(always)]
    pub(crate) unsafe fn finish<S: Simd>(
        self,
        plane: Plane,
        pixels: usize,
        [image, index, pixel]: [usize; 3],
        row: &mut [f32],
    ) {
        let length = row.len();
        if lanes::<S>() == 4 {
            // Rows are whole fours.
            let epilogue = self.of_channel::<S>(plane, pixels, image);
            for i in (0..length).step_by(4) {
                unsafe {
                    let at = row.as_mut_ptr().add(i);
                    store::<S>(at, epilogue.apply(load::<S>(at), [index + i, pixel + i]));
                }
            }
            return;
        }
        let Plane { channel, channels } = plane;
        let bias = self.bias.map_or(0.0, |bias| bias[channel]);
        if let Some(Modulation { style, noise, grain }) = self.modulation {
            let style = &style[2 * channels * image..][..2 * channels];
            let (scale, shift) = (style[channel] + 1.0, style[channels + channel]);
            let shift = bias * scale + shift;
            let grain = grain[channel];
            for (value, noise) in row
                .iter_mut()
                .zip(unsafe { noise.get_unchecked(image * pixels + pixel..image * pixels + pixel + length) })
            {
                *value = *value * scale + shift + noise * grain;
            }
        } else if self.bias.is_some() {
            for value in row.iter_mut() {
                *value += bias;
            }
        }
        if let Some((at, slope)) = self.slope {
            for (value, &at) in row.iter_mut().zip(unsafe { at.get_unchecked(index..index + length) }) {
                *value = if at > 0.0 { *value } else { slope * *value };
            }
        }
        if let Some(residual) = self.residual {
            for (value, &residual) in row.iter_mut().zip(unsafe { residual.get_unchecked(index..index + length) }) {
                *value += residual;
            }
        }
    }
}

#[cfg(all(test, target_arch = "x86_64"))]
#[path = "convolution_tests.rs"]
mod tests;
