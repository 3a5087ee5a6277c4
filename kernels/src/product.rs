//! Matrix products that add up over a common axis.

use macerator::Simd;

use crate::simd::{F32, lanes, load, splat, store};

/// A matrix that is read value by value: row `r`, depth `d` is at `at[r * row + d * depth]`.
#[derive(Clone, Copy)]
pub struct Left {
    /// The first value.
    pub at: *const f32,
    /// Distance of two rows.
    pub row: usize,
    /// Distance of two neighbours in a row.
    pub depth: usize,
}

/// `to = left . right`, or `to += left . right` if `add`. `left` is `[rows, depth]`, `right` is `[depth, columns]` with
/// rows `right_step` apart, and `to` is `[rows, columns]` with rows `to_step` apart. `columns` is a multiple of the
/// vector's length.
///
/// # Safety
/// All these values must be readable, those of `to` writable, and nothing else may use them.
#[allow(clippy::too_many_arguments)]
#[inline(always)]
pub unsafe fn product<S: Simd>(
    [rows, depth, columns]: [usize; 3],
    left: Left,
    (right, right_step): (*const f32, usize),
    (to, to_step): (*mut f32, usize),
    add: bool,
) {
    let mut row = 0;
    while row < rows {
        let left = Left { at: unsafe { left.at.add(row * left.row) }, ..left };
        let to = (unsafe { to.add(row * to_step) }, to_step);
        let size = [depth, columns];
        // As many rows as there are registers for.
        row += unsafe {
            match rows - row {
                8.. if lanes::<S>() >= 16 => strip::<S, 8>(size, left, (right, right_step), to, add),
                4.. => strip::<S, 4>(size, left, (right, right_step), to, add),
                2.. => strip::<S, 2>(size, left, (right, right_step), to, add),
                _ => strip::<S, 1>(size, left, (right, right_step), to, add),
            }
        };
    }
}

/// `R` rows of the product. Returns `R`.
#[inline(always)]
unsafe fn strip<S: Simd, const R: usize>(
    [depth, columns]: [usize; 2],
    left: Left,
    (right, right_step): (*const f32, usize),
    (to, to_step): (*mut f32, usize),
    add: bool,
) -> usize {
    let width = lanes::<S>();
    let mut column = 0;
    while column + 2 * width <= columns {
        unsafe { block::<S, R, 2>(depth, left, (right.add(column), right_step), (to.add(column), to_step), add) };
        column += 2 * width;
    }
    if column < columns {
        unsafe { block::<S, R, 1>(depth, left, (right.add(column), right_step), (to.add(column), to_step), add) };
    }
    R
}

/// `R` rows by `N` vectors, which stay in registers.
#[inline(always)]
unsafe fn block<S: Simd, const R: usize, const N: usize>(
    depth: usize,
    left: Left,
    (mut right, right_step): (*const f32, usize),
    (to, to_step): (*mut f32, usize),
    add: bool,
) {
    let width = lanes::<S>();
    let mut sums: [[F32<S>; N]; R] = [[splat::<S>(0.0); N]; R];
    let mut at = left.at;
    unsafe {
        for _ in 0..depth {
            let mut values = [splat::<S>(0.0); N];
            for (n, value) in values.iter_mut().enumerate() {
                *value = load::<S>(right.add(n * width));
            }
            for (r, sums) in sums.iter_mut().enumerate() {
                let factor = splat::<S>(*at.add(r * left.row));
                for (sum, &value) in sums.iter_mut().zip(&values) {
                    *sum = factor.mul_add(value, *sum);
                }
            }
            at = at.add(left.depth);
            right = right.add(right_step);
        }
        for (r, sums) in sums.iter().enumerate() {
            for (n, &sum) in sums.iter().enumerate() {
                let place = to.add(r * to_step + n * width);
                store::<S>(place, if add { sum + load::<S>(place) } else { sum });
            }
        }
    }
}
