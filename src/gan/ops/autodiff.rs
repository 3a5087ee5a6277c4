//! The gradients of the operations on burn's CPU backend.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, NodeGuard, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Flex, TensorMetadata};
use hersenscan_kernels as kernels;
use hersenscan_kernels::Entry;

use super::flex::{SLOPE_F32, Values, entry, tensor, weight_gradient};
use super::{Kernels, Maybe};

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
}

/// What an operation keeps for its gradients.
trait Kept: Clone + Send + std::fmt::Debug + 'static {
    /// The gradients to the inputs of the operation, from that to its output. `wanted` says for each input whether its
    /// gradient is needed.
    fn gradients(self, output: FlexTensor, wanted: &[bool]) -> Vec<Option<FlexTensor>>;
}

/// Puts an operation with `N` inputs on the tape.
fn record<K: Kept, C: CheckpointStrategy, const N: usize>(
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

impl<K: Kept, const N: usize> Backward<Flex, N> for Operation<K> {
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

impl Kept for Convolution {
    fn gradients(self, output: FlexTensor, wanted: &[bool]) -> Vec<Option<FlexTensor>> {
        let Self { x, weight, activated, has_bias, has_residual } = self;
        let at = activated.then(|| x.clone());
        let to_x = wanted[0].then(|| Flex::convolve_adjoint(output.clone(), weight, at.into(), Maybe::No));
        let to_weight = wanted[1].then(|| weight_gradient((x, entry(activated)), (output.clone(), Entry::Plain)));
        let mut gradients = vec![to_x, to_weight];
        if has_bias {
            gradients.push(wanted[2].then(|| {
                let [batch, channels, ..] = output.shape().dims::<4>();
                let mut sums = vec![0.0; channels];
                kernels::bias_gradient(Values::of(output.clone()).get(), batch, &mut sums);
                tensor(sums, [channels])
            }));
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

impl Kept for Adjoint {
    fn gradients(self, output: FlexTensor, wanted: &[bool]) -> Vec<Option<FlexTensor>> {
        let Self { gradient, weight, at } = self;
        let at = at.map(Values::of);
        let entry = at.as_ref().map_or(Entry::Plain, |at| Entry::Slope { at: at.get(), slope: SLOPE_F32 });
        // The adjoint of the adjoint is the convolution.
        let to_gradient = wanted[0].then(|| super::flex::convolve_entered(output.clone(), weight, entry));
        let to_weight = wanted[1].then(|| weight_gradient((output.clone(), entry), (gradient, Entry::Plain)));
        vec![to_gradient, to_weight, Some(output)]
    }
}
