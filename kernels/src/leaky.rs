//! LeakyReLU, and its gradient.

use macerator::{Simd, with_simd};

use crate::simd::{lanes, load, splat, store};

/// LeakyReLU: values above 0 stay, others are multiplied by `slope`.
pub fn leaky(slope: f32, x: &[f32]) -> Vec<f32> {
    leaky_gradient(slope, x, x)
}

/// The gradient to the input `x` of [`leaky`], from that to its output.
///
/// # Panics
/// If the lengths differ.
pub fn leaky_gradient(slope: f32, x: &[f32], gradient: &[f32]) -> Vec<f32> {
    assert_eq!(x.len(), gradient.len(), "lengths of input and gradient");
    let mut result = gradient.to_vec();
    multiply(slope, x, &mut result);
    result
}

/// Multiplies `values` by `slope` where `x` is not above 0.
#[with_simd]
fn multiply<S: Simd>(slope: f32, x: &[f32], values: &mut [f32]) {
    let whole = values.len() / lanes::<S>() * lanes::<S>();
    for i in (0..whole).step_by(lanes::<S>()) {
        // Safety: a whole vector lies before `whole`, and `x` is as long.
        unsafe {
            let at = values.as_mut_ptr().add(i);
            let value = load::<S>(at);
            store::<S>(at, load::<S>(x.as_ptr().add(i)).gt(splat::<S>(0.0)).select(value, splat::<S>(slope) * value));
        }
    }
    for (value, &x) in values[whole..].iter_mut().zip(&x[whole..]) {
        *value = if x > 0.0 { *value } else { slope * *value };
    }
}
