//! The gradients of the operations on burn's CPU backend.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, NodeGuard, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Flex, TensorMetadata};
use hersenscan_kernels::{self as kernels, Direction, Modulation, Prologue, Resampling, Size};

use super::flex::{
    SLOPE_F32, Values, depthwise_gradient, normalisation, normalised, prologue, tensor, weight_gradient,
};
use super::{Kernels, Maybe};
use crate::gan::noise;
use crate::gan::preset::LATENT;

type Tracked = FloatTensor<Autodiff<Flex>>;

impl<C: CheckpointStrategy> Kernels for Autodiff<Flex, C> {
    fn convolve(x: Tracked, weight: Tracked, bias: Maybe<Self>, residual: Maybe<Self>, activated: bool) -> Tracked {
        let (bias, residual) = (bias.option(), residual.option());
        let state = Convolution {
            x: x.primitive().clone(),
            weight: weight.primitive().clone(),
            activated,
            has_bias: bias.is_some(),
            has_residual: residual.is_some(),
        };
        let optional = |tensor: Option<Tracked>| tensor.map(|tensor| tensor.into_parts());
        let ((x, x_node), (weight, weight_node)) = (x.into_parts(), weight.into_parts());
        let (bias, bias_node) = optional(bias).unzip();
        let (residual, residual_node) = optional(residual).unzip();
        let y = Flex::convolve(x, weight, bias.into(), residual.into(), activated);
        match (bias_node, residual_node) {
            (None, None) => record::<_, C, 2>(state, y, [x_node, weight_node]),
            (Some(one), None) | (None, Some(one)) => record::<_, C, 3>(state, y, [x_node, weight_node, one]),
            (Some(bias), Some(residual)) => record::<_, C, 4>(state, y, [x_node, weight_node, bias, residual]),
        }
    }

    fn convolve_modulated(
        x: Tracked,
        weight: Tracked,
        bias: Tracked,
        style: Tracked,
        noise: Tracked,
        grain: Tracked,
    ) -> Tracked {
        let x = Self::convolve(x, weight, Maybe::Yes(bias), Maybe::No, true);
        let inputs = [x, style, noise, grain].map(|tensor| tensor.into_parts());
        let kept = Modulated(inputs.each_ref().map(|(tensor, _)| tensor.clone()));
        let y = {
            let [x, style, noise, grain] = kept.0.clone().map(Values::of);
            let mut output = vec![0.0; x.get().len()];
            Modulation { style: style.get(), noise: noise.get(), grain: grain.get() }.apply(x.get(), &mut output);
            tensor(output, kept.0[0].shape().dims::<4>())
        };
        record::<_, C, 4>(kept, y, inputs.map(|(_, node)| node))
    }

    fn convolve_adjoint(gradient: Tracked, weight: Tracked, at: Maybe<Self>, residual: Maybe<Self>) -> Tracked {
        let at = at.option().map(|at| at.into_primitive());
        let state =
            Adjoint { gradient: gradient.primitive().clone(), weight: weight.primitive().clone(), at: at.clone() };
        let ((gradient, gradient_node), (weight, weight_node)) = (gradient.into_parts(), weight.into_parts());
        let (residual, residual_node) = residual.option().map(|tensor| tensor.into_parts()).unzip();
        let y = Flex::convolve_adjoint(gradient, weight, at.into(), residual.into());
        match residual_node {
            None => record::<_, C, 2>(state, y, [gradient_node, weight_node]),
            Some(residual) => record::<_, C, 3>(state, y, [gradient_node, weight_node, residual]),
        }
    }

    fn pointwise(x: Tracked, weight: Tracked, bias: Maybe<Self>, direction: Direction) -> Tracked {
        let bias = bias.option();
        let kept = Pointwise {
            x: x.primitive().clone(),
            weight: weight.primitive().clone(),
            direction,
            has_bias: bias.is_some(),
        };
        let ((x, x_node), (weight, weight_node)) = (x.into_parts(), weight.into_parts());
        let (bias, bias_node) = bias.map(|tensor| tensor.into_parts()).unzip();
        let y = Flex::pointwise(x, weight, bias.into(), direction);
        match bias_node {
            None => record::<_, C, 2>(kept, y, [x_node, weight_node]),
            Some(bias) => record::<_, C, 3>(kept, y, [x_node, weight_node, bias]),
        }
    }

    fn depthwise(x: Tracked, weight: Tracked, bias: Tracked, stride: usize) -> Tracked {
        let (weight, bias) = (weight.into_primitive(), bias.into_primitive());
        let (x, node) = x.into_parts();
        let y = Flex::depthwise(x.clone(), weight.clone(), bias, stride);
        record::<_, C, 1>(SavedDepthwise { x, y: y.clone(), weight, stride }, y, [node])
    }

    fn leaky(x: Tracked) -> Tracked {
        let (x, node) = x.into_parts();
        record::<_, C, 1>(Leaky(x.clone()), Flex::leaky(x), [node])
    }

    fn noise(latent: Tracked, side: usize) -> Tracked {
        let (latent, node) = latent.into_parts();
        record::<_, C, 1>(Noise(side), Flex::noise(latent, side), [node])
    }

    fn resample(x: Tracked, kind: Resampling) -> Tracked {
        let (x, node) = x.into_parts();
        record::<_, C, 1>(Resampled(kind), Flex::resample(x, kind), [node])
    }

    fn normalise(x: Tracked, scale: Tracked, shift: Tracked, group: usize) -> Tracked {
        let inputs = [x, scale, shift].map(|tensor| tensor.into_parts());
        let kept = inputs.each_ref().map(|(tensor, _)| tensor.clone());
        let [x, scale, shift] = kept.clone();
        let (y, statistics) = normalised(x, scale, shift, group);
        record::<_, C, 3>(SavedNormalisation { inputs: kept, group, statistics }, y, inputs.map(|(_, node)| node))
    }
}

/// What an operation keeps for its gradients.
trait Saved: Clone + Send + std::fmt::Debug + 'static {
    /// The gradients to the inputs of the operation, from that to its output. `wanted` says for each input whether its
    /// gradient is needed.
    fn gradients(self, output: FlexTensor, wanted: &[bool]) -> Vec<Option<FlexTensor>>;
}

/// Puts an operation with `N` inputs on the tape.
fn record<K: Saved, C: CheckpointStrategy, const N: usize>(
    kept: K,
    output: FlexTensor,
    inputs: [NodeGuard; N],
) -> Tracked {
    match Operation(std::marker::PhantomData::<K>).prepare::<C>(inputs).compute_bound().stateful() {
        OpsKind::Tracked(prepared) => prepared.finish(kept, output),
        OpsKind::UnTracked(prepared) => prepared.finish(output),
    }
}

/// The backward step of an operation that keeps `K`.
#[derive(Debug)]
struct Operation<K>(std::marker::PhantomData<K>);

impl<K: Saved, const N: usize> Backward<Flex, N> for Operation<K> {
    type State = K;

    fn backward(self, ops: Ops<K, N>, grads: &mut Gradients, _checkpointer: &mut Checkpointer) {
        let output = grads.consume::<Flex>(&ops.node);
        let wanted = ops.parents.each_ref().map(Option::is_some);
        let gradients = ops.state.gradients(output, &wanted);
        for (parent, gradient) in ops.parents.into_iter().zip(gradients) {
            if let (Some(parent), Some(gradient)) = (parent, gradient) {
                grads.register::<Flex>(parent.id, gradient);
            }
        }
    }
}

/// A convolution. Inputs: x, weight, and bias and residual if there are any.
#[derive(Debug, Clone)]
struct Convolution {
    x: FlexTensor,
    weight: FlexTensor,
    activated: bool,
    has_bias: bool,
    has_residual: bool,
}

impl Saved for Convolution {
    fn gradients(self, output: FlexTensor, wanted: &[bool]) -> Vec<Option<FlexTensor>> {
        let Self { x, weight, activated, has_bias, has_residual } = self;
        let at = activated.then(|| x.clone());
        let to_x = wanted[0].then(|| Flex::convolve_adjoint(output.clone(), weight, at.into(), Maybe::No));
        let to_weight = wanted[1].then(|| weight_gradient((x, prologue(activated)), (output.clone(), Prologue::Plain)));
        let mut gradients = vec![to_x, to_weight];
        if has_bias {
            gradients.push(wanted[2].then(|| bias_gradient(&output)));
        }
        if has_residual {
            gradients.push(Some(output));
        }
        gradients
    }
}

/// The adjoint of a convolution. Inputs: gradient, weight, and residual if there is one.
#[derive(Debug, Clone)]
struct Adjoint {
    gradient: FlexTensor,
    weight: FlexTensor,
    at: Option<FlexTensor>,
}

impl Saved for Adjoint {
    fn gradients(self, output: FlexTensor, wanted: &[bool]) -> Vec<Option<FlexTensor>> {
        let Self { gradient, weight, at } = self;
        let at = at.map(Values::of);
        let prologue = at.as_ref().map_or(Prologue::Plain, |at| Prologue::Slope { at: at.get(), slope: SLOPE_F32 });
        // The adjoint of the adjoint is the convolution.
        let to_gradient = wanted[0].then(|| super::flex::convolve_with_prologue(output.clone(), weight, prologue));
        let to_weight = wanted[1].then(|| weight_gradient((output.clone(), prologue), (gradient, Prologue::Plain)));
        vec![to_gradient, to_weight, Some(output)]
    }
}

/// Sums over each channel: the gradient to a bias.
fn bias_gradient(output: &FlexTensor) -> FlexTensor {
    let [batch, channels, ..] = output.shape().dims::<4>();
    let mut sums = vec![0.0; channels];
    kernels::bias_gradient(Values::of(output.clone()).get(), batch, &mut sums);
    tensor(sums, [channels])
}

/// Noise of this side. Input: latents.
#[derive(Debug, Clone)]
struct Noise(usize);

impl Saved for Noise {
    fn gradients(self, output: FlexTensor, wanted: &[bool]) -> Vec<Option<FlexTensor>> {
        let (bits, output) = (noise::sign_bits(self.0), Values::of(output));
        let gradient = || {
            let scans = output.get().chunks_exact(bits.len());
            let batch = scans.len();
            let values = scans.flat_map(|output| kernels::signed_sums_gradient(bits, output).map(|x| x * noise::PART));
            tensor(values.collect(), [batch, LATENT])
        };
        vec![wanted[0].then(gradient)]
    }
}

/// A modulation. Inputs: x, style, noise and grain.
#[derive(Debug, Clone)]
struct Modulated([FlexTensor; 4]);

impl Saved for Modulated {
    fn gradients(self, output: FlexTensor, wanted: &[bool]) -> Vec<Option<FlexTensor>> {
        let [batch, channels, side, _] = output.shape().dims();
        let ([x, style, noise, grain], output) = (self.0.map(Values::of), Values::of(output));
        let modulation = Modulation { style: style.get(), noise: noise.get(), grain: grain.get() };
        let (mut to_x, mut to_style, mut to_grain) =
            (vec![0.0; x.get().len()], vec![0.0; style.get().len()], vec![0.0; channels]);
        modulation.gradients(x.get(), output.get(), &mut to_x, &mut to_style, &mut to_grain);
        let to_noise = wanted[2].then(|| tensor(modulation.noise_gradient(output.get()), [batch, 1, side, side]));
        vec![
            Some(tensor(to_x, [batch, channels, side, side])),
            Some(tensor(to_style, [batch, 2 * channels])),
            to_noise,
            Some(tensor(to_grain, [channels])),
        ]
    }
}

/// A 1 x 1 convolution or its adjoint. Inputs: x, weight, and bias if there is one.
#[derive(Debug, Clone)]
struct Pointwise {
    x: FlexTensor,
    weight: FlexTensor,
    direction: Direction,
    has_bias: bool,
}

impl Saved for Pointwise {
    fn gradients(self, output: FlexTensor, wanted: &[bool]) -> Vec<Option<FlexTensor>> {
        let Self { x, weight, direction, has_bias } = self;
        let (back, input, gradient) = match direction {
            Direction::Forward => (Direction::Adjoint, &x, &output),
            Direction::Adjoint => (Direction::Forward, &output, &x),
        };
        let to_weight = wanted[1].then(|| {
            let [batch, inputs, side, _] = input.shape().dims();
            let [_, outputs, ..] = gradient.shape().dims::<4>();
            let mut result = vec![0.0; outputs * inputs];
            let (input, gradient) = (Values::of(input.clone()), Values::of(gradient.clone()));
            let size = Size { batch, inputs, outputs, side };
            kernels::pointwise_weight_gradient(size, input.get(), gradient.get(), &mut result);
            tensor(result, [outputs, inputs, 1, 1])
        });
        let to_bias = (has_bias && wanted[2]).then(|| bias_gradient(&output));
        let to_x = wanted[0].then(|| Flex::pointwise(output, weight, Maybe::No, back));
        vec![to_x, to_weight, to_bias]
    }
}

/// A depthwise convolution between two ReLU6. Input: x.
#[derive(Debug, Clone)]
struct SavedDepthwise {
    x: FlexTensor,
    y: FlexTensor,
    weight: FlexTensor,
    stride: usize,
}

impl Saved for SavedDepthwise {
    fn gradients(self, output: FlexTensor, _wanted: &[bool]) -> Vec<Option<FlexTensor>> {
        vec![Some(depthwise_gradient([self.x, self.y, output], self.weight, self.stride))]
    }
}

/// LeakyReLU. Input: x.
#[derive(Debug, Clone)]
struct Leaky(FlexTensor);

impl Saved for Leaky {
    fn gradients(self, output: FlexTensor, _wanted: &[bool]) -> Vec<Option<FlexTensor>> {
        let (shape, x, output) = (output.shape().dims::<4>(), Values::of(self.0), Values::of(output));
        vec![Some(tensor(kernels::leaky_gradient(SLOPE_F32, x.get(), output.get()), shape))]
    }
}

/// A resampling. Input: x.
#[derive(Debug, Clone)]
struct Resampled(Resampling);

impl Saved for Resampled {
    fn gradients(self, output: FlexTensor, _wanted: &[bool]) -> Vec<Option<FlexTensor>> {
        vec![Some(Flex::resample(output, self.0.adjoint()))]
    }
}

/// A normalisation. Inputs: x, scale and shift.
#[derive(Debug, Clone)]
struct SavedNormalisation {
    inputs: [FlexTensor; 3],
    group: usize,
    statistics: Vec<[f32; 2]>,
}

impl Saved for SavedNormalisation {
    fn gradients(self, output: FlexTensor, _wanted: &[bool]) -> Vec<Option<FlexTensor>> {
        let shape = output.shape().dims::<4>();
        let ([x, scale, shift], output) = (self.inputs.map(Values::of), Values::of(output));
        let channels = shape[1];
        let (mut to_x, mut to_scale, mut to_shift) =
            (vec![0.0; x.get().len()], vec![0.0; channels], vec![0.0; channels]);
        let both = [to_scale.as_mut_slice(), to_shift.as_mut_slice()];
        let normalisation = normalisation(shape, self.group, &scale, &shift);
        normalisation.gradients(&self.statistics, [x.get(), output.get()], &mut to_x, both);
        vec![Some(tensor(to_x, shape)), Some(tensor(to_scale, [channels])), Some(tensor(to_shift, [channels]))]
    }
}
