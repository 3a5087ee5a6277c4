//! From pixels to transformed tiles and back.
//!
//! A block of tiles is stored as `[place in the tile][tile]`, so that a vector holds one place of several tiles.

use macerator::Simd;

use crate::convolution::{Epilogue, Prologue};
use crate::fused::read_row;
use crate::simd::{columns, store_quad, transpose};

/// Largest side in pixels.
pub const MAX_SIDE: usize = 4096;
/// Values of a line buffer: a row with its neighbours.
pub const LINE: usize = MAX_SIDE + 8;

/// Values between two places of a block. They keep the places out of the same cache lines, and what is written four values at
/// a time may reach into them.
pub const GAP: usize = 16;

/// The tiles of 4 x 4 pixels of several images, numbered image by image and row by row.
#[derive(Debug, Clone, Copy)]
pub struct Tiling {
    /// Height and width of an image in pixels.
    pub side: usize,
    /// Tiles in a row.
    pub across: usize,
    /// Tiles of all images.
    pub count: usize,
}

/// Neighbouring tiles in one row of tiles.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// The image.
    pub image: usize,
    /// First row of pixels.
    pub y: usize,
    /// First column of pixels.
    pub x: usize,
    /// Number of tiles.
    pub length: usize,
    /// Place of the first tile in its block.
    pub at: usize,
}

/// A block of tiles.
#[derive(Debug, Clone, Copy)]
pub struct Block {
    /// The number of the first tile.
    pub first: usize,
    /// Number of tiles.
    pub count: usize,
    /// `count`, rounded up to whole vectors.
    pub width: usize,
}

impl Tiling {
    /// The tiles of `batch` images of `side` x `side` pixels.
    pub fn new(batch: usize, side: usize) -> Self {
        assert!(side.is_multiple_of(4) && (4..=MAX_SIDE).contains(&side), "side {side} is no multiple of 4");
        let across = side / 4;
        Self { side, across, count: batch * across * across }
    }

    /// The runs of a block.
    #[inline(always)]
    pub fn runs(self, block: Block) -> Runs {
        Runs { tiling: self, start: block.first, tile: block.first, end: block.first + block.count }
    }
}

/// The runs of a block.
///
/// An iterator, as a closure for each run would be compiled without the vector instructions of its caller.
#[derive(Debug)]
pub struct Runs {
    tiling: Tiling,
    start: usize,
    tile: usize,
    end: usize,
}

impl Iterator for Runs {
    type Item = Run;

    #[inline(always)]
    fn next(&mut self) -> Option<Run> {
        if self.tile >= self.end {
            return None;
        }
        let across = self.tiling.across;
        let (row, column) = (self.tile / across, self.tile % across);
        let length = (across - column).min(self.end - self.tile);
        let at = self.tile - self.start;
        self.tile += length;
        Some(Run { image: row / across, y: 4 * (row % across), x: 4 * column, length, at })
    }
}

/// One channel of a tensor `[batch, channels, side, side]`.
#[derive(Clone, Copy)]
pub struct Plane {
    /// The channel.
    pub channel: usize,
    /// Number of channels.
    pub channels: usize,
}

impl Plane {
    /// Index of a pixel.
    #[inline(always)]
    pub fn index(self, side: usize, image: usize, y: usize, x: usize) -> usize {
        ((image * self.channels + self.channel) * side + y) * side + x
    }
}

/// The images of four consecutive tiles, if an image is one tile. The last image is repeated if there are fewer.
#[inline(always)]
fn four_images(block: Block, i: usize) -> [usize; 4] {
    [0, 1, 2, 3].map(|j| block.first + (i + j).min(block.count - 1))
}

/// Zeros behind the last tile of `N` places.
#[inline(always)]
unsafe fn clear_rest<const N: usize>(block: Block, to: *mut f32) {
    for k in 0..N {
        for i in block.count..block.width {
            unsafe { *to.add(k * (block.width + GAP) + i) = 0.0 };
        }
    }
}

/// Writes the values that [`gather_inputs`] does not write: zeros around the pixels, if images have one tile. They must stay
/// until the last channel of a block.
///
/// # Safety
/// All places must be writable at `to`.
#[inline(always)]
pub unsafe fn clear_edges(tiling: Tiling, block: Block, to: *mut f32) {
    if tiling.across > 1 {
        return;
    }
    for place in (0..36).filter(|place| !matches!((place / 6, place % 6), (1..5, 1..5))) {
        unsafe { to.add(place * (block.width + GAP)).write_bytes(0, block.width) };
    }
}

/// The 6 x 6 inputs of each tile of a block, to `[36][width + GAP]`. Beyond the edge are zeros, see also [`clear_edges`].
///
/// # Safety
/// `plane` must lie in `input`, and all places must be writable at `to`.
#[inline(always)]
pub unsafe fn gather_inputs<S: Simd>(
    tiling: Tiling,
    block: Block,
    plane: Plane,
    (input, prologue): (&[f32], Prologue),
    line: &mut [f32],
    to: *mut f32,
) {
    let (side, step) = (tiling.side, block.width + GAP);
    if tiling.across == 1 {
        return unsafe { gather_single::<S>(block, plane, (input, prologue), line, (to, 6, 1)) };
    }
    for run in tiling.runs(block) {
        for r in 0..6 {
            // The first row of a tile's inputs is the one above it.
            let outside = run.y + r == 0 || run.y + r > side;
            unsafe {
                let to = to.add(6 * r * step + run.at);
                if outside {
                    clear_row(to, step, run.length);
                    continue;
                }
                let (left, right) = (run.x > 0, run.x + 4 * run.length < side);
                let from = plane.index(side, run.image, run.y + r - 1, run.x) - usize::from(left);
                let count = 4 * run.length + usize::from(left) + usize::from(right);
                let row = read_row::<S>(input, prologue, from, count, line);
                let inner = row.add(usize::from(left));
                let first = if left { *row } else { 0.0 };
                let last = if right { *inner.add(4 * run.length) } else { 0.0 };
                split_inputs(inner, run.length, to, step);
                *to = first;
                *to.add(5 * step + run.length - 1) = last;
            }
        }
    }
    unsafe { clear_rest::<36>(block, to) };
}

/// Zeros for a run of tiles in 6 places.
#[inline(always)]
unsafe fn clear_row(to: *mut f32, step: usize, length: usize) {
    for k in 0..6 {
        unsafe {
            let to = to.add(k * step);
            // A few values are written without a call. This may write up to three more, which are overwritten later or lie in the gap.
            if length <= 4 {
                to.cast::<[f32; 4]>().write_unaligned([0.0; 4]);
            } else {
                to.write_bytes(0, length);
            }
        }
    }
}

/// Writes the values of a row to the columns of their tiles: each fourth to columns 1 to 4 of its tile, and those that
/// neighbours share to columns 0 and 5. The first of column 0 and the last of column 5 are left to the caller.
#[inline(always)]
unsafe fn split_inputs(from: *const f32, count: usize, to: *mut f32, step: usize) {
    unsafe {
        let last = to.add(5 * step);
        // This value belongs to the run before.
        let before = *last.sub(1);
        let mut i = 0;
        while i + 4 <= count {
            let at = from.add(4 * i);
            let columns = columns([at, at.add(4), at.add(8), at.add(12)]);
            for (k, &column) in columns.iter().enumerate() {
                store_quad(to.add((k + 1) * step + i), column);
            }
            store_quad(to.add(i + 1), columns[3]);
            store_quad(last.add(i).sub(1), columns[0]);
            i += 4;
        }
        while i < count {
            for k in 0..4 {
                *to.add((k + 1) * step + i) = *from.add(4 * i + k);
            }
            *to.add(i + 1) = *from.add(4 * i + 3);
            *last.add(i).sub(1) = *from.add(4 * i);
            i += 1;
        }
        *last.sub(1) = before;
    }
}

/// [`gather_inputs`] and [`gather_outputs`] for images of one tile: to `[size * size][width + GAP]`, with room for `edge`
/// rows and columns around the pixels.
#[inline(always)]
unsafe fn gather_single<S: Simd>(
    block: Block,
    plane: Plane,
    (input, prologue): (&[f32], Prologue),
    line: &mut [f32],
    (to, size, edge): (*mut f32, usize, usize),
) {
    let step = block.width + GAP;
    unsafe {
        let mut i = 0;
        while i < block.count {
            let mut planes = [std::ptr::null(); 4];
            for (j, image) in four_images(block, i).into_iter().enumerate() {
                let line = line.get_unchecked_mut(16 * j..16 * j + 16);
                planes[j] = read_row::<S>(input, prologue, plane.index(4, image, 0, 0), 16, line);
            }
            for y in 0..4 {
                let to = to.add(((y + edge) * size + edge) * step + i);
                transpose([0, 1, 2, 3].map(|j: usize| planes[j].add(4 * y)), to, step);
            }
            i += 4;
        }
        // Places inside the tile behind the last tile.
        for y in edge..size - edge {
            for x in edge..size - edge {
                for i in block.count.next_multiple_of(4)..block.width {
                    *to.add((y * size + x) * step + i) = 0.0;
                }
            }
        }
    }
}

/// The 4 x 4 pixels of each tile of a block, to `[16][width + GAP]`.
///
/// # Safety
/// `plane` must lie in `input`, and all places must be writable at `to`.
#[inline(always)]
pub unsafe fn gather_outputs<S: Simd>(
    tiling: Tiling,
    block: Block,
    plane: Plane,
    (input, prologue): (&[f32], Prologue),
    line: &mut [f32],
    to: *mut f32,
) {
    let (side, step) = (tiling.side, block.width + GAP);
    if tiling.across == 1 {
        return unsafe { gather_single::<S>(block, plane, (input, prologue), line, (to, 4, 0)) };
    }
    for run in tiling.runs(block) {
        for r in 0..4 {
            let from = plane.index(side, run.image, run.y + r, run.x);
            unsafe {
                let row = read_row::<S>(input, prologue, from, 4 * run.length, line);
                let to = to.add(4 * r * step + run.at);
                let mut i = 0;
                while i + 4 <= run.length {
                    let at = row.add(4 * i);
                    transpose([at, at.add(4), at.add(8), at.add(12)], to.add(i), step);
                    i += 4;
                }
                while i < run.length {
                    for k in 0..4 {
                        *to.add(k * step + i) = *row.add(4 * i + k);
                    }
                    i += 1;
                }
            }
        }
    }
    unsafe { clear_rest::<16>(block, to) };
}

/// Writes the 4 x 4 pixels of each tile of a block, `[16][width + GAP]`, to their places, and finishes each row of pixels as
/// `epilogue` says.
///
/// # Safety
/// `plane` must lie in `output`, and nothing else may use its tiles in this block. The values in `epilogue` must be as many as
/// the outputs need.
#[inline(always)]
pub unsafe fn scatter_outputs<S: Simd>(
    tiling: Tiling,
    block: Block,
    plane: Plane,
    from: *const f32,
    (output, epilogue): (*mut f32, Epilogue),
) {
    let (side, step) = (tiling.side, block.width + GAP);
    if tiling.across == 1 {
        return unsafe { scatter_single::<S>(block, plane, from, (output, epilogue)) };
    }
    for run in tiling.runs(block) {
        for r in 0..4 {
            let index = plane.index(side, run.image, run.y + r, run.x);
            unsafe {
                let (from, to) = (from.add(4 * r * step + run.at), output.add(index));
                let mut i = 0;
                while i + 4 <= run.length {
                    let at = from.add(i);
                    transpose([at, at.add(step), at.add(2 * step), at.add(3 * step)], to.add(4 * i), 4);
                    i += 4;
                }
                while i < run.length {
                    for k in 0..4 {
                        *to.add(4 * i + k) = *from.add(k * step + i);
                    }
                    i += 1;
                }
                let row = std::slice::from_raw_parts_mut(to, 4 * run.length);
                let pixel = (run.y + r) * side + run.x;
                epilogue.finish::<S>(plane, side * side, [run.image, index, pixel], row);
            }
        }
    }
}

/// [`scatter_outputs`] for images of one tile.
#[inline(always)]
unsafe fn scatter_single<S: Simd>(
    block: Block,
    plane: Plane,
    from: *const f32,
    (output, epilogue): (*mut f32, Epilogue),
) {
    let step = block.width + GAP;
    let mut i = 0;
    while i < block.count {
        let images = four_images(block, i);
        unsafe {
            for y in 0..4 {
                let at = from.add(4 * y * step + i);
                let rows = columns([at, at.add(step), at.add(2 * step), at.add(3 * step)]);
                // In reverse order, so that a repeated image is overwritten by its own pixels.
                for j in (0..4).rev() {
                    store_quad(output.add(plane.index(4, images[j], y, 0)), rows[j]);
                }
            }
            for &image in images.iter().take(block.count - i) {
                let index = plane.index(4, image, 0, 0);
                let row = std::slice::from_raw_parts_mut(output.add(index), 16);
                epilogue.finish::<S>(plane, 16, [image, index, 0], row);
            }
        }
        i += 4;
    }
}
