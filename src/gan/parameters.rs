//! Parameters and gradients of a network as plain numbers in main memory, in the order of its fields: what workers that train
//! together exchange.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{ExecutionError, Tensor, TensorData};

use super::network_step::{NetworkGradient, NetworkLosses};
use super::state_dict;

/// The number of values does not fit the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{got} numbers instead of {expected}")]
pub struct WrongCount {
    /// Number of values that were given.
    pub got: usize,
    /// Number of values that the network needs.
    pub expected: usize,
}

/// All parameters of a network.
///
/// # Errors
/// If the device fails.
pub async fn parameters<M: Module>(module: &M) -> Result<Vec<f32>, ExecutionError> {
    read(state_dict::tensors(module).into_iter().map(|tensor| tensor.values)).await
}

/// The network with these values, in the order of [`parameters`]. What is trained, and the device, stay as they are.
///
/// # Errors
/// [`WrongCount`].
pub fn with_parameters<M: Module>(module: M, values: &[f32]) -> Result<M, WrongCount> {
    let expected = module.num_params();
    if values.len() != expected {
        return Err(WrongCount { got: values.len(), expected });
    }
    Ok(module.map(&mut ReplaceParameters { values }))
}

struct ReplaceParameters<'a> {
    values: &'a [f32],
}

impl ModuleMapper for ReplaceParameters<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, old, mapper) = param.consume();
        let (own, rest) = self.values.split_at(old.shape().num_elements());
        self.values = rest;
        let new = Tensor::from_data(TensorData::new(own.to_vec(), old.shape()), &old.device());
        let new = if old.is_require_grad() { new.require_grad() } else { new };
        Param::from_mapped_value(id, new, mapper)
    }
}

/// The gradient of a network and its losses as numbers: first the parameters that have a gradient, then the losses. Those of
/// parts of a mini-batch can be added.
///
/// # Errors
/// If the device fails.
pub async fn gradient<M: Module>(module: &M, gradient: &NetworkGradient) -> Result<Vec<f32>, ExecutionError> {
    let mut collect = CollectGradients { gradients: &gradient.parameters, found: Vec::new() };
    module.visit(&mut collect);
    let NetworkLosses { loss, real, fake, penalty } = gradient.losses.clone();
    read(collect.found.into_iter().chain([loss, real, fake]).chain(penalty)).await
}

struct CollectGradients<'a> {
    gradients: &'a GradientsParams,
    found: Vec<Tensor<1>>,
}

impl ModuleVisitor for CollectGradients<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.found.extend(self.gradients.get::<D>(param.id).map(|gradient| gradient.flatten(0, D - 1)));
    }
}

/// The same gradient with other numbers, in the order of [`gradient`].
///
/// # Errors
/// [`WrongCount`].
pub fn with_gradient<M: Module>(
    module: &M,
    like: NetworkGradient,
    values: &[f32],
) -> Result<NetworkGradient, WrongCount> {
    let NetworkGradient { parameters, losses } = like;
    let mut replace = ReplaceGradients { gradients: parameters, values, expected: 0 };
    module.visit(&mut replace);
    let scalars = 3 + usize::from(losses.penalty.is_some());
    let expected = replace.expected + scalars;
    if values.len() != expected {
        return Err(WrongCount { got: values.len(), expected });
    }
    let device = losses.loss.device();
    let mut scalars = replace.values.iter().map(|value| Tensor::from_data([*value], &device));
    let mut next = |old: Tensor<1>| scalars.next().unwrap_or(old);
    let losses = NetworkLosses {
        loss: next(losses.loss),
        real: next(losses.real),
        fake: next(losses.fake),
        penalty: losses.penalty.map(next),
    };
    Ok(NetworkGradient { parameters: replace.gradients, losses })
}

struct ReplaceGradients<'a> {
    gradients: GradientsParams,
    values: &'a [f32],
    /// Number of values that all gradients have together.
    expected: usize,
}

impl ModuleVisitor for ReplaceGradients<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let Some(old) = self.gradients.remove::<D>(param.id) else { return };
        let count = old.shape().num_elements();
        self.expected += count;
        if let Some((own, rest)) = self.values.split_at_checked(count) {
            self.values = rest;
            let new: Tensor<D> = Tensor::from_data(TensorData::new(own.to_vec(), old.shape()), &old.device());
            self.gradients.register(param.id, new);
        }
    }
}

async fn read(tensors: impl IntoIterator<Item = Tensor<1>>) -> Result<Vec<f32>, ExecutionError> {
    let mut values = Vec::new();
    for tensor in tensors {
        let data = tensor.into_data_async().await?;
        match data.as_slice::<f32>() {
            Ok(part) => values.extend_from_slice(part),
            // The device uses another float type.
            Err(_) => values.extend(data.iter::<f32>()),
        }
    }
    Ok(values)
}
