//! The transforms of four neighbouring tiles at a time, from pixels and to pixels, for vectors of four.
//!
//! [`tiles`](crate::tiles) and [`transform`](crate::transform) do the same in two passes, for any tiles and vectors; the
//! numbers are equal up to rounding. Here nothing is copied between the passes.

use macerator::Simd;

use crate::convolution::{Epilogue, Prologue};
use crate::simd::{F32, ahead, behind, columns_of, lanes, load, splat, store};
use crate::tiles::{Block, Plane, Tiling};
use crate::transform::{Change, FromInput, ToOutput};

/// Values of the buffer between the two directions of a transform.
pub const BUFFER: usize = 36 * 4;

/// Whether the tiles of a block are in rows of whole fours, and vectors have four values.
#[inline(always)]
pub fn are_whole<S: Simd>(tiling: Tiling, block: Block) -> bool {
    lanes::<S>() == 4 && [tiling.across, block.first, block.count].iter().all(|number| number.is_multiple_of(4))
}

/// The transformed inputs of each tile of a block, to 36 places `step` apart. Beyond the edge are zeros.
///
/// # Safety
/// The block must be [whole](are_whole), `plane` must lie in `input`, and all places and [`BUFFER`] values must be writable at `to`
/// and `buffer`.
#[inline(always)]
pub unsafe fn transform_inputs<S: Simd>(
    (tiling, block): (Tiling, Block),
    plane: Plane,
    input: (&[f32], Prologue),
    buffer: *mut f32,
    (to, step): (*mut f32, usize),
) {
    for run in tiling.runs(block) {
        for i in (0..run.length).step_by(4) {
            let x = run.x + 4 * i;
            unsafe {
                for r in 0..6 {
                    // The first row of a tile's inputs is the one above it.
                    let outside = run.y + r == 0 || run.y + r > tiling.side;
                    let values = if outside {
                        [splat::<S>(0.0); 6]
                    } else {
                        let row = plane.index(tiling.side, run.image, run.y + r - 1, x);
                        FromInput::change::<S>(read_row::<S>(input, row, [x > 0, x + 16 < tiling.side]))
                    };
                    for (k, &value) in values.iter().enumerate() {
                        store::<S>(buffer.add(4 * (6 * r + k)), value);
                    }
                }
                for k in 0..6 {
                    let mut column = [splat::<S>(0.0); 6];
                    for (r, value) in column.iter_mut().enumerate() {
                        *value = load::<S>(buffer.add(4 * (6 * r + k)));
                    }
                    for (r, &value) in FromInput::change::<S>(column).iter().enumerate() {
                        store::<S>(to.add((6 * r + k) * step + run.at + i), value);
                    }
                }
            }
        }
    }
}

/// Six inputs in a row for each of four tiles: the 16 pixels from index `from` on, and the neighbours of each four, which are zero
/// where the first and the last tile have none.
#[inline(always)]
unsafe fn read_row<S: Simd>(
    (input, prologue): (&[f32], Prologue),
    from: usize,
    [has_left, has_right]: [bool; 2],
) -> [F32<S>; 6] {
    let zero = splat::<S>(0.0);
    unsafe {
        let left = if has_left { prologue.read::<S, true>(input, from - 1) } else { zero };
        let right = if has_right { prologue.read::<S, true>(input, from + 16) } else { zero };
        let mut rows = [zero; 4];
        for (j, row) in rows.iter_mut().enumerate() {
            *row = prologue.read::<S, false>(input, from + 4 * j);
        }
        let [a, b, c, d] = columns_of::<S>(rows);
        [behind::<S>(left, d), a, b, c, d, ahead::<S>(a, right)]
    }
}

/// The outputs of each tile of a block, from 36 places `step` apart to their pixels, finished as `epilogue` says.
///
/// # Safety
/// The block must be [whole](are_whole), `plane` must lie in `output`, and nothing else may use its tiles in this block. All
/// places must be readable at `from`, [`BUFFER`] values writable at `buffer`, and the values in `epilogue` as many as the
/// outputs need.
#[inline(always)]
pub unsafe fn transform_outputs<S: Simd>(
    (tiling, block): (Tiling, Block),
    plane: Plane,
    (from, step): (*const f32, usize),
    buffer: *mut f32,
    (output, epilogue): (*mut f32, Epilogue),
) {
    let side = tiling.side;
    for run in tiling.runs(block) {
        let epilogue = epilogue.of_channel::<S>(plane, side * side, run.image);
        for i in (0..run.length).step_by(4) {
            unsafe {
                for x in 0..6 {
                    let mut column = [splat::<S>(0.0); 6];
                    for (y, value) in column.iter_mut().enumerate() {
                        *value = load::<S>(from.add((6 * y + x) * step + run.at + i));
                    }
                    for (y, &value) in ToOutput::change::<S>(column).iter().enumerate() {
                        store::<S>(buffer.add(4 * (6 * y + x)), value);
                    }
                }
                for y in 0..4 {
                    let mut row = [splat::<S>(0.0); 6];
                    for (x, value) in row.iter_mut().enumerate() {
                        *value = load::<S>(buffer.add(4 * (6 * y + x)));
                    }
                    let (y, x) = (run.y + y, run.x + 4 * i);
                    let (index, pixel) = (plane.index(side, run.image, y, x), y * side + x);
                    let pixels = columns_of::<S>(ToOutput::change::<S>(row));
                    for (j, &value) in pixels.iter().enumerate() {
                        let value = epilogue.apply(value, [index + 4 * j, pixel + 4 * j]);
                        store::<S>(output.add(index + 4 * j), value);
                    }
                }
            }
        }
    }
}
