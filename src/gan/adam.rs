//! Adam without momentum.
//!
//! GANs train with beta 1 = 0 (R3GAN, StyleGAN). The first moment of Adam (Kingma and Ba 2014, arXiv 1412.6980) is then the
//! gradient itself and needs no memory. The state is one tensor per parameter. Checkpoints hold it, so that training resumes
//! bit for bit.

use std::collections::HashMap;

use burn::module::{Module, ModuleMapper, Param, ParamId};
use burn::optim::GradientsParams;
use burn::tensor::{Tensor, TensorData};

use super::state_dict::{self, NamedTensor, NamedValues};

/// Added to the denominator, so that the division stays finite.
const EPSILON: f64 = 1e-8;

/// Optimiser of one network: the second moments of its gradients.
#[derive(Debug, Clone, Default)]
pub struct Adam {
    /// Steps taken.
    steps: u64,
    /// Product of beta 2 over all steps: the bias correction, if beta 2 changes from step to step.
    beta_product: f64,
    moments: HashMap<ParamId, Tensor<1>>,
}

impl Adam {
    /// The state before the first step.
    pub fn new() -> Self {
        Self { steps: 0, beta_product: 1.0, moments: HashMap::new() }
    }

    /// One step: updates every parameter that has a gradient. `beta` is beta 2.
    pub fn step<M: Module>(&mut self, module: M, grads: GradientsParams, rate: f64, beta: f64) -> M {
        self.steps += 1;
        self.beta_product *= beta;
        let correction = 1.0 - self.beta_product;
        module.map(&mut AdamStep { moments: &mut self.moments, grads, rate, beta, correction })
    }

    /// The second moments under the names of the parameters of `module`. Parameters that never had a gradient have none.
    pub fn tensors<M: Module>(&self, module: &M) -> Vec<NamedTensor> {
        state_dict::tensors(module)
            .into_iter()
            .filter_map(|param| {
                let values = self.moments.get(&param.id)?.clone();
                Some(NamedTensor { values, ..param })
            })
            .collect()
    }

    /// Steps taken and the product of all beta 2: saved beside [`tensors`](Self::tensors).
    pub fn counters(&self) -> (u64, f64) {
        (self.steps, self.beta_product)
    }

    /// Adds the second moments of another module that this optimiser trains, see [`restore`](Self::restore).
    pub fn include<M: Module>(mut self, module: &M, values: &[NamedValues]) -> Self {
        self.moments.extend(Self::restore(module, values, self.counters()).moments);
        self
    }

    /// The state from the results of [`tensors`](Self::tensors) and [`counters`](Self::counters).
    pub fn restore<M: Module>(module: &M, values: &[NamedValues], (steps, beta_product): (u64, f64)) -> Self {
        let by_name: HashMap<&str, &NamedValues> = values.iter().map(|v| (v.name.as_str(), v)).collect();
        let moments = state_dict::tensors(module)
            .into_iter()
            .filter_map(|param| {
                let found = by_name.get(param.name.as_str())?;
                let data = TensorData::new(found.values.clone(), [found.values.len()]);
                // Moments are plain tensors, off the tape.
                Some((param.id, Tensor::from_data(data, &param.values.inner().device())))
            })
            .collect();
        Self { steps, beta_product, moments }
    }
}

struct AdamStep<'a> {
    moments: &'a mut HashMap<ParamId, Tensor<1>>,
    grads: GradientsParams,
    rate: f64,
    beta: f64,
    correction: f64,
}

impl ModuleMapper for AdamStep<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(grad) = self.grads.remove::<D>(param.id) else { return param };
        let (id, tensor, mapper) = param.consume();
        let shape = tensor.shape();
        let grad = grad.flatten::<1>(0, D - 1);
        let squared = grad.clone().square() * (1.0 - self.beta);
        let moment = match self.moments.remove(&id) {
            Some(old) => old * self.beta + squared,
            None => squared,
        };
        let scale = (moment.clone() / self.correction).sqrt() + EPSILON;
        let change = (grad / scale * self.rate).reshape(shape);
        self.moments.insert(id, moment);
        let moved = Tensor::from_inner(tensor.inner() - change).require_grad();
        Param::from_mapped_value(id, moved, mapper)
    }
}
