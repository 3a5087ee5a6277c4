//! The discriminator's input gradient, written as a forward pass.
//!
//! R1 and R2 penalise the gradient of the discriminator with respect to its input, so training must
//! differentiate a gradient. burn's autodiff is first order only; but the discriminator is piecewise linear,
//! so its input gradient is itself a short chain of convolutions and frozen masks. Written out here, that
//! chain goes on the tape like any other forward pass and is differentiated once. The result is exact almost
//! everywhere: the masks are step functions of the pre-activations, with zero derivative.

use burn::tensor::Tensor;
use burn::tensor::module::{conv2d, interpolate};
use burn::tensor::ops::{InterpolateMode, InterpolateOptions};

use super::discriminator::{Discriminator, DiscriminatorStage, Trace};
use super::layers::{Conv, ResBlock, SLOPE};

/// Derivative of LeakyReLU at `x`, as a constant.
fn slope_at(x: &Tensor<4>) -> Tensor<4> {
    let positive = x.clone().detach().greater_elem(0.0).float().cast(x.dtype());
    positive * (1.0 - SLOPE) + SLOPE
}

impl Conv {
    /// Transposed map: `[batch, out, side, side]` to `[batch, in, side, side]`. With stride 1 this is the
    /// convolution with the kernel turned around and its channels swapped.
    fn adjoint(&self, gradient: Tensor<4>) -> Tensor<4> {
        let turned = self.weight.val().swap_dims(0, 1).flip([2, 3]);
        conv2d(gradient, turned, None, self.options())
    }
}

impl ResBlock {
    fn adjoint(&self, [outer, inner]: &[Tensor<4>; 2], gradient: Tensor<4>) -> Tensor<4> {
        let h = self.second.adjoint(gradient.clone()) * slope_at(inner);
        gradient + self.first.adjoint(h) * slope_at(outer)
    }
}

impl DiscriminatorStage {
    fn adjoint(&self, inputs: &[Tensor<4>; 2], gradient: Tensor<4>) -> Tensor<4> {
        let gradient = match &self.narrow {
            Some(narrow) => spread(narrow.adjoint(gradient)),
            None => gradient,
        };
        self.block.adjoint(inputs, gradient)
    }
}

/// Adjoint of the 2 x 2 mean: each value to four cells, a quarter each.
fn spread(gradient: Tensor<4>) -> Tensor<4> {
    let [_, _, side, _] = gradient.dims();
    let options = InterpolateOptions::new(InterpolateMode::Nearest)
        .with_align_corners(false)
        .with_output_size([2 * side, 2 * side]);
    interpolate(gradient, options) * 0.25
}

/// Gradient of the logits with respect to the images: `[batch, 2, side, side]`.
///
/// `trace` comes from [`Discriminator::forward_traced`] on the same images and classes.
pub fn input_gradient(d: &Discriminator, trace: &Trace, class: Tensor<2>) -> Tensor<4> {
    let mut gradient = d.head(class);
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
