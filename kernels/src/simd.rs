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
    }

    pub use native::{Quad, columns, load, store};
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
