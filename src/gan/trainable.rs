//! Which parameters are trained.
//!
//! A whole network overfits on few slices. When training starts from trained networks, some parameters can stay frozen: the
//! first layers of a discriminator detect edges and textures that all heads share (FreezeD, Mo et al. 2020, arXiv
//! 2002.10964). With a few dozen slices it is enough to shift and remix existing features (the idea of FSGAN, Robb et al.
//! 2020, arXiv 2010.11943).

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::generator::may_lack;
use super::preset::Network;

/// Which parameters are trained. The names in checkpoints are those of an earlier version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Trainable {
    /// All.
    #[default]
    #[serde(rename = "all")]
    All,
    /// All but the first layers of the discriminator: its input and its two largest resolutions.
    #[serde(rename = "frozen")]
    FreezeD,
    /// Biases, 1 x 1 convolutions and the parameters that depend on the class, in both networks.
    #[serde(rename = "few")]
    BiasAndPointwise,
}

/// Resolutions of the discriminator that [`Trainable::FreezeD`] freezes.
const FROZEN_STAGES: usize = 2;

impl Trainable {
    /// [`Trainable::BiasAndPointwise`] is used below this many slices.
    pub const FEW_SLICES: usize = 50;

    /// The choice for trained networks that go on with this many slices.
    pub fn for_slices(slices: usize) -> Self {
        if slices < Self::FEW_SLICES { Trainable::BiasAndPointwise } else { Trainable::FreezeD }
    }

    /// Whether the parameter of this name is trained, in a network of this many stages.
    pub fn includes(self, network: Network, stages: usize, name: &str) -> bool {
        match self {
            Trainable::All => true,
            Trainable::FreezeD => {
                let stage = name.strip_prefix("stages.").and_then(|rest| rest.split('.').next()?.parse::<usize>().ok());
                // Stages are numbered from 4 x 4 up, and the discriminator starts at the largest.
                let frozen = name.starts_with("input") || stage.is_some_and(|stage| stage + FROZEN_STAGES >= stages);
                network == Network::Generator || !frozen
            }
            Trainable::BiasAndPointwise => {
                let bias = name.ends_with("bias") || may_lack(name);
                let pointwise = name.contains("widen") || name.contains("narrow");
                bias || pointwise || matches!(name, "project" | "basis" | "embedding")
            }
        }
    }

    /// The network with the excluded parameters taken off the autodiff tape.
    pub(super) fn freeze<M: Module>(self, module: M, network: Network, stages: usize) -> M {
        if self == Trainable::All {
            return module;
        }
        module.map(&mut Freeze { trainable: self, network, stages, path: Vec::new() })
    }
}

struct Freeze {
    trainable: Trainable,
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
        if self.trainable.includes(self.network, self.stages, &self.path.join(".")) {
            return param;
        }
        param.set_require_grad(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn freeze_d_freezes_the_first_layers_of_the_discriminator() {
        let trained = |name| Trainable::FreezeD.includes(Network::Discriminator, 4, name);
        assert!(
            !trained("input.weight") && !trained("stages.3.block.first.weight") && !trained("stages.2.narrow.bias")
        );
        assert!(trained("stages.1.block.first.weight") && trained("embedding") && trained("basis"));
        assert!(Trainable::FreezeD.includes(Network::Generator, 4, "stages.3.block.first.weight"));
    }

    #[test]
    fn few_slices_train_biases_and_pointwise_convolutions() {
        let trained = |name| Trainable::BiasAndPointwise.includes(Network::Generator, 4, name);
        assert!(trained("stages.1.widen.weight") && trained("stages.1.block.first.bias") && trained("project"));
        assert!(!trained("stages.1.block.first.weight") && !trained("output.weight"));
        assert_eq!(
            (Trainable::for_slices(49), Trainable::for_slices(50)),
            (Trainable::BiasAndPointwise, Trainable::FreezeD)
        );
    }
}
