//! Convolution on the processor, with its gradients: 3 x 3, stride 1, padding 1, `f32`, in the layout
//! `[batch, channels, side, side]`. Beside it stand 1 x 1 and depthwise convolution, resampling by two, LeakyReLU, normalisation,
//! scale, shift and noise for each channel, and the product that makes the noise.
//!
//! The algorithm of 3 x 3 is Winograd's F(4x4, 3x3) (Lavin and Gray 2016, arXiv 1509.09308): a tile of 4 x 4 outputs takes 36
//! multiplications for each pair of channels, instead of 144. A tile of 6 x 6 inputs is transformed, the channels are
//! mixed by 36 matrix products, and the results are transformed back. The gradient to the weights takes the same path in
//! the opposite direction.
//!
//! Vectors run along the tiles, so any number of channels fills them. The vector instructions are those of the [`macerator`]
//! crate: AVX-512, AVX2 or SSE (chosen at run time), NEON, or WebAssembly's `simd128`. With the feature `rayon` an operation
//! runs on all threads. Results do not depend on the order in which threads run.
//!
//! Inputs and outputs are slices. Lengths are checked; a wrong length panics.

mod convolution;
mod depthwise;
mod few_tiles;
mod fused;
mod leaky;
mod modulation;
mod normalisation;
mod parallel;
mod pointwise;
mod product;
mod quads;
mod resample;
mod scratch;
mod signed_sums;
mod simd;
mod tiles;
mod transform;
mod weight_gradient;
mod weights;

// The reference definitions of the tests use the crate's public name, also inside the crate.
#[cfg(all(test, target_arch = "x86_64"))]
extern crate self as hersenscan_kernels;
#[cfg(all(test, target_arch = "x86_64"))]
#[path = "../tests/support/mod.rs"]
mod support;

pub use convolution::{Epilogue, Prologue, convolve};
pub use depthwise::{Depthwise, depthwise, depthwise_gradient};
pub use leaky::{leaky, leaky_gradient};
pub use modulation::Modulation;
pub use normalisation::Normalisation;
pub use pointwise::{Direction, pointwise, pointwise_weight_gradient};
pub use resample::{Resampling, resample};
pub use signed_sums::{SUMMANDS, signed_sums, signed_sums_gradient};
pub use weight_gradient::{bias_gradient, weight_gradient};
pub use weights::Weights;

/// Sizes of a convolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Images.
    pub batch: usize,
    /// Channels that go in.
    pub inputs: usize,
    /// Channels that come out.
    pub outputs: usize,
    /// Height and width in pixels; a multiple of 4.
    pub side: usize,
}
