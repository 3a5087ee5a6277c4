//! Which parameters learn.
//!
//! With few slices a whole network learns them by heart. Trained networks need not learn everything anew: the first
//! stages of a discriminator know edges and textures that any head has (FreezeD, Mo et al. 2020, arXiv 2002.10964),
//! and for a few dozen slices it is enough to shift and remix what the layers already make (the idea of FSGAN, Robb et
//! al. 2020, arXiv 2010.11943).

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::generator::may_lack;
use super::preset::Network;

/// Which parameters learn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// All.
    #[default]
    All,
    /// All but the discriminator's first layers: its input and its two largest resolutions.
    Frozen,
    /// Biases, 1 x 1 convolutions and what the classes choose; the rest of both networks rests.
    Few,
}

/// Resolutions of the discriminator that rest under [`Extent::Frozen`].
const RESTING: usize = 2;

impl Extent {
    /// Below this many slices only [`Extent::Few`] learn.
    pub const FEW: usize = 50;

    /// What trained networks should learn of this many slices.
    pub fn for_slices(slices: usize) -> Self {
        if slices < Self::FEW { Extent::Few } else { Extent::Frozen }
    }

    /// Whether a parameter learns, by its name, in a network of this many stages.
    pub fn trains(self, network: Network, stages: usize, name: &str) -> bool {
        match self {
            Extent::All => true,
            Extent::Frozen => {
                let stage = name.strip_prefix("stages.").and_then(|rest| rest.split('.').next()?.parse::<usize>().ok());
                // Stages are numbered from 4 x 4 up, and the discriminator starts at the largest.
                let rests = name.starts_with("input") || stage.is_some_and(|stage| stage + RESTING >= stages);
                network == Network::Generator || !rests
            }
            Extent::Few => {
                let mixes = name.ends_with("bias") || may_lack(name);
                let mixes = mixes || name.contains("widen") || name.contains("narrow");
                mixes || matches!(name, "project" | "basis" | "embedding")
            }
        }
    }

    /// The network with the parameters that do not learn taken off the tape.
    pub(super) fn freeze<M: Module>(self, module: M, network: Network, stages: usize) -> M {
        if self == Extent::All {
            return module;
        }
        module.map(&mut Freeze { extent: self, network, stages, path: Vec::new() })
    }
}

struct Freeze {
    extent: Extent,
    network: Network,
    stages: usize,
    path: Vec<String>,
}

impl ModuleMapper for Freeze {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if self.extent.trains(self.network, self.stages, &self.path.join(".")) {
            return param;
        }
        param.set_require_grad(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_layers_of_the_discriminator_rest() {
        let trains = |name| Extent::Frozen.trains(Network::Discriminator, 4, name);
        assert!(!trains("input.weight") && !trains("stages.3.block.first.weight") && !trains("stages.2.narrow.bias"));
        assert!(trains("stages.1.block.first.weight") && trains("embedding") && trains("basis"));
        assert!(Extent::Frozen.trains(Network::Generator, 4, "stages.3.block.first.weight"));
    }

    #[test]
    fn for_a_few_slices_only_what_mixes_learns() {
        let trains = |name| Extent::Few.trains(Network::Generator, 4, name);
        assert!(trains("stages.1.widen.weight") && trains("stages.1.block.first.bias") && trains("project"));
        assert!(!trains("stages.1.block.first.weight") && !trains("output.weight"));
        assert_eq!((Extent::for_slices(49), Extent::for_slices(50)), (Extent::Few, Extent::Frozen));
    }
}
