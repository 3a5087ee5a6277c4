//! The transforms of tiles before and after the matrix products.

use macerator::Simd;

use crate::simd::{F32, lanes, load, splat, store};

/// A change of the rows and columns of tiles, from `N` values to `M`.
///
/// A trait, because a function that is passed as a value is compiled without the vector instructions of its caller.
pub trait Change<const N: usize, const M: usize> {
    /// Changes one row or column.
    fn change<S: Simd>(values: [F32<S>; N]) -> [F32<S>; M];
}

/// `B^T d`: 6 inputs to 6 values.
pub struct FromInput;

impl Change<6, 6> for FromInput {
    #[inline(always)]
    fn change<S: Simd>(d: [F32<S>; 6]) -> [F32<S>; 6] {
        let four = splat::<S>(4.0);
        let minus_five = splat::<S>(-5.0);
        let two = splat::<S>(2.0);
        let (near, far) = (d[4] - d[2], d[3] - d[1]);
        let far = two * far;
        [
            four.mul_add(d[0], minus_five.mul_add(d[2], d[4])),
            (d[3] + d[4]) - four * (d[1] + d[2]),
            four.mul_add(d[1] - d[2], d[4] - d[3]),
            near + far,
            near - far,
            four.mul_add(d[1], minus_five.mul_add(d[3], d[5])),
        ]
    }
}

/// `A^T m`: 6 products to 4 outputs.
pub struct ToOutput;

impl Change<6, 4> for ToOutput {
    #[inline(always)]
    fn change<S: Simd>(m: [F32<S>; 6]) -> [F32<S>; 4] {
        let (p, q) = (m[1] + m[2], m[1] - m[2]);
        let (r, t) = (m[3] + m[4], m[3] - m[4]);
        [
            m[0] + p + r,
            splat::<S>(2.0).mul_add(t, q),
            splat::<S>(4.0).mul_add(r, p),
            splat::<S>(8.0).mul_add(t, q) + m[5],
        ]
    }
}

/// `A y`: the gradient of 4 outputs to that of 6 products.
pub struct FromGradient;

impl Change<4, 6> for FromGradient {
    #[inline(always)]
    fn change<S: Simd>(y: [F32<S>; 4]) -> [F32<S>; 6] {
        let (even, odd) = (y[0] + y[2], y[1] + y[3]);
        let far_even = splat::<S>(4.0).mul_add(y[2], y[0]);
        let far_odd = splat::<S>(2.0) * splat::<S>(4.0).mul_add(y[3], y[1]);
        [y[0], even + odd, even - odd, far_even + far_odd, far_even - far_odd, y[3]]
    }
}

/// Changes the rows and columns of all tiles of a block: `[N * N][width]` at `from` to `[M * M]`, with places `step` apart, at
/// `to`.
///
/// # Safety
/// The places must be readable and writable, and `width` a multiple of the vector's length.
#[inline(always)]
pub unsafe fn transform<S: Simd, C: Change<N, M>, const N: usize, const M: usize>(
    width: usize,
    (from, from_step): (*const f32, usize),
    (to, to_step): (*mut f32, usize),
) {
    let mut i = 0;
    while i < width {
        let mut rows = [[splat::<S>(0.0); N]; M];
        for x in 0..N {
            let mut column = [splat::<S>(0.0); N];
            for (y, value) in column.iter_mut().enumerate() {
                *value = unsafe { load::<S>(from.add((N * y + x) * from_step + i)) };
            }
            for (row, &value) in rows.iter_mut().zip(&C::change::<S>(column)) {
                row[x] = value;
            }
        }
        for (y, &row) in rows.iter().enumerate() {
            for (x, &value) in C::change::<S>(row).iter().enumerate() {
                unsafe { store::<S>(to.add((M * y + x) * to_step + i), value) };
            }
        }
        i += lanes::<S>();
    }
}
