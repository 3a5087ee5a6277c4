//! Exponential moving average (EMA) of the generator's weights. Scans are made with the average.
//!
//! A GAN's generator circles around the optimum; the average of its weights lies closer to it (Yazici et al. 2018, arXiv
//! 1806.04498).

use std::collections::HashMap;

use burn::module::{Module, ModuleMapper, Param, ParamId};
use burn::tensor::Tensor;

use super::state_dict;

/// Longest half-life, in images.
const MAX_HALF_LIFE: f64 = 500_000.0;
/// Half-life as a share of the images seen, so that early averages forget the random initial weights.
const SHARE: f64 = 0.05;

/// Weight of the old average in a step of `batch` images, 0 to 1, after `images` images in all. `shortest` is the half-life
/// at the start of the run, in images.
pub fn decay(images: u64, batch: usize, shortest: f64) -> f64 {
    let half_life = (images as f64 * SHARE).clamp(shortest.clamp(1.0, MAX_HALF_LIFE), MAX_HALF_LIFE);
    0.5f64.powf(batch as f64 / half_life)
}

/// `average * decay + current * (1 - decay)`, parameter by parameter. `average` is off the tape. Both are copies of one
/// module, so their parameters have the same ids.
pub fn update<M: Module>(average: M, current: &M, decay: f64) -> M {
    let current = state_dict::tensors(current).into_iter().map(|t| (t.id, t.values.inner())).collect();
    average.map(&mut EmaUpdate { current, decay })
}

struct EmaUpdate {
    current: HashMap<ParamId, Tensor<1>>,
    decay: f64,
}

impl ModuleMapper for EmaUpdate {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(current) = self.current.remove(&param.id) else { return param };
        param.map(|old| {
            let current = current.reshape(old.shape());
            old * self.decay + current * (1.0 - self.decay)
        })
    }
}
