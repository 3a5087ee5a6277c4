//! LeakyReLU, and its gradient.

/// LeakyReLU: values above 0 stay, others are multiplied by `slope`.
pub fn leaky(slope: f32, x: &[f32]) -> Vec<f32> {
    x.iter().map(|&x| if x > 0.0 { x } else { slope * x }).collect()
}

/// The gradient to the input `x` of [`leaky`], from that to its output.
///
/// # Panics
/// If the lengths differ.
pub fn leaky_gradient(slope: f32, x: &[f32], gradient: &[f32]) -> Vec<f32> {
    assert_eq!(x.len(), gradient.len(), "lengths of input and gradient");
    x.iter().zip(gradient).map(|(&x, &gradient)| if x > 0.0 { gradient } else { slope * gradient }).collect()
}
