//! Vectors of `f32`.

use macerator::{Scalar, Simd, Vector};

/// A vector of `f32`, as wide as the processor has them.
pub type F32<S> = Vector<S, f32>;

/// Values in a vector.
#[inline(always)]
pub fn lanes<S: Simd>() -> usize {
    f32::lanes::<S>()
}

/// A vector with `x` in all lanes.
#[inline(always)]
pub fn splat<S: Simd>(x: f32) -> F32<S> {
    x.splat::<S>()
}

/// Reads a vector.
///
/// # Safety
/// A whole vector must be readable at `at`.
#[inline(always)]
pub unsafe fn load<S: Simd>(at: *const f32) -> F32<S> {
    unsafe { f32::vload_unaligned::<S>(at) }
}

/// Writes a vector.
///
/// # Safety
/// A whole vector must be writable at `at`.
#[inline(always)]
pub unsafe fn store<S: Simd>(at: *mut f32, x: F32<S>) {
    unsafe { f32::vstore_unaligned::<S>(at, x) }
}

/// The smallest multiple of `step` that is at least `count`.
#[inline(always)]
pub fn round_up(count: usize, step: usize) -> usize {
    count.div_ceil(step) * step
}

/// Four values, and the change of rows to columns among four of them.
mod quad {
    #[cfg(target_arch = "x86_64")]
    mod native {
        use core::arch::x86_64::*;

        pub type Quad = __m128;

        #[inline(always)]
        pub unsafe fn load(at: *const f32) -> Quad {
            unsafe { _mm_loadu_ps(at) }
        }

        #[inline(always)]
        pub unsafe fn store(at: *mut f32, x: Quad) {
            unsafe { _mm_storeu_ps(at, x) }
        }

        #[inline(always)]
        pub fn columns([mut a, mut b, mut c, mut d]: [Quad; 4]) -> [Quad; 4] {
            // Safety: SSE is part of x86-64.
            #[allow(unused_unsafe)]
            unsafe {
                _MM_TRANSPOSE4_PS(&mut a, &mut b, &mut c, &mut d);
            }
            [a, b, c, d]
        }

        #[inline(always)]
        pub fn behind(before: Quad, x: Quad) -> Quad {
            // Safety: SSE is part of x86-64.
            #[allow(unused_unsafe)]
            unsafe {
                _mm_move_ss(_mm_shuffle_ps::<0b10_01_00_11>(x, x), before)
            }
        }

        #[inline(always)]
        pub fn ahead(x: Quad, after: Quad) -> Quad {
            // Safety: SSE is part of x86-64.
            #[allow(unused_unsafe)]
            unsafe {
                let x = _mm_move_ss(x, after);
                _mm_shuffle_ps::<0b00_11_10_01>(x, x)
            }
        }

        #[inline(always)]
        pub fn interleave(a: Quad, b: Quad) -> [Quad; 2] {
            // Safety: SSE is part of x86-64.
            #[allow(unused_unsafe)]
            unsafe {
                [_mm_unpacklo_ps(a, b), _mm_unpackhi_ps(a, b)]
            }
        }

        #[inline(always)]
        pub fn pairs_apart(a: Quad, b: Quad) -> [Quad; 2] {
            // Safety: SSE is part of x86-64.
            #[allow(unused_unsafe)]
            unsafe {
                [_mm_shuffle_ps::<0b10_00_10_00>(a, b), _mm_shuffle_ps::<0b11_01_11_01>(a, b)]
            }
        }
    }

    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    mod native {
        use core::arch::wasm32::*;

        pub type Quad = v128;

        #[inline(always)]
        pub unsafe fn load(at: *const f32) -> Quad {
            unsafe { v128_load(at.cast()) }
        }

        #[inline(always)]
        pub unsafe fn store(at: *mut f32, x: Quad) {
            unsafe { v128_store(at.cast(), x) }
        }

        #[inline(always)]
        pub fn columns([a, b, c, d]: [Quad; 4]) -> [Quad; 4] {
            let (ab, cd) = (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<0, 4, 1, 5>(c, d));
            let (ef, gh) = (i32x4_shuffle::<2, 6, 3, 7>(a, b), i32x4_shuffle::<2, 6, 3, 7>(c, d));
            [
                i64x2_shuffle::<0, 2>(ab, cd),
                i64x2_shuffle::<1, 3>(ab, cd),
                i64x2_shuffle::<0, 2>(ef, gh),
                i64x2_shuffle::<1, 3>(ef, gh),
            ]
        }

        #[inline(always)]
        pub fn behind(before: Quad, x: Quad) -> Quad {
            i32x4_shuffle::<3, 4, 5, 6>(before, x)
        }

        #[inline(always)]
        pub fn ahead(x: Quad, after: Quad) -> Quad {
            i32x4_shuffle::<1, 2, 3, 4>(x, after)
        }

        #[inline(always)]
        pub fn interleave(a: Quad, b: Quad) -> [Quad; 2] {
            [i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b)]
        }

        #[inline(always)]
        pub fn pairs_apart(a: Quad, b: Quad) -> [Quad; 2] {
            [i32x4_shuffle::<0, 2, 4, 6>(a, b), i32x4_shuffle::<1, 3, 5, 7>(a, b)]
        }
    }

    #[cfg(not(any(target_arch = "x86_64", all(target_arch = "wasm32", target_feature = "simd128"))))]
    mod native {
        pub type Quad = [f32; 4];

        #[inline(always)]
        pub unsafe fn load(at: *const f32) -> Quad {
            unsafe { at.cast::<Quad>().read_unaligned() }
        }

        #[inline(always)]
        pub unsafe fn store(at: *mut f32, x: Quad) {
            unsafe { at.cast::<Quad>().write_unaligned(x) }
        }

        #[inline(always)]
        pub fn columns(rows: [Quad; 4]) -> [Quad; 4] {
            let mut columns = [[0.0; 4]; 4];
            for (i, row) in rows.iter().enumerate() {
                for (column, &value) in columns.iter_mut().zip(row) {
                    column[i] = value;
                }
            }
            columns
        }

        #[inline(always)]
        pub fn behind(before: Quad, x: Quad) -> Quad {
            [before[0], x[0], x[1], x[2]]
        }

        #[inline(always)]
        pub fn ahead(x: Quad, after: Quad) -> Quad {
            [x[1], x[2], x[3], after[0]]
        }

        #[inline(always)]
        pub fn interleave(a: Quad, b: Quad) -> [Quad; 2] {
            [[a[0], b[0], a[1], b[1]], [a[2], b[2], a[3], b[3]]]
        }

        #[inline(always)]
        pub fn pairs_apart(a: Quad, b: Quad) -> [Quad; 2] {
            [[a[0], a[2], b[0], b[2]], [a[1], a[3], b[1], b[3]]]
        }
    }

    pub use native::{Quad, ahead, behind, columns, interleave, load, pairs_apart, store};
}

/// The columns of four rows of four values at `rows`.
///
/// # Safety
/// Four values must be readable at each of `rows`.
#[inline(always)]
pub unsafe fn columns(rows: [*const f32; 4]) -> [quad::Quad; 4] {
    let [a, b, c, d] = rows;
    unsafe { quad::columns([quad::load(a), quad::load(b), quad::load(c), quad::load(d)]) }
}

/// Writes four values.
///
/// # Safety
/// Four values must be writable at `at`.
#[inline(always)]
pub unsafe fn store_quad(at: *mut f32, x: quad::Quad) {
    unsafe { quad::store(at, x) }
}

/// Writes four rows of four values, read at `rows`, as four columns: `to[i * step + j] = rows[j][i]`.
///
/// # Safety
/// Four values must be readable at each of `rows`, and writable at `to + i * step` for `i` below 4.
#[inline(always)]
pub unsafe fn transpose(rows: [*const f32; 4], to: *mut f32, step: usize) {
    unsafe {
        for (i, column) in columns(rows).into_iter().enumerate() {
            store_quad(to.add(i * step), column);
        }
    }
}

/// A vector of four as four values.
#[inline(always)]
fn quad<S: Simd>(x: F32<S>) -> quad::Quad {
    debug_assert_eq!(lanes::<S>(), 4);
    // Safety: both are four values of 32 bits.
    unsafe { std::mem::transmute_copy(&x) }
}

/// Four values as a vector of four.
#[inline(always)]
fn vector<S: Simd>(x: quad::Quad) -> F32<S> {
    debug_assert_eq!(lanes::<S>(), 4);
    // Safety: both are four values of 32 bits.
    unsafe { std::mem::transmute_copy(&x) }
}

/// The columns of four vectors of four.
#[inline(always)]
pub fn columns_of<S: Simd>([a, b, c, d]: [F32<S>; 4]) -> [F32<S>; 4] {
    let [a, b, c, d] = quad::columns([quad::<S>(a), quad::<S>(b), quad::<S>(c), quad::<S>(d)]);
    [vector::<S>(a), vector::<S>(b), vector::<S>(c), vector::<S>(d)]
}

/// The left neighbours of a vector of four: the value of `before`, which is the same in all lanes, then all but the last value
/// of `x`.
#[inline(always)]
pub fn behind<S: Simd>(before: F32<S>, x: F32<S>) -> F32<S> {
    vector::<S>(quad::behind(quad::<S>(before), quad::<S>(x)))
}

/// The right neighbours of a vector of four: all but the first value of `x`, then the value of `after`, which is the same in
/// all lanes.
#[inline(always)]
pub fn ahead<S: Simd>(x: F32<S>, after: F32<S>) -> F32<S> {
    vector::<S>(quad::ahead(quad::<S>(x), quad::<S>(after)))
}

/// The values of two vectors of four, interleaved.
#[inline(always)]
pub fn interleave<S: Simd>(a: F32<S>, b: F32<S>) -> [F32<S>; 2] {
    let [a, b] = quad::interleave(quad::<S>(a), quad::<S>(b));
    [vector::<S>(a), vector::<S>(b)]
}

/// The values at even and at odd positions of a row of eight: `a`, then `b`.
#[inline(always)]
pub fn pairs_apart<S: Simd>(a: F32<S>, b: F32<S>) -> [F32<S>; 2] {
    let [first, second] = quad::pairs_apart(quad::<S>(a), quad::<S>(b));
    [vector::<S>(first), vector::<S>(second)]
}

/// LeakyReLU with a slope from 0 to 1: the larger of `x` and `slope * x`.
///
/// `x` is the second operand: x86 returns it if both are equal, and so the sign of a zero stays.
#[inline(always)]
pub fn leaky<S: Simd>(x: F32<S>, slope: F32<S>) -> F32<S> {
    let scaled = slope * x;
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    if lanes::<S>() == 4 {
        // One instruction on x86 and ARM. WebAssembly's other maximum takes several there, because of NaN.
        return vector::<S>(core::arch::wasm32::f32x4_pmax(quad::<S>(x), quad::<S>(scaled)));
    }
    scaled.max(x)
}

/// Computes with vectors of four, also where the processor has longer ones.
#[cfg(all(test, target_arch = "x86_64"))]
pub fn in_fours<Op: macerator::WithSimd>(op: Op) -> Op::Output {
    assert!(is_x86_feature_detected!("sse4.2"), "an older processor");
    // Safety: the processor has these vectors.
    unsafe { macerator::Arch::V2.dispatch(op) }
}
