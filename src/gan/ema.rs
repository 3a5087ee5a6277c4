//! The average of the generator over its recent past, which is what makes scans.
//!
//! A GAN's generator circles around its goal; the exponential moving average of its weights sits nearer to
//! it (Yazici et al. 2018, arXiv 1806.04498).

use std::collections::HashMap;

use burn::module::{Module, ModuleMapper, Param, ParamId};
use burn::tensor::Tensor;

use super::state_dict;

/// Longest half-life, in images.
const LONGEST: f64 = 500_000.0;
/// Half-life as a share of the images seen: early averages must not remember the noise at the start.
const SHARE: f64 = 0.05;

/// Share of the old average that a step of `batch` images keeps, after `images` in all. `shortest` is the half-life at
/// the start, in images.
pub fn keep(images: u64, batch: usize, shortest: f64) -> f64 {
    let half_life = (images as f64 * SHARE).clamp(shortest.clamp(1.0, LONGEST), LONGEST);
    0.5f64.powf(batch as f64 / half_life)
}

/// `average * keep + current * (1 - keep)`, parameter by parameter. `average` is off the tape; both
/// descend from one module, so parameters share their ids.
pub fn follow<M: Module>(average: M, current: &M, keep: f64) -> M {
    let current = state_dict::tensors(current).into_iter().map(|t| (t.id, t.values.inner())).collect();
    average.map(&mut Follow { current, keep })
}

struct Follow {
    current: HashMap<ParamId, Tensor<1>>,
    keep: f64,
}

impl ModuleMapper for Follow {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(current) = self.current.remove(&param.id) else { return param };
        param.map(|old| {
            let current = current.reshape(old.shape());
            old * self.keep + current * (1.0 - self.keep)
        })
    }
}
