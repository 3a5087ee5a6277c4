//! Products with one tile or two, for vectors of four.
//!
//! An image of 4 x 4 pixels is one tile, so vectors along the tiles would be three quarters empty. Here they run along the outputs.
//! [`product`](crate::product::product) gives the same numbers, bit for bit.

use macerator::Simd;

use crate::simd::{F32, columns_of, lanes, load, splat, store};
use crate::weights::Weights;

/// Whether [`product_of_few`] handles a block of this many tiles.
#[inline(always)]
pub fn are_few<S: Simd>(tiles: usize) -> bool {
    lanes::<S>() == 4 && tiles <= 2
}

/// The products of whole panels of weights with a block of one tile or two: `tiles` is `[depth][4]`, `to` is `[outputs][4]`.
/// Values behind the last tile are unspecified. Returns the number of outputs.
///
/// # Safety
/// `panels` panels must be readable at `weights`, and `to` writable for their outputs.
#[inline(always)]
pub unsafe fn product_of_few<S: Simd>(
    count: usize,
    depth: usize,
    (weights, panels): (*const f32, usize),
    tiles: *const f32,
    to: *mut f32,
) -> usize {
    // Eight independent sums, so that an addition need not wait for the one before it.
    let done = unsafe {
        match (count, panels) {
            (1, 4..) => some::<S, 1, 4>(depth, weights, tiles, to),
            (1, _) => some::<S, 1, 1>(depth, weights, tiles, to),
            (_, 2..) => some::<S, 2, 2>(depth, weights, tiles, to),
            _ => some::<S, 2, 1>(depth, weights, tiles, to),
        }
    };
    done * Weights::PANEL
}

/// `P` panels with `T` tiles. Returns `P`.
#[inline(always)]
unsafe fn some<S: Simd, const T: usize, const P: usize>(
    depth: usize,
    mut weights: *const f32,
    mut tiles: *const f32,
    to: *mut f32,
) -> usize {
    let step = Weights::PANEL * depth;
    let mut sums = [[[splat::<S>(0.0); 2]; T]; P];
    unsafe {
        for _ in 0..depth {
            add_place::<S, T, P>(&mut sums, (weights, step), tiles);
            weights = weights.add(Weights::PANEL);
            tiles = tiles.add(4);
        }
        for (p, sums) in sums.iter().enumerate() {
            for half in 0..2 {
                let mut rows = [sums[0][half]; 4];
                for (row, sum) in rows.iter_mut().zip(sums) {
                    *row = sum[half];
                }
                for (i, column) in columns_of::<S>(rows).into_iter().enumerate() {
                    store::<S>(to.add(4 * (Weights::PANEL * p + 4 * half + i)), column);
                }
            }
        }
    }
    P
}

/// Adds the products of one place of the depth.
#[inline(always)]
unsafe fn add_place<S: Simd, const T: usize, const P: usize>(
    sums: &mut [[[F32<S>; 2]; T]; P],
    (weights, step): (*const f32, usize),
    tiles: *const f32,
) {
    unsafe {
        let mut values = [splat::<S>(0.0); T];
        for (t, value) in values.iter_mut().enumerate() {
            *value = splat::<S>(*tiles.add(t));
        }
        for (p, sums) in sums.iter_mut().enumerate() {
            let weights = weights.add(p * step);
            let pair = [load::<S>(weights), load::<S>(weights.add(4))];
            for (sums, &value) in sums.iter_mut().zip(&values) {
                for (sum, &weight) in sums.iter_mut().zip(&pair) {
                    *sum = weight.mul_add(value, *sum);
                }
            }
        }
    }
}
