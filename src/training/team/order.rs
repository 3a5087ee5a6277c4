//! What the leader sends to a follower.

use std::ops::Range;
use std::sync::Arc;

use burn::tensor::{ExecutionError, Tensor};
use serde::{Deserialize, Serialize};

use super::NetworkStep;
use crate::gan::adaptive_augment::AdaptiveAugment;
use crate::gan::loss::Anchors;
use crate::gan::preset::Network;
use crate::gan::schedule::Schedule;
use crate::gan::train::TrainState;

/// The gradient that a follower must compute, and everything it depends on except slices and networks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// The network to train.
    pub network: Network,
    /// Whether the step trains this network alone.
    pub alone: bool,
    /// Rows of the mini-batch.
    pub rows: Range<usize>,
    /// Position in the run, 0 to 1.
    pub progress: f64,
    /// Steps taken so far.
    pub steps: u64,
    /// Mini-batch size.
    pub batch: usize,
    /// Hyperparameters.
    pub schedule: Schedule,
    /// Probability of augmentations.
    pub augment: AdaptiveAugment,
    /// LeCam's running means of the logits, of real slices and of generated scans.
    pub anchors: Option<[f32; 2]>,
    /// Parameters that have changed. They travel as buffers.
    #[serde(skip)]
    pub parameters: Vec<(Network, Arc<Vec<f32>>)>,
}

impl Order {
    /// The order for this half of the next step, without rows and parameters.
    pub(super) async fn new(state: &TrainState, step: NetworkStep) -> Result<Self, ExecutionError> {
        let anchors = match &state.anchors {
            Some(Anchors { real, fake }) => {
                let both = Tensor::cat(vec![real.clone(), fake.clone()], 0).into_data_async().await?;
                let mut both = both.iter::<f32>();
                both.next().zip(both.next()).map(|(real, fake)| [real, fake])
            }
            None => None,
        };
        Ok(Self {
            network: step.network,
            alone: step.alone,
            rows: 0..0,
            progress: step.progress,
            steps: state.steps,
            batch: state.settings.batch,
            schedule: state.settings.schedule.clone(),
            augment: state.adaptive_augment,
            anchors,
            parameters: Vec::new(),
        })
    }
}
