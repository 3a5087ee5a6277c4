//! A worker that computes gradients for a leader.

use burn::tensor::{Device, Tensor};

use super::Order;
use crate::gan::balanced_sampler::BalancedSampler;
use crate::gan::judge::backbone::Backbone;
use crate::gan::loss::Anchors;
use crate::gan::parameters;
use crate::gan::preset::{Network, Preset};
use crate::gan::schedule::Schedule;
use crate::gan::train::{TrainSettings, TrainState};
use crate::gan::trainable::Trainable;

/// What a follower needs once. It must be the same as the leader's.
#[derive(Debug, Clone)]
pub struct FollowerSetup {
    /// Size of both networks.
    pub preset: Preset,
    /// Number of classes.
    pub classes: usize,
    /// Seed of the run.
    pub seed: u64,
    /// Parameters that are trained.
    pub trainable: Trainable,
    /// Weight and frozen network of the judge, if the run has one.
    pub judge: Option<(f64, Backbone)>,
    /// The training slices, in the leader's order.
    pub slices: BalancedSampler,
}

/// A follower: both networks and the training slices. It takes no steps itself.
#[derive(Debug)]
pub struct Follower {
    /// Its networks are those of the last order. Its optimisers and its average are never used.
    pub(super) state: TrainState,
    slices: BalancedSampler,
}

impl Follower {
    /// A follower that waits for its first order, which must bring the parameters of both networks.
    pub fn new(setup: FollowerSetup, device: &Device) -> Self {
        let FollowerSetup { preset, classes, seed, trainable, judge, slices } = setup;
        // Each order brings its own.
        let (batch, schedule) = (1, Schedule::for_data(preset.size(), slices.len()));
        let settings = TrainSettings { preset, classes, batch, seed, schedule, trainable };
        let state = TrainState::new(settings, device);
        let state = match judge {
            Some((weight, backbone)) => state.with_judge(weight, backbone),
            None => state,
        };
        Self { state, slices }
    }

    /// The gradient and the losses of the order's rows, see [`parameters::gradient`].
    ///
    /// # Errors
    /// A message in English if the order does not fit the networks, or if the device fails.
    pub async fn answer(&mut self, order: &Order) -> Result<Vec<f32>, String> {
        let state = &mut self.state;
        for (network, values) in &order.parameters {
            match network {
                Network::Generator => {
                    let filled = parameters::with_parameters(state.generator.clone(), values);
                    state.generator = filled.map_err(|error| error.to_string())?;
                }
                Network::Discriminator => {
                    let filled = parameters::with_parameters(state.opponents(), values);
                    state.set_opponents(filled.map_err(|error| error.to_string())?);
                }
            }
        }
        if order.rows.is_empty() || order.rows.end > order.batch || self.slices.is_empty() {
            return Err(format!("rows {:?} of a mini-batch of {}", order.rows, order.batch));
        }
        state.steps = order.steps;
        state.settings.batch = order.batch;
        state.settings.schedule = order.schedule.clone();
        state.adaptive_augment = order.augment;
        let mean = |value: f32| Tensor::from_data([value], &state.device);
        state.anchors = order.anchors.map(|[real, fake]| Anchors { real: mean(real), fake: mean(fake) });

        let inputs = match order.alone {
            true => state.inputs_of_one(order.network, &self.slices),
            false => state.inputs(&self.slices).of(order.network),
        };
        let gradient = state.gradient(order.network, inputs.rows(&order.rows), order.progress);
        let values = match order.network {
            Network::Generator => parameters::gradient(&state.generator, &gradient).await,
            Network::Discriminator => parameters::gradient(&state.opponents(), &gradient).await,
        };
        values.map_err(|error| format!("{error:?}"))
    }
}
