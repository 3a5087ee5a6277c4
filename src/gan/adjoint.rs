//! The discriminator's input gradient, computed as a forward pass.
//!
//! The gradient penalties R1 and R2 contain the gradient of the discriminator with respect to its input, so
//! training needs a second derivative. burn's autodiff is first order only. But the discriminator is piecewise
//! linear: its input gradient is a short chain of convolutions and constant masks. This module computes that
//! chain as an ordinary forward pass on the autodiff tape, which then needs to be differentiated only once. The
//! result is exact almost everywhere, because the masks are step functions with derivative zero.

use burn::tensor::Tensor;
use burn::tensor::module::interpolate;
use burn::tensor::ops::{InterpolateMode, InterpolateOptions};

use super::discriminator::{Discriminator, DiscriminatorStage, Trace};
use super::layers::{Conv, ResBlock};
use super::ops::{Resampling, convolve_adjoint, pointwise_adjoint, resample, slope_at};

impl Conv {
    /// Adjoint of [`forward`](Self::forward) without the bias: `[batch, out, side, side]` to
    /// `[batch, in, side, side]`. At stride 1 this is a convolution with the kernel rotated by 180 degrees and its
    /// channel axes swapped.
    fn adjoint(&self, gradient: Tensor<4>) -> Tensor<4> {
        if self.kernel() == 3 {
            return convolve_adjoint(gradient, self.weight.val(), None, None);
        }
        pointwise_adjoint(gradient, self.weight.val())
    }

    /// Adjoint of [`forward_activated`](Self::forward_activated) at the input `x`, plus `residual`.
    fn adjoint_activated(&self, gradient: Tensor<4>, x: &Tensor<4>, residual: Option<Tensor<4>>) -> Tensor<4> {
        convolve_adjoint(gradient, self.weight.val(), Some(x.clone()), residual)
    }
}

impl ResBlock {
    /// `[batch, channels, side, side]` to the same shape. `outer` and `inner` are the inputs of the two activations.
    fn adjoint(&self, [outer, inner]: &[Tensor<4>; 2], gradient: Tensor<4>) -> Tensor<4> {
        let h = self.second.adjoint_activated(gradient.clone(), inner, None);
        self.first.adjoint_activated(h, outer, Some(gradient))
    }
}

impl DiscriminatorStage {
    /// `[batch, narrow, side / 2, side / 2]` to `[batch, width, side, side]`; the same shape in the 4 x 4 stage.
    fn adjoint(&self, inputs: &[Tensor<4>; 2], gradient: Tensor<4>) -> Tensor<4> {
        let gradient = match &self.narrow {
            Some(narrow) => spread(narrow.adjoint(gradient)),
            None => gradient,
        };
        self.block.adjoint(inputs, gradient)
    }
}

/// Adjoint of the 2 x 2 mean: spreads each value over four pixels, a quarter each.
/// `[batch, c, s, s]` to `[batch, c, 2s, 2s]`.
fn spread(gradient: Tensor<4>) -> Tensor<4> {
    if let Some(spread) = resample(&gradient, Resampling::HalveAdjoint) {
        return spread;
    }
    let [_, _, side, _] = gradient.dims();
    let options = InterpolateOptions::new(InterpolateMode::Nearest)
        .with_align_corners(false)
        .with_output_size([2 * side, 2 * side]);
    interpolate(gradient, options) * 0.25
}

/// Gradient of the logits with respect to the images: `[batch, 2, side, side]`.
///
/// `trace` is that of [`Discriminator::forward_traced`] for the same images; `class` is `[batch, classes]`, as there.
pub fn input_gradient(d: &Discriminator, trace: &Trace, class: Tensor<2>) -> Tensor<4> {
    let mut gradient = d.head(class); // [batch, width, 4, 4]
    if let Some(last) = &trace.last {
        gradient = gradient * slope_at(last);
    }
    for (stage, inputs) in d.stages.iter().zip(trace.blocks.iter().rev()) {
        gradient = stage.adjoint(inputs, gradient);
    }
    d.input.adjoint(gradient)
}

#[cfg(test)]
#[path = "adjoint_tests.rs"]
mod tests;
