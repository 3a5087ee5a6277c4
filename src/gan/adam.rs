//! Adam without momentum.
//!
//! GANs train with beta 1 = 0 (R3GAN, StyleGAN), so the first moment of Adam (Kingma and Ba 2014, arXiv
//! 1412.6980) is the gradient itself and need not be stored: half the memory, which counts in a tab. The
//! state is one tensor a parameter and is saved beside the weights, so that training resumes bit for bit.

use std::collections::HashMap;

use burn::module::{Module, ModuleMapper, Param, ParamId};
use burn::optim::GradientsParams;
use burn::tensor::{Tensor, TensorData};

use super::state_dict::{self, NamedTensor, NamedValues};

/// Keeps the division finite.
const EPSILON: f64 = 1e-8;

/// Second moments of the gradients of one network.
#[derive(Debug, Clone, Default)]
pub struct Adam {
    /// Steps taken.
    steps: u64,
    /// Product of all beta 2 so far, for the bias correction under a changing beta 2.
    decayed: f64,
    moments: HashMap<ParamId, Tensor<1>>,
}

impl Adam {
    /// A fresh state.
    pub fn new() -> Self {
        Self { steps: 0, decayed: 1.0, moments: HashMap::new() }
    }

    /// One step: every parameter that has a gradient moves.
    pub fn step<M: Module>(&mut self, module: M, grads: GradientsParams, rate: f64, beta: f64) -> M {
        self.steps += 1;
        self.decayed *= beta;
        let correction = 1.0 - self.decayed;
        module.map(&mut Step { moments: &mut self.moments, grads, rate, beta, correction })
    }

    /// The state as named tensors, one for each parameter of `module` that has moved.
    pub fn tensors<M: Module>(&self, module: &M) -> Vec<NamedTensor> {
        state_dict::tensors(module)
            .into_iter()
            .filter_map(|param| {
                let values = self.moments.get(&param.id)?.clone();
                Some(NamedTensor { values, ..param })
            })
            .collect()
    }

    /// Counters to save beside [`tensors`](Self::tensors): steps taken and the product of all beta 2.
    pub fn counters(&self) -> (u64, f64) {
        (self.steps, self.decayed)
    }

    /// A state from what [`tensors`](Self::tensors) and [`counters`](Self::counters) gave.
    pub fn restore<M: Module>(module: &M, values: &[NamedValues], (steps, decayed): (u64, f64)) -> Self {
        let by_name: HashMap<&str, &NamedValues> = values.iter().map(|v| (v.name.as_str(), v)).collect();
        let moments = state_dict::tensors(module)
            .into_iter()
            .filter_map(|param| {
                let found = by_name.get(param.name.as_str())?;
                let data = TensorData::new(found.values.clone(), [found.values.len()]);
                // Moments are plain tensors: the tape has no business with them.
                Some((param.id, Tensor::from_data(data, &param.values.inner().device())))
            })
            .collect();
        Self { steps, decayed, moments }
    }
}

struct Step<'a> {
    moments: &'a mut HashMap<ParamId, Tensor<1>>,
    grads: GradientsParams,
    rate: f64,
    beta: f64,
    correction: f64,
}

impl ModuleMapper for Step<'_> {
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
