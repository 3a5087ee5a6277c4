//! Several workers take the steps of one training together, on the processor.
//!
//! Synchronous data-parallel training (Goyal et al. 2017, arXiv 1706.02677). For each half of a step the leader cuts the
//! mini-batch into shares. Every follower gets the parameters that have changed, and answers with the gradient of its share.
//! The leader adds the gradients up, always in the same order, and takes the optimiser's step. Followers have no state of
//! their own beside the slices, so a follower can be lost, or join, at any time: a network step changes nothing until all
//! gradients are there.

mod follower;
mod order;
#[cfg(feature = "native")]
pub mod threads;

#[cfg(test)]
mod tests;

pub use follower::{Follower, FollowerSetup};
pub use order::Order;

use std::collections::HashMap;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;

use burn::tensor::{ExecutionError, Tensor};

use crate::gan::balanced_sampler::BalancedSampler;
use crate::gan::network_step::NetworkLosses;
use crate::gan::parameters;
use crate::gan::preset::{JUDGE_GROUP, Network};
use crate::gan::step_inputs::NetworkInputs;
use crate::gan::train::{StepOutput, TrainState};
use crate::training::{FollowerId, MIN_ROWS};

/// A gradient with its losses, see [`parameters::gradient`]. None if the follower was lost.
pub type FollowerAnswer = Option<Vec<f32>>;

/// Answers that will arrive later.
pub type FollowerAnswers<'a> = Pin<Box<dyn Future<Output = Vec<FollowerAnswer>> + 'a>>;

/// The way to the followers.
pub trait Followers {
    /// The followers that can take an order now, in a fixed order.
    fn ready(&mut self) -> Vec<FollowerId>;

    /// Sends an order to a follower that is ready.
    fn send(&mut self, follower: FollowerId, order: Order);

    /// Waits for the answers to all orders since the last call, in the order in which they were sent. A follower without an
    /// answer is not ready any more.
    fn answers(&mut self) -> FollowerAnswers<'_>;

    /// Ends a follower whose answer is invalid.
    fn dismiss(&mut self, follower: FollowerId);
}

/// A leader and its followers.
#[derive(Default)]
pub struct Team {
    followers: Option<Box<dyn Followers>>,
    /// The followers that have the current parameters of the generator and of the discriminator.
    up_to_date: HashMap<FollowerId, [bool; 2]>,
    /// Workers in the last network step, the leader included.
    at_work: usize,
}

impl std::fmt::Debug for Team {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Team").field("at_work", &self.at_work).finish_non_exhaustive()
    }
}

impl Team {
    /// A team with followers. [`Team::default`] has none.
    pub fn new(followers: Box<dyn Followers>) -> Self {
        Self { followers: Some(followers), ..Self::default() }
    }

    /// Workers in the last network step, the leader included. 0 before the first.
    pub fn at_work(&self) -> usize {
        self.at_work
    }

    /// Must be called when something other than a step has changed the networks.
    pub fn networks_changed(&mut self) {
        self.up_to_date.clear();
    }

    /// [`TrainState::step`], by the whole team.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn step(
        &mut self,
        state: &mut TrainState,
        slices: &BalancedSampler,
        progress: f64,
    ) -> Result<StepOutput, ExecutionError> {
        let inputs = state.inputs(slices);
        let step = |network| NetworkStep { network, alone: false, progress };
        let [judge, make] = [Network::Discriminator, Network::Generator];
        let discriminator = self.network_step(state, step(judge), inputs.of(judge)).await?;
        let generator = self.network_step(state, step(make), inputs.of(make)).await?;
        state.finish_step(true, true);
        Ok(StepOutput::new(discriminator, generator))
    }

    /// [`TrainState::step_one`], by the whole team.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn step_one(
        &mut self,
        state: &mut TrainState,
        network: Network,
        slices: &BalancedSampler,
        progress: f64,
    ) -> Result<Tensor<1>, ExecutionError> {
        let inputs = state.inputs_of_one(network, slices);
        let losses = self.network_step(state, NetworkStep { network, alone: true, progress }, inputs).await?;
        state.finish_step(network == Network::Discriminator, network == Network::Generator);
        Ok(losses.loss)
    }

    async fn network_step(
        &mut self,
        state: &mut TrainState,
        step: NetworkStep,
        inputs: NetworkInputs,
    ) -> Result<NetworkLosses, ExecutionError> {
        let NetworkStep { network, progress, .. } = step;
        loop {
            let followers = self.choose(state, network);
            self.at_work = followers.len() + 1;
            if followers.is_empty() {
                self.forget(network);
                return Ok(state.network_step(network, inputs, progress));
            }
            let shares = shares(inputs.len(), followers.len() + 1, unit(state));
            self.send_orders(state, step, &followers, &shares[1..]).await?;
            let own = state.gradient(network, inputs.rows(&shares[0]), progress);
            let mut sum = match network {
                Network::Discriminator => parameters::gradient(&state.opponents(), &own).await?,
                Network::Generator => parameters::gradient(&state.generator, &own).await?,
            };
            if !self.add_answers(&followers, &mut sum).await {
                // A follower was lost: the mini-batch is divided among the others.
                continue;
            }
            let whole = match network {
                Network::Discriminator => parameters::with_gradient(&state.opponents(), own, &sum),
                Network::Generator => parameters::with_gradient(&state.generator, own, &sum),
            };
            // The sum has as many numbers as the leader's own gradient.
            let Ok(whole) = whole else { unreachable!("a gradient of this network") };
            self.forget(network);
            return Ok(state.apply(network, whole, progress));
        }
    }

    /// The followers that help with this network step.
    fn choose(&mut self, state: &TrainState, network: Network) -> Vec<FollowerId> {
        let Some(followers) = &mut self.followers else { return Vec::new() };
        if state.needs_whole_batch(network) {
            return Vec::new();
        }
        let mut ready = followers.ready();
        self.up_to_date.retain(|follower, _| ready.contains(follower));
        let batch = state.settings.batch;
        ready.truncate((batch / MIN_ROWS).min(batch.div_ceil(unit(state))).saturating_sub(1));
        ready
    }

    async fn send_orders(
        &mut self,
        state: &TrainState,
        step: NetworkStep,
        to: &[FollowerId],
        shares: &[Range<usize>],
    ) -> Result<(), ExecutionError> {
        let Some(followers) = &mut self.followers else { return Ok(()) };
        let known = |follower| self.up_to_date.get(follower).copied().unwrap_or_default();
        let mut changed = [None, None];
        for network in [Network::Generator, Network::Discriminator] {
            if to.iter().any(|follower| !known(follower)[index(network)]) {
                let values = match network {
                    Network::Generator => parameters::parameters(&state.generator).await?,
                    Network::Discriminator => parameters::parameters(&state.opponents()).await?,
                };
                changed[index(network)] = Some(Arc::new(values));
            }
        }
        let order = Order::new(state, step).await?;
        for (follower, rows) in to.iter().zip(shares) {
            let parameters = [Network::Generator, Network::Discriminator]
                .into_iter()
                .filter(|network| !known(follower)[index(*network)])
                .filter_map(|network| Some((network, changed[index(network)].clone()?)))
                .collect();
            followers.send(*follower, Order { rows: rows.clone(), parameters, ..order.clone() });
        }
        self.up_to_date.extend(to.iter().map(|follower| (*follower, [true; 2])));
        Ok(())
    }

    /// Adds the answers to the leader's own gradient. False if a follower was lost.
    async fn add_answers(&mut self, from: &[FollowerId], sum: &mut [f32]) -> bool {
        let Some(followers) = &mut self.followers else { return true };
        let answers = followers.answers().await;
        let mut all = answers.len() == from.len();
        for (follower, answer) in from.iter().zip(answers) {
            match answer {
                Some(part) if part.len() == sum.len() => sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += part),
                answer => {
                    all = false;
                    self.up_to_date.remove(follower);
                    if answer.is_some() {
                        followers.dismiss(*follower);
                    }
                }
            }
        }
        all
    }

    /// Marks the parameters of this network as changed: no follower has them.
    fn forget(&mut self, network: Network) {
        self.up_to_date.values_mut().for_each(|known| known[index(network)] = false);
    }
}

/// One network's half of a training step.
#[derive(Debug, Clone, Copy)]
struct NetworkStep {
    network: Network,
    /// Whether the step trains this network alone.
    alone: bool,
    /// Position in the run, 0 to 1.
    progress: f64,
}

fn index(network: Network) -> usize {
    match network {
        Network::Generator => 0,
        Network::Discriminator => 1,
    }
}

/// Rows of a mini-batch that one worker must do together: the judge normalises over groups of them.
fn unit(state: &TrainState) -> usize {
    if state.judge.is_some() { JUDGE_GROUP } else { 1 }
}

/// Cuts `rows` rows into `workers` parts whose sizes differ by at most one unit of `unit` rows. The leader has more to do than its
/// share, so the first parts are the smaller ones.
fn shares(rows: usize, workers: usize, unit: usize) -> Vec<Range<usize>> {
    let units = rows.div_ceil(unit);
    let bound = |worker: usize| (units * worker / workers * unit).min(rows);
    (0..workers).map(|worker| bound(worker)..bound(worker + 1)).collect()
}
